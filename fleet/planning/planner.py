"""The built-in planner: the best way over the vehicle's roadmap, straightened, or around what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot, inf
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from fleet.core import Disc, Point, path_length
from fleet.planning.around import ShortestWays
from fleet.planning.ground import MARGIN, Floats, Ground, Indices, clearance, discs_array, drive, is_clear
from fleet.planning.lattice import BUDGET, Roadmap, default_spacing
from fleet.planning.reasons import spell, spell_zone, vehicles_without_a_limit, why_not
from fleet.planning.straighten import risk_along, straighten, tally, weigh
from fleet.planning.visibility import checked
from fleet.planning.weighing import Weights, seconds_at_risk, weights_of
from fleet.sdk import NoPlan, Plan
from fleet.sdk.planning import QUICKEST, Objective
from fleet.terrain import Hazard, Terrain, Zone
from fleet.vehicles import VehicleClass

_HERE = 1e-6  # Metres; nearer is the same place.
_FINER = 2.5  # The second roadmap, for passes that the first is too coarse for, has so many times closer waypoints.
_CLOSEST = 1.0  # Metres between waypoints, at least.
_KEPT = 4  # Starts whose costs to everywhere are kept.
_NOBODY = np.empty((0, 3))
_TOUCH = 1e-9
_TOGETHER = "keep-out zones, ground too steep for any vehicle, or several of its limits together"
_STRAIGHT = 1.002  # Nothing is to be gained on a way that is so little longer than the straight line.
_SMOOTH = 1.05  # Ground on which a way costs at most so much of what it would cost on the best of ground.
#: Rocks and the like, soft ground, and no-go zones.
_Known: TypeAlias = tuple[tuple[Disc, ...], tuple[Hazard, ...], tuple[Polygon, ...]]
_NOTHING: Final[_Known] = ((), (), ())


class RoadmapPlanner:
    """Plans for one rover over what it believes about the ground; see `fleet.sdk.Planner`.

    Notes
    -----
    Least cost by A* over a lattice, with what the vehicle's laws say of each lane's climb, then straight drives between
    its points where free ground allows and cost is saved. Where the ground is so smooth that this way costs at most 5 %
    more than one as long on the best of ground, the exact shortest way around all forbidden ground is tried, too, and
    the better of the two returned. When the lattice has no way, a finer one is asked. A rover that stands on forbidden
    or avoided ground may leave it by a straight drive that never comes nearer to it again.
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

    def __init__(
        self, vehicle: VehicleClass, terrain: Terrain, *, budget: int = BUDGET, spacing: float | None = None
    ) -> None:
        self._vehicle, self._terrain, self._budget = vehicle, terrain, budget
        first = spacing or default_spacing(terrain)
        self._spacings = (first, max(first / _FINER, _CLOSEST))
        self._roadmaps: dict[int, tuple[_Known, Roadmap]] = {}
        self._closed: tuple[Polygon, ...] = ()
        self._ways: tuple[_Known, ShortestWays] | None = None
        self._costs: dict[tuple[int, int, Point], tuple[Roadmap, Floats]] = {}

    def roadmap(self, level: int = 0) -> Roadmap:
        """Return the roadmap over what is believed now; level 1 is the finer one."""
        known = self._known()
        before, roadmap = self._roadmaps.get(level) or (_NOTHING, self._bare(self._spacings[level]))
        if before != known:
            roadmap = roadmap.with_found(*known)
        self._roadmaps[level] = (known, roadmap)
        return roadmap

    def close(self, zones: Sequence[Polygon | MultiPolygon]) -> None:
        """Keep out of these zones from now on, and of no others beside those that the terrain has.

        Raises
        ------
        ConfigError
            When a zone is no simple polygon with an area.
        """
        shapes = [checked(f"no-go zone {number}", zone) for number, zone in enumerate(zones)]
        self._closed = tuple(part for shape in shapes for part in shapely.get_parts(shape))
        self._costs.clear()

    def _known(self) -> _Known:
        terrain, vehicle = self._terrain, self._vehicle
        return terrain.obstacles(vehicle), terrain.soft(vehicle), (*self._closed, *_shapes(terrain))

    def _bare(self, spacing: float) -> Roadmap:
        """Return the roadmap over the orbital map alone."""
        terrain, vehicle = self._terrain, self._vehicle
        return terrain.derived(("roadmap", vehicle, spacing), lambda: Roadmap.over(terrain, vehicle, spacing=spacing))

    def plan(
        self, start: Point, goal: Point, avoid: Sequence[Disc] = (), objective: Objective = QUICKEST
    ) -> Plan | NoPlan:
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
            ground = roadmap.ground
            rooms = (_room(ground, discs, start), _room(ground, discs, goal))
            if rooms[1] <= 0.0:
                return NoPlan(reason=self._why_not_there(goal, avoid))
            weights = weights_of(objective, ground)
            way, is_spent = self._way(roadmap, weights, discs, (start, goal), rooms)
            if is_spent:
                return NoPlan(reason=f"no way was found within a budget of {self._budget} waypoints")
            if way is not None:
                points = straighten(self._vehicle, ground, discs, way, rooms, weights=weights)
                best = self._better(ground, weights, discs, points)
                return self._plan_along(ground, weights, best, (start, goal))
        return NoPlan(reason=self._why_no_way(start, goal, avoid))

    def bound(self, start: Point, goal: Point, objective: Objective = QUICKEST) -> float:
        """Return what no way costs less than: the shortest way that there can be, all on the best of ground.

        Where the vehicle cannot stand at both ends with the margin that plans keep, the straight line counts.
        """
        ground = self.roadmap().ground
        return self._shortest_ways().bound(_place(start), _place(goal)) * weights_of(objective, ground).least

    def over_bound(self, plan: Plan, objective: Objective = QUICKEST) -> float:
        """Return how many times what no way costs less than a plan costs; the best way is no better than that."""
        cost = objective.time * plan.duration + objective.energy * plan.energy + objective.risk * (plan.risk or 0.0)
        least = self.bound(plan.path[0], plan.path[-1], objective)
        return cost / least if least > 0.0 else 1.0 if cost <= 0.0 else inf

    def _shortest_ways(self) -> ShortestWays:
        known = self._known()
        if self._ways is None or self._ways[0] != known:
            shapes = [*shapely.get_parts(self._terrain.forbidden(self._vehicle)), *self._closed]
            self._ways = (known, ShortestWays(shapes, self._terrain.extent, self._vehicle.radius + MARGIN))
        return self._ways[1]

    def _better(self, ground: Ground, weights: Weights, avoid: Floats, points: Floats) -> Floats:
        """Return the shortest way around everything where the ground is smooth and that costs less, else the same."""
        (ax, ay), (bx, by) = points[0].tolist(), points[-1].tolist()
        steps = np.diff(points, axis=0)
        length, straight = float(np.sqrt((steps * steps).sum(axis=1)).sum()), hypot(bx - ax, by - ay)
        cost = weigh(self._vehicle, ground, weights, points)
        if length <= straight * _STRAIGHT or cost > length * weights.least * _SMOOTH:
            return points
        discs = [shapely.Point(x, y).buffer(radius, quad_segs=8) for x, y, radius in avoid.tolist()]
        way = self._shortest_ways().way((ax, ay), (bx, by), discs)
        if way is None or not way.length < length:
            return points
        legs = [(*a, *b) for a, b in pairwise(way.path)]
        can_drive = all(
            is_clear(ground, avoid, leg, ground.room) and drive(ground, leg, ground.limit)[0] < inf for leg in legs
        )
        other = np.array(way.path)
        return other if can_drive and weigh(self._vehicle, ground, weights, other) < cost else points

    def _way(
        self, roadmap: Roadmap, weights: Weights, avoid: Floats, ends: tuple[Point, Point], rooms: tuple[float, float]
    ) -> tuple[Floats | None, bool]:
        """Return ``(n, 2)`` points over the lattice, or straight if that is all there is; and if budget was spent."""
        start, goal = ends
        starts = roadmap.join(start, avoid, room=rooms[0], outward=True)
        goals = roadmap.join(goal, avoid, room=rooms[1], outward=False)
        between, is_spent = None, False
        if len(starts[0]) and len(goals[0]):
            costs = [_weighed(roadmap, weights, place, joined) for place, joined in ((start, starts), (goal, goals))]
            trip = (starts[0], costs[0], goals[0], costs[1], *goal)
            between, is_spent = roadmap.way(trip, weights, roadmap.block(avoid), budget=self._budget)
        points = np.array(ends)
        if between is not None:
            return np.vstack([points[:1], between, points[1:]]), False
        if _straight(roadmap.ground, avoid, start, goal, rooms[1])[0] < inf:
            return points, False
        return None, is_spent

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

    def _plan_along(self, ground: Ground, weights: Weights, points: Floats, ends: tuple[Point, Point]) -> Plan:
        seconds, joules = tally(self._vehicle, ground, points)
        path = (ends[0], *((float(x), float(y)) for x, y in points[1:-1]), ends[1])
        risk = risk_along(ground, points) if weights.risk > 0.0 else None
        return Plan(path=path, length=path_length(path), duration=seconds, energy=joules, risk=risk)

    def _why_not_there(self, goal: Point, avoid: Sequence[Disc]) -> str:
        spot = shapely.Point(goal)
        if any(zone.distance(spot) < self._vehicle.radius for zone in self._closed):
            return f"{spell('goal', goal)} lies in a no-go zone, or too near to one"
        why = why_not("goal", goal, self._vehicle, self._terrain, avoid)
        return why or f"{spell('goal', goal)} is too near to ground that stops the vehicle"

    def _why_no_way(self, start: Point, goal: Point, avoid: Sequence[Disc]) -> str:
        ends = f"{spell('start', start)} to {spell('goal', goal)}"
        if avoid and self.plan(start, goal):
            return f"every way from {ends} leads over ground to be avoided"
        if self._closed and RoadmapPlanner(self._vehicle, self._terrain).costs(start, [goal])[0] is not None:
            return f"every way from {ends} leads through a no-go zone"
        closing = self._closing(start, goal)
        if closing:
            return f"every way from {ends} leads through {closing}"
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

    def _closing(self, start: Point, goal: Point) -> str:
        """Return the closed ground without which there would be a way, for people; empty when that is not why."""
        closed = self._terrain.closed

        def leads(*zones: Zone) -> bool:
            other = self._terrain.twin()
            other.close(zones)
            return RoadmapPlanner(self._vehicle, other).costs(start, [goal])[0] is not None

        if not closed or not leads():
            return ""
        alone = [zone for zone in closed if leads(*(other for other in closed if other is not zone))]
        return " or ".join(map(spell_zone, alone)) or " and ".join(map(spell_zone, closed)) + " together"


def _shapes(terrain: Terrain) -> tuple[Polygon, ...]:
    return tuple(zone.shape for zone in terrain.closed)


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


def _weighed(roadmap: Roadmap, weights: Weights, place: Point, joined: tuple[Indices, Floats]) -> Floats:
    """Return what the drives between a place and the waypoints that it is joined to cost."""
    nodes, costs = joined
    cost: Floats = weights.time * costs[:, 0] + weights.energy * costs[:, 1]
    if weights.risk > 0.0:
        spots = roadmap.waypoints_of(nodes).tolist()
        cost += weights.risk * np.array([seconds_at_risk(roadmap.ground, (*place, *spot)) for spot in spots])
    return cost
