"""The built-in planner: the quickest way over the vehicle's roadmap, straightened."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, inf

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Point, path_length
from fleet.planning.ground import Floats, Ground, Indices, clearance, discs_array, drive, is_clear
from fleet.planning.lattice import Roadmap, default_spacing
from fleet.planning.reasons import spell, vehicles_without_a_limit, why_not
from fleet.planning.straighten import straighten, tally
from fleet.sdk import NoPlan, Plan
from fleet.terrain import Hazard, Terrain
from fleet.vehicles import VehicleClass

_HERE = 1e-6  # Metres; nearer is the same place.
_FINER = 2.5  # The second roadmap, for passes that the first is too coarse for, has so many times closer waypoints.
_CLOSEST = 1.0  # Metres between waypoints, at least.
_KEPT = 4  # Starts whose costs to everywhere are kept.
_NOBODY = np.empty((0, 3))
_TOUCH = 1e-9
_TOGETHER = "keep-out zones, ground too steep for any vehicle, or several of its limits together"


class RoadmapPlanner:
    """Plans for one rover over what it believes about the ground; see `fleet.sdk.Planner`.

    Notes
    -----
    Least time by A* over a lattice, with what the vehicle's laws say of each lane's climb, then straight drives between
    its points where free ground allows and time is saved. When the lattice has no way, a finer one is asked. A rover
    that stands on forbidden or avoided ground may leave it by a straight drive that never comes nearer to it again.
    Equal ways are told apart by the numbers of waypoints: the same question has the same answer, bit for bit.

    Examples
    --------
    >>> from fleet.terrain import ground_map_from_heights
    >>> from fleet.vehicles import catalogue
    >>> flat = ground_map_from_heights(np.zeros((21, 21), "f4"), 5.0, latitude=-1.47, longitude=0.5, north=0.0)
    >>> planner = RoadmapPlanner(catalogue()["metu-micro"], Terrain(flat))
    >>> planner.plan((-30.0, 0.0), (30.0, 40.0)).path
    ((-30.0, 0.0), (30.0, 40.0))
    >>> planner.plan((-30.0, 0.0), (99.0, 0.0)).reason
    'goal (99.0, 0.0) lies outside the map'
    """

    def __init__(self, vehicle: VehicleClass, terrain: Terrain) -> None:
        self._vehicle, self._terrain = vehicle, terrain
        first = default_spacing(terrain)
        self._spacings = (first, max(first / _FINER, _CLOSEST))
        self._roadmaps: dict[int, tuple[tuple[Disc, ...], tuple[Hazard, ...], Roadmap]] = {}
        self._costs: dict[tuple[int, int, Point], tuple[Roadmap, Floats]] = {}

    def roadmap(self, level: int = 0) -> Roadmap:
        """Return the roadmap over what is believed now; level 1 is the finer one."""
        terrain, vehicle, spacing = self._terrain, self._vehicle, self._spacings[level]
        stopping, slowing = terrain.obstacles(vehicle), terrain.soft(vehicle)
        seen, felt, roadmap = self._roadmaps.get(level) or ((), (), self._bare(spacing))
        if stopping[: len(seen)] != seen:  # Something is no longer believed.
            seen, felt, roadmap = (), (), self._bare(spacing)
        if len(seen) < len(stopping):
            roadmap = roadmap.with_rocks(stopping[len(seen) :])
        if felt != slowing:
            roadmap = roadmap.with_soft(slowing)
        self._roadmaps[level] = (stopping, slowing, roadmap)
        return roadmap

    def _bare(self, spacing: float) -> Roadmap:
        """Return the roadmap over the orbital map alone."""
        terrain, vehicle = self._terrain, self._vehicle
        return terrain.derived(("roadmap", vehicle, spacing), lambda: Roadmap.over(terrain, vehicle, spacing=spacing))

    def plan(self, start: Point, goal: Point, avoid: Sequence[Disc] = ()) -> Plan | NoPlan:
        """Return a way from `start` to `goal`, or why there is none."""
        start, goal = _place(start), _place(goal)
        if not self._terrain.contains(start):
            return NoPlan(reason=f"{spell('start', start)} lies outside the map")
        if not self._terrain.contains(goal):
            return NoPlan(reason=f"{spell('goal', goal)} lies outside the map")
        if hypot(goal[0] - start[0], goal[1] - start[1]) <= _HERE:
            return Plan(path=(start, goal), length=0.0, duration=0.0, energy=0.0)
        if not self._vehicle.can_drive:
            return NoPlan(reason=f"{self._vehicle.name} cannot drive")
        discs = discs_array(avoid)
        for level in (0, 1):
            roadmap = self.roadmap(level)
            rooms = (_room(roadmap.ground, discs, start), _room(roadmap.ground, discs, goal))
            if rooms[1] <= 0.0:
                return NoPlan(reason=self._why_not_there(goal, avoid))
            way = _way(roadmap, discs, start, goal, rooms)
            if way is not None:
                points = straighten(self._vehicle, roadmap.ground, discs, way, rooms)
                return self._plan_along(roadmap.ground, points, start, goal)
        return NoPlan(reason=self._why_no_way(start, goal, avoid))

    def costs(self, start: Point, goals: Sequence[Point]) -> tuple[tuple[float, float] | None, ...]:
        """Return seconds and joules from `start` to each goal, None where there is no way.

        Notes
        -----
        Along lanes of the lattice, which are up to 8 % longer than a plan; turns are not counted, as they depend on it.
        """
        return tuple(self._cost(_place(start), _place(goal)) for goal in goals)

    def reaches(self, start: Point, goals: Floats) -> NDArray[np.bool_]:
        """Return to which goals, ``(n, 2)`` x and y, there is a way: where `costs` has a cost, many times as fast."""
        start, goals = _place(start), np.ascontiguousarray(goals, np.float64)
        reached = np.zeros(len(goals), np.bool_)
        if self._terrain.contains(start) and self._vehicle.can_drive:
            roadmap, costs = self._costs_from(start, 0)
            reached = roadmap.reach(costs, goals, self._vehicle.radius - _TOUCH)
        for index in np.flatnonzero(~reached).tolist():
            reached[index] = self._cost(start, _place((goals[index, 0], goals[index, 1]))) is not None
        return reached

    def _cost(self, start: Point, goal: Point) -> tuple[float, float] | None:
        if not (self._terrain.contains(start) and self._terrain.contains(goal)):
            return None
        if hypot(goal[0] - start[0], goal[1] - start[1]) <= _HERE:
            return (0.0, 0.0)
        if not self._vehicle.can_drive:
            return None
        for level in (0, 1):
            roadmap, everywhere = self._costs_from(start, level)
            ground = roadmap.ground
            room = _room(ground, _NOBODY, goal)
            if room <= 0.0:
                return None
            nodes, last = roadmap.join(goal, _NOBODY, room=room, outward=False)
            over_lanes = [(seconds, joules) for seconds, joules in (everywhere[nodes] + last).tolist()]
            best = min([*over_lanes, _straight(ground, _NOBODY, start, goal, room)])
            if best[0] < inf:
                return best
        return None

    def _costs_from(self, start: Point, level: int) -> tuple[Roadmap, Floats]:
        key = (self._terrain.revision, level, start)
        if key not in self._costs:
            roadmap = self.roadmap(level)
            room = _room(roadmap.ground, _NOBODY, start)
            joined = roadmap.join(start, _NOBODY, room=room, outward=True)
            while len(self._costs) >= _KEPT:
                del self._costs[next(iter(self._costs))]
            self._costs[key] = (roadmap, roadmap.costs_from(joined))
        return self._costs[key]

    def _plan_along(self, ground: Ground, points: Floats, start: Point, goal: Point) -> Plan:
        seconds, joules = tally(self._vehicle, ground, points)
        path = (start, *((float(x), float(y)) for x, y in points[1:-1]), goal)
        return Plan(path=path, length=path_length(path), duration=seconds, energy=joules)

    def _why_not_there(self, goal: Point, avoid: Sequence[Disc]) -> str:
        why = why_not("goal", goal, self._vehicle, self._terrain, avoid)
        return why or f"{spell('goal', goal)} is too near to ground that stops the vehicle"

    def _why_no_way(self, start: Point, goal: Point, avoid: Sequence[Disc]) -> str:
        ends = f"{spell('start', start)} to {spell('goal', goal)}"
        if avoid and self.plan(start, goal):
            return f"every way from {ends} leads over ground to be avoided"
        stuck = why_not("start", start, self._vehicle, self._terrain, avoid)
        if stuck and not len(self.roadmap(1).join(start, discs_array(avoid), room=0.0, outward=True)[0]):
            return f"{stuck}, and no straight drive leads out of it"
        lifted = (
            (RoadmapPlanner(other, self._terrain), what) for other, what in vehicles_without_a_limit(self._vehicle)
        )
        alone = [what for planner, what in lifted if planner.costs(start, [goal])[0] is not None]
        if alone:
            return f"no way from {ends} but over {' or '.join(alone)}"
        return f"no way from {ends}: {_TOGETHER} lie between"


def _place(point: Point) -> Point:
    """Return a point of floats: compiled code is made anew for other numbers."""
    return (float(point[0]), float(point[1]))


def _room(ground: Ground, avoid: Floats, place: Point) -> float:
    """Return what a leg to or from a place can keep clear: at most the full room, 0 when less than the radius."""
    room = float(clearance(ground, avoid, place[0], place[1], ground.room))
    return room if room >= ground.radius - _TOUCH else 0.0


def _straight(ground: Ground, avoid: Floats, start: Point, goal: Point, room: float) -> tuple[float, float]:
    """Return seconds and joules of the straight drive, infinite when it cannot be driven so."""
    leg = (*start, *goal)
    near = min(room, _room(ground, avoid, start))
    if near > 0.0 and is_clear(ground, avoid, leg, near):
        seconds, joules = drive(ground, leg, ground.limit)
        return (float(seconds), float(joules))
    return (inf, inf)


def _way(roadmap: Roadmap, avoid: Floats, start: Point, goal: Point, rooms: tuple[float, float]) -> Floats | None:
    """Return ``(n, 2)`` points from start to goal over the lattice, or straight where that is all there is."""
    starts = roadmap.join(start, avoid, room=rooms[0], outward=True)
    goals = roadmap.join(goal, avoid, room=rooms[1], outward=False)
    between = _between(roadmap, avoid, starts, goals, goal)
    ends = np.array([start, goal])
    if between is not None:
        return np.vstack([ends[:1], between, ends[1:]])
    return ends if _straight(roadmap.ground, avoid, start, goal, rooms[1])[0] < inf else None


def _between(
    roadmap: Roadmap,
    avoid: Floats,
    starts: tuple[Indices, Floats],
    goals: tuple[Indices, Floats],
    goal: Point,
) -> Floats | None:
    if not (len(starts[0]) and len(goals[0])):
        return None
    return roadmap.way(roadmap.block(avoid), starts, goals, goal)
