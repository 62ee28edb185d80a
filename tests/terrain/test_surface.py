"""Slope, roughness and shading at any baseline."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, radians, sin
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fleet.core import array_stream
from fleet.terrain.geotiff import read_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.surface import gradients, hillshade, median_roughness, roughness, shading, slope

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public LOLA crop is not beside the repository")

grids = arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(-50, 50, width=32))


def plane(right: float, up: float, pixel: float, shape: tuple[int, int] = (12, 15)) -> np.ndarray:
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    heights: np.ndarray = (1000.0 + pixel * (right * columns + up * rows)).astype(np.float32)
    return heights


def fit_roughness(heights: np.ndarray, reach: int) -> np.ndarray:
    """Fit a plane to every whole window by least squares, one by one."""
    side = 2 * reach + 1
    rows, columns = np.mgrid[0:side, 0:side]
    design = np.column_stack([np.ones(side * side), columns.ravel(), rows.ravel()])
    rough = np.empty((heights.shape[0] - 2 * reach, heights.shape[1] - 2 * reach))
    for row, column in np.ndindex(rough.shape):
        window = heights[row : row + side, column : column + side].astype(np.float64).ravel()
        left = window - design @ np.linalg.lstsq(design, window, rcond=None)[0]
        rough[row, column] = np.sqrt((left**2).mean())
    return np.pad(rough, reach, mode="edge")


@needs_data
def test_real_ground_is_as_steep_as_its_facts_say() -> None:
    tilts = np.degrees(slope(heights_of(read_ground(DATA / "shoemaker_5m.tif")), 5.0))

    assert np.median(tilts) == pytest.approx(4.3, abs=0.05)
    assert np.percentile(tilts, 95) == pytest.approx(13.4, abs=0.05)
    assert tilts.max() == pytest.approx(27.6, abs=0.05)


@pytest.mark.parametrize("baseline", [None, 2.0, 6.0, 1000.0])
def test_a_plane_is_equally_steep_and_without_roughness_at_any_baseline(baseline: float | None) -> None:
    heights = plane(0.1, -0.2, 2.0)

    tilts, rough = slope(heights, 2.0, baseline), roughness(heights, 2.0, baseline)

    assert tilts == pytest.approx(np.full(heights.shape, np.arctan(np.hypot(0.1, 0.2))), abs=1e-4)
    assert rough.shape == heights.shape
    assert rough.max() < 1e-3


@given(grids)
def test_gradients_over_one_pixel_are_those_of_numpy(heights: np.ndarray) -> None:
    if min(heights.shape) < 2:
        assert not np.any(slope(heights, 5.0)) or max(heights.shape) >= 2
        return

    right, up = gradients(heights.astype(np.float64), 5.0)

    up_numpy, right_numpy = np.gradient(heights.astype(np.float64), 5.0)
    assert np.array_equal(right, right_numpy)
    assert np.array_equal(up, up_numpy)


@settings(max_examples=40)
@given(arrays(np.float32, (7, 8), elements=st.floats(-50, 50, width=32)), st.sampled_from([1, 2, 3]))
def test_roughness_is_what_the_best_plane_leaves(heights: np.ndarray, reach: int) -> None:
    rough = roughness(heights, 4.0, 4.0 * reach)

    assert rough == pytest.approx(fit_roughness(heights, reach), abs=2e-5)


def test_the_median_of_large_ground_is_that_of_a_sample() -> None:
    heights = np.cumsum(array_stream(3, "surface").standard_normal((1500, 1100)), axis=0).astype(np.float32)

    sampled, whole = median_roughness(heights, 5.0, 20.0), float(np.median(roughness(heights, 5.0, 20.0)))
    small = heights[:300, :300]

    assert sampled == pytest.approx(whole, rel=0.01)
    assert median_roughness(small, 5.0) == pytest.approx(float(np.median(roughness(small, 5.0)[1:-1, 1:-1])))


def test_a_longer_baseline_does_not_see_what_is_small() -> None:
    rows, columns = np.mgrid[0:40, 0:40]
    bumps = ((rows + columns) % 2).astype(np.float32)

    assert np.degrees(slope(bumps, 1.0)[1:-1, 1:-1]).max() == 0.0
    assert roughness(bumps, 1.0).min() > 0.45
    assert np.degrees(slope(plane(0.3, 0.0, 1.0, (40, 40)) + bumps, 1.0, 6.0))[20, 20] == pytest.approx(16.7, abs=0.1)


@given(grids, st.floats(-pi, pi), st.floats(0.01, pi / 2))
def test_brightness_is_between_night_and_the_light_straight_on(
    heights: np.ndarray, heading: float, elevation: float
) -> None:
    lit = hillshade(heights, 5.0, heading=heading, elevation=elevation)

    assert lit.dtype == np.float32
    assert lit.min() >= 0.0
    assert lit.max() <= 1.0 + 1e-6


def test_ground_that_faces_the_light_is_brightest_and_ground_behind_is_dark() -> None:
    elevation = radians(30.0)
    # Its normal points at a light in the east, 30 degrees up.
    toward = plane(-cos(elevation) / sin(elevation), 0.0, 5.0)

    facing, behind = (hillshade(toward, 5.0, heading=heading, elevation=elevation) for heading in (0.0, pi))

    assert facing == pytest.approx(np.ones(toward.shape), abs=1e-4)
    assert behind.max() == 0.0


@pytest.mark.parametrize("call", [slope, roughness, lambda h, p: hillshade(h, p, heading=0.0, elevation=1.0)])
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (2, 2), (5, 1)])
def test_the_smallest_ground_has_a_grid_too(
    call: Callable[[np.ndarray, float], np.ndarray], shape: tuple[int, int]
) -> None:
    assert call(np.ones(shape, np.float32), 5.0).shape == shape


def test_level_ground_has_the_sine_of_the_elevation() -> None:
    level = np.zeros((3, 3))

    assert shading(level, level, heading=1.0, elevation=0.3) == pytest.approx(np.full((3, 3), sin(0.3)))
