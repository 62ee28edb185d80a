"""How a task came to its rover where work is shared out by agreement: what it takes whom, and who gave its word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Award, Bundle, Gossip, Offer, Record, TaskReport, Votes
from sim.record import Entry, Said


@dataclass(slots=True, kw_only=True)
class Accord:
    """What all were told of one task, up to when it was taken or to the end."""

    prices: dict[RoverId, Tick] = field(default_factory=dict)  #: Ticks until each would have it done,
    bids: dict[RoverId, Tick] = field(default_factory=dict)  #: or the tick at which, where prices are private.
    asked: dict[RoverId, dict[RoverId, Tick]] = field(
        default_factory=dict
    )  #: Either, as it was when each asked for it.
    words: dict[RoverId, set[RoverId]] = field(default_factory=dict)  #: To each who wants it, who leaves it to it.
    has: dict[RoverId, tuple[TaskId, ...]] = field(default_factory=dict)  #: What each who spoke has.
    winner: RoverId | None = None
    taken: Tick | None = None

    @property
    def is_spoken(self) -> bool:
        """Whether work is shared out by agreement at all."""
        return bool(self.has)

    def won(self, dt: float) -> str:
        """Return why the winner has the task, in a sentence; empty when nobody took it.

        Parameters
        ----------
        dt
            Seconds a tick.
        """
        if self.winner is None:
            return ""
        leaving = names(self.words.get(self.winner, set()))
        given = f"; {leaving} left it to {self.winner}" if leaving else "; nobody else could take it"
        return f"all agreed on {self.winner}: {self._why(self.winner, dt)}{given}"

    def stands(self, able: Iterable[RoverId], dt: float) -> str:
        """Return what keeps it from being somebody's, in a sentence; empty when nobody offered for it.

        Parameters
        ----------
        able
            Whose vehicles can do it.
        """
        if self.words:
            rover = min(self.words, key=lambda one: (-len(self.words[one]), one))
            given = self.words[rover]
            missing = names(set(able) - given - {rover})
            only = f"; only {names(given)} left it to {rover}" if given else ""
            return f"{rover} asks for it, and needs the word of {missing or 'others'} or of most of the fleet{only}"
        offers = self.prices or self.bids
        if not offers:
            return ""
        best = min(offers, key=lambda one: (offers[one], one))
        told = f"{best} offers to do it soonest, {self._in(offers[best], dt)}"
        others = names(self.has.get(best, ()))
        return f"{told}, and has {others} first" if others else f"{told}, and has not asked for it yet"

    def _in(self, offer: Tick, dt: float) -> str:
        return f"in {offer * dt:,.0f} s" if self.prices else f"at tick {offer:,}"

    def _why(self, rover: RoverId, dt: float) -> str:
        offers = self.asked.get(rover) or self.prices or self.bids
        if rover not in offers:
            return "it was next in the plan of all"
        if self.bids and not self.prices:
            return f"it bid to have it done at tick {offers[rover]:,}{_beside(offers, rover, 1.0, 'ticks')}"
        return f"{offers[rover] * dt:,.0f} s until it would be done{_beside(offers, rover, dt, 's')}"


def accord_of(task: TaskId, entries: Iterable[Entry]) -> Accord:
    """Return what was told of a task, as it was said, heard or not."""
    accord = Accord()
    for entry in entries:
        if not isinstance(entry, Said):
            continue
        body = entry.message.body
        if isinstance(body, Award) and body.task.id == task and body.rover == entry.message.sender:
            if accord.is_spoken:  # A leader that gives a task to itself says the same.
                accord.winner, accord.taken = body.rover, entry.message.tick
        elif isinstance(body, TaskReport) and body.task == task and entry.message.sender == accord.winner:
            if body.state in ("returned", "failed"):
                accord.winner, accord.words = None, {}
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
        case Offer():
            accord.has[record.rover] = tuple(lease.task for lease in record.has)
            if record.prices is not None:
                _put(accord.prices, record.rover, {price.task: price.cost for price in record.prices}.get(task))
        case Bundle():
            _put(accord.bids, record.rover, {bid.task: bid.cost for bid in record.bids}.get(task))
        case Votes():
            if not any(lease.task == task for lease in record.wants):
                accord.words.pop(record.rover, None)
            elif record.rover not in accord.words:
                accord.words[record.rover] = set()
                accord.asked[record.rover] = dict(accord.prices or accord.bids)
            for wanted in accord.words.values():
                wanted.discard(record.rover)
            for lease in record.grants:
                if lease.task == task:
                    accord.words.setdefault(lease.holder, set()).add(record.rover)


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


def names(words: Iterable[str]) -> str:
    """Return words in order, as one says them."""
    ordered = sorted(words)
    return ordered[0] if len(ordered) == 1 else " and ".join(filter(None, [", ".join(ordered[:-1]), *ordered[-1:]]))
