"""Rovers that take the quickest way to their work at once, as long as there is one."""

from __future__ import annotations

from fleet.agents import MicroAgent, TraverserAgent
from fleet.agents.field import FieldAgent
from fleet.agents.intention import Intention
from fleet.sdk import AgentView, Decision, FollowPath, Plan


class _Hasty(FieldAgent):
    def _needs_sun(self, view: AgentView) -> bool:
        return False

    def _set_out(self, view: AgentView, intention: Intention, plan: Plan) -> Decision:
        return Decision(command=FollowPath(path=plan.path))

    def _act(self, view: AgentView, intention: Intention) -> Decision:
        return self._work(view, intention) if intention.purpose == "work" else super()._act(view, intention)


class HastyMicro(_Hasty, MicroAgent):
    """A micro-rover that does not ask whether its charge will last."""


class HastyTraverser(_Hasty, TraverserAgent):
    """A traverser that does not ask whether its charge will last."""
