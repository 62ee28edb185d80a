"""The lander's mind: it stands, prints while the Sun shines, and operates instruments when it does not print."""

from __future__ import annotations

from dataclasses import replace

from fleet.sdk import (
    AgentContext,
    AgentView,
    Announcement,
    Bid,
    Bids,
    Decision,
    Outgoing,
    Point,
    Task,
    TaskId,
    Tick,
    Work,
    distance,
)
from fleet.sdk.events import WorkStopped
from fleet.sdk.skills import Bidding

_BACKLOG = 2  # Batches that the printer takes on, and as many tasks for instruments.
_PATIENCE = 900.0  # Seconds until work that stopped for want of light or regolith is tried again.


class LanderAgent:
    """The lander: stands, takes work that is done where it stands, and prints when there is light and regolith.

    The Sun does not wait: work that needs it comes first, and whatever else there is leaves room for it.
    """

    made_for = "change8-lander"

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=_BACKLOG)
        self._now: TaskId | None = None  # What it works on, or last worked on,
        self._since: Tick = 0  # and since when.
        self._stopped: TaskId | None = None
        self._retry: Tick = 0

    def decide(self, view: AgentView) -> Decision:
        """Return bids for what can be done here, and work on what was awarded."""
        outbox = tuple(
            Outgoing(to=message.sender, body=self._bids(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        for event in view.observation.events:
            if isinstance(event, WorkStopped):
                self._stopped, self._retry = event.task, view.tick + self._context.time.tick(_PATIENCE)
        if not view.tasks or view.observation.activity == "working":
            return Decision(outbox=outbox)
        tasks = sorted(view.tasks, key=lambda task: not _needs_sun(task))
        ready = (task for task in tasks if task.id != self._stopped or view.tick >= self._retry)
        self._now = next((task.id for task in ready), None)
        if self._now is None:
            return Decision(outbox=outbox, wake=self._retry)
        self._since = view.tick
        return Decision(command=Work(task=self._now), outbox=outbox)

    def _bids(self, view: AgentView, announcement: Announcement) -> Bids:
        """Return prices: of work in the Sun as if other work came after it, of other work after all there is.

        What is done of the present work counts, since hours of it may decide whether the Sun lasts for the next.
        """
        here, is_busy = view.observation.pose.point, view.observation.activity == "working"
        sunny = replace(view, tasks=tuple(t for t in view.tasks if _needs_sun(t) or (is_busy and t.id == self._now)))
        done = view.tick - self._since if is_busy else 0
        found: dict[TaskId, Bid] = {}
        for seen, needs_sun in ((sunny, True), (view, False)):
            tasks = tuple(t for t in announcement.tasks if _is_at(here, t) and _needs_sun(t) is needs_sun)
            call = Announcement(round=announcement.round, tasks=tasks, deadline=announcement.deadline)
            found |= {bid.task: bid for bid in self._bidding.bids(seen, call, done).bids}
        return Bids(round=announcement.round, bids=tuple(found[t.id] for t in announcement.tasks if t.id in found))


def _needs_sun(task: Task) -> bool:
    return any(step.light == "lit" for step in task.steps)


def _is_at(here: Point, task: Task) -> bool:
    return all(distance(here, step.place) <= step.radius for step in task.steps)
