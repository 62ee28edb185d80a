"""Going to a place, along a path, and home."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.sdk import AgentContext, AgentView, Decision, FollowPath, NoPlan, Point, Stop, Tick, distance
from fleet.sdk.skills.driving import NEAR, PATIENCE, Driving


class GoTo:
    """Drives to places: plans, asks for the ground, goes around what refuses, waits and tries again.

    Parameters
    ----------
    patience
        Seconds until a way that was not to be had is looked for again.

    Examples
    --------
    In an agent::

        going = self._go.toward(view, step.place, near=step.radius)
        if going is not None:
            return going  # It is on its way, or waits; self._go.reason says for what.
    """

    def __init__(self, context: AgentContext, *, patience: float = PATIENCE) -> None:
        self.waits = 0  #: How often it waited on the way to the present place,
        self.reason = ""  #: and what for, the last time.
        self._context = context
        self._patience = context.time.tick(patience)
        self._driving = Driving(context)
        self._goal: tuple[object, ...] | None = None
        self._retry: Tick | None = None

    def toward(self, view: AgentView, place: Point, near: float = NEAR) -> Decision | None:
        """Return what to do to get within `near` metres of a place; None when it is there."""
        goal = (place, near, self._context.terrain.closed)
        if goal != self._goal:
            self._goal, self.waits, self.reason, self._retry = goal, 0, "", None
            self._driving.forget()
        here = view.observation.pose.point
        if distance(here, place) <= near:
            return None
        driving = self._driving
        hindrance, is_stopped = driving.hindrance(view), driving.is_stopped(view)
        if hindrance:
            return self._wait(view, hindrance)
        if not is_stopped and driving.is_on_way(view, place, near) and not driving.is_spoilt(view):
            return Decision()
        if not is_stopped and self._retry is not None and view.tick < self._retry:
            return Decision(wake=self._retry)
        plan = driving.way(here, place, near)
        return (
            self._wait(view, plan.reason) if isinstance(plan, NoPlan) else Decision(command=FollowPath(path=plan.path))
        )

    def _wait(self, view: AgentView, reason: str) -> Decision:
        self._driving.forget()
        self.waits, self.reason, self._retry = self.waits + 1, reason, view.tick + self._patience
        self._context.log.info("waits on its way: %s", reason)
        return Decision(command=Stop() if view.travel.path else None, wake=self._retry)


class Following:
    """Drives from one waypoint of a path to the next, by ways of its planner between them.

    Parameters
    ----------
    path
        Metres in the site frame.
    near
        Metres from a waypoint that will do.
    rounds
        How often to go along it; None for ever.

    Raises
    ------
    ValueError
        When there is no waypoint.
    """

    def __init__(
        self, context: AgentContext, path: Sequence[Point], *, near: float = NEAR, rounds: int | None = 1
    ) -> None:
        if not path:
            raise ValueError("a path needs at least one waypoint")
        self.reached = 0  #: Waypoints that lie behind, over all rounds.
        self._go = GoTo(context)
        self._path = tuple(path)
        self._near = near
        self._most = None if rounds is None else rounds * len(self._path)

    def onward(self, view: AgentView) -> Decision | None:
        """Return what to do to get along the path; None at its end."""
        for _ in self._path:
            if self._most is not None and self.reached >= self._most:
                return None
            going = self._go.toward(view, self._path[self.reached % len(self._path)], self._near)
            if going is not None:
                return going
            self.reached += 1
        return None


class Homing:
    """Returns to where the rover was when the mission began."""

    def __init__(self, context: AgentContext) -> None:
        self.home: Point = next(member.pose.point for member in context.roster if member.rover == context.rover)
        self._go = GoTo(context)

    def onward(self, view: AgentView) -> Decision | None:
        """Return what to do to get home; None when it is there."""
        return self._go.toward(view, self.home)
