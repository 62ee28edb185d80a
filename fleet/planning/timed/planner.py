"""The built-in planner in time."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf
from typing import Final

import numpy as np

from fleet.core import MissionTime, Path, Point, Tick
from fleet.moon import Almanac
from fleet.planning.ground import clearance, discs_array
from fleet.planning.lattice import Roadmap, default_spacing
from fleet.planning.planner import RoadmapPlanner
from fleet.planning.timed.arrays import Net, Sky, Supply
from fleet.planning.timed.course import Course
from fleet.planning.timed.making import Lanes, machine_of, rest_heading, sky_of, sunlight_of, supply_of
from fleet.planning.timed.moves import Move, Rehearsals, moves_of
from fleet.planning.timed.query import BUDGET, Answer, Query, wish_of
from fleet.planning.timed.rehearsal.arrays import Machine, Sunlight
from fleet.planning.timed.shortfall import Shortfall
from fleet.sdk import NoPlan, Plan
from fleet.sdk.timed import Demand, NoTimedPlan, Outset, Sample, TimedPlan
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass

LAYER: Final = 600.0  #: Seconds: how long a wait is at the least, and for how long light counts as the same.
_AHEAD: Final = 86400.0  # Seconds looked ahead when no time is said.
_AFTER: Final = 43200.0  # Seconds for which a rover must be able to live on in its haven.
_LONGEST: Final = 14 * 86400.0
_LANE: Final = 300.0  # Seconds that a lane takes on level ground, where the map is not coarser;
_WIDEST: Final = 20.0  # metres that it is long at the most.
_ROUNDS = 8  # Searches, each with more in reserve, until a rehearsal is content.
_MARGIN = 0.005  # Share of the battery added to what a rehearsal found missing.


class TimedRoadmapPlanner:
    """Plans in time for one rover over its planner's roadmap; see `fleet.sdk.TimedPlanner`.

    Parameters
    ----------
    ways
        The planner whose roadmap is used; it sees the rocks that its terrain knows at the time of asking.
    budget
        Labels that one search may make.

    Notes
    -----
    Best-first search over (waypoint, tick, charge). Driving takes whole ticks, rounded up; waits end at multiples of
    ten minutes after setting out, and light is that in the middle of such a span. Waiting is asleep, a panel to the
    Sun; heaters count with what they take on average. A partial plan is dropped when another is at the same waypoint no
    later and no dearer and, having waited, has as much charge, but for a thousandth of the battery. In that model a
    plan costs at most a hundredth more than the best, where no thousandth decides.

    What was found is made straight where that is as safe, and rehearsed minute by minute by the laws of the world, with
    the temperature as it goes. When the rehearsal comes below the reserve, the search is asked again for more.
    """

    def __init__(
        self, ways: RoadmapPlanner, vehicle: VehicleClass, terrain: Terrain, almanac: Almanac, time: MissionTime,
        *, budget: int = BUDGET,
    ) -> None:  # fmt: skip
        self._ways, self._vehicle, self._terrain = ways, vehicle, terrain
        self._almanac, self._time, self._budget = almanac, time, budget
        self._every = max(1, round(LAYER / time.dt))
        widest = max(default_spacing(terrain), min(vehicle.max_speed * _LANE, _WIDEST))
        self._grids = (RoadmapPlanner(vehicle, terrain, spacing=widest), ways)
        self._lanes: dict[int, tuple[Roadmap, Lanes]] = {}
        self._light: tuple[Sunlight, Machine] | None = None

    def plan(self, outset: Outset, goal: Point, demand: Demand | None = None) -> TimedPlan | NoTimedPlan:
        """Return the best plan that never comes below the reserve, or why there is none."""
        demand = demand or Demand()
        until = self._until(outset.tick, demand.until)
        if outset.charge < outset.reserve:
            return NoTimedPlan(
                reason=f"the charge is {(outset.reserve - outset.charge) / 3600.0:.1f} Wh below the reserve at once",
                short=outset.reserve - outset.charge,
                tick=outset.tick,
                point=outset.point,
            )
        way = self._ways.plan(outset.point, goal, demand.avoid)
        if isinstance(way, NoPlan):
            return NoTimedPlan(reason=way.reason)
        if demand.objective.energy == demand.objective.risk == 0.0:
            direct = self._direct(outset, way, demand, until)
            if direct is not None:
                return direct
        query = self._query(outset, goal, demand, until, way=way)
        found = self._best(query, outset, demand, until)
        if not isinstance(found, Answer):
            return found
        return Shortfall(query, self._terrain, self._time, outset, self._budget // 8).told(found, demand, until)

    def best_place(self, outset: Outset, until: Tick) -> TimedPlan | NoTimedPlan:
        """Return the plan that goes to where a rover will have most charge at a tick, and stays there."""
        until = self._until(outset.tick, until)
        query = self._query(outset, outset.point, Demand(), until)
        reserve = outset.reserve
        for _ in range(_ROUNDS):
            answer = query.outlook(outset.charge, reserve, until - outset.tick)
            if not answer.spots:
                break
            plan = self._rehearsed(query, outset, answer, Demand(), until)
            if plan.least.charge >= outset.reserve:
                return plan
            reserve += outset.reserve - plan.least.charge + _MARGIN * self._vehicle.battery
        when = f"{self._time.utc(until):%Y-%m-%d %H:%M} UTC"
        return NoTimedPlan(reason=f"nowhere in reach does the charge last until {when}")

    def rehearse(self, outset: Outset, path: Path, stay: Tick = 0) -> tuple[Sample, ...]:
        """Return what driving a path at once, and working at its end, does to charge and temperature."""
        course = Course(self._vehicle, self._ways.roadmap().ground, outset.tick, self._time.dt)
        course.drive(path)
        self._work(course, path[-1], stay)
        return course.rehearsed(outset, *self._lit())

    def warm(self, outset: Outset, goal: Point) -> None:
        """Compile all that a question may need, or load it from the cache."""
        until = self._until(outset.tick, None)
        query = self._query(outset, goal, Demand(), until)
        wish = wish_of(Demand(), until - outset.tick)
        query.plan(outset.charge, outset.reserve, wish, budget=2)  # So little that all searches are asked.
        query.least(query.answer(outset.charge, outset.reserve, wish).spots, has_haven=True)
        self.best_place(outset, until)

    def _work(self, course: Course, place: Point, stay: Tick) -> None:
        sun = self._almanac.sun(course.now).heading
        course.work(place, course.now + stay, rest_heading(self._vehicle, sun))

    def _until(self, tick: Tick, until: Tick | None) -> Tick:
        """Return the last tick that is looked at for being at the goal."""
        ahead = self._time.tick(_AHEAD) if until is None else until - tick
        return tick + max(1, min(ahead, self._time.tick(_LONGEST), max(1, self._almanac.end - tick)))

    def _last(self, until: Tick) -> Tick:
        """Return until when a rover must live on: half a day more, or the end of all that is known."""
        return max(until, min(until + self._time.tick(_AFTER), self._almanac.end))

    def _lit(self) -> tuple[Sunlight, Machine]:
        if self._light is None:
            self._light = (sunlight_of(self._almanac, self._time.dt), machine_of(self._vehicle))
        return self._light

    def _direct(self, outset: Outset, way: Plan, demand: Demand, until: Tick) -> TimedPlan | None:
        """Return the plan of setting out at once on the quickest way, when that is safe: nothing can be quicker."""
        moves = (Move(doing="drive", path=way.path), Move(doing="serve", path=way.path[-1:], takes=demand.stay))
        plan = self._rehearsals().plan(outset, moves, self._last(until) if demand.has_haven else None)
        keeps = plan.arrival <= until and plan.least.charge >= outset.reserve
        return plan if keeps and self._has_light(plan, demand) else None

    @staticmethod
    def _has_light(plan: TimedPlan, demand: Demand) -> bool:
        """Whether the goal has the light that the work there needs for as long as it takes."""
        end = plan.arrival + demand.stay
        at_work = (sample.light for sample in plan.samples if plan.arrival <= sample.tick <= end)
        return demand.light == "any" or all((light >= 0.5) == (demand.light == "lit") for light in at_work)

    def _rehearsals(self) -> Rehearsals:
        return Rehearsals(self._vehicle, self._ways.roadmap().ground, *self._lit())

    def _query(self, outset: Outset, goal: Point, demand: Demand, until: Tick, *, way: Plan | None = None) -> Query:
        """Return the question over wide lanes, or over narrower ones where wide ones do not join start and goal.

        Parameters
        ----------
        way
            A drive from start to goal that is known; a short and straight one is a lane of its own.
        """
        sky, supply = self._ahead(outset.tick, until)
        weights = demand.objective.time, demand.objective.energy
        wide = Query(self._net(0, outset.point, goal, demand, way=way), sky, supply, weights)
        if wide.soonest() < inf:
            return wide
        return Query(self._net(1, outset.point, goal, demand, way=way), sky, supply, weights)

    def _net(self, grid: int, start: Point, goal: Point, demand: Demand, *, way: Plan | None) -> Net:
        roadmap = self._grids[grid].roadmap()
        if grid not in self._lanes or self._lanes[grid][0] is not roadmap:
            self._lanes[grid] = (roadmap, Lanes(roadmap, self._vehicle, self._time.dt))
        avoid = discs_array(demand.avoid)
        rooms = [self._room(roadmap, place, demand) for place in (start, goal)]
        near, costs = roadmap.join(goal, avoid, room=rooms[1], outward=False)
        if way is not None and len(way.path) <= 2 and way.length <= roadmap.lattice.spacing:
            near = np.append(near, len(roadmap))  # The start stands behind all waypoints.
            costs = np.vstack([costs, [way.duration, way.energy]])
        return self._lanes[grid][1].net(
            (start, roadmap.join(start, avoid, room=rooms[0], outward=True)),
            (goal, (near, costs), roadmap.join(goal, avoid, room=rooms[1], outward=True)),
            demand.avoid,
            demand.objective,
        )

    def _ahead(self, tick: Tick, until: Tick) -> tuple[Sky, Supply]:
        """Return light and power for as long as is looked ahead."""
        sky = sky_of(self._almanac, tick, ceil((self._last(until) - tick) / self._every), self._every)
        return sky, supply_of(self._vehicle, self._almanac, sky, tick, self._time.dt)

    def _room(self, roadmap: Roadmap, place: Point, demand: Demand) -> float:
        ground = roadmap.ground
        room = float(clearance(ground, discs_array(demand.avoid), place[0], place[1], ground.room))
        return room if room >= ground.radius - 1e-9 else 0.0

    def _best(self, query: Query, outset: Outset, demand: Demand, until: Tick) -> TimedPlan | Answer:
        """Return the best plan that a rehearsal is content with, or how the last search ended."""
        reserve, wish = outset.reserve, wish_of(demand, until - outset.tick)
        left, bound = self._budget, inf
        for _ in range(_ROUNDS):
            answer = query.plan(outset.charge, reserve, wish, left)
            left, bound = max(1, left - answer.labels), min(bound, answer.least_cost)
            if not answer.spots:
                return answer
            plan = self._rehearsed(query, outset, answer, demand, self._last(until) if demand.has_haven else None)
            if plan.least.charge >= outset.reserve:
                return replace(plan, over_bound=answer.cost / bound if bound > 0.0 else 1.0)
            # More than this plan has by the search's own count, so that it is not found again.
            reserve = query.least(answer.spots, has_haven=demand.has_haven) + _MARGIN * self._vehicle.battery
        return replace(answer, spots=())

    def _rehearsed(self, query: Query, outset: Outset, answer: Answer, demand: Demand, last: Tick | None) -> TimedPlan:
        """Return the plan of an answer with straight drives, or along the lanes where that keeps more charge."""
        rehearsals = self._rehearsals()
        moves = moves_of(query, answer.spots, outset.tick, rehearsals.cut(demand.avoid))
        straight = rehearsals.plan(outset, moves, last)
        if straight.least.charge >= outset.reserve:
            return straight
        bare = rehearsals.plan(outset, moves_of(query, answer.spots, outset.tick), last)
        return bare if bare.least.charge > straight.least.charge else straight
