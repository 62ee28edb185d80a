"""Map in a pair: each takes the ground that is nearer to itself than to its partner, as far as it knows."""

from __future__ import annotations

from fleet.sdk import AgentContext, AgentView, Announcement, Bids, Decision, Outgoing, Point, RoverId, Task, distance
from fleet.sdk.skills import Bidding, Charging, Homing, Sleeping, Working, first_of


class Mapper:
    """Bid for what the partner is further from; where the partner was not heard of lately, for all.

    The pair agrees on nothing beforehand and says nothing besides: each knows of the other by the telemetry that every
    rover sends.
    """

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=1)
        self._skills = (Charging(context), Working(context), Homing(context), Sleeping(context))
        mine = next(member for member in context.roster if member.rover == context.rover)
        self._partners = [m.rover for m in context.roster if m.agent == mine.agent and m.rover != mine.rover]

    def decide(self, view: AgentView) -> Decision:
        answers = tuple(
            Outgoing(to=message.sender, body=self._share(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        return first_of(view, self._skills, saying=answers)

    def _share(self, view: AgentView, announcement: Announcement) -> Bids:
        tasks = tuple(task for task in announcement.tasks if self._is_mine(view, task))
        mine = Announcement(round=announcement.round, tasks=tasks, deadline=announcement.deadline)
        return self._bidding.bids(view, mine) if tasks else Bids(round=announcement.round, bids=())

    def _is_mine(self, view: AgentView, task: Task) -> bool:
        place = task.steps[0].place
        own = (distance(view.observation.pose.point, place), view.rover)
        return all(own < other for other in self._distances(view, place))

    def _distances(self, view: AgentView, place: Point) -> list[tuple[float, RoverId]]:
        """Return how far the partners are from a place; those that are busy or not heard of do not count."""
        heard = [(rover, view.peers[rover]) for rover in self._partners if rover in view.peers]
        return [(distance(peer.pose.point, place), rover) for rover, peer in heard if peer.activity == "idle"]
