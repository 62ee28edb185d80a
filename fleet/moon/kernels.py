"""Hot loops over Sun, horizon and sight lines.

Only + - * / sqrt floor and comparisons on float64, so that compiled code and plain Python give the same bits. Angles
are radians; headings counter-clockwise from x in the site frame; heights ``(H, W) float32``, row 0 at the lowest y;
`west` and `south` are the coordinates of cell [0, 0]'s centre. One module, since all of it is compiled together.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from math import floor, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fleet.terrain.place import MOON_RADIUS

SUN_RADIUS = 0.00466  # Radians: 0.267 degrees, the mean over a year.


@njit(cache=True)
def sun_at(tick: int, sun: NDArray[np.float64], every: int) -> tuple[float, float]:
    """Return a two-column table that has a row for each `every` ticks, linear between; held beyond its ends.

    Parameters
    ----------
    sun
        (K, 2) float64, K >= 2: continuous heading and elevation.
    """
    last = sun.shape[0] - 2
    place = min(max(tick / every, 0.0), last + 1.0)
    row = min(floor(place), last)
    share = place - row
    heading = sun[row, 0] + (sun[row + 1, 0] - sun[row, 0]) * share
    elevation = sun[row, 1] + (sun[row + 1, 1] - sun[row, 1]) * share
    return heading, elevation


@njit(cache=True)
def nearest_cell(coordinate: float, first: float, pixel: float, count: int) -> int:
    """Return the row or column whose centre is nearest; beyond the map that of the border."""
    place = min(max((coordinate - first) / pixel + 0.5, 0.0), count - 1.0)
    return floor(place)


@njit(cache=True)
def horizon_at(
    row: int, column: int, heading: float, horizon: NDArray[np.float32], first_heading: float, heading_step: float
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
        place = min(max(place, 0.0), count - 1.0)
        low = min(floor(place), count - 2)
        high = low + 1
    share = place - low
    below = np.float64(horizon[low, row, column])
    above = np.float64(horizon[high, row, column])
    return below + (above - below) * share


@njit(cache=True)
def light_at(
    x: float,
    y: float,
    heading: float,
    elevation: float,
    horizon: NDArray[np.float32],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
    west: float,
    south: float,
    pixel: float,
) -> float:
    """Return the share of the Sun's disc that is over the horizon at a point, 0 to 1.

    Parameters
    ----------
    heading, elevation
        Of the Sun's centre.
    horizon
        (A, H, W) float32, A >= 2: see `fleet.moon.horizon`. The nearest cell's counts.
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
        return 1.0
    low = floor(place)
    return disc[low] + (disc[low + 1] - disc[low]) * (place - low)


@njit(cache=True)
def light_over(
    heading: float,
    elevation: float,
    horizon: NDArray[np.float32],
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
                column, row, heading, elevation, horizon, first_heading, heading_step, disc, 0.0, 0.0, 1.0
            )
    return light


@njit(cache=True)
def first_lit(
    x: float,
    y: float,
    tick: int,
    until: int,
    sun: NDArray[np.float64],
    every: int,
    horizon: NDArray[np.float32],
    first_heading: float,
    heading_step: float,
    disc: NDArray[np.float64],
    west: float,
    south: float,
    pixel: float,
) -> int:
    """Return the first tick in [tick, until] with half the Sun's disc over the horizon, -1 when there is none.

    Notes
    -----
    Between two rows of the Sun's table and two headings of the horizon, how clear the Sun is of the horizon is linear
    in the tick: when it is dark at both ends, it is dark between. Spans that cross a heading are halved until they do
    not.
    """
    start = tick
    while start <= until:
        end = min((start // every + 1) * every - 1, until)
        while start <= end:
            heading, elevation = sun_at(start, sun, every)
            if (
                light_at(x, y, heading, elevation, horizon, first_heading, heading_step, disc, west, south, pixel)
                >= 0.5
            ):
                return start
            here = floor((heading - first_heading) / heading_step)
            last = end
            heading, elevation = sun_at(last, sun, every)
            while last > start and floor((heading - first_heading) / heading_step) != here:
                last = (start + last) // 2
                heading, elevation = sun_at(last, sun, every)
            light = light_at(x, y, heading, elevation, horizon, first_heading, heading_step, disc, west, south, pixel)
            if light >= 0.5:
                dark = start
                while last - dark > 1:
                    middle = (dark + last) // 2
                    heading, elevation = sun_at(middle, sun, every)
                    light = light_at(
                        x, y, heading, elevation, horizon, first_heading, heading_step, disc, west, south, pixel
                    )
                    if light >= 0.5:
                        last = middle
                    else:
                        dark = middle
                return last
            start = last + 1
    return -1


@njit(cache=True)
def height_at(x: float, y: float, heights: NDArray[np.float32], west: float, south: float, pixel: float) -> float:
    """Return the bilinear height at a point; beyond the map that of the border."""
    rows, columns = heights.shape[0], heights.shape[1]
    across = min(max((x - west) / pixel, 0.0), columns - 1.0)
    upward = min(max((y - south) / pixel, 0.0), rows - 1.0)
    column = min(floor(across), columns - 2)
    row = min(floor(upward), rows - 2)
    right, up = across - column, upward - row
    low = np.float64(heights[row, column]) * (1.0 - right) + np.float64(heights[row, column + 1]) * right
    high = np.float64(heights[row + 1, column]) * (1.0 - right) + np.float64(heights[row + 1, column + 1]) * right
    return low * (1.0 - up) + high * up


@njit(cache=True)
def line_of_sight(
    heights: NDArray[np.float32],
    west: float,
    south: float,
    pixel: float,
    ax: float,
    ay: float,
    a_height: float,
    bx: float,
    by: float,
    b_height: float,
) -> bool:
    """Return whether two points over the ground see each other over the bulge of ground and Moon.

    Parameters
    ----------
    a_height, b_height
        Metres over the ground below them.

    Notes
    -----
    Looked at in even steps of at most one pixel. The ends are put in order first, so the answer is the same from both.
    """
    if bx < ax or (bx == ax and (by < ay or (by == ay and b_height < a_height))):
        ax, ay, a_height, bx, by, b_height = bx, by, b_height, ax, ay, a_height
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    steps = floor(length / pixel) + 1
    start = height_at(ax, ay, heights, west, south, pixel) + a_height
    end = height_at(bx, by, heights, west, south, pixel) + b_height
    for step in range(1, steps):
        share = step / steps
        bulge = share * (1.0 - share) * length * length / (2.0 * MOON_RADIUS)
        ground = height_at(ax + dx * share, ay + dy * share, heights, west, south, pixel)
        if ground + bulge > start + (end - start) * share:
            return False
    return True


@njit(cache=True)
def arctangent(slope: float) -> float:
    """Return the angle of a slope, within 1e-8 rad, without the maths library, whose last bit differs by platform."""
    halvings = 0
    while abs(slope) > 0.4:
        slope = slope / (1.0 + sqrt(1.0 + slope * slope))
        halvings += 1
    squared = slope * slope
    series = 1.0 / 15.0 - squared / 17.0
    for term in (13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        series = 1.0 / term - squared * series
    angle = slope * series
    for _ in range(halvings):
        angle *= 2.0
    return angle


@njit(cache=True)
def sweep_horizon(heights: NDArray[np.float32], drift: float, pixel: float, beyond: float) -> NDArray[np.float32]:
    """Return every cell's horizon towards growing columns, seen from a frame level at the map's centre.

    Parameters
    ----------
    drift
        Rows gained a column in the direction of sight, -1 to 1.
    beyond
        Height of the smooth sphere that is taken to lie around the map.

    Returns
    -------
    numpy.ndarray
        (H, W) float32, elevation.

    Notes
    -----
    The map is cut by parallel lines one row apart. Along each, going back from the far end, the upper hull of what lies
    ahead is kept on a stack; the horizon is the tangent to it, and what falls under the tangent is never needed again.
    A cell between two lines takes the linear mean of both slopes. Curvature: a parabola is taken off the heights, which
    keeps tangents tangent.

    Source
    ------
    Timonen & Westerholm, "Scalable Height Field Self-Shadowing", Computer Graphics Forum 29(2), 2010. Deviations:
    curvature, the interpolation between lines, the sphere beyond the map.
    """
    rows, columns = heights.shape
    step = pixel * sqrt(1.0 + drift * drift)
    whole = np.empty(columns, dtype=np.int64)
    part = np.empty(columns)
    for column in range(columns):
        whole[column] = floor(column * drift)
        part[column] = column * drift - whole[column]
    first = min(-whole[columns - 1], 0) - 1
    last = rows + max(-whole[columns - 1], 0)
    middle = ((rows - 1) / 2.0 * drift + (columns - 1) / 2.0) / (1.0 + drift * drift)
    elevation = np.empty((rows, columns), dtype=np.float32)
    lower_line = np.zeros(columns)
    upper_line = np.zeros(columns)
    hull_s = np.empty(columns)
    hull_g = np.empty(columns)
    for line in range(first, last + 1):
        lower_line, upper_line = upper_line, lower_line
        size = 0
        edge = 0.0
        # Where along the direction, from the map's centre, this line meets column 0.
        offset = line * drift / (1.0 + drift * drift) - middle
        for column in range(columns - 1, -1, -1):
            row = line + whole[column]
            if row < -1 or row >= rows:
                continue
            below = np.float64(heights[max(row, 0), column])
            above = np.float64(heights[min(row + 1, rows - 1), column])
            height = below + (above - below) * part[column]
            s = (column + offset) * step
            g = height - s * s / (2.0 * MOON_RADIUS)
            if size == 0:
                edge = s
            slope = _slope_beyond(beyond - height, edge - s) - s / MOON_RADIUS
            while size >= 2 and (hull_g[size - 2] - g) * (hull_s[size - 1] - s) >= (hull_g[size - 1] - g) * (
                hull_s[size - 2] - s
            ):
                size -= 1
            if size >= 1:
                slope = max(slope, (hull_g[size - 1] - g) / (hull_s[size - 1] - s))
            hull_s[size] = s
            hull_g[size] = g
            size += 1
            upper_line[column] = slope
        for column in range(columns):
            row = line - 1 + whole[column]
            if part[column] == 0.0:
                if 0 <= row < rows:
                    elevation[row, column] = arctangent(lower_line[column])
            elif 0 <= row + 1 < rows:
                share = 1.0 - part[column]
                between = lower_line[column] + (upper_line[column] - lower_line[column]) * share
                elevation[row + 1, column] = arctangent(between)
    return elevation


@njit(cache=True)
def _slope_beyond(rise: float, edge: float) -> float:
    """Return the steepest slope to a sphere that lies `rise` higher and begins `edge` metres away."""
    if rise <= 0.0 and -2.0 * MOON_RADIUS * rise >= edge * edge:
        return -sqrt(-2.0 * rise / MOON_RADIUS)
    if edge <= 0.0:
        return 0.0
    return rise / edge - edge / (2.0 * MOON_RADIUS)
