"""Hot loops over Sun, light and sight lines.

Only + - * / sqrt floor and comparisons on float64, so that compiled code and plain Python give the same bits. Angles
are radians; headings counter-clockwise from x in the site frame; heights ``(H, W) float32``, row 0 at the lowest y;
`west` and `south` are the coordinates of cell [0, 0]'s centre.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from math import floor

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.moon.horizon.kernels import UNIT

SUN_RADIUS = 0.00466  # Radians: 0.267 degrees, the mean over a year.


@compiled
def sun_at(tick: int, sun: NDArray[np.float64], every: int) -> tuple[float, float]:
    """Return what a two-column table has at a tick, a row for each `every` ticks, linear between; held beyond its ends.

    Parameters
    ----------
    sun
        (K, 2) float64, K >= 2: continuous heading and elevation, or another pair.
    """
    last = sun.shape[0] - 2
    place = min(max(tick / every, 0.0), last + 1.0)
    row = min(floor(place), last)
    share = place - row
    heading = sun[row, 0] + (sun[row + 1, 0] - sun[row, 0]) * share
    elevation = sun[row, 1] + (sun[row + 1, 1] - sun[row, 1]) * share
    return heading, elevation


@compiled
def nearest_cell(coordinate: float, first: float, pixel: float, count: int) -> int:
    """Return the row or column whose centre is nearest; beyond the map that of the border, for no number the first."""
    place = min(max(0.0, (coordinate - first) / pixel + 0.5), count - 1.0)
    return floor(place)


@compiled
def horizon_at(
    row: int, column: int, heading: float, horizon: NDArray[np.int16], first_heading: float, heading_step: float
) -> float:
    """Return the elevation of a cell's horizon in a direction, linear between the headings of the table.

    A table that goes all the way round is entered at any heading; beyond the ends of another, its end counts.
    """
    count = horizon.shape[0]
    place = (heading - first_heading) / heading_step
    if count * heading_step > 6.283:
        place -= floor(place / count) * count
        low = min(floor(place), count - 1)
        high = low + 1 if low + 1 < count else 0
    else:
        place = min(max(0.0, place), count - 1.0)
        low = min(floor(place), count - 2)
        high = low + 1
    share = place - low
    below: float = np.float64(horizon[low, row, column]) * UNIT
    above: float = np.float64(horizon[high, row, column]) * UNIT
    elevation: float = below + (above - below) * share
    return elevation


@compiled
def light_at(
    x: float,
    y: float,
    heading: float,
    elevation: float,
    uncovered: float,
    horizon: NDArray[np.int16],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
    west: float,
    south: float,
    pixel: float,
) -> float:
    """Return the share of the Sun's disc that shines on a point, over the horizon and past the Earth, 0 to 1.

    Parameters
    ----------
    heading, elevation
        Of the Sun's centre.
    uncovered
        Share of the disc that the Earth leaves free.
    horizon
        (A, H, W) int16, A >= 2: see `fleet.moon.horizon`. The nearest cell's counts.
    disc
        Share of a disc above a level line, even steps from just hidden to just clear.
    """
    row = nearest_cell(y, south, pixel, horizon.shape[1])
    column = nearest_cell(x, west, pixel, horizon.shape[2])
    clear = elevation - horizon_at(row, column, heading, horizon, first_heading, heading_step)
    steps = disc.shape[0] - 1
    place = (clear / SUN_RADIUS + 1.0) * 0.5 * steps
    if place <= 0.0:
        return 0.0
    if place >= steps:
        return uncovered
    low = floor(place)
    share: float = disc[low] + (disc[low + 1] - disc[low]) * (place - low)
    return share * uncovered


@compiled
def light_over(
    heading: float,
    elevation: float,
    uncovered: float,
    horizon: NDArray[np.int16],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return `light_at` for every cell, (H, W) float32."""
    rows, columns = horizon.shape[1], horizon.shape[2]
    light = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            light[row, column] = light_at(
                column, row, heading, elevation, uncovered, horizon, first_heading, heading_step, disc, 0.0, 0.0, 1.0
            )
    return light


@compiled
def is_lit_at(
    x: float,
    y: float,
    tick: int,
    sun: NDArray[np.float64],
    sunshine: NDArray[np.float64],
    every: int,
    horizon: NDArray[np.int16],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
    west: float,
    south: float,
    pixel: float,
) -> bool:
    """Return whether half the Sun's disc or more shines on a point at a tick."""
    heading, elevation = sun_at(tick, sun, every)
    uncovered, _ = sun_at(tick, sunshine, every)
    light = light_at(
        x, y, heading, elevation, uncovered, horizon, first_heading, heading_step, disc, west, south, pixel
    )
    return light >= 0.5


@compiled
def first_tick(
    wanted: bool,
    x: float,
    y: float,
    tick: int,
    until: int,
    sun: NDArray[np.float64],
    sunshine: NDArray[np.float64],
    every: int,
    horizon: NDArray[np.int16],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
    west: float,
    south: float,
    pixel: float,
) -> int:
    """Return the first tick in [tick, until] that is lit, or dark when that is wanted, -1 when there is none.

    Notes
    -----
    Between two rows of the Sun's table and two headings of the horizon, how clear the Sun is of the horizon is linear
    in the tick: what is not so at both ends, is not so between. Spans that cross a heading are halved until they do
    not; in an eclipse they are one tick long.
    """
    start = tick
    while start <= until:
        row = start // every
        end = min((row + 1) * every - 1, until)
        rows = sunshine.shape[0] - 1
        is_eclipsed = sunshine[min(max(row, 0), rows), 0] < 1.0 or sunshine[min(max(row + 1, 0), rows), 0] < 1.0
        while start <= end:
            if wanted == is_lit_at(
                x, y, start, sun, sunshine, every, horizon, first_heading, heading_step, disc, west, south, pixel
            ):
                return start
            here = floor((sun_at(start, sun, every)[0] - first_heading) / heading_step)
            last = start if is_eclipsed else end
            while last > start and floor((sun_at(last, sun, every)[0] - first_heading) / heading_step) != here:
                last = (start + last) // 2
            if wanted == is_lit_at(
                x, y, last, sun, sunshine, every, horizon, first_heading, heading_step, disc, west, south, pixel
            ):
                before = start
                while last - before > 1:
                    middle = (before + last) // 2
                    if wanted == is_lit_at(
                        x, y, middle, sun, sunshine, every, horizon, first_heading, heading_step, disc, west, south,
                        pixel
                    ):  # fmt: skip
                        last = middle
                    else:
                        before = middle
                return last
            start = last + 1
    return -1


@compiled
def height_at(x: float, y: float, heights: NDArray[np.float32], west: float, south: float, pixel: float) -> float:
    """Return the bilinear height at a point; beyond the map that of the border, for no number that of the first."""
    rows, columns = heights.shape[0], heights.shape[1]
    across = min(max(0.0, (x - west) / pixel), columns - 1.0)
    upward = min(max(0.0, (y - south) / pixel), rows - 1.0)
    column = min(floor(across), columns - 2)
    row = min(floor(upward), rows - 2)
    right, up = across - column, upward - row
    low: float = np.float64(heights[row, column]) * (1.0 - right) + np.float64(heights[row, column + 1]) * right
    high: float = (
        np.float64(heights[row + 1, column]) * (1.0 - right) + np.float64(heights[row + 1, column + 1]) * right
    )
    height: float = low * (1.0 - up) + high * up
    return height
