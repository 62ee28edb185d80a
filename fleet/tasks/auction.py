"""Who gets which task in one round of the auction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fleet.core import RoverId, TaskId
from fleet.messages import Bid, Task


class SingleItemAuction:
    """Cheapest bid first, one task a rover and round.

    Notes
    -----
    Bids of one round are made independently of each other, so a second task for the same rover would be priced
    without the first; it waits for the next round. Equal costs go to the smaller task id, then the smaller rover id:
    the outcome does not depend on the order of arrival.

    Source
    ------
    Sequential single-item auction; Dias et al., "Market-Based Multirobot Coordination", Proc. IEEE 94(7), 2006.

    Examples
    --------
    >>> from fleet.messages import Step
    >>> step = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image")
    >>> task = Task(id=TaskId("t"), kind="image", title="", agency="A", steps=(step,))
    >>> bids = {RoverId("r2"): [Bid(task=TaskId("t"), cost=3.0)], RoverId("r1"): [Bid(task=TaskId("t"), cost=3.0)]}
    >>> SingleItemAuction().award([task], bids)
    (('t', 'r1', 3.0),)
    """

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        """Return task, winner and winning cost, cheapest first."""
        offered = {task.id for task in tasks}
        ranked = sorted(
            (bid.cost, bid.task, rover) for rover, offers in bids.items() for bid in offers if bid.task in offered
        )
        winners: dict[TaskId, tuple[TaskId, RoverId, float]] = {}
        busy: set[RoverId] = set()
        for cost, task, rover in ranked:
            if task not in winners and rover not in busy:
                winners[task] = (task, rover, cost)
                busy.add(rover)
        return tuple(winners.values())
