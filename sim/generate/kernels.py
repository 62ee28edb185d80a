"""Craters dug into a grid of heights."""

from math import ceil, floor, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

_REACH = 3.0  # Radii that thrown-out ground reaches.
_ROUNDNESS = 0.3  # Radii of the bowl's round bottom; the wall is nearly straight beyond it.


@njit(cache=True)
def dig_craters(heights: NDArray[np.float64], craters: NDArray[np.float64]) -> None:
    """Add craters to heights, (H, W) float64, in the order given.

    Parameters
    ----------
    craters
        (N, 5): column and row of the centre and radius, in pixels; depth from rim to floor and rim height, in metres.

    Notes
    -----
    The bowl is a hyperbola of revolution: a round bottom and a nearly straight wall, whose steepest slope is 1.35 times
    depth by radius. Outside, the rim falls with the third power of distance, to nothing at three radii.
    """
    rows, columns = heights.shape
    deepest = sqrt(1.0 + _ROUNDNESS * _ROUNDNESS) - _ROUNDNESS
    tail = 1.0 / (_REACH * _REACH * _REACH)
    for crater in range(craters.shape[0]):
        centre_column, centre_row, radius, depth, rim = craters[crater]
        reach = _REACH * radius
        for row in range(max(0, ceil(centre_row - reach)), min(rows, floor(centre_row + reach) + 1)):
            up = (row - centre_row) / radius
            for column in range(max(0, ceil(centre_column - reach)), min(columns, floor(centre_column + reach) + 1)):
                across = (column - centre_column) / radius
                squared = across * across + up * up
                if squared < 1.0:
                    bowl = (sqrt(squared + _ROUNDNESS * _ROUNDNESS) - _ROUNDNESS) / deepest
                    heights[row, column] += rim - depth * (1.0 - bowl)
                elif squared < _REACH * _REACH:
                    heights[row, column] += rim * (1.0 / (squared * sqrt(squared)) - tail) / (1.0 - tail)
