"""Small holes in a grid of heights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fill_holes(heights: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the heights with holes filled inwards, ring by ring, each cell with the mean of its known neighbours.

    Parameters
    ----------
    heights
        ``(H, W)``; what stands in missing cells does not matter.
    missing
        ``(H, W)``; not all of them.

    Examples
    --------
    >>> row = np.array([[1.0, np.nan, 3.0]])
    >>> fill_holes(row, np.isnan(row)).tolist()
    [[1.0, 2.0, 3.0]]
    """
    filled = np.where(missing, 0.0, heights)
    known = ~missing
    while not known.all():
        padded = np.pad(filled * known, 1)
        count_padded = np.pad(known.astype(np.float64), 1)
        total, count = np.zeros_like(filled), np.zeros_like(filled)
        rows, columns = filled.shape
        for down in (0, 1, 2):
            for right in (0, 1, 2):
                total += padded[down : down + rows, right : right + columns]
                count += count_padded[down : down + rows, right : right + columns]
        ring = ~known & (count > 0.0)
        filled[ring] = total[ring] / count[ring]
        known |= ring
    return filled
