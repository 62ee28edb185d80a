"""The rounds of the auction in which one task was to be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Announcement, Award, Bids
from sim.record import Entry, Said


@dataclass(slots=True, kw_only=True)
class Auction:
    """One round, as far as it concerned the task."""

    round: int
    leader: RoverId  #: Who announced it, and hears itself: what its own mind answers is no message.
    announced: Tick
    deadline: Tick  #: Until then answers are awaited.
    bids: dict[RoverId, float] = field(default_factory=dict)  #: Seconds until the bidder would have it done.
    others: set[RoverId] = field(default_factory=set)  #: Who answered without a price for it.
    winner: RoverId | None = None
    awarded: Tick | None = None

    @property
    def ranking(self) -> tuple[tuple[RoverId, float], ...]:
        """Bidders and prices, cheapest first."""
        return tuple(sorted(self.bids.items(), key=lambda bid: (bid[1], bid[0])))

    @property
    def margin(self) -> float | None:
        """Seconds by which the winner's price was below the best of the others (negative: above); None without both."""
        rest = [cost for rover, cost in self.bids.items() if rover != self.winner]
        if self.winner not in self.bids or not rest:
            return None
        return min(rest) - self.bids[self.winner]


def auctions_of(task: TaskId, entries: Iterable[Entry]) -> tuple[Auction, ...]:
    """Return the rounds in which a task was announced, in order.

    Notes
    -----
    Bids count as they were said, heard or not: who was not heard is told by the message's entry.
    """
    rounds: dict[int, Auction] = {}
    for entry in entries:
        if not isinstance(entry, Said):
            continue
        message = entry.message
        match message.body:
            case Announcement(round=number, tasks=tasks, deadline=deadline) if any(item.id == task for item in tasks):
                first = Auction(round=number, leader=message.sender, announced=message.tick, deadline=deadline)
                rounds.setdefault(number, first)
            case Bids(round=number, bids=bids) if number in rounds:
                prices = {bid.task: bid.cost for bid in bids}
                if task in prices:
                    rounds[number].bids[message.sender] = prices[task]
                else:
                    rounds[number].others.add(message.sender)
            case Award(task=awarded, rover=rover) if awarded.id == task:
                _note_award(rounds, message.tick, rover)
            case _:
                pass
    return tuple(rounds[number] for number in sorted(rounds))


def _note_award(rounds: Mapping[int, Auction], tick: Tick, rover: RoverId) -> None:
    """Note who won the latest round; an award that is said again changes nothing."""
    before = [auction for auction in rounds.values() if auction.announced <= tick]
    if before and before[-1].winner is None:
        before[-1].winner, before[-1].awarded = rover, tick
