"""The fleet's own minds, one for each kind of machine."""

from __future__ import annotations

from fleet.agents.field import FieldAgent
from fleet.agents.intention import Character
from fleet.sdk import AgentContext, AgentView, Announcement, Decision, Outgoing, Point, Task, Tick, Work, distance
from fleet.sdk.events import WorkStopped
from fleet.sdk.skills import Bidding

_BACKLOG = 2  # Batches that the printer takes on.
_PATIENCE = 900.0  # Seconds until work that stopped for want of light or regolith is tried again.


class ProspectorAgent(FieldAgent):
    """The Chinese rover: drills, hauls and surveys; takes what comes."""

    made_for = "cnsa-rover"


class TraverserAgent(FieldAgent):
    """The Pakistani rover: slow and small, careful with its energy, one task at a time."""

    made_for = "suparco-rover"
    character = Character(reserve=0.35, backlog=1)


class MicroAgent(FieldAgent):
    """A micro-rover: quick, with hours of battery at most."""

    made_for = "metu-micro"
    character = Character(reserve=0.3, backlog=1)


class OperatorAgent(FieldAgent):
    """The operations robot: carries, sets up, and keeps charge to give to others."""

    made_for = "hk-operator"
    character = Character(reserve=0.3, backlog=2)


class LanderAgent:
    """The lander: stands, takes work that is done where it stands, and prints when there is light and regolith."""

    made_for = "change8-lander"

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=_BACKLOG)
        self._retry: Tick = 0

    def decide(self, view: AgentView) -> Decision:
        """Return bids for printing, and work on what was awarded."""
        here = view.observation.pose.point
        outbox = tuple(
            Outgoing(to=message.sender, body=self._bidding.bids(view, _only_at(here, message.body)))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        if any(isinstance(event, WorkStopped) for event in view.observation.events):
            self._retry = view.tick + self._context.time.tick(_PATIENCE)
        if not view.tasks or view.observation.activity == "working":
            return Decision(outbox=outbox)
        if view.tick < self._retry:
            return Decision(outbox=outbox, wake=self._retry)
        return Decision(command=Work(task=view.tasks[0].id), outbox=outbox)


def _only_at(here: Point, announcement: Announcement) -> Announcement:
    """Return an announcement without what is to be done elsewhere."""
    tasks = tuple(task for task in announcement.tasks if _is_at(here, task))
    return Announcement(round=announcement.round, tasks=tasks, deadline=announcement.deadline)


def _is_at(here: Point, task: Task) -> bool:
    return all(distance(here, step.place) <= step.radius for step in task.steps)
