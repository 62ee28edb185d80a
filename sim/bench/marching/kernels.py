"""The horizon by walking along the ray of every cell, as one would write it first."""

from math import atan, cos, floor, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.terrain.sphere import MOON_RADIUS


@compiled(error_model="numpy", nogil=True)
def march(heights: NDArray[np.float32], pixel: float, heading: float, beyond: float) -> NDArray[np.float32]:
    """Return the elevation of each cell's horizon in one direction, (H, W) float32, radians.

    Parameters
    ----------
    beyond
        Height of the smooth sphere around the map; at most the lowest height of its border.

    Notes
    -----
    In steps of one pixel to the map's edge, over bilinear ground, with the Moon's curvature; then on to the sphere.
    Over the level plane at the map's centre, as `fleet.moon.horizon` has it.
    """
    rows, columns = heights.shape
    across, upward = cos(heading), sin(heading)
    horizon = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            here = np.float64(heights[row, column])
            edge = 1.0e12
            if across > 1e-12:
                edge = min(edge, (columns - 1 - column) / across)
            elif across < -1e-12:
                edge = min(edge, -column / across)
            if upward > 1e-12:
                edge = min(edge, (rows - 1 - row) / upward)
            elif upward < -1e-12:
                edge = min(edge, -row / upward)
            best = -1.0e9
            for step in range(1, floor(edge + 1e-9) + 1):
                x, y = column + step * across, row + step * upward
                left, low = min(max(int(x), 0), columns - 2), min(max(int(y), 0), rows - 2)
                u, v = x - left, y - low
                below = heights[low, left] * (1.0 - u) + heights[low, left + 1] * u
                above = heights[low + 1, left] * (1.0 - u) + heights[low + 1, left + 1] * u
                away = step * pixel
                slope = (below * (1.0 - v) + above * v - here) / away - away / (2.0 * MOON_RADIUS)
                best = max(best, slope)
            away = max(edge * pixel, sqrt(max(0.0, 2.0 * MOON_RADIUS * (here - beyond))), 0.001)
            best = max(best, (beyond - here) / away - away / (2.0 * MOON_RADIUS))
            along = ((column - (columns - 1) / 2.0) * across + (row - (rows - 1) / 2.0) * upward) * pixel
            horizon[row, column] = np.float32(atan(best - along / MOON_RADIUS))
    return horizon
