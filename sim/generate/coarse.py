"""The map of an orbiter: the same ground with fewer heights."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from fleet.terrain import GroundMap
from fleet.terrain.heights import heights_of


def coarser(ground: GroundMap, factor: int) -> GroundMap:
    """Return the same square with every `factor`-th height in each direction, each the mean of its surroundings.

    Parameters
    ----------
    factor
        2 or more; it parts the ground's rows and columns evenly.

    Notes
    -----
    The mean is over one pixel of the new map around the place, on the border over what there is of it. Heights are
    whole millimetres.

    Examples
    --------
    >>> from fleet.terrain import ground_map_from_heights
    >>> spike = np.zeros((9, 9), np.float32)
    >>> spike[4, 4] = 16.0
    >>> fine = ground_map_from_heights(spike, 1.0, latitude=-1.5, longitude=0.5, north=0.0)
    >>> coarse = coarser(fine, 4)
    >>> coarse.pixel, heights_of(coarse)[1].tolist()
    (4.0, [0.0, 1.0, 0.0])
    """
    half = factor // 2
    weights = np.ones(2 * half + 1)
    if factor % 2 == 0:
        weights[[0, -1]] = 0.5
    padded = np.pad(heights_of(ground).astype(np.float64), half, mode="edge")
    means = _strided(_strided(padded, weights, factor).T, weights, factor).T
    return replace(
        ground,
        heights=np.ascontiguousarray(np.round(means / factor**2, 3), dtype="<f4").tobytes(),
        rows=means.shape[0],
        columns=means.shape[1],
        pixel=ground.pixel * factor,
    )


def _strided(values: np.ndarray, weights: np.ndarray, step: int) -> np.ndarray:
    """Return weighted sums along the first axis, of every `step`-th window."""
    count = len(values) - len(weights) + 1
    total = np.zeros((len(range(0, count, step)), values.shape[1]))
    for offset, weight in enumerate(weights.tolist()):
        total += weight * values[offset : offset + count : step]
    return total
