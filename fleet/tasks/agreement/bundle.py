"""The auction without auctioneer, for those who keep to themselves what tasks take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Bundle, Offer, Price, Task
from fleet.tasks.agreement.coalitions import fill
from fleet.tasks.agreement.inputs import Inputs, leg, price_of, work_of
from fleet.tasks.agreement.membership import Member, Membership

BIDS: Final = 4  #: In one bundle.


def winners(bundles: Iterable[Bundle]) -> dict[TaskId, RoverId]:
    """Return who bids least for each task; of equals the smallest id."""
    best: dict[TaskId, tuple[Tick, RoverId]] = {}
    for bundle in bundles:
        for bid in bundle.bids:
            best[bid.task] = min(best.get(bid.task, (bid.cost, bundle.rover)), (bid.cost, bundle.rover))
    return {task: rover for task, (_, rover) in best.items()}


def bundle_bids(
    fleet: Membership, own: Offer, prices: Mapping[TaskId, Tick] | None, inputs: Inputs, others: Iterable[Bundle]
) -> tuple[Price, ...]:
    """Return what a rover bids for, given what the others do.

    Parameters
    ----------
    own
        Where it will be free, and when.
    prices
        What each task takes it from there, as only it knows; None: as the way is long.
    others
        Their latest bundles.

    Notes
    -----
    A bid is the tick at which the rover would have the task done, after all before it in its bundle. The bundle is
    built anew each time: of the tasks that it would win, the one that it would have done soonest comes next. A bid is
    never below that of the task before it (warped), which keeps bids sinking along a bundle whatever the prices are.

    So the bundle is a function of the bundles of others, and there is one set of bundles that agree with each other:
    the least bid of all is first in its bundle whatever the others say; without that task and with that rover behind
    it, the next least; and so on, each settled as soon as all have heard of those before. Hence all end with the same
    winners, in whatever order they hear.

    Source
    ------
    Consensus-based bundle algorithm: Choi, Brunet and How, "Consensus-Based Decentralized Auctions for Robust Task
    Allocation", IEEE T-RO 25(4), 2009, doi 10.1109/TRO.2009.2022423, algorithm 3. Warped bids: Johnson, Choi and How,
    "The hybrid information and plan consensus algorithm with imperfect situational awareness", DARS 2014. Two
    deviations. (1) A bundle travels as a record of its bidder with its own version, over any number of hops; so
    nobody tells what it heard of others' bids, and the table of 17 rules by which such hearsay is weighed (table 1)
    has nothing to decide. (2) A bundle is built anew rather than cut at the first bid that was lost: what is left of
    a cut bundle depends on the order in which words came.
    """
    rivals: dict[TaskId, tuple[Tick, RoverId]] = {}
    for bundle in others:
        for told in bundle.bids:
            rivals[told.task] = min(rivals.get(told.task, (told.cost, bundle.rover)), (told.cost, bundle.rover))
    member = fleet.members[own.rover]
    able = _able(inputs, fleet)
    free = own.ready
    place, bids, left = own.place, list[Price](), list(inputs.tasks)
    while left and len(bids) < BIDS:
        floor = bids[-1].cost if bids else 0
        options = []
        for task in left:
            cost = _first(member, own, prices, task) if not bids else _next(member, prices, place, task)
            bid = max(floor, free + cost) if cost is not None else None
            if bid is None or (bid, member.rover) > rivals.get(task.id, (bid, member.rover)):
                continue
            if task.id not in inputs.together or _fits(task.id, (bid, member.rover), able, rivals):
                options.append((bid, task.id, task))
        if not options:
            break
        free, _, chosen = min(options, key=lambda option: option[:2])
        bids.append(Price(task=chosen.id, cost=free))
        left.remove(chosen)
        if chosen.id in inputs.together:
            left = [task for task in left if task.id not in inputs.together]
        place = chosen.steps[-1].place
    return tuple(bids)


def _able(inputs: Inputs, fleet: Membership) -> Mapping[TaskId, list[RoverId]]:
    """Return who could fill each role of the coalition that is to be had."""
    there = [offer.rover for offer in inputs.offers if offer.rover not in inputs.bound]
    return {
        task.id: [rover for rover in there if rover in fleet.able(task)]
        for task in inputs.tasks
        if task.id in inputs.together
    }


def _fits(
    task: TaskId,
    bid: tuple[Tick, RoverId],
    able: Mapping[TaskId, list[RoverId]],
    rivals: Mapping[TaskId, tuple[Tick, RoverId]],
) -> bool:
    """Whether somebody is left for each other role when this rover has that one, and those who bid less theirs."""
    rover = bid[1]
    if rover not in able[task]:
        return False
    seats = {part: [one for one in rovers if one != rover] for part, rovers in able.items()}
    seats |= {part: [rivals[part][1]] for part in able if part in rivals and rivals[part] < bid}
    return bool(fill(seats | {task: [rover]}))


def _first(member: Member, own: Offer, prices: Mapping[TaskId, Tick] | None, task: Task) -> Tick | None:
    return price_of(own, member, task) if prices is None else (prices.get(task.id) if member.is_able(task) else None)


def _next(member: Member, prices: Mapping[TaskId, Tick] | None, place: tuple[float, float], task: Task) -> Tick | None:
    if not member.is_able(task) or (prices is not None and task.id not in prices):
        return None
    return leg(member, place, task.steps[0].place) + work_of(member, task)
