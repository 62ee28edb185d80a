"""One attempt to elect a leader, as one member sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.core import RoverId, Tick
from fleet.messages import Pledge


@dataclass(slots=True, kw_only=True)
class Ballot:
    """Who calls for a leader in an epoch, whom this member pledged to, and who pledged to it.

    >>> ballot = Ballot(epoch=2, since=100)
    >>> ballot.fitness |= {RoverId("b"): 1.0, RoverId("c"): 3.0, RoverId("a"): 3.0}
    >>> ballot.best()
    'a'
    """

    epoch: int
    since: Tick  #: When the first call was said that this member knows of.
    called_at: Tick | None = None  #: When this member last called, None before it did.
    fitness: dict[RoverId, float] = field(default_factory=dict)  #: By the rule of the scenario, of all who called.
    calls: dict[RoverId, tuple[Tick, int]] = field(default_factory=dict)  #: When others first called, and how often.
    choice: RoverId | None = None
    chosen_at: Tick = 0
    pledged_at: Tick = 0  #: When this member last said so.
    pledges: dict[RoverId, Pledge] = field(default_factory=dict)

    def hear(self, rover: RoverId, fitness: float, said: Tick) -> None:
        """Take in a call of another."""
        self.fitness[rover] = fitness
        first, count = self.calls.get(rover, (said, 0))
        self.calls[rover] = (first, count + 1)

    def lost(self, window: Tick, said: Tick) -> float:
        """Return the share of the others' calls up to a tick that did not come: each calls once a window.

        >>> ballot = Ballot(epoch=2, since=100)
        >>> for tick in (100, 102, 106):
        ...     ballot.hear(RoverId("b"), 1.0, tick)
        >>> ballot.lost(2, 106), ballot.lost(2, 105)
        (0.25, 0.0)
        """
        due = [(1 + max(0, said - first) // window, count) for first, count in self.calls.values()]
        said_in_all = sum(calls for calls, _ in due)
        return sum(max(0, calls - count) for calls, count in due) / said_in_all if said_in_all else 0.0

    def best(self) -> RoverId:
        """Return who of those that called is the best; of equals, the smallest id."""
        return min(self.fitness, key=lambda rover: (-self.fitness[rover], rover))

    def has_all(self, rovers: Iterable[RoverId]) -> bool:
        """Whether all of these called."""
        return self.fitness.keys() >= set(rovers)
