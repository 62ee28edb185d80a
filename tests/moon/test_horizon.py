"""The sweep against a plain march, and what must hold whatever the ground."""

from __future__ import annotations

from collections.abc import Callable
from math import atan, cos, pi, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fleet.core import array_stream
from fleet.moon.horizon import UNIT, Headings, Heights, Surroundings, horizon_of
from fleet.moon.horizon import kernels as horizon_kernels
from fleet.moon.horizon.around import looks_for
from fleet.moon.horizon.hull import kernels as hull_kernels
from fleet.moon.horizon.surroundings import nothing_around
from fleet.moon.kernels import horizon_at
from fleet.terrain.geotiff import read_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.sphere import MOON_RADIUS

PIXEL = 5.0
SHOEMAKER = Path(__file__).parents[2].parent / "shared" / "data" / "shoemaker_5m.tif"


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


def seen(heights: Heights, heading: float, pixel: float = PIXEL, around: Surroundings | None = None) -> NDArray[Any]:
    """Return the horizon in one direction, radians."""
    one = Headings(first=heading, step=0.1, count=1)
    angles: NDArray[Any] = horizon_of(heights, pixel, one, around)[0] * UNIT
    return angles


def lowest_border(heights: Heights) -> float:
    return float(min(heights[0].min(), heights[-1].min(), heights[:, 0].min(), heights[:, -1].min()))


def march(heights: Heights, heading: float) -> NDArray[np.float64]:
    """Return the horizon by walking from every cell in pixels to the border, all cells abreast."""
    rows, columns = heights.shape
    tall = heights.astype(np.float64)
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float64)
    across, up = cos(heading), sin(heading)
    best = np.full(heights.shape, -np.inf)
    reach = np.zeros(heights.shape)
    for away in range(1, rows + columns):
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


GROUNDS: list[Heights] = [rough(128, seed=3), rough(160, seed=4, hurst=0.8)]
HEADINGS = (0.0, 0.3, pi / 4, 1.3, 2.5, 4.0, 5.5, -pi / 2)


def off_the_march(ground: Heights) -> NDArray[np.float64]:
    """Return what sweep and march differ by, in all cells and some directions."""
    return np.array([np.abs(seen(ground, heading) - march(ground, heading)) for heading in HEADINGS])


@pytest.mark.parametrize("ground", GROUNDS, ids=["usual", "rougher"])
def test_the_sweep_agrees_with_a_march_on_rough_ground(ground: Heights) -> None:
    off = off_the_march(ground)

    assert (off < radians(0.1)).mean() > 0.99
    assert np.median(off) < UNIT


@pytest.mark.skipif(not SHOEMAKER.exists(), reason="the shared crop is not beside the repository")
def test_the_sweep_agrees_with_a_march_on_real_ground() -> None:
    ground = heights_of(read_ground(SHOEMAKER))[64:192, 64:192]

    off = off_the_march(np.ascontiguousarray(ground, dtype=np.float32))

    assert (off < radians(0.1)).mean() > 0.99
    assert np.median(off) < UNIT


def test_a_wall_stands_as_high_as_it_does_and_hides_what_is_behind() -> None:
    ground = np.zeros((9, 101), np.float32)
    ground[:, 90] = 40.0
    ground[:, 95] = 42.0

    horizon = seen(ground, 0.0)

    distance = 60 * PIXEL
    west_of_centre = (30 - 50) * PIXEL
    slope = 40.0 / distance - distance / (2 * MOON_RADIUS) - west_of_centre / MOON_RADIUS
    assert horizon[4, 30] == pytest.approx(atan(slope), abs=0.51 * UNIT)


def test_level_ground_sees_the_smooth_sphere() -> None:
    ground = np.zeros((21, 21), np.float32)

    horizon = seen(ground, 0.0)

    assert horizon[10, 10] == 0.0


def test_a_peak_sees_down_to_the_dip_of_the_sphere_around_the_map() -> None:
    ground = np.zeros((21, 21), np.float32)
    ground[10, 10] = 500.0

    horizon = seen(ground, 1.0)

    assert horizon[10, 10] == pytest.approx(-sqrt(2 * 500.0 / MOON_RADIUS), abs=UNIT)


def test_the_far_side_of_a_large_map_sees_the_sun_a_bend_of_the_moon_earlier() -> None:
    ground = np.zeros((3, 401), np.float32)

    horizon = seen(ground, 0.0, 100.0)

    assert horizon[1, 0] == pytest.approx(20_000.0 / MOON_RADIUS, abs=UNIT)
    assert horizon[1, 400] == pytest.approx(-20_000.0 / MOON_RADIUS, abs=UNIT)


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_turning_the_map_turns_its_horizon(quarter: int) -> None:
    ground = rough(48, seed=5)
    turned = np.ascontiguousarray(np.rot90(ground, -quarter))  # Rows grow upward: counter-clockwise to the eye.

    there = seen(turned, 0.4 + quarter * pi / 2)

    np.testing.assert_allclose(np.rot90(there, quarter), seen(ground, 0.4), atol=1.01 * UNIT)


@settings(max_examples=15, deadline=None)
@given(
    rows=st.integers(2, 9),
    columns=st.integers(2, 70),
    seed=st.integers(0, 1000),
    drift=st.sampled_from([-1.0, -0.37, 0.0, 0.123456789, 0.5, 1.0]),
    far=st.one_of(st.none(), st.tuples(st.booleans(), st.booleans())),
)
def test_compiled_and_plain_sweeps_give_the_same_bits(
    rows: int, columns: int, seed: int, drift: float, far: tuple[bool, bool] | None
) -> None:
    rng = array_stream(seed, "bits")
    ground = (rng.random((rows, columns)) * 30.0).astype(np.float32)
    around = nothing_around(ground)
    if far is not None:
        hills = (rng.random((12, 12)) * 300.0).astype(np.float32)
        surroundings = Surroundings(heights=hills, pixel=80.0, west=-430.0, south=-440.0)
        around = surroundings.seen(is_transposed=far[0], is_reversed=far[1], level=12.0)
    arguments = (ground, drift, PIXEL, looks_for(drift, PIXEL), around)

    compiled = horizon_kernels.sweep_horizon(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        for module in (hull_kernels, horizon_kernels):
            for name, kernel in vars(module).items():
                if hasattr(kernel, "py_func"):
                    patch.setattr(module, name, plain(kernel))
        interpreted = horizon_kernels.sweep_horizon(*arguments)
    assert compiled.tobytes() == interpreted.tobytes()


@pytest.mark.parametrize("threads", [2, 5])
def test_the_number_of_threads_does_not_change_a_bit(threads: int) -> None:
    ground, around = rough(40, seed=2), Headings.full_circle(pi / 6)

    many = horizon_of(ground, PIXEL, around, threads=threads)

    assert many.tobytes() == horizon_of(ground, PIXEL, around, threads=1).tobytes()


def test_a_line_sees_what_its_hull_would_show_if_nothing_were_left_out() -> None:
    """The far part alone, along a row, against looking at every column."""
    ground = rough(200, seed=9)[:3]
    slopes = np.full(ground.shape, -1e9, np.float32)

    horizon_kernels.raise_to_far_slopes(ground, 0.0, PIXEL, nothing_around(ground), slopes)

    for column in range(0, 140, 7):
        away = np.arange(48, 200 - column) * PIXEL
        every = (ground[1, column + 48 :] - ground[1, column]) / away - away / (2.0 * MOON_RADIUS)
        assert slopes[1, column] >= every.max() - 1e-6
        near = np.arange(24, 200 - column) * PIXEL
        least = (ground[1, column + 24 :] - ground[1, column]) / near - near / (2.0 * MOON_RADIUS)
        assert slopes[1, column] <= least.max() + 1e-6


def ridge(pixel: float, height: float, away: float) -> Surroundings:
    """Return level ground with a wall along x, that far up y."""
    far = np.zeros((41, 41), np.float32)
    far[round(20 + away / pixel)] = height
    return Surroundings(heights=far, pixel=pixel, west=-20 * pixel, south=-20 * pixel)


@pytest.mark.parametrize(
    ("heading", "away"), [(pi / 2, 1000.0), (pi / 4, 1000.0 * sqrt(2.0)), (1.2, 1000.0 / sin(1.2))]
)
def test_a_mountain_beyond_the_map_stands_as_high_as_it_does(heading: float, away: float) -> None:
    ground = np.zeros((21, 21), np.float32)

    horizon = seen(ground, heading, around=ridge(100.0, 150.0, 1000.0))

    assert horizon[10, 10] == pytest.approx(atan(150.0 / away - away / (2 * MOON_RADIUS)), abs=radians(0.1))
    assert horizon[10, 10] > radians(4.0)


@pytest.mark.parametrize("heading", [0.0, -pi / 2, pi, 4.0])
def test_a_mountain_behind_is_not_seen(heading: float) -> None:
    ground = np.zeros((21, 21), np.float32)

    horizon = seen(ground, heading, around=ridge(100.0, 150.0, 1000.0))

    assert abs(horizon[10, 10]) < radians(0.01)


@pytest.mark.parametrize("heading", [0.1, 0.8, 1.5, 2.9, 3.7, 5.0])
def test_a_map_cut_in_two_grids_has_the_horizon_of_the_whole(heading: float) -> None:
    whole = rough(160, seed=6)
    inner = np.ascontiguousarray(whole[60:100, 60:100])
    around = Surroundings(heights=whole, pixel=PIXEL, west=-79.5 * PIXEL, south=-79.5 * PIXEL)

    pieced = seen(inner, heading, around=around)

    off = np.abs(pieced - seen(whole, heading)[60:100, 60:100])
    assert (off < radians(0.2)).mean() > 0.9
    assert np.median(off) < radians(0.02)


def test_surroundings_must_surround() -> None:
    ground = np.zeros((21, 21), np.float32)
    beside = Surroundings(heights=np.zeros((5, 5), np.float32), pixel=100.0, west=0.0, south=-200.0)

    with pytest.raises(ValueError, match="must reach around the map"):
        seen(ground, 0.0, around=beside)


@pytest.mark.parametrize(
    "wrong", [{"pixel": 0.0}, {"west": float("nan")}, {"heights": np.full((3, 3), np.nan, np.float32)}]
)
def test_surroundings_that_are_none_are_refused(wrong: dict[str, Any]) -> None:
    given = {"heights": np.zeros((5, 5), np.float32), "pixel": 10.0, "west": 0.0, "south": 0.0, **wrong}

    with pytest.raises(ValueError, match="surroundings"):
        Surroundings(**given)


@given(slope=st.floats(-1e9, 1e9))
def test_the_arctangent_is_the_arctangent(slope: float) -> None:
    assert horizon_kernels.arctangent(slope) == pytest.approx(atan(slope), abs=1e-8)


def test_a_short_mission_asks_for_few_headings_and_a_long_one_for_all() -> None:
    few, all_round = Headings.spanning(1.0, 1.6), Headings.spanning(-3.0, 4.0)

    assert not few.is_full_circle
    assert few.all()[0] < 1.0
    assert few.all()[-1] > 1.6
    assert few.count < 40
    assert all_round.is_full_circle
    assert all_round.count == 360


def test_a_heading_has_the_same_place_in_every_mission() -> None:
    one, other = Headings.spanning(1.0, 1.6), Headings.spanning(1.2, 1.9)

    assert set(one.all()) & set(other.all())


@given(turns=st.integers(-3, 3), heading=st.floats(0.0, 2 * pi))
def test_a_full_circle_is_entered_at_any_heading(turns: int, heading: float) -> None:
    horizon = np.arange(8, dtype=np.int16).reshape(8, 1, 1)

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
