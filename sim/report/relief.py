"""The ground as a shaded picture."""

from __future__ import annotations

from math import pi
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.terrain import GroundMap
from fleet.terrain.surface import gradients, shading

_LARGEST: Final = 420  #: Pixels on a side; finer ground is thinned.
_SUN_HEADING: Final = 3 * pi / 4  #: From the upper left, where eyes expect it.
_SUN_HEIGHT: Final = pi / 4
_LEVELS: Final = 4  #: Greys are rounded to multiples of this; the eye does not see it, the packed size does.


def shaded(ground: GroundMap) -> NDArray[np.uint8]:
    """Return the ground lit from the upper left, (H, W) uint8, the top row first.

    Notes
    -----
    Slopes are exaggerated until a tenth of the ground is clearly light or dark, so that a plain and a mountain both
    read well.
    """
    heights = np.frombuffer(ground.heights, dtype="<f4").reshape(ground.rows, ground.columns).astype(np.float64)
    step = max(1, -(-max(heights.shape) // _LARGEST))
    heights = heights[::step, ::step]
    if min(heights.shape) < 2:
        return np.full(heights.shape, 150, dtype=np.uint8)
    right, up = gradients(heights, ground.pixel * step)
    steep = float(np.percentile(np.hypot(right, up), 90.0))
    scale = 0.6 / steep if steep > 0.0 else 1.0
    lit = shading(scale * right, scale * up, heading=_SUN_HEADING, elevation=_SUN_HEIGHT)
    grey = 60.0 + 150.0 * lit
    rounded: NDArray[np.uint8] = (np.round(grey / _LEVELS) * _LEVELS).astype(np.uint8)[::-1]
    return rounded
