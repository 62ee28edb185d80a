"""What a rover asks its planner in time before it sets out: does the charge last, and if not so, how then?"""

from __future__ import annotations

from dataclasses import replace

from fleet.sdk import AgentContext, AgentView, Decision, NoPlan, Path, Point, Tick, distance
from fleet.sdk.skills.keeping import Keeping
from fleet.sdk.timed import Demand, NoTimedPlan, Outset, TimedPlan

_LAST = 0.3  # Share of the reserve that is kept even where nothing else would bring it back into the Sun.
_LIVING = 12.0 * 3600.0  # Seconds ahead for which a place to be is looked for.


class Prudence:
    """Plans in time for one rover, with the share of its battery that it never means to use, and follows them.

    A plan is kept to as long as the rover has the charge that it foresaw, is where it foresaw and means the same.
    """

    def __init__(self, context: AgentContext, reserve: float) -> None:
        self._context = context
        self._reserve = reserve * context.vehicle.battery
        self._docks = tuple(dock.place for dock in context.docks)
        self._question: tuple[Point, Demand] | None = None
        self._closed = context.terrain.closed
        self._journey = Keeping(context)
        self._escape = Keeping(context)

    def keeps_reserve(self, view: AgentView, path: Path, stay: Tick) -> bool:
        """Whether driving a path at once, working so long at its end and driving to a charger leaves the reserve."""
        timed, outset = self._context.timed, self._outset(view)
        there = timed.rehearse(outset, path, stay)
        if any(sample.charge < self._reserve for sample in there):
            return False
        dock = min(self._docks, key=lambda dock: (distance(path[-1], dock), dock))
        back, last = self._context.planner.plan(path[-1], dock), there[-1]
        if isinstance(back, NoPlan):
            return False
        after = replace(outset, point=path[-1], tick=last.tick, charge=last.charge, temperature=last.temperature)
        return all(sample.charge >= self._reserve for sample in timed.rehearse(after, back.path))

    def journey(self, view: AgentView, goal: Point, demand: Demand) -> TimedPlan | NoTimedPlan:
        """Return when to drive and where to wait on the way to a place, and to live on after it."""
        closed = self._context.terrain.closed
        if (goal, demand) != self._question or closed != self._closed or not self._journey.holds(view):
            self._question, self._closed, outset = (goal, demand), closed, self._outset(view)
            self._journey.keep(outset, self._context.timed.plan(outset, goal, demand))
        return self._journey.answer

    def follow(self, view: AgentView) -> Decision | None:
        """Return what the plan says now: drive, or sleep with the panel to the Sun; None to work, and at its end."""
        return self._journey.follow(view)

    def is_on_way(self, view: AgentView) -> bool:
        """Whether it drives the part of its plan that is due, or waits for leave to."""
        return self._journey.is_on_way(view)

    def keeps_to_plan(self, view: AgentView) -> bool:
        """Whether it is in the midst of a plan, and with the charge that this foresaw."""
        return isinstance(self._journey.answer, TimedPlan) and self._journey.holds(view)

    def can_stay(self, view: AgentView, ticks: Tick) -> bool:
        """Whether it can work here so long and live on after it, here or somewhere else."""
        return isinstance(self.journey(view, view.observation.pose.point, Demand(stay=ticks)), TimedPlan)

    def refuge(self, view: AgentView) -> Point | None:
        """Return where there will be most charge for long, if somewhere else; None also when the last of it is gone.

        Where it would only get less while the reserve is kept, it is for this that it was kept.
        """
        outset = self._outset(view)
        answer: TimedPlan | NoTimedPlan = NoTimedPlan(reason="the reserve is gone")
        until = view.tick + self._context.time.tick(_LIVING)
        for reserve in (self._reserve, _LAST * self._reserve):
            if outset.charge > reserve and not _gains(answer, outset):
                other = self._context.timed.best_place(replace(outset, reserve=reserve), until)
                answer = other if _gains(other, outset) or isinstance(answer, NoTimedPlan) else answer
        self._escape.keep(outset, answer)
        return answer.haven if isinstance(answer, TimedPlan) else None

    def flee(self, view: AgentView, refuge: Point) -> Decision | None:
        """Return how to get to the refuge on the way that was found with it; None when that is not to be kept to."""
        is_plan = self._escape.leads_to(refuge) and self._escape.holds(view)
        return self._escape.follow(view) if is_plan else None

    def _outset(self, view: AgentView) -> Outset:
        seen = view.observation
        return Outset(
            point=seen.pose.point,
            tick=view.tick,
            charge=seen.battery * self._context.vehicle.battery,
            reserve=self._reserve,
            temperature=seen.temperature,
        )


def _gains(answer: TimedPlan | NoTimedPlan, outset: Outset) -> bool:
    """Whether a plan ends with more charge than it begins with."""
    return isinstance(answer, TimedPlan) and answer.samples[-1].charge > outset.charge
