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
    choice: RoverId | None = None
    chosen_at: Tick = 0
    pledged_at: Tick = 0  #: When this member last said so.
    pledges: dict[RoverId, Pledge] = field(default_factory=dict)

    def best(self) -> RoverId:
        """Return who of those that called is the best; of equals, the smallest id."""
        return min(self.fitness, key=lambda rover: (-self.fitness[rover], rover))

    def has_all(self, rovers: Iterable[RoverId]) -> bool:
        """Whether all of these called."""
        return self.fitness.keys() >= set(rovers)
