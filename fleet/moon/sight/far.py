"""The ground around a map as sight lines need it."""

from __future__ import annotations

import numpy as np

from fleet.moon.horizon.surroundings import Surroundings, lowest_border
from fleet.moon.sight.kernels import Far, tops_of


def far_of(surroundings: Surroundings | None) -> Far:
    """Return the ground around as plain arrays.

    >>> far_of(None).heights.shape
    (0, 0)
    """
    if surroundings is None:
        nothing = np.zeros((0, 0), dtype=np.float32)
        return Far(heights=nothing, tops=nothing, highest=0.0, west=0.0, south=0.0, pixel=1.0, beyond=0.0)
    heights = np.ascontiguousarray(surroundings.heights, dtype=np.float32)
    return Far(
        heights=heights,
        tops=tops_of(heights),
        highest=float(heights.max()),
        west=float(surroundings.west),
        south=float(surroundings.south),
        pixel=float(surroundings.pixel),
        beyond=lowest_border(heights),
    )
