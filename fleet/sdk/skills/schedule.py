"""What a rover's work will take: seconds for bids, joules for leaving in time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos

from fleet.sdk import AgentContext, Point, Task, Tick, distance
from fleet.sdk.machines import warm_power
from fleet.sdk.skills.driving import NEAR, beside
from fleet.sdk.words import Step

_DETOUR = 1.3  # Driven metres a straight metre, on rough ground.
_SOLAR = 1361.0  # W/m2 at one astronomical unit.
_FACING = 0.6  # Share of the Sun that a panel gets which does not follow it, on the better of two flanks.


class Schedule:
    """Estimates for one rover, from its planner, its almanac and its vehicle's figures."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._vehicle = context.vehicle

    def travel_time(self, start: Point, goal: Point) -> float | None:
        """Return the seconds of a drive by the planner's reckoning, None when there is no way."""
        if not self._vehicle.can_drive:
            return 0.0 if distance(start, goal) <= 1.0 else None
        cost = self._context.planner.costs(start, (goal,))[0]
        return None if cost is None else cost[0]

    def reach(self, start: Point, step: Step) -> tuple[float, Point] | None:
        """Return the seconds of a drive to work, and where to stand for it; None when there is no way.

        Where something lies on the very place, a place beside it does that is near enough, as for `Driving.way`.
        """
        seconds = self.travel_time(start, step.place)
        if seconds is not None:
            return seconds, step.place
        if step.radius <= NEAR or not self._vehicle.can_drive:
            return None
        goals = beside(step.place, step.radius, start)
        costs = self._context.planner.costs(start, goals)
        return min(((cost[0], goal) for cost, goal in zip(costs, goals, strict=True) if cost is not None), default=None)

    def stand(self, step: Step) -> Point:
        """Return where the rover stands after a step: beside its place, where something lies on that."""
        terrain, vehicle = self._context.terrain, self._vehicle
        if step.radius <= NEAR or not vehicle.can_drive or terrain.is_free(step.place, vehicle):
            return step.place
        goals = beside(step.place, step.radius, step.place)
        return next((goal for goal in goals if terrain.is_free(goal, vehicle)), step.place)

    def rough_time(self, start: Point, goal: Point) -> float:
        """Return the seconds of a drive by straight distance."""
        if not self._vehicle.can_drive:
            return 0.0
        return distance(start, goal) * _DETOUR / self._vehicle.max_speed

    def charging_time(self, battery: float) -> float:
        """Return the seconds until a battery with this share of its charge is full at a dock; 0 where there is none."""
        sources = {dock.source for dock in self._context.docks}
        power = max((m.vehicle.charge_power for m in self._context.roster if m.rover in sources), default=0.0)
        return (1.0 - battery) * self._vehicle.battery / power if power > 0.0 else 0.0

    def duration(self, steps: Sequence[Step]) -> float:
        """Return the seconds from the beginning of the first of these steps to the end of the last."""
        work = sum(step.work for step in steps) * self._context.time.dt
        return work + sum(self.rough_time(a.place, b.place) for a, b in pairwise(steps))

    def backlog(self, start: Point, work: Sequence[tuple[Task, int]]) -> tuple[float, Point] | None:
        """Return seconds until the rover has done all it has, and where it will stand then.

        Parameters
        ----------
        start
            Where it stands.
        work
            Its tasks in order, each with the number of steps done.
        """
        seconds, place = 0.0, start
        for task, done in work:
            steps = task.steps[done:]
            if not steps:
                continue
            leg = self.reach(place, steps[0])
            if leg is None:
                return None
            seconds += leg[0] + self.duration(steps)
            place = leg[1] if len(steps) == 1 else self.stand(steps[-1])
        return seconds, place

    def drain(self, seconds: float, places: Sequence[Point], tick: Tick) -> float:
        """Return the joules that the battery loses in so long among these places, in the light they have now."""
        vehicle, almanac = self._vehicle, self._context.almanac
        light = sum(almanac.light(place, tick) for place in places) / len(places)
        panels = sum(panel.area * (1.0 if panel.offset is None else _FACING) for panel in vehicle.panels[:1])
        sunlight = _SOLAR * almanac.flux(tick) * light
        income = sunlight * panels * vehicle.panel_efficiency * cos(almanac.sun(tick).elevation)
        loads = vehicle.hotel_power + vehicle.work_power + warm_power(vehicle, light)
        return max(0.0, loads - income) * seconds
