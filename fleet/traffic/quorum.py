"""Who must agree on a new leader and who must know what a rover gets, so that both have someone in common."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from fleet.core import RoverId


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """The rule of agreement of one fleet.

    Parameters
    ----------
    members
        All of the fleet.
    drivers
        Those of them that can drive: nobody else ever gets ground.
    may_miss
        So many voters may be missing when a leader is elected; fewer than half of them.
    voters
        Those of the members that count in both; all of them where not given.

    Notes
    -----
    A leader is elected by all voters but ``may_miss``, and what it gives is known to ``may_miss + 1`` before it is
    used, giver and taker among them. So of those who elect the next one somebody knows; and of two elections in one
    epoch somebody took part in both, who pledges once. A group with all that drive needs nobody else: who is missing
    there holds only what it always stood on, and whoever got ground is there. That holds for any choice of voters;
    where those that drive are the voters, a machine that only stands is missed by nobody.

    Source
    ------
    Quorums of unequal size; Howard, Malkhi and Spiegelman, "Flexible Paxos", OPODIS 2016.

    Examples
    --------
    >>> fleet = Quorum(members=frozenset("abcdef"), drivers=frozenset("bcd"), may_miss=2)
    >>> fleet.is_enough(frozenset("acef")), fleet.is_enough(frozenset("bcd")), fleet.is_enough(frozenset("bce"))
    (True, True, False)
    >>> fleet.missing(frozenset("ab"))
    1
    >>> fleet = Quorum(members=frozenset("abcdef"), drivers=frozenset("bcdef"), may_miss=2, voters=frozenset("bcdef"))
    >>> fleet.is_enough(frozenset("bcd")), fleet.is_enough(frozenset("abc")), fleet.missing(frozenset("ab"))
    (True, False, 2)
    """

    members: frozenset[RoverId]
    drivers: frozenset[RoverId]
    may_miss: int
    voters: frozenset[RoverId] = frozenset()

    def __post_init__(self) -> None:
        if not self.voters:
            object.__setattr__(self, "voters", self.members)
        if not 0 <= 2 * self.may_miss < max(1, len(self.voters)):
            raise ValueError(f"of {len(self.voters)} voters fewer than half may be missing, not {self.may_miss}")

    def is_full(self, group: Set[RoverId]) -> bool:
        """Whether a group knows all that was ever given, to whomever."""
        return len(self.voters & group) >= len(self.voters) - self.may_miss

    def is_enough(self, group: Set[RoverId]) -> bool:
        """Whether a group may elect a leader that grants ground."""
        if self.drivers <= group:
            return True
        return self.is_full(group) and bool(self.drivers & group)

    def missing(self, known: Set[RoverId]) -> int:
        """Return how many more must know something before it may be used."""
        return max(0, self.may_miss + 1 - len(self.voters & known))


def most_missing(voters: int) -> int:
    """Return how many of so many voters may be missing at the most.

    >>> [most_missing(voters) for voters in (1, 2, 3, 6)]
    [0, 0, 1, 2]
    """
    return max(0, (voters - 1) // 2)
