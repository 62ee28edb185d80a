"""Allocators on the proving ground: drawn rounds of auctions, in one order and in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from fleet.core import AgencyId, PluginError, Rng, RoverId, TaskId, stream
from fleet.messages import Bid, Step, Task, encode
from fleet.runtime import fenced
from fleet.sdk import Allocator
from sim.proving.attention import Attention
from sim.proving.notes import Notes
from sim.proving.signatures import fits

_DEADLINE: Final = 10.0  # Seconds of the wall for one round.
_ROUNDS: Final = 40

Bids = Mapping[RoverId, Sequence[Bid]]
Awards = tuple[tuple[TaskId, RoverId, float], ...]


def prove_allocator(plugin: str, make: Callable[..., Any], notes: Notes) -> None:
    """Note how an allocator stands with the rules for allocators, as far as one process shows."""
    if not fits(make, notes, made_with=0, methods={"award": 2}):
        return
    notes.tell("rounds of auctions")
    notes.judge("making")
    try:
        one: Allocator = fenced(plugin, RoverId(""), 0, 10.0 * _DEADLINE, make)
        other: Allocator = fenced(plugin, RoverId(""), 0, 10.0 * _DEADLINE, make)
    except PluginError as error:
        notes.breach("making", error.fact)
        return
    trial = _Trial(plugin, one, other, notes)
    trial.empty()
    rng = stream(8, "proving/auctions")
    for number in range(_ROUNDS):
        tasks = _tasks(rng.randrange(1, 7))
        trial.round(number, tasks, _bids(tasks, rng))


class _Trial:
    """One allocator's awards, looked at round by round, and a twin of it that is asked the same."""

    def __init__(self, plugin: str, one: Allocator, other: Allocator, notes: Notes) -> None:
        self._plugin, self._one, self._other, self._notes = plugin, one, other, notes
        self._watch = Attention(lambda rule, what: notes.breach(rule, f"called {what}"))

    def empty(self) -> None:
        """Look at rounds with nothing to give."""
        self._notes.judge("empty")
        for what, tasks, bids in (
            ("nothing at all", (), {}),
            ("tasks without bids", _tasks(3), {}),
            ("bidders without bids", _tasks(3), {RoverId("r1"): ()}),
        ):
            awards = self._award(self._one, tasks, bids, "empty")
            if awards:
                self._notes.breach("empty", f"of {what} it made {awards!r}")

    def round(self, number: int, tasks: Sequence[Task], bids: Bids) -> None:
        """Look at one round."""
        notes, before = self._notes, _bytes(tasks, bids)
        awards = self._award(self._one, tasks, bids)
        if _bytes(tasks, bids) != before:
            notes.breach("awards", f"round {number}: changed the tasks or bids that it was given")
        if awards is None:
            return
        notes.judge("awards", "order", "determinism", "useful")
        notes.trace.append((number, str(awards)))
        for fact in _facts(awards, bids):
            notes.breach("awards", f"round {number}: {fact}")
        if any(bids.values()) and not awards:
            notes.breach("useful", f"round {number}: there were bids, and nothing was given")
        twin = self._award(self._other, tasks, bids)
        if twin is not None and twin != awards:
            notes.breach("determinism", f"round {number}: {awards!r}, and another of it {twin!r}")
            return
        turned = {rover: bids[rover][::-1] for rover in reversed(list(bids))}
        again = self._award(self._other, tasks[::-1], turned)
        if again is not None and sorted(again) != sorted(awards):
            notes.breach("order", f"round {number}: {awards!r}, and in another order {again!r}")

    def _award(self, allocator: Allocator, tasks: Sequence[Task], bids: Bids, rule: str = "raising") -> Awards | None:
        """Return what it awards; None, and a note, when it does not."""
        self._notes.judge("raising", "deadline", "clock", "chance", "outside")

        def call() -> Awards:
            with self._watch.on():
                given: object = allocator.award(tasks, bids)
            awards = tuple(given) if isinstance(given, list | tuple) else ()
            if given is None or not all(isinstance(award, tuple) and len(award) == 3 for award in awards):
                raise TypeError(f"award() gave {given!r}, not a tuple of (task, rover, cost)")
            return awards

        try:
            return fenced(self._plugin, RoverId(""), 0, _DEADLINE, call)
        except PluginError as error:
            late = "no answer within" in error.fact
            self._notes.breach("deadline" if late else rule, f"{len(tasks)} tasks, {len(bids)} bidders: {error.fact}")
            return None


def _bytes(tasks: Sequence[Task], bids: Bids) -> bytes:
    return encode((list(tasks), {rover: list(offers) for rover, offers in bids.items()}))


def _facts(awards: Awards, bids: Bids) -> Iterator[str]:
    """Give what is wrong with awards."""
    wanted = {(bid.task, rover) for rover, offers in bids.items() for bid in offers}
    for task, rover, cost in awards:
        if (task, rover) not in wanted:
            yield f"gave {task!r} to {rover!r}, who did not bid for it"
        if not (isinstance(cost, int | float) and isfinite(cost) and cost >= 0.0):
            yield f"gave {task!r} at a cost of {cost!r}"
    if len({award[0] for award in awards}) < len(awards) or len({award[1] for award in awards}) < len(awards):
        yield "gave a task twice, or two tasks to one rover"


def _tasks(count: int) -> tuple[Task, ...]:
    step = Step(place=(0.0, 0.0), radius=1.0, work=60, capability="image")
    return tuple(
        Task(id=TaskId(f"t{n}"), kind="image", title="", agency=AgencyId("a"), steps=(step,)) for n in range(count)
    )


def _bids(tasks: Sequence[Task], rng: Rng) -> dict[RoverId, tuple[Bid, ...]]:
    """Return drawn bids; costs are whole, so that some are equal."""
    return {
        RoverId(f"r{n}"): tuple(
            Bid(task=task.id, cost=float(rng.randrange(1, 9))) for task in tasks if rng.random() < 0.6
        )
        for n in range(rng.randrange(1, 6))
    }
