"""Trade on the market of tasks: ask for the time of the work, and for its energy at today's price."""

from __future__ import annotations

from fleet.sdk import AgentContext, AgentView, Announcement, Bid, Bids, Decision, Outgoing, Task
from fleet.sdk.skills import Bidding, Charging, Homing, Sleeping, Working, first_of

_PRICE = 0.02  # Seconds asked for a joule when the battery is full; dearer by the square of what is missing.


class MarketTrader:
    """Bid seconds of work and a price for its joules, which is high when the battery is low; do what was won."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._bidding = Bidding(context, backlog=1)
        self._skills = (Charging(context), Working(context), Homing(context), Sleeping(context))

    def decide(self, view: AgentView) -> Decision:
        answers = tuple(
            Outgoing(to=message.sender, body=self._priced(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )
        return first_of(view, self._skills, saying=answers)

    def _priced(self, view: AgentView, announcement: Announcement) -> Bids:
        asked = self._bidding.bids(view, announcement)
        tasks = {task.id: task for task in announcement.tasks}
        bids = tuple(Bid(task=bid.task, cost=bid.cost + self._energy(view, tasks[bid.task])) for bid in asked.bids)
        return Bids(round=asked.round, bids=bids)

    def _energy(self, view: AgentView, task: Task) -> float:
        """Return the seconds to ask for the joules of a task: the way there, and the work."""
        way = self._context.planner.costs(view.observation.pose.point, [task.steps[0].place])[0]
        work = sum(step.work for step in task.steps) * self._context.time.dt * self._context.vehicle.work_power
        return ((0.0 if way is None else way[1]) + work) * _PRICE / max(view.observation.battery, 0.05) ** 2
