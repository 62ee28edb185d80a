"""Compile beforehand, so that the wait can be announced."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from fleet.core import MissionTime
from fleet.moon.almanac import Almanac
from fleet.moon.sight.kernels import line_of_sight


def warm() -> None:
    """Compile this room's kernels, or load them from numba's cache."""
    time = MissionTime(start=datetime(2029, 1, 1, tzinfo=UTC), dt=1.0)
    heights = np.zeros((3, 3), dtype=np.float32)
    almanac = Almanac(latitude=-1.5, longitude=0.0, north=0.0, time=time, end=1, heights=heights, pixel=1.0)
    almanac.light((0.0, 0.0), 0)
    almanac.light_map(0)
    almanac.lit_from((0.0, 0.0), 0, 1)
    line_of_sight(heights, -1.0, -1.0, 1.0, -1.0, 0.0, 1.0, 1.0, 0.0, 1.0)
