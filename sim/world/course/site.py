"""The true ground as drives meet it: heights, tilt, every rock whether mapped or not, and soft ground."""

from __future__ import annotations

from math import sqrt

import numpy as np

from fleet.core import Disc, Point
from fleet.terrain import Terrain
from sim.generate.ground import Ground
from sim.world.arrays import FloatArray, HeightArray
from sim.world.course.kernels import approach, sample_run


class Rocks:
    """Rocks in a fixed order, met along straight runs."""

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


class Site:
    """The ground of a world.

    Notes
    -----
    A rock is as high as its radius, so it stops a vehicle whose clearance is smaller.
    """

    def __init__(self, ground: Ground) -> None:
        terrain = Terrain(ground.map)
        self.heights: HeightArray = terrain.heights
        self.pixel = float(terrain.pixel)
        self.west, self.south = float(terrain.west), float(terrain.south)
        self.extent = terrain.extent
        self._tilts: HeightArray = terrain.tilts
        self.soft = ground.soft
        self._soft = Rocks(tuple(patch.disc for patch in ground.soft))
        self._ground = ground
        self._rocks: dict[tuple[float, bool], Rocks] = {}

    def rocks(self, clearance: float, *, hidden_only: bool) -> Rocks:
        """Return the rocks that stop a vehicle of this clearance."""
        key = (clearance, hidden_only)
        if key not in self._rocks:
            mapped = () if hidden_only else self._ground.map.rocks
            self._rocks[key] = Rocks(
                tuple(rock for rock in (*mapped, *self._ground.hidden_rocks) if rock.radius > clearance)
            )
        return self._rocks[key]

    @property
    def patches(self) -> Rocks:
        """Soft ground, in the order of `soft`, as discs to be met."""
        return self._soft

    def slowing(self, start: Point, unit: Point, length: float, reach: float) -> tuple[tuple[float, float, float], ...]:
        """Return the pieces of a straight run within `reach` of soft ground: metres where it begins and ends, slip."""
        found = []
        for patch in self.soft:
            wx, wy = patch.disc.x - start[0], patch.disc.y - start[1]
            along, limit = wx * unit[0] + wy * unit[1], patch.disc.radius + reach
            square = limit * limit - (wx * wx + wy * wy - along * along)
            if square > 0.0 and along + sqrt(square) > 0.0 and along - sqrt(square) < length:
                found.append((max(0.0, along - sqrt(square)), min(length, along + sqrt(square)), patch.slip))
        return tuple(found)

    def profile(self, start: Point, end: Point, pieces: int) -> tuple[list[float], list[float]]:
        """Return heights and tilts at the ends of even pieces of a straight run."""
        heights, tilts = sample_run(self.heights, self._tilts, self.west, self.south, self.pixel, start, end, pieces)
        return heights.tolist(), tilts.tolist()

    def room(self, start: Point, unit: Point) -> float:
        """Return how far one can go from `start` before the map ends."""
        x_min, y_min, x_max, y_max = self.extent
        room = float("inf")
        for value, step, low, high in ((start[0], unit[0], x_min, x_max), (start[1], unit[1], y_min, y_max)):
            if step > 0.0:
                room = min(room, (high - value) / step)
            elif step < 0.0:
                room = min(room, (low - value) / step)
        return max(0.0, room)
