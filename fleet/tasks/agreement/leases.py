"""Who may begin a task: whoever has the word of enough others, for as long as it has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

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
    peers: frozenset[TaskId] = frozenset()  # What must be somebody's as well before it is begun.
    alone: Tick | None = None  # Since when they are not, though it was begun.
    is_held: bool = False  # Since words first were for long.
    is_mine: bool = False  # Since its peers are held as well.
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is known of others."""

    votes: Mapping[RoverId, Votes]  #: Their latest.
    ended: frozenset[TaskId] = frozenset()  #: Tasks that need nobody any more.
    held: frozenset[TaskId] = frozenset()  #: Tasks that others have.


class Leases:
    """One rover's wants, and its word to others.

    Notes
    -----
    A rover gives its word for a task to one at a time: to a second only when the first let it go (its later votes
    lack the number of that lease) or the time is over. It asks for a short time first, so that it binds nobody if it
    falls silent before anything came of it, and once it has enough words (`Membership.secured_until`) for that, for
    long; when it has enough for that too the task is its own, until the time of these words is over. Of tasks that go
    together none is asked for for long before each has enough words for a short time, and none is its rover's before
    each has enough for long: all are, or what was asked for runs out. What is done
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
    def held(self) -> tuple[Lease, ...]:
        """Tasks for which it has enough words for long, also those that wait for others to be held."""
        return tuple(want.lease for want in self._wants.values() if want.is_held and not want.is_done)

    @property
    def wanted(self) -> tuple[TaskId, ...]:
        """Tasks that it asks for and has not."""
        return tuple(task for task, want in self._wants.items() if not want.is_mine)

    def choose(self, tasks: Iterable[TaskId]) -> TaskId | None:
        """Return which to ask for: the first that was not asked for in vain, or longest ago."""
        return min(tasks, key=lambda task: self._tried.get(task, 0), default=None)

    def want(self, task: Task, tick: Tick, peers: frozenset[TaskId] = frozenset()) -> None:
        """Ask for a task; the word given to another for it is waited for.

        Parameters
        ----------
        peers
            What others must have, or have ended, before it can be begun.
        """
        granted = self._grants.get(task.id)
        if task.id in self._wants or (granted is not None and granted.until > tick):
            return
        self._number += 1
        until = tick + self._rules.asked
        lease = Lease(task=task.id, holder=self._rover, number=self._number, until=until)
        self._wants[task.id] = _Want(task=task, lease=lease, patience=until, peers=peers)

    def let_go(self, task: TaskId) -> None:
        """Leave a task to others."""
        want = self._wants.get(task)
        if want is not None and not want.is_done:
            del self._wants[task]

    def done(self, task: TaskId) -> None:
        """Note that this rover has done a task."""
        if task in self._wants:
            self._wants[task] = replace(self._wants[task], is_done=True)

    def renew(self, heard: Heard, tick: Tick) -> tuple[TaskId, ...]:
        """Let go of what ran out or ended, wants and words; return tasks that were this rover's and are no more."""
        lost = self._end(heard, tick)
        self._keep_words(heard, tick)
        return lost

    def count(self, heard: Heard, winner: Callable[[TaskId], RoverId | None], tick: Tick) -> tuple[Task, ...]:
        """Give words, and count those of others; return tasks that are this rover's from now on.

        Parameters
        ----------
        winner
            Who is to do a task, by the plan of this rover.
        """
        for rover in sorted(heard.votes):
            for lease in heard.votes[rover].wants:
                if lease.until > tick and lease.task not in heard.ended:
                    self._consider(lease, winner)
        return self._count(heard, tick)

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
        again += [want.alone + self._rules.asked for want in self._wants.values() if want.alone is not None]
        return min((*ends, *again, *(lease.until for lease in self._grants.values())), default=None)

    def _end(self, heard: Heard, tick: Tick) -> tuple[TaskId, ...]:
        """Let go of wants that ran out, and of what is alone for too long of tasks that go together."""
        lost = []
        for task, known in tuple(self._wants.items()):
            want = self._wants[task] = self._watched(known, heard, tick)
            end = want.secured if want.is_mine else want.patience
            end = want.lease.until if want.is_done else end
            if end <= tick and not want.is_mine:
                self._tried[task] = tick
            left = want.alone is not None and want.alone + self._rules.asked <= tick
            if (task in heard.ended and not want.is_done) or end <= tick or left:
                if want.is_mine and not want.is_done:
                    lost.append(task)
                del self._wants[task]
        return tuple(lost)

    def _watched(self, want: _Want, heard: Heard, tick: Tick) -> _Want:
        """Note since when a task that was begun is alone."""
        if not want.peers or want.is_done or not want.is_mine or want.peers <= heard.ended | heard.held:
            return want if want.alone is None else replace(want, alone=None)
        return want if want.alone is not None else replace(want, alone=tick)

    def _keep_words(self, heard: Heard, tick: Tick) -> None:
        for task, grant in tuple(self._grants.items()):
            asked = heard.votes[grant.holder].wants if grant.holder in heard.votes else ()
            now = next((lease for lease in asked if lease.task == task and lease.number == grant.number), None)
            if task in heard.ended or grant.until <= tick or now is None:
                del self._grants[task]
            elif now.until > grant.until:
                self._grants[task] = now

    def _consider(self, lease: Lease, winner: Callable[[TaskId], RoverId | None]) -> None:
        task = lease.task
        if task not in self._wants and task not in self._grants and winner(task) == lease.holder:
            self._grants[task] = lease

    def _count(self, heard: Heard, tick: Tick) -> tuple[Task, ...]:
        taken = []
        settled = heard.ended | heard.held
        wants = [lease for said in heard.votes.values() for lease in said.wants]
        assured = settled.union(lease.task for lease in wants if lease.secured and lease.until > tick)
        for task, known in tuple(self._wants.items()):
            want = known if known.is_done else self._counted(known, heard, tick)
            if want.is_done or want.secured <= tick:
                continue
            if want.peers <= assured:
                want = self._prolonged(want, tick)
            if want.is_held and not want.is_mine and want.peers <= settled:
                want = replace(want, is_mine=True)
                taken.append(want.task)
            self._wants[task] = want
        return tuple(taken)

    def _counted(self, want: _Want, heard: Heard, tick: Tick) -> _Want:
        """Return a want with what the words for it secure."""
        words = {self._rover: want.lease.until}
        for rover, said in heard.votes.items():
            given = [grant.until for grant in said.grants if _is_same(grant, want.lease)]
            words[rover] = max(given, default=0)
        secured = max(want.secured, self._fleet.secured_until(self._rover, want.task, words))
        if want.peers and secured > tick and not want.lease.secured:
            want = replace(want, lease=msgspec.structs.replace(want.lease, secured=True))
        return replace(want, secured=secured, is_held=want.is_held or secured - tick > self._rules.asked)

    def _prolonged(self, want: _Want, tick: Tick) -> _Want:
        if want.lease.until - tick > self._rules.kept // 2:
            return want
        return replace(want, lease=msgspec.structs.replace(want.lease, until=tick + self._rules.kept))


def _is_same(grant: Lease, lease: Lease) -> bool:
    return (grant.task, grant.holder, grant.number) == (lease.task, lease.holder, lease.number)
