"""The built-in planner in time."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Final

from fleet.core import MissionTime, Path, Point, Tick
from fleet.moon import Almanac
from fleet.planning.ground import clearance, discs_array
from fleet.planning.lattice import Roadmap
from fleet.planning.planner import RoadmapPlanner
from fleet.planning.timed.course import Course
from fleet.planning.timed.making import Lanes, machine_of, rest_heading, sky_of, sunlight_of, supply_of
from fleet.planning.timed.moves import Move, Rehearsals, moves_of
from fleet.planning.timed.query import BUDGET, Answer, Query
from fleet.planning.timed.rehearsal.arrays import Machine, Sunlight
from fleet.planning.timed.shortfall import Shortfall
from fleet.sdk import Demand, NoPlan, NoTimedPlan, Outset, Plan, Sample, TimedPlan
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass

LAYER: Final = 600.0  #: Seconds: how long a wait is at the least, and for how long light counts as the same.
_AHEAD: Final = 86400.0  # Seconds looked ahead when no time is said.
_AFTER: Final = 43200.0  # Seconds for which a rover must be able to live on in its haven.
_LONGEST: Final = 14 * 86400.0
_ROUNDS = 4  # Searches, each with more in reserve, until a rehearsal is content.
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
        self._lanes: tuple[Roadmap, Lanes] | None = None
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
        query = self._query(outset, goal, demand, until)
        found = self._best(query, outset, demand, until)
        if not isinstance(found, Answer):
            return found
        return Shortfall(query, self._terrain, self._time, outset).told(found, demand, until)

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
        return plan if plan.arrival <= until and plan.least.charge >= outset.reserve else None

    def _rehearsals(self) -> Rehearsals:
        return Rehearsals(self._vehicle, self._ways.roadmap().ground, *self._lit())

    def _query(self, outset: Outset, goal: Point, demand: Demand, until: Tick) -> Query:
        roadmap = self._ways.roadmap()
        if self._lanes is None or self._lanes[0] is not roadmap:
            self._lanes = (roadmap, Lanes(roadmap, self._vehicle, self._time.dt))
        avoid = discs_array(demand.avoid)
        rooms = [self._room(roadmap, place, demand) for place in (outset.point, goal)]
        net = self._lanes[1].net(
            (outset.point, roadmap.join(outset.point, avoid, room=rooms[0], outward=True)),
            (
                goal,
                roadmap.join(goal, avoid, room=rooms[1], outward=False),
                roadmap.join(goal, avoid, room=rooms[1], outward=True),
            ),
            demand.avoid,
            demand.objective,
        )
        last = self._last(until)
        layers = ceil((last - outset.tick) / self._every)
        sky = sky_of(self._almanac, outset.tick, layers, self._every)
        supply = supply_of(self._vehicle, self._almanac, sky, outset.tick, self._time.dt)
        return Query(net, sky, supply, (demand.objective.time, demand.objective.energy))

    def _room(self, roadmap: Roadmap, place: Point, demand: Demand) -> float:
        ground = roadmap.ground
        room = float(clearance(ground, discs_array(demand.avoid), place[0], place[1], ground.room))
        return room if room >= ground.radius - 1e-9 else 0.0

    def _best(self, query: Query, outset: Outset, demand: Demand, until: Tick) -> TimedPlan | Answer:
        """Return the best plan that a rehearsal is content with, or how the last search ended."""
        reserve = outset.reserve
        for _ in range(_ROUNDS):
            answer = query.answer(
                outset.charge, reserve, latest=until - outset.tick, stay=demand.stay, has_haven=demand.has_haven,
                budget=self._budget,
            )  # fmt: skip
            if not answer.spots:
                return answer
            plan = self._rehearsed(query, outset, answer, demand, self._last(until) if demand.has_haven else None)
            if plan.least.charge >= outset.reserve:
                return plan
            reserve += outset.reserve - plan.least.charge + _MARGIN * self._vehicle.battery
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
