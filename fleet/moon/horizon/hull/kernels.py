"""The upper hull of ground along a line of sight: what can be the horizon of anything nearer."""

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled

BULGE = 6  # Columns to the neighbours whose chord a point of the hull must not be below.


@compiled
def keep_bulges(ground: NDArray[np.float64], low: int, high: int, kept: NDArray[np.int64]) -> int:
    """List the columns of a line that may be on its hull; return how many there are.

    Notes
    -----
    A point below the chord of its neighbours is on no hull that both are on. The neighbours are at most `BULGE` columns
    away, and ground is met by the hull from `BULGE` columns before the looks end, so none is missed.
    """
    count = 0
    first = min(low + BULGE, high + 1)
    last = max(high + 1 - BULGE, first)
    for column in range(low, first):
        kept[count] = column
        count += 1
    for column in range(first, last):
        kept[count] = column
        height = 2.0 * ground[column]
        is_bulge = (
            (ground[column - 1] + ground[column + 1] <= height)
            & (ground[column - 2] + ground[column + 2] <= height)
            & (ground[column - BULGE] + ground[column + BULGE] <= height)
        )
        count += 1 if is_bulge else 0
    for column in range(last, high + 1):
        kept[count] = column
        count += 1
    return count


@compiled
def push(hull: NDArray[np.float64], size: int, s: float, g: float) -> int:
    """Put a nearer point on an upper hull, (2, N): along and height; return how many points it has then."""
    while size >= 2 and (hull[1, size - 2] - g) * (hull[0, size - 1] - s) >= (hull[1, size - 1] - g) * (
        hull[0, size - 2] - s
    ):
        size -= 1
    hull[0, size] = s
    hull[1, size] = g
    return size + 1


@compiled(error_model="numpy")
def find_tangents(hull: NDArray[np.float32], size: int, cells: NDArray[np.float32]) -> None:
    """Raise ``cells[2]`` to the steepest slope from each cell to a hull whose last point is the nearest.

    Notes
    -----
    Along a hull the slope grows up to the tangent and falls from there on. The cells are taken side by side and the
    points four at a time, because a way out for each of them costs more than a few points; all leave together when each
    is past its tangent.
    """
    along, height, steepest = cells[0], cells[1], cells[2]
    count = along.shape[0]
    for point in range(size - 1, -1, -4):
        s0, g0 = hull[0, point], hull[1, point]
        s1, g1 = hull[0, max(point - 1, 0)], hull[1, max(point - 1, 0)]
        s2, g2 = hull[0, max(point - 2, 0)], hull[1, max(point - 2, 0)]
        s3, g3 = hull[0, max(point - 3, 0)], hull[1, max(point - 3, 0)]
        growing = 0
        for cell in range(count):
            s, g = along[cell], height[cell]
            slope, second = (g0 - g) / (s0 - s), (g1 - g) / (s1 - s)
            third, fourth = (g2 - g) / (s2 - s), (g3 - g) / (s3 - s)
            slope = slope if slope > second else second
            third = third if third > fourth else fourth
            slope = slope if slope > third else third
            best = steepest[cell]
            best = slope if slope > best else best
            steepest[cell] = best
            growing += 1 if fourth >= best else 0
        if growing == 0:
            break
