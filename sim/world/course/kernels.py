"""What lies along a straight run: heights, tilts, and rocks that come near."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from math import floor, inf, sqrt

import numpy as np

from fleet.core import Point
from fleet.core.compiled import compiled
from sim.world.arrays import FloatArray, HeightArray


@compiled
def sample_run(
    heights: HeightArray,
    tilts: HeightArray,
    west: float,
    south: float,
    pixel: float,
    start: Point,
    end: Point,
    pieces: int,
) -> tuple[FloatArray, FloatArray]:
    """Return heights (pieces + 1,) and tilts (pieces + 1,) float64 at even points of a straight run.

    Heights are bilinear, tilts those of the nearest cell; outside the map the nearest inside counts.
    """
    rows, columns = heights.shape
    high = np.empty(pieces + 1)
    steep = np.empty(pieces + 1)
    for k in range(pieces + 1):
        share = k / pieces
        u = (start[0] + (end[0] - start[0]) * share - west) / pixel
        v = (start[1] + (end[1] - start[1]) * share - south) / pixel
        u = min(max(u, 0.0), columns - 1.0)
        v = min(max(v, 0.0), rows - 1.0)
        steep[k] = tilts[floor(v + 0.5), floor(u + 0.5)]
        c = min(floor(u), columns - 2)
        r = min(floor(v), rows - 2)
        a = u - c
        b = v - r
        low = heights[r, c] * (1.0 - a) + heights[r, c + 1] * a
        top = heights[r + 1, c] * (1.0 - a) + heights[r + 1, c + 1] * a
        high[k] = low * (1.0 - b) + top * b
    return high, steep


@compiled
def approach(rocks: FloatArray, start: Point, unit: Point, length: float, reach: float) -> FloatArray:
    """Return how far along a straight run each rock's edge comes within `reach`, (R,) float64; inf where it never does.

    Parameters
    ----------
    rocks
        (R, 3) float64: x, y, radius.
    unit
        Unit vector of the run. A rock that the run leads away from does not come nearer.
    """
    out = np.empty(rocks.shape[0])
    for k in range(rocks.shape[0]):
        wx = rocks[k, 0] - start[0]
        wy = rocks[k, 1] - start[1]
        limit = rocks[k, 2] + reach
        along = wx * unit[0] + wy * unit[1]
        out[k] = inf
        if along <= 0.0:
            continue
        outside = wx * wx + wy * wy - limit * limit
        if outside <= 0.0:
            out[k] = 0.0
            continue
        square = along * along - outside
        if square > 0.0:
            s = along - sqrt(square)
            if s <= length:
                out[k] = s
    return out
