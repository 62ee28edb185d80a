"""A planner of one's own: A* over a grid of places, straight from each to its eight neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import atan2

import networkx as nx
import numpy as np
from shapely import LineString
from shapely import Point as Spot

from fleet.sdk import Disc, NoPlan, Path, Plan, Point, distance
from fleet.sdk.ground import Terrain
from fleet.sdk.machines import VehicleClass, drive_power, drive_time
from fleet.sdk.planning import QUICKEST, Objective

_SPACING = 4.0  # Metres between two places.
_JOINED = 9.0  # Metres to the places that start and goal are joined to.
_ROOM = 0.3  # Metres beside the body that are kept clear, too.


class GridPlanner:
    """Find ways over a graph that is made anew when the terrain has changed. It knows no objective but time."""

    def __init__(self, vehicle: VehicleClass, terrain: Terrain) -> None:
        self._vehicle = vehicle
        self._terrain = terrain
        self._graph: nx.Graph[Point] = nx.Graph()
        self._revision = -1

    def plan(
        self,
        start: Point,
        goal: Point,
        avoid: Sequence[Disc] = (),
        objective: Objective = QUICKEST,  # noqa: ARG002 - of the port; this one has one objective
    ) -> Plan | NoPlan:
        if not self._terrain.contains(goal):
            return NoPlan(reason="the goal lies off the map")
        if not self._terrain.is_free(goal, self._vehicle):
            return NoPlan(reason="the goal lies on ground that the vehicle must not drive on")
        graph = self._with([start, goal], avoid)
        try:
            path = nx.astar_path(graph, start, goal, heuristic=distance, weight="length")
        except nx.NetworkXNoPath:
            return NoPlan(reason="there is no way on the grid")
        return self._priced(tuple(path))

    def costs(self, start: Point, goals: Sequence[Point]) -> tuple[tuple[float, float] | None, ...]:
        free = [g for g in goals if self._terrain.contains(g) and self._terrain.is_free(g, self._vehicle)]
        graph = self._with([start, *free], ())
        paths = nx.single_source_dijkstra_path(graph, start, weight="length")
        plans = [self._priced(tuple(paths[goal])) if goal in paths else None for goal in goals]
        return tuple(None if plan is None else (plan.duration, plan.energy) for plan in plans)

    def _priced(self, path: Path) -> Plan:
        vehicle, length, duration, energy = self._vehicle, 0.0, 0.0, 0.0
        for a, b in pairwise(path):
            leg = distance(a, b)
            climb = atan2(self._terrain.height(b) - self._terrain.height(a), leg) if leg else 0.0
            seconds = drive_time(vehicle, leg, climb)
            length, duration = length + leg, duration + seconds
            energy += seconds * (vehicle.hotel_power + drive_power(vehicle, climb))
        return Plan(path=path, length=length, duration=duration, energy=energy)

    def _with(self, ends: Sequence[Point], avoid: Sequence[Disc]) -> nx.Graph[Point]:
        """Return the grid with these places joined to it, without legs that come too near to ground to avoid."""
        if self._revision != self._terrain.revision:
            self._graph, self._revision = self._grid(), self._terrain.revision
        graph = self._graph.copy()
        graph.add_nodes_from(ends)
        near = [(end, p) for end in ends for p in graph if 0.0 < distance(end, p) < _JOINED]
        self._join(graph, near)
        room = self._vehicle.radius + _ROOM
        for disc in avoid:
            kept = Spot(disc.x, disc.y).buffer(disc.radius + room)
            graph.remove_edges_from([leg for leg in graph.edges if kept.intersects(LineString(leg))])
        return graph

    def _grid(self) -> nx.Graph[Point]:
        west, south, east, north = self._terrain.extent
        xs, ys = np.arange(west + 2.0, east - 1.0, _SPACING), np.arange(south + 2.0, north - 1.0, _SPACING)
        places = np.array([(x, y) for x in xs for y in ys])
        are_free = self._terrain.are_free(places, self._vehicle)
        free: set[Point] = {(float(x), float(y)) for x, y in places[are_free]}
        steps = [(_SPACING, 0.0), (0.0, _SPACING), (_SPACING, _SPACING), (_SPACING, -_SPACING)]
        legs = [(a, (a[0] + dx, a[1] + dy)) for a in sorted(free) for dx, dy in steps]
        graph: nx.Graph[Point] = nx.Graph()
        self._join(graph, [(a, b) for a, b in legs if b in free])
        return graph

    def _join(self, graph: nx.Graph[Point], legs: Sequence[tuple[Point, Point]]) -> None:
        """Add those legs on which the whole body keeps clear of forbidden ground."""
        clear = self._terrain.are_clear(np.array(legs).reshape(-1, 4), self._vehicle)
        graph.add_edges_from((a, b, {"length": distance(a, b)}) for (a, b), ok in zip(legs, clear, strict=True) if ok)
