"""The ground looks like ground in low sunlight."""

from __future__ import annotations

from math import pi, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.viewer.relief import (
    Shading,
    contour_interval,
    draw_contours,
    hillshade,
    painted,
    resampled,
    shadow_edge,
    slopes,
    softened,
    spline,
    tinted,
    to_image,
)

heights_of = arrays(
    np.float32, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.floats(-50, 50, width=32)
)


@settings(max_examples=50)
@given(heights_of)
def test_the_spline_goes_through_all_heights(heights: np.ndarray) -> None:
    rows, columns = heights.shape

    again = resampled(spline(heights), np.arange(rows, dtype=float), np.arange(columns, dtype=float))

    assert np.abs(again - heights).max() < 1e-3


def test_a_slope_toward_the_sun_is_brighter_than_one_that_turns_away() -> None:
    rise = np.linspace(0.0, 10.0, 50, dtype=np.float32)
    ridge = np.tile(np.concatenate([rise, rise[::-1]]), (20, 1))
    right, up = slopes(ridge, 1.0)

    shade = hillshade(right, up, (0.0, radians(4.0)))

    assert shade[10, 75] > 1.0 > shade[10, 25]


@pytest.mark.parametrize("heading", [0.0, pi / 2, pi, -pi / 2], ids=["right", "up", "left", "down"])
def test_the_sun_shines_from_where_it_stands(heading: float) -> None:
    y, x = np.mgrid[40:-41:-1, -40:41].astype(np.float32)
    dome = 0.004 * -(x * x + y * y)
    right, up = slopes(dome, 1.0)

    shade = hillshade(right, up, (heading, radians(3.0)))

    row, column = np.unravel_index(np.argmax(shade), shade.shape)
    toward = x[row, column] * np.cos(heading) + y[row, column] * np.sin(heading)
    assert toward > 20.0


def test_ground_in_shadow_is_darker_than_lit_ground() -> None:
    level = np.zeros((10, 10), np.float32)
    light = np.ones_like(level)
    light[:, :5] = 0.0

    image = to_image(tinted(np.ones_like(level), level, light, (0.0, 1.0)))

    assert image[5, 2].max() < image[5, 7].min() / 1.5


def test_softening_a_shadow_keeps_its_middle_dark_and_its_outside_lit() -> None:
    light = np.ones((20, 20), np.float32)
    light[5:15, 5:15] = 0.0

    edge = shadow_edge(softened(light))

    assert edge[10, 10] == 0.0
    assert edge[2, 2] == 1.0


def test_contour_lines_lie_where_the_height_is_a_multiple_of_the_interval() -> None:
    heights = np.tile(np.linspace(0.2, 9.8, 200, dtype=np.float32), (10, 1))
    colours = np.zeros((10, 200, 3), np.float32)

    draw_contours(colours, heights, 5.0)

    inked = np.flatnonzero(colours[5, :, 0])
    assert inked.size > 0
    assert np.abs(heights[5, inked] - 5.0).max() < 0.1


@given(st.floats(-5000.0, 5000.0), st.floats(0.0, 9000.0))
def test_a_contour_interval_gives_a_bearable_number_of_lines(low: float, difference: float) -> None:
    interval = contour_interval((low, low + difference))

    assert interval > 0.0
    assert difference / interval <= 25.0


@settings(max_examples=40)
@given(heights_of, st.floats(-pi, pi), st.floats(-0.1, 0.3), st.booleans(), st.sampled_from([0.0, 2.0, 7.5]))
def test_compiled_painting_is_what_whole_arrays_say(
    heights: np.ndarray, heading: float, elevation: float, shadows: bool, contours: float
) -> None:
    right, up = slopes(heights, 1.5)
    sun, span = (heading, elevation), (-20.0, 30.0)
    light = np.abs(np.sin(heights)).astype(np.float32) if shadows else None

    image = painted(heights, right, up, Shading(sun=sun, span=span, light=light, contours=contours))

    colours = tinted(hillshade(right, up, sun), heights, light, span)
    if contours:
        draw_contours(colours, heights, contours)
    off = np.abs(image.astype(int) - to_image(colours)).max(axis=-1)
    assert (off <= 2).mean() > 0.98  # A line's edge may round the other way.
