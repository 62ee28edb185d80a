"""The loop that looks from one place at every cell of a map."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.moon.sight.kernels import line_of_sight_over, tops_of


@compiled
def look_around(
    heights: NDArray[np.float32],
    west: float,
    south: float,
    pixel: float,
    x: float,
    y: float,
    height: float,
    receiver: float,
) -> NDArray[np.bool_]:
    """Return `line_of_sight` from a point to the middle of every cell, (H, W).

    Parameters
    ----------
    height, receiver
        Metres over the ground of the antenna at the point and of the other one.
    """
    rows, columns = heights.shape
    tops = tops_of(heights)
    seen = np.empty((rows, columns), dtype=np.bool_)
    for row in range(rows):
        for column in range(columns):
            seen[row, column] = line_of_sight_over(
                heights, tops, west, south, pixel, x, y, height, west + column * pixel, south + row * pixel, receiver
            )
    return seen
