"""Craters dug into a grid of heights."""

from math import ceil, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled

_REACH = 3.0  # Radii that thrown-out ground reaches.
_BURIAL = 0.6  # Share of the older ground's relief that is gone inside the rim; none of it is at two radii.
_ROUNDNESS = 0.3  # Radii of the bowl's round bottom; the wall is nearly straight beyond it.


@compiled
def dig_craters(heights: NDArray[np.float64], craters: NDArray[np.float64]) -> None:
    """Add craters to heights, (H, W) float64, in the order given.

    Parameters
    ----------
    craters
        (N, 10). Column and row of the centre and radius, in pixels; depth from rim to floor, rim height and how much of
        it is rounded off, in metres; cosine and sine parts of the outline's second and third harmonics, in radii.

    Notes
    -----
    The bowl is a hyperbola of revolution: a round bottom and a nearly straight wall, whose steepest slope is 1.35 times
    depth by radius. Outside, the rim falls with the third power of distance, to nothing at three radii. A polynomial
    smooth minimum of the two rounds the rim. Older relief is partly buried.
    """
    rows, columns = heights.shape
    for crater in craters:
        centre_column, centre_row, radius = crater[0], crater[1], crater[2]
        level = _mean_within(heights, centre_column, centre_row, radius)
        reach = _REACH * radius
        for row in range(max(0, ceil(centre_row - reach)), min(rows, floor(centre_row + reach) + 1)):
            for column in range(max(0, ceil(centre_column - reach)), min(columns, floor(centre_column + reach) + 1)):
                across, up = (column - centre_column) / radius, (row - centre_row) / radius
                away = sqrt(across * across + up * up)
                if away >= _REACH:
                    continue
                if away < 2.0:
                    buried = _BURIAL * min(1.0, 2.0 - away)
                    heights[row, column] += (level - heights[row, column]) * buried
                if away > 0.0:
                    c, s = across / away, up / away
                    second = crater[6] * (c * c - s * s) + crater[7] * 2.0 * s * c
                    third = crater[8] * c * (c * c - 3.0 * s * s) + crater[9] * s * (3.0 * c * c - s * s)
                    away *= 1.0 + second + third
                heights[row, column] += _profile(away, crater[3], crater[4], crater[5])


@compiled
def _profile(away: float, depth: float, rim: float, rounding: float) -> float:
    """Return the height of a crater's ground, `away` radii from its centre, over the ground that was there."""
    if away >= _REACH:
        return 0.0
    bowl = (sqrt(away * away + _ROUNDNESS * _ROUNDNESS) - _ROUNDNESS) / (sqrt(1.0 + _ROUNDNESS**2) - _ROUNDNESS)
    inside = rim - depth * (1.0 - bowl)
    if away < 0.5:
        return inside
    tail = 1.0 / (_REACH * _REACH * _REACH)
    outside = rim * (1.0 / (away * away * away) - tail) / (1.0 - tail)
    if rounding <= 0.0:
        return min(inside, outside)
    share = min(max(0.5 + 0.5 * (outside - inside) / rounding, 0.0), 1.0)
    return outside + (inside - outside) * share - rounding * share * (1.0 - share)


@compiled
def _mean_within(heights: NDArray[np.float64], centre_column: float, centre_row: float, radius: float) -> float:
    """Return the mean height within a circle; that of the ground nearest to it when it holds no centre of a cell."""
    rows, columns = heights.shape
    total, count = 0.0, 0
    for row in range(max(0, ceil(centre_row - radius)), min(rows, floor(centre_row + radius) + 1)):
        for column in range(max(0, ceil(centre_column - radius)), min(columns, floor(centre_column + radius) + 1)):
            across, up = column - centre_column, row - centre_row
            if across * across + up * up < radius * radius:
                total += heights[row, column]
                count += 1
    if count > 0:
        return total / count
    row = min(max(floor(centre_row + 0.5), 0), rows - 1)
    column = min(max(floor(centre_column + 0.5), 0), columns - 1)
    nearest: float = heights[row, column]
    return nearest
