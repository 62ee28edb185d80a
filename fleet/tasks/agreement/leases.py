"""Who may begin a task: whoever has the word of enough others, for as long as it has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Lease, Task, Votes
from fleet.tasks.agreement.membership import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRules:
    """For how long, in ticks."""

    asked: Tick  #: A task is asked for at first,
    kept: Tick  #: and then to be kept, before it is begun; prolonged when half of that is over.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Want:
    task: Task
    lease: Lease
    patience: Tick  # Until then it is asked for, if nothing comes of it.
    secured: Tick = 0  # Up to when others leave it to this rover.
    is_mine: bool = False  # Since that first was for long.
    is_done: bool = False


class Leases:
    """One rover's wants, and its word to others.

    Notes
    -----
    A rover gives its word for a task to one at a time: to a second only when the first let it go (its later votes
    lack the number of that lease) or the time is over. It asks for a short time first, so that it binds nobody if it
    falls silent before anything came of it, and once it has enough words (`Membership.secured_until`) for that, for
    long; when it has enough for that too the task is its own, until the time of these words is over. What is done
    stays among its wants until the time of the last word is over, so that nobody takes for free what is done by one
    who has not been heard. That all have the same tick is assumed; a rover whose clock may be off by some ticks adds
    as many to the time of every word that it gave.

    Source
    ------
    Leases: Gray and Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency",
    SOSP 1989. Here each task has its own, from a quorum instead of a server.
    """

    def __init__(self, rover: RoverId, fleet: Membership, rules: LeaseRules) -> None:
        self._rover = rover
        self._fleet = fleet
        self._rules = rules
        self._wants: dict[TaskId, _Want] = {}
        self._grants: dict[TaskId, Lease] = {}
        self._number = 0
        self._tried: dict[TaskId, Tick] = {}  # Asked for in vain, and when that ended.

    @property
    def mine(self) -> tuple[Lease, ...]:
        """Tasks that are this rover's and not done, in the order in which it took them."""
        return tuple(want.lease for want in self._wants.values() if want.is_mine and not want.is_done)

    @property
    def wanted(self) -> tuple[TaskId, ...]:
        """Tasks that it asks for and has not."""
        return tuple(task for task, want in self._wants.items() if not want.is_mine)

    def choose(self, tasks: Iterable[TaskId]) -> TaskId | None:
        """Return which to ask for: the first that was not asked for in vain, or longest ago."""
        return min(tasks, key=lambda task: self._tried.get(task, 0), default=None)

    def want(self, task: Task, tick: Tick) -> None:
        """Ask for a task; the word given to another for it is waited for."""
        granted = self._grants.get(task.id)
        if task.id in self._wants or (granted is not None and granted.until > tick):
            return
        self._number += 1
        until = tick + self._rules.asked
        lease = Lease(task=task.id, holder=self._rover, number=self._number, until=until)
        self._wants[task.id] = _Want(task=task, lease=lease, patience=until)

    def let_go(self, task: TaskId) -> None:
        """Leave a task to others."""
        want = self._wants.get(task)
        if want is not None and not want.is_done:
            del self._wants[task]

    def done(self, task: TaskId) -> None:
        """Note that this rover has done a task."""
        if task in self._wants:
            self._wants[task] = replace(self._wants[task], is_done=True)

    def renew(self, votes: Mapping[RoverId, Votes], ended: frozenset[TaskId], tick: Tick) -> tuple[TaskId, ...]:
        """Let go of what ran out or ended, wants and words; return tasks that were this rover's and are no more.

        Parameters
        ----------
        votes
            Of the others, as far as they are known.
        ended
            Tasks that need nobody any more.
        """
        lost = self._end(ended, tick)
        self._keep_words(votes, ended, tick)
        return lost

    def count(
        self,
        votes: Mapping[RoverId, Votes],
        winner: Callable[[TaskId], RoverId | None],
        ended: frozenset[TaskId],
        tick: Tick,
    ) -> tuple[Task, ...]:
        """Give words, and count those of others; return tasks that are this rover's from now on.

        Parameters
        ----------
        winner
            Who is to do a task, by the plan of this rover.
        """
        for rover in sorted(votes):
            for lease in votes[rover].wants:
                self._consider(lease, winner, ended, tick)
        return self._count(votes, tick)

    def record(self, epoch: int, version: int) -> Votes:
        """Return what to tell the others."""
        return Votes(
            rover=self._rover,
            epoch=epoch,
            version=version,
            wants=tuple(self._wants[task].lease for task in sorted(self._wants)),
            grants=tuple(self._grants[task] for task in sorted(self._grants)),
        )

    def next_end(self) -> Tick | None:
        """Return when the next word, want or task of this rover runs out or is prolonged."""
        ends = [want.secured if want.is_mine else want.patience for want in self._wants.values()]
        again = [want.lease.until - self._rules.kept // 2 for want in self._wants.values() if want.is_mine]
        return min((*ends, *again, *(lease.until for lease in self._grants.values())), default=None)

    def _end(self, ended: frozenset[TaskId], tick: Tick) -> tuple[TaskId, ...]:
        """Let go of wants that ran out, and prolong in time what is kept."""
        lost = []
        for task, want in tuple(self._wants.items()):
            end = want.secured if want.is_mine else want.patience
            end = want.lease.until if want.is_done else end
            if end <= tick and not want.is_mine:
                self._tried[task] = tick
            if (task in ended and not want.is_done) or end <= tick:
                if want.is_mine and not want.is_done:
                    lost.append(task)
                del self._wants[task]
        return tuple(lost)

    def _keep_words(self, votes: Mapping[RoverId, Votes], ended: frozenset[TaskId], tick: Tick) -> None:
        for task, grant in tuple(self._grants.items()):
            asked = votes[grant.holder].wants if grant.holder in votes else ()
            now = next((lease for lease in asked if lease.task == task and lease.number == grant.number), None)
            if task in ended or grant.until <= tick or now is None:
                del self._grants[task]
            elif now.until > grant.until:
                self._grants[task] = now

    def _consider(
        self, lease: Lease, winner: Callable[[TaskId], RoverId | None], ended: frozenset[TaskId], tick: Tick
    ) -> None:
        task = lease.task
        if lease.until <= tick or task in ended or task in self._wants or task in self._grants:
            return
        if winner(task) == lease.holder:
            self._grants[task] = lease

    def _count(self, votes: Mapping[RoverId, Votes], tick: Tick) -> tuple[Task, ...]:
        taken = []
        for task, want in tuple(self._wants.items()):
            if want.is_done:
                continue
            words = {self._rover: want.lease.until}
            for rover, said in votes.items():
                given = [grant.until for grant in said.grants if _is_same(grant, want.lease)]
                words[rover] = max(given, default=0)
            secured = self._fleet.secured_until(self._rover, want.task, words)
            if secured > tick:
                is_mine = want.is_mine or secured - tick > self._rules.asked
                if is_mine and not want.is_mine:
                    taken.append(want.task)
                secured = max(secured, want.secured)
                self._wants[task] = self._prolonged(replace(want, secured=secured, is_mine=is_mine), tick)
        return tuple(taken)

    def _prolonged(self, want: _Want, tick: Tick) -> _Want:
        if want.lease.until - tick > self._rules.kept // 2:
            return want
        lease = Lease(task=want.lease.task, holder=self._rover, number=want.lease.number, until=tick + self._rules.kept)
        return replace(want, lease=lease)


def _is_same(grant: Lease, lease: Lease) -> bool:
    return (grant.task, grant.holder, grant.number) == (lease.task, lease.holder, lease.number)
