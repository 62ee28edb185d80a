"""From records to a problem that the solver takes: the same for all who have the same records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import RoverId, TaskId, Tick, distance
from fleet.messages import Offer, Outcome, Task, TaskOrder
from fleet.tasks.agreement.coalitions import Coalition, soonest_team
from fleet.tasks.agreement.membership import Member, Membership
from fleet.tasks.agreement.records import Knowledge
from fleet.tasks.allocation import NEVER, AllocationProblem, AllocationRover, AllocationTask

_NO_COALITIONS: Final[Mapping[TaskId, Coalition]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is to be shared out now, and among whom."""

    tasks: tuple[Task, ...]  #: That can begin and are nobody's, by id.
    offers: tuple[Offer, ...]  #: Of those who take part, by rover.
    together: Coalition = frozenset()  #: Which of the tasks are for as many rovers at once, or for none.
    bound: frozenset[RoverId] = frozenset()  #: Who has such a task, and is given no other.
    until: Tick = NEVER  #: When it is to be asked again, even if nothing was learnt meanwhile.

    @cached_property
    def fingerprint(self) -> str:
        """What names these inputs: the same for whoever has the same records."""
        told = repr(
            ([task.id for task in self.tasks], [(offer.rover, offer.epoch, offer.version) for offer in self.offers])
        )
        return sha256(told.encode()).hexdigest()


def inputs_of(
    knowledge: Knowledge, tick: Tick, coalitions: Mapping[TaskId, Coalition] = _NO_COALITIONS, turn: Tick = NEVER
) -> Inputs:
    """Return what can be shared out at a tick, as far as is known.

    Parameters
    ----------
    coalitions
        What must be worked on at once, of the tasks that are known.
    turn
        Ticks after which the next of several coalitions is shared out, when one could not be.

    Notes
    -----
    A task can begin when all before it are done and its time has come and is not over. It is somebody's while he who
    says so takes part, and for as long as others gave him their word. Of tasks that go together none can begin before
    each is somebody's or can begin; and one coalition is shared out at a time, so that no two wait for each other.
    """
    outcomes = {outcome.task: outcome.state for outcome in knowledge.all(Outcome)}
    known = tuple(knowledge.all(Offer))
    leases = [lease for offer in known for lease in offer.has if lease.until > tick]
    taken = {lease.task for lease in leases}
    free = [
        order.task
        for order in knowledge.all(TaskOrder)
        if order.task.id not in outcomes
        and order.task.id not in taken
        and all(outcomes.get(before) == "done" for before in order.task.after)
    ]
    times = [offer.until for offer in known] + [lease.until for lease in leases]
    times += [time for task in free for time in (task.earliest, task.latest) if time is not None]
    tasks = [task for task in free if task.earliest <= tick and (task.latest is None or tick < task.latest)]
    together: Coalition = frozenset()
    if coalitions:
        there = {task.id for task in tasks}
        open_ones = sorted({_open(coalitions.get(task.id), there, taken | outcomes.keys()) for task in tasks} - {()})
        together = frozenset(open_ones[tick // turn % len(open_ones)] if open_ones else ())
        tasks = [task for task in tasks if task.id not in coalitions or task.id in together]
        times += [(tick // turn + 1) * turn] if len(open_ones) > 1 else []
    return Inputs(
        tasks=tuple(tasks),
        offers=tuple(offer for offer in known if offer.until > tick),
        together=together,
        bound=frozenset(
            offer.rover for offer in known for lease in offer.has if lease.until > tick and lease.task in coalitions
        ),
        until=min((time for time in times if time > tick), default=NEVER),
    )


def _open(coalition: Coalition | None, there: set[TaskId], settled: Iterable[TaskId]) -> tuple[TaskId, ...]:
    """Return what of a coalition is to be had; nothing while a part of it cannot begin."""
    return tuple(sorted(coalition & there)) if coalition and coalition <= there.union(settled) else ()


def leg(member: Member, a: tuple[float, float], b: tuple[float, float]) -> Tick:
    """Return the ticks of a straight way at full speed, rounded up."""
    return ceil(distance(a, b) / member.speed) if member.speed > 0.0 else (0 if a == b else NEVER)


def work_of(member: Member, task: Task) -> Tick:
    """Return the ticks from the beginning of a task's first step to the end of its last."""
    legs = zip(task.steps, task.steps[1:], strict=False)
    return min(NEVER, sum(step.work for step in task.steps) + sum(leg(member, a.place, b.place) for a, b in legs))


def price_of(offer: Offer, member: Member, task: Task) -> Tick | None:
    """Return how long a task takes a rover from when it is free; None when it cannot do it, or will not.

    Notes
    -----
    What it said; of one that said nothing, the way at full speed and the work.
    """
    if not member.is_able(task):
        return None
    if offer.prices is None:
        total = leg(member, offer.place, task.steps[0].place) + work_of(member, task)
        return total if total < NEVER else None
    return next((price.cost for price in offer.prices if price.task == task.id), None)


def problem_of(inputs: Inputs, fleet: Membership) -> AllocationProblem:
    """Return what the solver is asked: that the last of the rovers is done as soon as can be, all in whole ticks.

    Notes
    -----
    A rover's first leg is what it said that the task takes it, less the work itself; from task to task it is the
    straight way at full speed. Who can do which task is told as a capability for each. Who does which of the tasks that
    go together is settled first, so that the last of them is there soonest: no other has the capability then.
    """
    offers = [offer for offer in inputs.offers if offer.rover in fleet.members]
    members = [fleet.members[offer.rover] for offer in offers]
    earliest = min((offer.ready for offer in offers), default=0)
    works = [
        max([work_of(member, task) for member in members if member.is_able(task)], default=0) for task in inputs.tasks
    ]
    prices = _prices(inputs, offers, fleet)
    time = np.zeros((max(1, len(offers)), *[len(offers) + len(inputs.tasks)] * 2), np.int64)
    for row, (offer, member) in enumerate(zip(offers, members, strict=True)):
        time[row] = _legs(offer, member, inputs.tasks, len(offers))
        for number, (price, work) in enumerate(zip(prices[row], works, strict=True)):
            if price is not None:
                time[row, : len(offers), len(offers) + number] = max(0, price - work)
    return AllocationProblem(
        rovers=tuple(
            AllocationRover(
                id=offer.rover,
                start=row,
                travel=row,
                ready=min(max(0, offer.ready - earliest), NEVER // 4),
                capabilities=frozenset(
                    str(task.id) for task, price in zip(inputs.tasks, prices[row], strict=True) if price is not None
                ),
            )
            for row, offer in enumerate(offers)
        ),
        tasks=tuple(
            AllocationTask(
                id=task.id, place=len(offers) + number, work=works[number], roles=(frozenset({str(task.id)}),)
            )
            for number, task in enumerate(inputs.tasks)
        ),
        cost=time,
        time=time,
        objective="makespan",
    )


def _prices(inputs: Inputs, offers: Sequence[Offer], fleet: Membership) -> list[list[Tick | None]]:
    """Return what each task takes whom who may have it, a row a rover."""
    prices = [[price_of(offer, fleet.members[offer.rover], task) for task in inputs.tasks] for offer in offers]
    joint = [number for number, task in enumerate(inputs.tasks) if task.id in inputs.together]
    offered: dict[TaskId, dict[RoverId, Tick]] = {inputs.tasks[number].id: {} for number in joint}
    for offer, row in zip(offers, prices, strict=True):
        for number in joint if offer.rover not in inputs.bound else ():
            price = row[number]
            if price is not None:
                offered[inputs.tasks[number].id][offer.rover] = price
    team = soonest_team(offered)
    for offer, row in zip(offers, prices, strict=True):
        for number in joint:
            if team.get(inputs.tasks[number].id) != offer.rover:
                row[number] = None
    return prices


def _legs(offer: Offer, member: Member, tasks: Sequence[Task], starts: int) -> NDArray[np.int64]:
    """Return the straight ways of one rover: from where it is, for whichever start, and from the end of each task."""
    ends = np.array([offer.place] * starts + [task.steps[-1].place for task in tasks], np.float64)
    begins = np.array([offer.place] * starts + [task.steps[0].place for task in tasks], np.float64)
    across = ends[:, None, :] - begins[None, :, :]
    metres = np.sqrt(across[..., 0] * across[..., 0] + across[..., 1] * across[..., 1])
    if member.speed <= 0.0:
        return np.where(metres > 0.0, NEVER // 4, 0).astype(np.int64)
    return np.minimum(np.ceil(metres / member.speed), NEVER // 4).astype(np.int64)
