"""A mind for exercises of traffic: across to the other side, and no farther."""

from __future__ import annotations

from fleet.agents.field import FieldAgent
from fleet.agents.intention import Character, Intention
from fleet.sdk import AgentContext, AgentView, Announcement, Bids, Decision, Point, distance

_NEAR = 1.0  # Metres that work may be off the place across.


class FerryAgent(FieldAgent):
    """Bids only for work straight across the middle of the map from where it began, and stays wherever it comes to.

    With as many tasks as rovers everybody wants to be elsewhere at once, which is what exercises are for.
    """

    character = Character(reserve=0.2, backlog=1)

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)
        self._across: Point = (0.0, 0.0)
        self._has_begun = False

    def decide(self, view: AgentView) -> Decision:
        """Return what to do, and bids for work across."""
        if not self._has_begun:
            x, y = view.observation.pose.point
            self._across, self._has_begun = (-x, -y), True
        return super().decide(view)

    def _want(self, view: AgentView) -> Intention:
        if view.tasks:
            return super()._want(view)
        return Intention(purpose="home", place=view.observation.pose.point, near=_NEAR)

    def _bid(self, view: AgentView, announcement: Announcement) -> Bids:
        mine = tuple(task for task in announcement.tasks if distance(task.steps[-1].place, self._across) <= _NEAR)
        return super()._bid(view, Announcement(round=announcement.round, tasks=mine, deadline=announcement.deadline))
