"""One plan in time that a rover keeps to: what is due of it, and whether it is still as it was foreseen."""

from __future__ import annotations

from bisect import bisect_right
from math import pi

from fleet.sdk import AgentContext, AgentView, Decision, FollowPath, Point, Sleep, Turn, distance
from fleet.sdk.timed import Drive, NoTimedPlan, Outset, Part, TimedPlan, Wait

_SAME = 0.05  # Metres; who is so near to a place is there.
_FACE = 0.2  # Radians off the Sun that are good enough for a panel.
_DIFFERENCE = 0.02  # Share of the battery by which the charge may differ from what a plan foresaw.
_LATE = 600.0  # Seconds after which a plan that is not kept up with is made anew,
_AGAIN = 1800.0  # and after which what was refused is asked again.


class Keeping:
    """Follows one answer of the planner in time, part by part.

    A plan holds as long as the rover has the charge that it foresaw and is where it foresaw.
    """

    def __init__(self, context: AgentContext) -> None:
        self.answer: TimedPlan | NoTimedPlan = NoTimedPlan(reason="nothing was asked")
        self._context = context
        self._difference = _DIFFERENCE * context.vehicle.battery
        self._late = context.time.tick(_LATE)
        self._again = context.time.tick(_AGAIN)
        self._asked = Outset(point=(0.0, 0.0), tick=0, charge=0.0)
        self._done = 0  # Parts of the plan that lie behind.

    def keep(self, asked: Outset, answer: TimedPlan | NoTimedPlan) -> None:
        """Keep to an answer from now on, given to what was asked."""
        self._asked, self.answer, self._done = asked, answer, 0

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

    def holds(self, view: AgentView) -> bool:
        """Whether the answer is still good."""
        seen, asked, answer = view.observation, self._asked, self.answer
        here, charge = seen.pose.point, seen.battery * self._context.vehicle.battery
        if isinstance(answer, NoTimedPlan):
            is_same = distance(here, asked.point) <= _SAME and charge <= asked.charge + self._difference
            return is_same and view.tick < asked.tick + self._again
        samples, part = answer.samples, self._part(view)
        if part is None or view.tick > part.end + self._late:
            return False
        if isinstance(part, Drive) and distance(here, part.path[0]) > _SAME and not self.is_on_way(view):
            return False
        planned = samples[bisect_right(samples, view.tick, key=lambda sample: sample.tick) - 1]
        return charge >= planned.charge - self._difference

    def leads_to(self, place: Point) -> bool:
        """Whether the plan ends in the haven at a place."""
        return isinstance(self.answer, TimedPlan) and self.answer.haven == place

    def _part(self, view: AgentView) -> Part | None:
        """Return the part of the plan that is due; None when there is none left."""
        parts = self.answer.parts if isinstance(self.answer, TimedPlan) else ()
        here = view.observation.pose.point
        while self._done < len(parts):
            part = parts[self._done]
            is_there = isinstance(part, Drive) and distance(here, part.path[-1]) <= _SAME
            if not is_there and not (isinstance(part, Wait) and view.tick >= part.end):
                return part
            self._done += 1
        return None
