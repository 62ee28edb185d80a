"""An allocator of one's own: first the task that would suffer most if its best bidder were taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from fleet.sdk import Bid, RoverId, Task, TaskId


class RegretAllocator:
    """Give away the task with the greatest regret: how much dearer its second bid is than its first."""

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        open_tasks, free = {task.id for task in tasks}, set(bids)
        awards: list[tuple[TaskId, RoverId, float]] = []
        while True:
            offers: dict[TaskId, list[tuple[float, RoverId]]] = {}
            for rover in sorted(free):
                for bid in bids[rover]:
                    if bid.task in open_tasks:
                        offers.setdefault(bid.task, []).append((bid.cost, rover))
            if not offers:
                return tuple(awards)
            task = min(offers, key=lambda name: (-_regret(offers[name]), name))
            cost, rover = min(offers[task])
            awards.append((task, rover, cost))
            open_tasks.remove(task)
            free.remove(rover)


def _regret(prices: list[tuple[float, RoverId]]) -> float:
    costs = sorted(cost for cost, _ in prices)
    return costs[1] - costs[0] if len(costs) > 1 else inf
