"""The sweep against a plain march, and what must hold whatever the ground."""

from __future__ import annotations

from collections.abc import Callable
from math import atan, cos, pi, radians, sin, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fleet.core import array_stream
from fleet.moon.horizon import Headings, Heights, horizon_of
from fleet.moon.horizon import kernels as horizon_kernels
from fleet.moon.kernels import horizon_at
from fleet.terrain.sphere import MOON_RADIUS

PIXEL = 5.0


def plain(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as plain Python."""
    function: Callable[..., Any] = kernel.py_func  # type: ignore[attr-defined]
    return function


def rough(cells: int, seed: int, hurst: float = 0.95) -> Heights:
    """Return self-affine ground whose neighbours differ by 0.4 m."""
    frequency = np.hypot(np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None, :])
    frequency[0, 0] = np.inf
    noise = np.fft.rfft2(array_stream(seed, "horizon").standard_normal((cells, cells)))
    heights = np.fft.irfft2(noise * frequency ** -(hurst + 1.0), s=(cells, cells))
    scaled: Heights = (heights * 0.4 / np.sqrt((np.diff(heights, axis=1) ** 2).mean())).astype(np.float32)
    return scaled


def lowest_border(heights: Heights) -> float:
    return float(min(heights[0].min(), heights[-1].min(), heights[:, 0].min(), heights[:, -1].min()))


def march(heights: Heights, heading: float) -> NDArray[np.float64]:
    """Return the horizon by walking from every cell in half pixels to the border, all cells abreast."""
    rows, columns = heights.shape
    tall = heights.astype(np.float64)
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float64)
    across, up = cos(heading), sin(heading)
    best = np.full(heights.shape, -np.inf)
    reach = np.zeros(heights.shape)
    for half_steps in range(1, 2 * (rows + columns)):
        away = half_steps / 2.0
        x, y = column + across * away, row + up * away
        inside = (x >= -1e-9) & (y >= -1e-9) & (x <= columns - 1 + 1e-9) & (y <= rows - 1 + 1e-9)
        left = np.clip(np.floor(x), 0, columns - 2).astype(int)
        low = np.clip(np.floor(y), 0, rows - 2).astype(int)
        u, v = x - left, y - low
        ground = (tall[low, left] * (1 - u) + tall[low, left + 1] * u) * (1 - v)
        ground += (tall[low + 1, left] * (1 - u) + tall[low + 1, left + 1] * u) * v
        distance = away * PIXEL
        slope = (ground - tall) / distance - distance / (2.0 * MOON_RADIUS)
        best = np.where(inside, np.maximum(best, slope), best)
        reach = np.where(inside, distance, reach)
    over_sphere = np.maximum(tall - lowest_border(heights), 0.0)
    dips = np.sqrt(2.0 * MOON_RADIUS * over_sphere) >= reach
    best = np.where(dips, np.maximum(best, -np.sqrt(2.0 * over_sphere / MOON_RADIUS)), best)
    along = ((column - (columns - 1) / 2.0) * across + (row - (rows - 1) / 2.0) * up) * PIXEL
    elevation: NDArray[np.float64] = np.arctan(best - along / MOON_RADIUS)
    return elevation


@pytest.mark.parametrize("heading", [0.0, 0.3, pi / 4, 1.3, 2.5, 4.0, 5.5, -pi / 2])
def test_the_sweep_agrees_with_a_march_on_rough_ground(heading: float) -> None:
    ground = rough(128, seed=3)

    swept = horizon_of(ground, PIXEL, Headings(first=heading, step=0.1, count=1))[0]

    off = np.abs(swept - march(ground, heading))
    assert (off < radians(0.1)).mean() > 0.99
    assert np.median(off) < radians(0.001)


def test_a_wall_stands_as_high_as_it_does_and_hides_what_is_behind() -> None:
    ground = np.zeros((9, 101), np.float32)
    ground[:, 90] = 40.0
    ground[:, 95] = 42.0

    horizon = horizon_of(ground, PIXEL, Headings(first=0.0, step=0.1, count=1))[0]

    distance = 60 * PIXEL
    west_of_centre = (30 - 50) * PIXEL
    slope = 40.0 / distance - distance / (2 * MOON_RADIUS) - west_of_centre / MOON_RADIUS
    assert horizon[4, 30] == pytest.approx(atan(slope), abs=1e-7)


def test_level_ground_sees_the_smooth_sphere() -> None:
    ground = np.zeros((21, 21), np.float32)

    horizon = horizon_of(ground, PIXEL, Headings(first=0.0, step=0.1, count=1))[0]

    assert horizon[10, 10] == pytest.approx(0.0, abs=1e-5)


def test_a_peak_sees_down_to_the_dip_of_the_sphere_around_the_map() -> None:
    ground = np.zeros((21, 21), np.float32)
    ground[10, 10] = 500.0

    horizon = horizon_of(ground, PIXEL, Headings(first=1.0, step=0.1, count=1))[0]

    assert horizon[10, 10] == pytest.approx(-sqrt(2 * 500.0 / MOON_RADIUS), rel=1e-3)


def test_the_far_side_of_a_large_map_sees_the_sun_a_bend_of_the_moon_earlier() -> None:
    ground = np.zeros((3, 401), np.float32)

    horizon = horizon_of(ground, 100.0, Headings(first=0.0, step=0.1, count=1))[0]

    assert horizon[1, 0] == pytest.approx(20_000.0 / MOON_RADIUS, rel=2e-3)
    assert horizon[1, 400] == pytest.approx(-20_000.0 / MOON_RADIUS, rel=1e-3)


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_turning_the_map_turns_its_horizon(quarter: int) -> None:
    ground = rough(48, seed=5)
    turned = np.ascontiguousarray(np.rot90(ground, -quarter))  # Rows grow upward: counter-clockwise to the eye.

    there = horizon_of(turned, PIXEL, Headings(first=0.4 + quarter * pi / 2, step=0.1, count=1))[0]

    here = horizon_of(ground, PIXEL, Headings(first=0.4, step=0.1, count=1))[0]
    np.testing.assert_allclose(np.rot90(there, quarter), here, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.integers(2, 9),
    columns=st.integers(2, 40),
    seed=st.integers(0, 1000),
    drift=st.floats(-1.0, 1.0, allow_subnormal=False),
)
def test_compiled_and_plain_sweeps_give_the_same_bits(rows: int, columns: int, seed: int, drift: float) -> None:
    ground = (array_stream(seed, "bits").random((rows, columns)) * 30.0).astype(np.float32)
    looks = np.array([0.5, 1.0, 2.0, 3.0])
    beyond = lowest_border(ground)

    compiled = horizon_kernels.sweep_horizon(ground, drift, PIXEL, beyond, looks)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("_nearby_slopes", "_raise_to_far_slopes", "_slope_beyond", "arctangent"):
            patch.setattr(horizon_kernels, name, plain(getattr(horizon_kernels, name)))
        interpreted = plain(horizon_kernels.sweep_horizon)(ground, drift, PIXEL, beyond, looks)
    assert compiled.tobytes() == interpreted.tobytes()


@given(slope=st.floats(-1e9, 1e9))
def test_the_arctangent_is_the_arctangent(slope: float) -> None:
    assert horizon_kernels.arctangent(slope) == pytest.approx(atan(slope), abs=1e-8)


def test_a_short_mission_asks_for_few_headings_and_a_long_one_for_all() -> None:
    few, all_round = Headings.spanning(1.0, 1.6), Headings.spanning(-3.0, 4.0)

    assert not few.is_full_circle
    assert few.all()[0] < 1.0
    assert few.all()[-1] > 1.6
    assert few.count < 24
    assert all_round.is_full_circle
    assert all_round.count == 180


def test_a_heading_has_the_same_place_in_every_mission() -> None:
    one, other = Headings.spanning(1.0, 1.6), Headings.spanning(1.2, 1.9)

    assert set(one.all()) & set(other.all())


@given(turns=st.integers(-3, 3), heading=st.floats(0.0, 2 * pi))
def test_a_full_circle_is_entered_at_any_heading(turns: int, heading: float) -> None:
    horizon = np.arange(8, dtype=np.float32).reshape(8, 1, 1)

    there = horizon_at(0, 0, heading + turns * 2 * pi, horizon, 0.0, pi / 4)

    here = horizon_at(0, 0, heading, horizon, 0.0, pi / 4)
    seam = min(heading, 2 * pi - heading) < 1e-6
    assert there == pytest.approx(here, abs=1e-9) or seam


@pytest.mark.parametrize(
    "heights", [np.zeros((1, 5), np.float32), np.zeros(4, np.float32), np.full((3, 3), np.nan, np.float32)]
)
def test_ground_that_is_none_is_refused(heights: Heights) -> None:
    with pytest.raises(ValueError, match="heights"):
        horizon_of(heights, PIXEL, Headings(first=0.0, step=0.1, count=1))
