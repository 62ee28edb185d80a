"""Where the machines of the fleet can stand and get to, and how much light there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from fleet.core import Point, Tick
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass

_ABOUT = 7.0  # Metres.

#: Vehicle classes of which one would do; each group of several must be served.
Group: TypeAlias = tuple[VehicleClass, ...]


class Reach:
    """Asks terrain and planner for every vehicle class; starts from the place where a class is at home."""

    def __init__(self, terrain: Terrain) -> None:
        self.terrain = terrain
        self.homes: dict[VehicleClass, Point] = {}
        self._planners: dict[VehicleClass, RoadmapPlanner] = {}

    def planner(self, vehicle: VehicleClass) -> RoadmapPlanner:
        """Return the planner of a class."""
        if vehicle not in self._planners:
            self._planners[vehicle] = RoadmapPlanner(vehicle, self.terrain)
        return self._planners[vehicle]

    def get_to(self, vehicle: VehicleClass, points: Sequence[Point], start: Point | None = None) -> list[bool]:
        """Return for each point whether the class may stand there and has a way to it from `start`, else its home."""
        free = [self.terrain.is_free(point, vehicle) for point in points]
        start = self.homes.get(vehicle) if start is None else start
        if start is None or not any(free):
            return free
        asked = [point for point, is_free in zip(points, free, strict=True) if is_free]
        costs = iter(self.planner(vehicle).costs(start, asked))
        return [is_free and next(costs) is not None for is_free in free]

    def serves(self, groups: Iterable[Group], points: Sequence[Point]) -> tuple[list[bool], list[bool]]:
        """Return for each point whether all classes of every group get there, and whether one of each group does."""
        everyone = np.ones(len(points), dtype=bool)
        someone = np.ones(len(points), dtype=bool)
        for group in groups:
            for_group = [self.get_to(vehicle, points) for vehicle in group if vehicle.can_drive]
            if for_group:
                table = np.array(for_group, dtype=bool).reshape(len(for_group), len(points))
                everyone &= table.all(axis=0)
                someone &= table.any(axis=0)
        return everyone.tolist(), someone.tolist()


def _about(point: Point) -> list[Point]:
    """Return a point and eight around it."""
    steps = (-_ABOUT, 0.0, _ABOUT)
    return [(point[0] + across, point[1] + up) for across in steps for up in steps]


class Sunshine:
    """The mean light of places over the mission, from samples at even times."""

    def __init__(self, almanac: Almanac, end: Tick, samples: int = 13) -> None:
        self._almanac = almanac
        self._ticks = [end * index // (samples - 1) for index in range(samples)]
        self._known: dict[Point, float] = {}

    def mean(self, point: Point) -> float:
        """Return the mean share of the Sun's disc seen from there, 0 to 1, to a thousandth."""
        if point not in self._known:
            light = [self._almanac.light(point, tick) for tick in self._ticks]
            self._known[point] = round(sum(light) / len(light), 3)
        return self._known[point]

    def suits(self, point: Point, light: str) -> bool:
        """Whether a place is lit, or dark, for most of the mission, or lit for a part of it."""
        if light == "any":
            return True
        if light == "window":
            # One such cell among others is no place where the Sun comes and goes.
            return all(0.1 < self.mean(near) < 0.5 for near in _about(point))
        return self.mean(point) >= 0.5 if light == "lit" else self.mean(point) <= 0.1
