"""What a rover asks its planner in time before it sets out: does the charge last, and if not so, how then?"""

from __future__ import annotations

from bisect import bisect_right
from math import pi

from fleet.sdk import AgentContext, AgentView, Decision, FollowPath, Path, Point, Sleep, Tick, Turn, distance
from fleet.sdk.timed import Demand, Drive, NoTimedPlan, Outset, Part, TimedPlan, Wait

_SAME = 0.05  # Metres; who is so near to a place is there.
_FACE = 0.2  # Radians off the Sun that are good enough for a panel.
_LIVING = 12.0 * 3600.0  # Seconds ahead for which a place to be is looked for.
_DIFFERENCE = 0.02  # Share of the battery by which the charge may differ from what a plan foresaw.
_LATE = 600.0  # Seconds after which a plan that is not kept up with is made anew,
_AGAIN = 1800.0  # and after which what was refused is asked again.


class Prudence:
    """Plans in time for one rover, with the share of its battery that it never means to use, and follows them.

    A plan is kept to as long as the rover has the charge that it foresaw, is where it foresaw and means the same.
    """

    def __init__(self, context: AgentContext, reserve: float) -> None:
        self._context = context
        self._reserve = reserve * context.vehicle.battery
        self._difference = _DIFFERENCE * context.vehicle.battery
        self._late = context.time.tick(_LATE)
        self._again = context.time.tick(_AGAIN)
        self._question: tuple[Point, Demand] | None = None
        self._closed = context.terrain.closed
        self._asked = Outset(point=(0.0, 0.0), tick=0, charge=0.0)
        self._answer: TimedPlan | NoTimedPlan = NoTimedPlan(reason="nothing was asked")
        self._done = 0  # Parts of the plan that lie behind.

    def keeps_reserve(self, view: AgentView, path: Path, stay: Tick) -> bool:
        """Whether driving a path at once, and working so long at its end, leaves the reserve."""
        samples = self._context.timed.rehearse(self._outset(view), path, stay)
        return all(sample.charge >= self._reserve for sample in samples)

    def journey(self, view: AgentView, goal: Point, demand: Demand) -> TimedPlan | NoTimedPlan:
        """Return when to drive and where to wait on the way to a place, and to live on after it."""
        closed = self._context.terrain.closed
        if (goal, demand) != self._question or closed != self._closed or not self._holds(view):
            self._question, self._closed, self._asked, self._done = (goal, demand), closed, self._outset(view), 0
            self._answer = self._context.timed.plan(self._asked, goal, demand)
        return self._answer

    def follow(self, view: AgentView) -> Decision | None:
        """Return what the plan says now: drive, or sleep with the panel to the Sun; None to work, and at its end."""
        match self._part(view):
            case Wait() as wait:
                off = (wait.heading - view.observation.pose.heading + pi) % (2.0 * pi) - pi
                panels = self._context.vehicle.panels
                if panels and panels[0].offset is not None and abs(off) > _FACE and view.observation.light > 0.0:
                    return Decision(command=Turn(heading=wait.heading))
                return Decision(command=Sleep(until=wait.end, on_light=False))
            case Drive() as drive:
                return Decision(command=FollowPath(path=drive.path))
            case _:
                return None

    def is_on_way(self, view: AgentView) -> bool:
        """Whether it drives the part of its plan that is due, or waits for leave to."""
        part = self._part(view)
        path = view.travel.path
        return isinstance(part, Drive) and bool(path) and distance(path[-1], part.path[-1]) <= _SAME

    def keeps_to_plan(self, view: AgentView) -> bool:
        """Whether it is in the midst of a plan, and with the charge that this foresaw."""
        return isinstance(self._answer, TimedPlan) and self._holds(view)

    def can_stay(self, view: AgentView, ticks: Tick) -> bool:
        """Whether it can work here so long and live on after it, here or somewhere else."""
        return isinstance(self.journey(view, view.observation.pose.point, Demand(stay=ticks)), TimedPlan)

    def refuge(self, view: AgentView) -> Point | None:
        """Return where there will be most charge for long, if somewhere else; None also when the reserve is gone."""
        outset = self._outset(view)
        if outset.charge <= self._reserve:
            return None
        until = view.tick + self._context.time.tick(_LIVING)
        plan = self._context.timed.best_place(outset, until)
        return plan.haven if isinstance(plan, TimedPlan) else None

    def _holds(self, view: AgentView) -> bool:
        """Whether the last answer is still good."""
        now, asked, answer = self._outset(view), self._asked, self._answer
        if isinstance(answer, NoTimedPlan):
            is_same = distance(now.point, asked.point) <= _SAME and now.charge <= asked.charge + self._difference
            return is_same and now.tick < asked.tick + self._again
        samples, part = answer.samples, self._part(view)
        if part is None or now.tick > part.end + self._late:
            return False
        if isinstance(part, Drive) and distance(now.point, part.path[0]) > _SAME and not self.is_on_way(view):
            return False
        planned = samples[bisect_right(samples, now.tick, key=lambda sample: sample.tick) - 1]
        return now.charge >= planned.charge - self._difference

    def _part(self, view: AgentView) -> Part | None:
        """Return the part of the plan that is due; None when there is none left."""
        parts = self._answer.parts if isinstance(self._answer, TimedPlan) else ()
        here = view.observation.pose.point
        while self._done < len(parts):
            part = parts[self._done]
            is_there = isinstance(part, Drive) and distance(here, part.path[-1]) <= _SAME
            if not is_there and not (isinstance(part, Wait) and view.tick >= part.end):
                return part
            self._done += 1
        return None

    def _outset(self, view: AgentView) -> Outset:
        seen = view.observation
        return Outset(
            point=seen.pose.point,
            tick=view.tick,
            charge=seen.battery * self._context.vehicle.battery,
            reserve=self._reserve,
            temperature=seen.temperature,
        )
