"""The sweep that finds the horizon of every cell in one direction.

Only + - * / sqrt floor and comparisons on float64, so that compiled code and plain Python give the same bits.
"""

from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.terrain.sphere import MOON_RADIUS


@compiled
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


@compiled
def sweep_horizon(
    heights: NDArray[np.float32], drift: float, pixel: float, beyond: float, looks: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return every cell's horizon towards growing columns, over the level plane at the map's centre.

    Parameters
    ----------
    drift
        Rows gained a column in the direction of sight, -1 to 1.
    beyond
        Height of the smooth sphere that is taken to lie around the map; at most the lowest height of its border.
    looks
        (N,) float64, ascending: distances in pixels at which the ground is looked at point by point.

    Returns
    -------
    numpy.ndarray
        (H, W) float32, elevation.

    Notes
    -----
    Heights are bilinear at the looks. Further ground is met where the nearest of parallel lines one row apart crosses
    columns, so at most half a row beside the line of sight.
    """
    rows, columns = heights.shape
    slopes = _nearby_slopes(heights, drift, pixel, looks)
    step = pixel * sqrt(1.0 + drift * drift)
    reach = floor(looks[looks.size - 1] * pixel / step)
    _raise_to_far_slopes(slopes, heights, drift, pixel, reach)
    # Metres along the direction of sight, from the map's centre.
    stretch = pixel / sqrt(1.0 + drift * drift)
    middle = ((columns - 1) / 2.0 + (rows - 1) / 2.0 * drift) * stretch
    elevation = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            # Columns until sight leaves the map, ahead or sideways.
            ahead = float(columns - 1 - column)
            if drift > 0.0:
                ahead = min(ahead, (rows - 1 - row) / drift)
            elif drift < 0.0:
                ahead = min(ahead, row / -drift)
            rise = beyond - np.float64(heights[row, column])
            slope = max(slopes[row, column], _slope_beyond(rise, ahead * step))
            along = (column + row * drift) * stretch - middle
            elevation[row, column] = arctangent(slope - along / MOON_RADIUS)
    return elevation


@compiled
def _slope_beyond(rise: float, edge: float) -> float:
    """Return the steepest slope to a sphere that lies `rise` higher and begins `edge` metres away."""
    if rise <= 0.0 and -2.0 * MOON_RADIUS * rise >= edge * edge:
        return -sqrt(-2.0 * rise / MOON_RADIUS)
    return rise / edge - edge / (2.0 * MOON_RADIUS)


@compiled
def _nearby_slopes(
    heights: NDArray[np.float32], drift: float, pixel: float, looks: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the steepest slope to the ground at some distances, (H, W); far down where the map ends at once."""
    rows, columns = heights.shape
    slopes = np.full((rows, columns), -1.0e9)
    for row in range(rows):
        here = heights[row]
        found = slopes[row]
        for look in looks:
            across = look / sqrt(1.0 + drift * drift)
            right = floor(across)
            right_share = across - right
            up = floor(across * drift)
            up_share = across * drift - up
            low = row + up
            high = low + 1 if up_share > 0.0 else low
            next_column = 1 if right_share > 0.0 else 0
            count = columns - right - next_column
            if low < 0 or high >= rows or count <= 0:
                continue
            distance = look * pixel
            drop = distance / (2.0 * MOON_RADIUS)
            below, below_right = heights[low, right:], heights[low, right + next_column :]
            above, above_right = heights[high, right:], heights[high, right + next_column :]
            for column in range(count):
                lower = np.float64(below[column]) * (1.0 - right_share) + np.float64(below_right[column]) * right_share
                upper = np.float64(above[column]) * (1.0 - right_share) + np.float64(above_right[column]) * right_share
                ground = lower * (1.0 - up_share) + upper * up_share
                found[column] = max(found[column], (ground - np.float64(here[column])) / distance - drop)
    return slopes


@compiled
def _raise_to_far_slopes(
    slopes: NDArray[np.float64], heights: NDArray[np.float32], drift: float, pixel: float, reach: int
) -> None:
    """Raise slopes, (H, W), to those of ground more than `reach` columns ahead.

    Notes
    -----
    Along each line, going back from its far end, the upper hull of the ground ahead is kept on a stack: each point is
    pushed once and popped at most once. A cell's horizon is the tangent to it, found by bisection. A parabola taken off
    the heights makes the Moon's curvature part of the straight geometry.

    Source
    ------
    Timonen & Westerholm, "Scalable Height Field Self-Shadowing", Computer Graphics Forum 29(2), 2010. Deviations:
    curvature; the ground nearby is left out of the hull and the tangent starts at the cell, not on the line.
    """
    rows, columns = heights.shape
    step = pixel * sqrt(1.0 + drift * drift)
    stretch = pixel / sqrt(1.0 + drift * drift)
    middle = ((columns - 1) / 2.0 + (rows - 1) / 2.0 * drift) * stretch
    bend = 1.0 / (2.0 * MOON_RADIUS)
    hull_s = np.empty(columns)
    hull_g = np.empty(columns)
    span = floor((columns - 1) * drift)
    for line in range(min(-span, 0) - 1, rows + max(-span, 0) + 1):
        size = 0
        for column in range(columns - reach - 2, -1, -1):
            far = column + reach + 1
            whole = floor(far * drift)
            part = far * drift - whole
            low = line + whole
            high = low + 1 if part > 0.0 else low
            if low >= 0 and high < rows:
                lower = np.float64(heights[low, far])
                s = line * drift * stretch + far * step - middle
                g = lower + (np.float64(heights[high, far]) - lower) * part - s * s * bend
                while size >= 2 and (hull_g[size - 2] - g) * (hull_s[size - 1] - s) >= (hull_g[size - 1] - g) * (
                    hull_s[size - 2] - s
                ):
                    size -= 1
                hull_s[size] = s
                hull_g[size] = g
                size += 1
            row = line + floor(column * drift + 0.5)
            if size == 0 or row < 0 or row >= rows:
                continue
            s = (column + row * drift) * stretch - middle
            g = np.float64(heights[row, column]) - s * s * bend
            nearest, furthest = size - 1, 0
            while furthest < nearest:
                between = (furthest + nearest + 1) // 2
                if (hull_g[between - 1] - g) * (hull_s[between] - s) > (hull_g[between] - g) * (
                    hull_s[between - 1] - s
                ):
                    nearest = between - 1
                else:
                    furthest = between
            tangent = (hull_g[nearest] - g) / (hull_s[nearest] - s)
            slopes[row, column] = max(slopes[row, column], tangent + s * 2.0 * bend)
