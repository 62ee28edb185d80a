"""How a task came to its rover where work is shared out by agreement: what it takes whom, and who gave its word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Award, Bundle, Gossip, Offer, Record, Votes
from sim.record import Entry, Said


@dataclass(slots=True, kw_only=True)
class Accord:
    """What all were told of one task, up to when it was taken or to the end."""

    prices: dict[RoverId, Tick] = field(default_factory=dict)  #: Ticks until each would have it done,
    bids: dict[RoverId, Tick] = field(default_factory=dict)  #: or the tick at which, where prices are private.
    words: dict[RoverId, set[RoverId]] = field(default_factory=dict)  #: To each who wants it, who leaves it to it.
    winner: RoverId | None = None
    taken: Tick | None = None

    def told(self, dt: float) -> str:
        """Return why the winner has it, or what becomes of it, in a sentence; empty when nobody spoke of it.

        Parameters
        ----------
        dt
            Seconds a tick.
        """
        if self.winner is not None:
            words = _names(self.words.get(self.winner, set()))
            given = f"; {words} left it to {self.winner}" if words else "; nobody else could take it"
            return f"all agreed on {self.winner}: {self._why(self.winner, dt)}{given}"
        if self.words:
            rover = min(self.words, key=lambda one: (-len(self.words[one]), one))
            words = _names(self.words[rover])
            return f"{rover} wants it, and not enough have left it to {rover}{f', only {words}' if words else ''}"
        if self.prices or self.bids:
            best = min(self.prices or self.bids, key=lambda one: ((self.prices or self.bids)[one], one))
            return f"{best} would do it soonest, and has other work first"
        return ""

    def _why(self, rover: RoverId, dt: float) -> str:
        if rover in self.bids and rover not in self.prices:
            return f"it bid to have it done at tick {self.bids[rover]:,}{_beside(self.bids, rover, 1.0, 'ticks')}"
        if rover not in self.prices:
            return "it was next in the plan of all"
        return f"{self.prices[rover] * dt:,.0f} s until it would be done{_beside(self.prices, rover, dt, 's')}"


def accord_of(task: TaskId, entries: Iterable[Entry]) -> Accord:
    """Return what was told of a task, as it was said, heard or not."""
    accord = Accord()
    for entry in entries:
        if not isinstance(entry, Said):
            continue
        body = entry.message.body
        if isinstance(body, Award) and body.task.id == task and body.rover == entry.message.sender:
            accord.winner, accord.taken = body.rover, entry.message.tick
        elif isinstance(body, Gossip) and accord.winner is None:
            for record in _own(body.records, entry.message.sender):
                _note(accord, task, record)
    return accord


def _own(records: Iterable[Record], sender: RoverId) -> Iterator[Offer | Bundle | Votes]:
    """Give what a rover says of itself: what it passes on was said before."""
    for record in records:
        if isinstance(record, Offer | Bundle | Votes) and record.rover == sender:
            yield record


def _note(accord: Accord, task: TaskId, record: Offer | Bundle | Votes) -> None:
    match record:
        case Offer() if record.prices is not None:
            _put(accord.prices, record.rover, {price.task: price.cost for price in record.prices}.get(task))
        case Bundle():
            _put(accord.bids, record.rover, {bid.task: bid.cost for bid in record.bids}.get(task))
        case Votes():
            if any(lease.task == task for lease in record.wants):
                accord.words.setdefault(record.rover, set())
            else:
                accord.words.pop(record.rover, None)
            for wanted in accord.words.values():
                wanted.discard(record.rover)
            for lease in record.grants:
                if lease.task == task:
                    accord.words.setdefault(lease.holder, set()).add(record.rover)
        case _:
            pass


def _put(prices: dict[RoverId, Tick], rover: RoverId, price: Tick | None) -> None:
    if price is None:
        prices.pop(rover, None)
    else:
        prices[rover] = price


def _beside(prices: Mapping[RoverId, Tick], rover: RoverId, scale: float, unit: str) -> str:
    """Return how much less that is than what the next best says; in the plan of all a dearer rover may have it."""
    others = [(price, other) for other, price in prices.items() if other != rover]
    if not others:
        return ", and nobody else offered"
    price, other = min(others)
    margin = (price - prices[rover]) * scale
    if margin < 0.0:
        return f"; {other} was {-margin:,.0f} {unit} sooner, and has other work in the plan of all"
    return f", {margin:,.0f} {unit} sooner than {other}"


def _names(rovers: Iterable[RoverId]) -> str:
    names = sorted(rovers)
    return names[0] if len(names) == 1 else " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
