"""A mind that explores a little and always comes home."""

from __future__ import annotations

from math import cos, sin

from fleet.sdk import AgentContext, AgentView, Decision, FollowPath, NoPlan, Pose
from fleet.sdk.events import Arrived, Blocked


class HomebodyAgent:
    """Drive out in another direction each hour, look, and return to where the rover was first seen."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._home: Pose | None = None
        self._away = False

    def decide(self, view: AgentView) -> Decision:
        """Return the next outing, or the way home."""
        if self._home is None:
            self._home = view.observation.pose
        ended = any(isinstance(event, Arrived | Blocked) for event in view.observation.events)
        if view.travel.path and not ended and not view.travel.refused:
            return Decision()
        if self._away:
            goal = self._home.point
        else:
            direction = self._context.rng.uniform(-3.14, 3.14)
            goal = (self._home.x + 20.0 * cos(direction), self._home.y + 20.0 * sin(direction))
        plan = self._context.planner.plan(view.observation.pose.point, goal)
        if isinstance(plan, NoPlan):
            self._context.log.info("no way: %s", plan.reason)
            return Decision(wake=view.tick + self._context.time.tick(60.0))
        self._away = not self._away
        return Decision(command=FollowPath(path=plan.path))
