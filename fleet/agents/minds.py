"""The fleet's own minds, one for each kind of machine."""

from __future__ import annotations

from fleet.agents.field import FieldAgent
from fleet.agents.intention import Character
from fleet.sdk import AgentContext, AgentView, Decision, Tick, Work
from fleet.sdk.events import WorkStopped
from fleet.sdk.skills import Bidding

_BACKLOG = 2  # Batches that the printer takes on.
_PATIENCE = 900.0  # Seconds until work that stopped for want of light or regolith is tried again.


class ProspectorAgent(FieldAgent):
    """The Chinese rover: drills, hauls and surveys; takes what comes."""


class TraverserAgent(FieldAgent):
    """The Pakistani rover: slow and small, careful with its energy, one task at a time."""

    character = Character(reserve=0.35, backlog=1)


class MicroAgent(FieldAgent):
    """A micro-rover: quick, with hours of battery at most."""

    character = Character(reserve=0.3, backlog=1)


class OperatorAgent(FieldAgent):
    """The operations robot: carries, sets up, and keeps charge to give to others."""

    character = Character(reserve=0.3, backlog=2)


class LanderAgent:
    """The lander: stands, and prints when there is light and regolith."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=_BACKLOG)
        self._retry: Tick = 0

    def decide(self, view: AgentView) -> Decision:
        """Return bids for printing, and work on what was awarded."""
        outbox = self._bidding.answers(view)
        if any(isinstance(event, WorkStopped) for event in view.observation.events):
            self._retry = view.tick + self._context.time.tick(_PATIENCE)
        if not view.tasks or view.observation.activity == "working":
            return Decision(outbox=outbox)
        if view.tick < self._retry:
            return Decision(outbox=outbox, wake=self._retry)
        return Decision(command=Work(task=view.tasks[0].id), outbox=outbox)
