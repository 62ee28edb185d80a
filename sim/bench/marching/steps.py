"""The same march in plain numpy: all cells go one step together."""

from __future__ import annotations

from math import cos, sin
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.terrain.sphere import MOON_RADIUS

Heights: TypeAlias = NDArray[np.float32]


def march_abreast(heights: Heights, pixel: float, heading: float, beyond: float) -> Heights:
    """Return what `sim.bench.marching.march` returns."""
    rows, columns = heights.shape
    across, upward = cos(heading), sin(heading)
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float64)
    edge = np.full(heights.shape, 1.0e12)
    if abs(across) > 1e-12:
        edge = np.minimum(edge, ((columns - 1 - column) if across > 0.0 else -column) / across)
    if abs(upward) > 1e-12:
        edge = np.minimum(edge, ((rows - 1 - row) if upward > 0.0 else -row) / upward)
    best = np.full(heights.shape, -1.0e9)
    for step in range(1, int(edge.max() + 1e-9) + 1):
        # Cells whose ray is still on the map fill a rectangle.
        inside = np.argwhere(edge + 1e-9 >= step)
        if not len(inside):
            break
        (bottom, first), (top, last) = inside.min(axis=0), inside.max(axis=0)
        part = (slice(bottom, top + 1), slice(first, last + 1))
        x, y = column[part] + step * across, row[part] + step * upward
        left = np.clip(x.astype(np.int64), 0, columns - 2)
        low = np.clip(y.astype(np.int64), 0, rows - 2)
        u, v = x - left, y - low
        below = heights[low, left] * (1.0 - u) + heights[low, left + 1] * u
        above = heights[low + 1, left] * (1.0 - u) + heights[low + 1, left + 1] * u
        away = step * pixel
        slope = (below * (1.0 - v) + above * v - heights[part]) / away - away / (2.0 * MOON_RADIUS)
        np.maximum(best[part], slope, out=best[part])
    rise = beyond - heights.astype(np.float64)
    away_to = np.maximum(np.maximum(edge * pixel, np.sqrt(np.maximum(0.0, -2.0 * MOON_RADIUS * rise))), 0.001)
    best = np.maximum(best, rise / away_to - away_to / (2.0 * MOON_RADIUS))
    along = ((column - (columns - 1) / 2.0) * across + (row - (rows - 1) / 2.0) * upward) * pixel
    horizon: Heights = np.arctan(best - along / MOON_RADIUS).astype(np.float32)
    return horizon
