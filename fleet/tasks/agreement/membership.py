"""The fleet as all know it beforehand, and who could do what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fleet.core import RoverId, Tick
from fleet.messages import RosterEntry, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A rover as everyone knows it from the start."""

    rover: RoverId
    capabilities: frozenset[str]
    payload: float  #: Kilograms.
    speed: float  #: Metres a tick.

    def is_able(self, task: Task) -> bool:
        """Whether the vehicle has what a task needs."""
        return task.capabilities <= self.capabilities and task.payload <= self.payload


class Membership:
    """All members, and which of them together can give a task away.

    Notes
    -----
    A task belongs to who has the word of *all who could do it*, or of *more than half of the fleet*, its own among
    them. Any two such sets for two takers have a member in common, who gave its word to one: two majorities have; and
    who has the word of all who could do it has that of the other taker. So no two have a task, whoever hears whom.

    Source
    ------
    Quorums: Gifford, "Weighted Voting for Replicated Data", SOSP 1979.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self.members: Mapping[RoverId, Member] = {
            member.rover: member for member in sorted(members, key=lambda one: one.rover)
        }

    @classmethod
    def of(cls, roster: Iterable[RosterEntry], dt: float) -> Membership:
        """Return the membership of a mission's roster.

        Parameters
        ----------
        dt
            Seconds a tick.
        """
        return cls(
            Member(
                rover=entry.rover,
                capabilities=frozenset(entry.vehicle.capabilities),
                payload=entry.vehicle.payload,
                speed=entry.vehicle.max_speed * dt,
            )
            for entry in roster
        )

    def able(self, task: Task) -> frozenset[RoverId]:
        """Return who could do a task."""
        return frozenset(rover for rover, member in self.members.items() if member.is_able(task))

    def secured_until(self, taker: RoverId, task: Task, words: Mapping[RoverId, Tick]) -> Tick:
        """Return up to when a task is its taker's, given up to when whose word holds; 0 when it is not.

        Examples
        --------
        >>> from fleet.messages import Step
        >>> step = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="dig")
        >>> task = Task(id="t", kind="image", title="", agency="A", steps=(step,))
        >>> fleet = Membership(
        ...     Member(rover=name, capabilities=frozenset(can), payload=0.0, speed=1.0)
        ...     for name, can in (("a", {"dig"}), ("b", {"dig"}), ("c", ()), ("d", ()), ("e", ()))
        ... )
        >>> fleet.secured_until("a", task, {"a": 50, "c": 40})
        0
        >>> fleet.secured_until("a", task, {"a": 50, "b": 45})
        45
        >>> fleet.secured_until("a", task, {"a": 50, "c": 9, "d": 40})
        9
        """
        rivals = min((words.get(rover, 0) for rover in self.able(task) | {taker}), default=0)
        rest = sorted((words.get(rover, 0) for rover in self.members if rover != taker), reverse=True)
        most = min([words.get(taker, 0), *rest[: len(self.members) // 2]])
        return max(rivals, most)
