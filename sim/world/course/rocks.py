"""Discs on the true ground, met along straight runs."""

from __future__ import annotations

import numpy as np

from fleet.core import Disc, Point
from sim.world.arrays import FloatArray
from sim.world.course.kernels import approach


class Rocks:
    """Rocks and other discs in a fixed order."""

    def __init__(self, discs: tuple[Disc, ...]) -> None:
        self.discs = discs
        self._array: FloatArray = np.array([(d.x, d.y, d.radius) for d in discs], dtype=np.float64).reshape(-1, 3)

    def met(self, start: Point, unit: Point, length: float, reach: float) -> tuple[tuple[float, int], ...]:
        """Return how far along a run each rock's edge comes within `reach`, with its index, nearest first."""
        if not self.discs:
            return ()
        along = approach(self._array, start, unit, length, reach)
        return tuple(sorted((float(along[k]), int(k)) for k in np.flatnonzero(along < np.inf)))

    def around(self, point: Point, reach: float) -> tuple[int, ...]:
        """Return the rocks whose edge is within `reach` of a point."""
        x, y = point
        return tuple(k for k, d in enumerate(self.discs) if (d.x - x) ** 2 + (d.y - y) ** 2 <= (d.radius + reach) ** 2)
