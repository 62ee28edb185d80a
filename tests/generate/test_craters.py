"""Craters: how many, and how they are dug."""

from __future__ import annotations

from collections.abc import Callable
from math import radians
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import array_stream
from sim.generate import CraterSpec, GroundSpec, LevelSpec, kernels
from sim.generate.craters import add_craters, random_craters

PIXEL = 2.0
SPEC = GroundSpec(size=4000.0, latitude=radians(-85), longitude=0.0, crater_diameters=(20.0, 400.0))


@pytest.fixture
def plain_kernels(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the digging kernel as plain Python, with what it calls."""
    dig: Callable[..., None] = kernels.dig_craters.py_func  # type: ignore[attr-defined]  # of numba
    for name in ("_profile", "_mean_within"):
        monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    return dig


def dug(crater: CraterSpec) -> np.ndarray:
    heights = np.zeros((101, 101))
    add_craters(heights, [crater], PIXEL)
    return heights


def test_their_number_falls_with_the_square_of_the_diameter() -> None:
    craters = random_craters(SPEC, array_stream(1, "craters"))

    diameters = np.array([c.diameter for c in craters if max(abs(c.centre[0]), abs(c.centre[1])) <= 2000.0])
    for diameter in (20.0, 40.0, 80.0):
        least = (diameter / 400.0) ** 2
        expected = SPEC.crater_density * 1.54 * diameter**-2 * (1.0 - least) * 4000.0**2
        assert (diameters > diameter).sum() == pytest.approx(expected, rel=0.2)


def test_they_are_between_worn_and_fresh_and_mostly_worn() -> None:
    ratios = np.array([crater.depth_ratio for crater in random_craters(SPEC, array_stream(1, "craters"))])

    assert ratios.min() >= 0.03
    assert ratios.max() <= 0.2
    assert np.median(ratios) == pytest.approx(0.09, rel=0.1)


def test_none_touches_a_level_place() -> None:
    level = LevelSpec(centre=(100.0, 100.0), radius=300.0)
    spec = GroundSpec(size=4000.0, latitude=-1.5, longitude=0.0, level=(level,))

    for crater in random_craters(spec, array_stream(1, "craters")):
        away = np.hypot(crater.centre[0] - 100.0, crater.centre[1] - 100.0)
        assert away > 600.0 + crater.diameter / 2.0


def test_a_map_too_small_for_craters_has_none() -> None:
    spec = GroundSpec(size=60.0, latitude=-1.5, longitude=0.0)

    assert random_craters(spec, array_stream(1, "craters")) == ()


def test_a_crater_is_deepest_in_the_middle_and_has_a_raised_rim() -> None:
    heights = dug(CraterSpec(centre=(0.0, 0.0), diameter=60.0, depth_ratio=0.2))

    profile = heights[50, 50:]
    rim = int(profile.argmax())
    assert rim * PIXEL == pytest.approx(30.0, abs=4.0)
    assert profile[rim] > 0.0
    assert profile[0] == heights.min()
    assert profile[rim] - profile[0] == pytest.approx(12.0, rel=0.1)
    assert (np.diff(profile[: rim + 1]) > 0).all()


def test_a_crater_changes_nothing_beyond_three_radii() -> None:
    heights = dug(CraterSpec(centre=(10.0, -6.0), diameter=40.0, depth_ratio=0.2))

    row, column = np.mgrid[0:101, 0:101]
    away = np.hypot((column - 50) * PIXEL - 10.0, (row - 50) * PIXEL + 6.0)
    assert (heights[away > 60.0] == 0.0).all()
    assert (heights[away < 15.0] < 0.0).all()


@settings(max_examples=30, deadline=None)
@given(
    x=st.floats(-200.0, 200.0), y=st.floats(-200.0, 200.0), diameter=st.floats(0.5, 300.0), ratio=st.floats(0.0, 0.4)
)
def test_no_crater_spoils_the_ground(x: float, y: float, diameter: float, ratio: float) -> None:
    heights = dug(CraterSpec(centre=(x, y), diameter=diameter, depth_ratio=ratio))

    assert np.isfinite(heights).all()
    assert heights.min() >= -1.3 * ratio * diameter - 1e-9
    assert heights.max() <= 0.4 * ratio * diameter + 1e-9


def test_compiled_and_plain_digging_agree(plain_kernels: Callable[..., None]) -> None:
    rng = array_stream(2, "dig")
    table = rng.random((6, 10)) * (20.0, 20.0, 8.0, 5.0, 1.0, 2.0, 0.05, 0.05, 0.05, 0.05)
    ground = rng.random((20, 22))
    compiled, interpreted = ground.copy(), ground.copy()

    kernels.dig_craters(compiled, table)

    plain_kernels(interpreted, table)
    np.testing.assert_allclose(interpreted, compiled, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("wrong", [{"diameter": 0.0}, {"depth_ratio": 0.5}, {"centre": (float("nan"), 0.0)}])
def test_a_crater_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CraterSpec(**{"centre": (0.0, 0.0), "diameter": 10.0, **wrong})
