"""Light from tables: the disc, the Sun's way, the first light."""

from __future__ import annotations

from itertools import pairwise
from math import pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import array_stream
from fleet.moon import kernels
from fleet.moon.horizon import UNIT
from fleet.moon.kernels import SUN_RADIUS, first_tick, light_at, light_over, sun_at
from fleet.moon.light import disc_table

DISC = disc_table()
EVERY = 40


def plain(kernel: Any) -> Any:
    return kernel.py_func


def level(elevation: float) -> np.ndarray:
    return np.full((2, 3, 3), round(elevation / UNIT), np.int16)


def light(elevation: float, horizon: np.ndarray, uncovered: float = 1.0) -> float:
    return light_at(0.0, 0.0, 0.5, elevation, uncovered, horizon, 0.0, 1.0, DISC, -5.0, -5.0, 5.0)


def scene(seed: int, steps: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a Sun, what the Earth leaves of it, and a horizon near it, so that light comes and goes."""
    rng = array_stream(seed, "light")
    heading = np.cumsum(rng.random(steps) * 0.3)
    sun = np.stack([heading, rng.random(steps) * 0.06 - 0.03], axis=1)
    horizon = ((rng.random((12, 4, 5)) * 0.06 - 0.03) / UNIT).astype(np.int16)
    uncovered = np.where(rng.random(steps) < 0.5, 1.0, rng.random(steps))
    return sun, np.stack([uncovered, np.ones(steps)], axis=1), horizon


def test_the_sun_is_whole_half_and_gone() -> None:
    shares = [light(elevation, level(0.0)) for elevation in (1.001 * SUN_RADIUS, 0.0, -1.001 * SUN_RADIUS)]

    assert shares == [1.0, 0.5, 0.0]


def test_the_disc_only_grows_as_the_sun_rises() -> None:
    assert len(DISC) == 257
    assert all(low < high for low, high in pairwise(DISC.tolist()))


@given(depth=st.floats(-1.0, 1.0))
def test_the_disc_is_what_geometry_says(depth: float) -> None:
    heights = np.linspace(-1.0, 1.0, 20_001)
    shown = np.sqrt(1.0 - heights**2)[heights >= -depth].sum() / np.sqrt(1.0 - heights**2).sum()

    assert light(depth * SUN_RADIUS, level(0.0)) == pytest.approx(shown, abs=2e-3)


def test_a_high_horizon_hides_a_high_sun() -> None:
    assert light(0.1, level(0.2)) == 0.0
    assert light(0.1, level(0.05)) == 1.0


@pytest.mark.parametrize("x", [-1e6, 1e6])
def test_beyond_the_map_the_border_counts(x: float) -> None:
    horizon = level(0.5)
    horizon[:, :, 0 if x < 0 else 2] = -0.5 / UNIT

    assert light_at(x, 0.0, 0.5, 0.0, 1.0, horizon, 0.0, 1.0, DISC, -5.0, -5.0, 5.0) == 1.0


def test_the_nearest_cell_counts() -> None:
    horizon = level(0.5)
    horizon[:, 1, 1] = -0.5 / UNIT

    lit = [light_at(x, 2.4, 0.5, 0.0, 1.0, horizon, 0.0, 1.0, DISC, -5.0, -5.0, 5.0) for x in (-2.6, -2.4, 2.4, 2.6)]

    assert lit == [0.0, 1.0, 1.0, 0.0]


def test_the_sun_goes_straight_between_rows_and_rests_beyond_them() -> None:
    sun = np.array([[1.0, 0.1], [2.0, 0.2], [4.0, 0.0]])

    assert sun_at(0, sun, 10) == (1.0, 0.1)
    assert sun_at(15, sun, 10) == pytest.approx((3.0, 0.1))
    assert sun_at(-5, sun, 10) == (1.0, 0.1)
    assert sun_at(99, sun, 10) == (4.0, 0.0)


@given(
    point=st.tuples(st.floats(-40.0, 40.0), st.floats(-40.0, 40.0)),
    heading=st.floats(-20.0, 20.0),
    elevation=st.floats(-0.05, 0.05),
    count=st.sampled_from([2, 7, 12]),
    seed=st.integers(0, 20),
)
def test_compiled_and_plain_light_have_the_same_bits(
    point: tuple[float, float], heading: float, elevation: float, count: int, seed: int
) -> None:
    horizon = scene(seed)[2][:count]
    arguments = (*point, heading, elevation, 0.75, horizon, 0.0, pi / 6, DISC, -12.5, -10.0, 5.0)

    compiled = light_at(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("nearest_cell", "horizon_at"):
            patch.setattr(kernels, name, plain(getattr(kernels, name)))
        interpreted = plain(light_at)(*arguments)
    assert float(compiled).hex() == float(interpreted).hex()


@given(tick=st.integers(-10, 500), seed=st.integers(0, 20), every=st.integers(1, 97))
def test_compiled_and_plain_suns_have_the_same_bits(tick: int, seed: int, every: int) -> None:
    sun = scene(seed)[0]

    compiled, interpreted = sun_at(tick, sun, every), plain(sun_at)(tick, sun, every)

    assert [float(value).hex() for value in compiled] == [float(value).hex() for value in interpreted]


@settings(deadline=None)
@given(seed=st.integers(0, 500), tick=st.integers(0, 250), length=st.integers(0, 250), wanted=st.booleans())
def test_the_first_light_and_the_first_dark_are_those_that_asking_every_tick_finds(
    seed: int, tick: int, length: int, wanted: bool
) -> None:
    sun, sunshine, horizon = scene(seed)
    table = (horizon, 0.0, pi / 6, DISC, -12.5, -10.0, 5.0)

    found = first_tick(wanted, 3.0, 2.0, tick, tick + length, sun, sunshine, EVERY, *table)

    def is_lit(at: int) -> bool:
        heading, elevation = sun_at(at, sun, EVERY)
        return light_at(3.0, 2.0, heading, elevation, sun_at(at, sunshine, EVERY)[0], *table) >= 0.5

    assert found == next((at for at in range(tick, tick + length + 1) if is_lit(at) == wanted), -1)


@given(elevation=st.floats(-0.01, 0.01), uncovered=st.floats(0.0, 1.0))
def test_light_is_a_share_and_no_more_than_the_earth_leaves(elevation: float, uncovered: float) -> None:
    share = light(elevation, level(0.0), uncovered)

    assert 0.0 <= share <= uncovered
    assert share == light(elevation, level(0.0)) * uncovered


@given(elevation=st.floats(-0.05, 0.05), low=st.floats(-0.05, 0.05), more=st.floats(0.0, 0.05))
def test_a_higher_horizon_never_brings_more_light(elevation: float, low: float, more: float) -> None:
    assert light(elevation, level(low + more)) <= light(elevation, level(low))


def test_a_map_of_light_holds_the_light_of_each_cell() -> None:
    sun, _, horizon = scene(4)
    heading, elevation = sun_at(70, sun, EVERY)

    whole = light_over(heading, elevation, 0.75, horizon, 0.0, pi / 6, DISC)

    for row in range(4):
        for column in range(5):
            place = (column * 5.0, row * 5.0)
            single = light_at(*place, heading, elevation, 0.75, horizon, 0.0, pi / 6, DISC, 0.0, 0.0, 5.0)
            assert whole[row, column] == np.float32(single)
