"""One rover's part in sharing out work without a leader: from what it hears to which tasks are its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_not
from typing import Final, Literal

import msgspec

from fleet.core import Point, RoverId, TaskId, Tick
from fleet.messages import Bundle, Gossip, Offer, Outcome, Price, Refinement, Task, TaskOrder, Votes
from fleet.messages.agreement import Ending
from fleet.tasks.agreement.bundle import bundle_bids, winners
from fleet.tasks.agreement.coalitions import Coalition, coalitions_of
from fleet.tasks.agreement.gossip import Gossiper
from fleet.tasks.agreement.inputs import Inputs, inputs_of
from fleet.tasks.agreement.leases import Heard, LeaseRules, Leases
from fleet.tasks.agreement.membership import Membership
from fleet.tasks.agreement.plans import AgreedPlan, Plans
from fleet.tasks.agreement.records import key_of

Method = Literal["agreement", "cbba"]
AHEAD: Final = 2  #: Tasks that a rover has and asks for at most: the one it does and the next.


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of one step."""

    taken: tuple[Task, ...] = ()  #: This rover's from now on.
    lost: tuple[TaskId, ...] = ()  #: Not this rover's any more: others may have them, or somebody ended them.


class Agreement:
    """Keeps records, computes what all compute, asks for tasks and gives its word.

    Pure: it is told ticks, words and what its rover does, and returns what to say and which tasks are the rover's.

    Parameters
    ----------
    plans
        Computes plans; those who live in one process may share it.
    method
        ``agreement``: all know what tasks take whom, and compute the same plan. ``cbba``: each bids, and keeps that to
        itself.

    Notes
    -----
    Agreeing and being safe are two things. Which rover is to do what follows from the plan (or the bids), on which
    all agree once they have heard the same; until then they may differ. That no two do the same does not hang on
    that: it follows from words given one at a time (`Leases`), of which each rover needs enough (`Membership`).
    """

    def __init__(
        self, rover: RoverId, *, fleet: Membership, plans: Plans, rules: LeaseRules, method: Method = "agreement"
    ) -> None:
        self.rover = rover
        self.method: Method = method
        self.is_settled = False  #: Whether what can be shared out was the same in the last two steps.
        self._fleet = fleet
        self._plans = plans
        self._gossiper = Gossiper(rover, fleet.members)
        self._leases = Leases(rover, fleet, rules)
        self._turn = rules.asked
        self._prices: Mapping[TaskId, Tick] | None = None
        self._coalitions: tuple[tuple[TaskOrder, ...], Mapping[TaskId, Coalition]] = (), {}
        self._known: tuple[int, Inputs] = (-1, Inputs(tasks=(), offers=(), until=0))
        self._seen = ""  # Inputs as of the last step.
        self._refined = ""  # Inputs for which this rover looked for a better plan.

    # What is known ------------------------------------------------------------------------------------------------

    @property
    def knowledge(self) -> str:
        """What names all that this rover knows."""
        return self._gossiper.knowledge.fingerprint()

    def inputs(self, tick: Tick) -> Inputs:
        """Return what can be shared out, as far as this rover knows."""
        revision, inputs = self._known
        if revision != self._gossiper.knowledge.revision or tick >= inputs.until:
            inputs = inputs_of(self._gossiper.knowledge, tick, self._together(), self._turn)
            self._known = self._gossiper.knowledge.revision, inputs
        return inputs

    @property
    def done(self) -> frozenset[TaskId]:
        """Tasks that are done, as far as this rover knows."""
        return frozenset(one.task for one in self._gossiper.knowledge.all(Outcome) if one.state == "done")

    @property
    def mine(self) -> tuple[TaskId, ...]:
        """Tasks that are this rover's, in the order in which it took them."""
        return tuple(lease.task for lease in self._leases.mine)

    @property
    def held(self) -> frozenset[TaskId]:
        """Tasks that others leave to this rover for long, also those that wait for who goes with it."""
        return frozenset(lease.task for lease in self._leases.held)

    def plan(self, tick: Tick) -> AgreedPlan:
        """Return who is to do what by what this rover knows: the same for all who know the same."""
        inputs = self.inputs(tick)
        if self.method == "cbba":
            return _plan_of_bids(inputs, self._bundles(inputs))
        return self._plans.agreed(inputs, tuple(self._gossiper.knowledge.all(Refinement)))

    # What happens -------------------------------------------------------------------------------------------------

    def order(self, task: Task) -> None:
        """Take in what mission control wants done; what is known already is not asked twice."""
        if self._gossiper.knowledge.get(("order", task.id)) is None:
            self._gossiper.write(TaskOrder(task=task))

    def offer(self, place: Point, ready: Tick, until: Tick, prices: Mapping[TaskId, Tick] | None = None) -> None:
        """Take part until a tick, free at a place from a tick on, at these prices."""
        self._prices = prices
        told = None
        if prices is not None and self.method == "agreement":
            told = tuple(Price(task=task, cost=prices[task]) for task in sorted(prices))
        has = self._leases.held
        self._write(
            Offer(rover=self.rover, epoch=1, version=0, until=until, place=place, ready=ready, prices=told, has=has)
        )

    def ended(self, task: TaskId, state: Ending, tick: Tick) -> None:
        """Note that this rover has done a task, or that it came to nothing for good."""
        self._leases.done(task)
        self._gossiper.write(Outcome(task=task, state=state, rover=self.rover, tick=tick))

    def cancelled(self, task: TaskId, tick: Tick) -> None:
        """Note that nobody wants a task any more, unless it came to an end before."""
        if self._gossiper.knowledge.get(("outcome", task)) is None:
            self.ended(task, "cancelled", tick)

    def give_back(self, task: TaskId) -> None:
        """Leave a task to others; what was priced is to be offered anew."""
        self._leases.let_go(task)

    def hear(self, sender: RoverId, word: Gossip) -> bool:
        """Take in a word; return whether anything of it is news."""
        return bool(self._gossiper.hear(sender, word))

    def say(self, reached: Sequence[RoverId]) -> Gossip | None:
        """Return what to tell those in reach; None when they lack nothing."""
        return self._gossiper.say(reached)

    def owes(self, reached: Sequence[RoverId]) -> bool:
        """Whether there is something to tell those in reach."""
        return self._gossiper.owes(reached)

    def step(self, tick: Tick) -> Settled:
        """Ask for what is to be done, give and count words; return what is this rover's now, and what no more.

        Notes
        -----
        While what can be shared out still changes from step to step, nothing new is asked for, and no new word given.
        What ran out is let go of first: a task whose word came back in this step is asked for in it, since nothing
        that is heard later need bring this rover to ask.
        """
        inputs = self.inputs(tick)
        self.is_settled = inputs.fingerprint == self._seen
        self._seen = inputs.fingerprint
        self.bid(tick)
        heard = self._heard(tick)
        lost = self._leases.renew(heard, tick)
        winner: Callable[[TaskId], RoverId | None] = _nobody
        asked = any(said.wants for said in heard.votes.values())
        if self.is_settled and (self._has_room or self._leases.wanted or asked):
            plan = self.plan(tick)
            self._ask(plan, inputs, tick)
            winner = plan.winner
        taken = self._leases.count(heard, winner, tick)
        self._write(self._leases.record(1, 0))
        own = self._gossiper.knowledge.get(("offer", self.rover))
        if isinstance(own, Offer):
            self._write(msgspec.structs.replace(own, has=self._leases.held))
        return Settled(taken=taken, lost=lost)

    def has_settled(self, tick: Tick) -> bool:
        """Whether what can be shared out is what it was in the last step, and was then what it was before."""
        return self.is_settled and self.inputs(tick).fingerprint == self._seen

    def wake(self, tick: Tick) -> Tick | None:
        """Return when a word or an offer runs out."""
        ends = [self._leases.next_end(), *(offer.until for offer in self._gossiper.knowledge.all(Offer))]
        later = [end for end in ends if end is not None and end > tick]
        return min(later, default=None)

    def refine(self, tick: Tick) -> bool:
        """Look longer for a better plan, and tell it; return whether there is one."""
        inputs = self.inputs(tick)
        if self.method != "agreement" or not self.is_settled or self._refined == inputs.fingerprint:
            return False
        self._refined = inputs.fingerprint
        better = self._plans.refined(inputs)
        if better is None:
            return False
        orders = tuple(sorted(better.orders.items()))
        self._write(Refinement(rover=self.rover, epoch=1, version=0, inputs=better.inputs, orders=orders))
        return True

    # How ----------------------------------------------------------------------------------------------------------

    @property
    def _has_room(self) -> bool:
        return len(self._leases.mine) + len(self._leases.wanted) < AHEAD

    def _heard(self, tick: Tick) -> Heard:
        """Return what is known of the others."""
        knowledge = self._gossiper.knowledge
        offers = [offer for offer in knowledge.all(Offer) if offer.rover != self.rover]
        return Heard(
            votes={said.rover: said for said in knowledge.all(Votes) if said.rover != self.rover},
            ended=frozenset(outcome.task for outcome in knowledge.all(Outcome)),
            held=frozenset(lease.task for offer in offers for lease in offer.has if lease.until > tick),
        )

    def _together(self) -> Mapping[TaskId, Coalition]:
        """Return what must be worked on at once, as far as is known."""
        orders = tuple(self._gossiper.knowledge.all(TaskOrder))
        if len(orders) != len(self._coalitions[0]) or any(map(is_not, orders, self._coalitions[0])):
            self._coalitions = orders, coalitions_of(order.task for order in orders)
        return self._coalitions[1]

    def _ask(self, plan: AgreedPlan, inputs: Inputs, tick: Tick) -> None:
        """Ask for one task of this rover's own, the first that may be had, and for none that is another's by now.

        Notes
        -----
        Beside it, for one of several that go together, if it has none: as each rover has one at most, none waits
        at the one for who waits at another.
        """
        own = plan.orders.get(self.rover, ())
        held = {lease.task for lease in self._leases.held}
        for task in self._leases.wanted:
            if task not in own and task not in held:
                self._leases.let_go(task)
        known, coalitions = {task.id: task for task in inputs.tasks}, self._together()
        joint = next((task for task in own if task in inputs.together), None)
        has = {*self._leases.wanted, *held}
        if joint is not None and coalitions.keys().isdisjoint(has) and self._has_room:
            self._leases.want(known[joint], tick, coalitions[joint] - {joint})
        chosen = self._leases.choose(task for task in own if task not in inputs.together)
        if chosen is not None and coalitions.keys() >= set(self._leases.wanted) and self._has_room:
            self._leases.want(known[chosen], tick)

    def bid(self, tick: Tick) -> None:
        """Bid for what this rover would win, where work is shared out by bids; else there is nothing to do."""
        if self.method != "cbba":
            return
        inputs = self.inputs(tick)
        own = next((offer for offer in inputs.offers if offer.rover == self.rover), None)
        if own is not None:
            others = [bundle for bundle in self._bundles(inputs) if bundle.rover != self.rover]
            bids = bundle_bids(self._fleet, own, self._prices, inputs, others)
            self._write(Bundle(rover=self.rover, epoch=1, version=0, bids=bids))

    def _bundles(self, inputs: Inputs) -> tuple[Bundle, ...]:
        """Return the bids of those who take part."""
        there = {offer.rover for offer in inputs.offers}
        return tuple(bundle for bundle in self._gossiper.knowledge.all(Bundle) if bundle.rover in there)

    def _write(self, record: Offer | Votes | Bundle | Refinement) -> None:
        """Tell a record of one's own, when it says something new."""
        known = self._gossiper.knowledge.get(key_of(record))
        replace = msgspec.structs.replace
        if known is None:
            self._gossiper.write(replace(record, version=1))
            return
        assert isinstance(known, Offer | Votes | Bundle | Refinement)
        if replace(record, epoch=known.epoch, version=known.version) != known:
            self._gossiper.write(replace(record, epoch=known.epoch, version=known.version + 1))


def _nobody(task: TaskId) -> None:
    """Who is to do a task while that is not settled."""
    assert task


def _plan_of_bids(inputs: Inputs, bundles: Sequence[Bundle]) -> AgreedPlan:
    """Return the tasks that each rover wins, in the order in which it would do them."""
    free = {task.id for task in inputs.tasks}
    best = {task: rover for task, rover in winners(bundles).items() if task in free}
    orders = {
        bundle.rover: tuple(bid.task for bid in bundle.bids if best.get(bid.task) == bundle.rover) for bundle in bundles
    }
    return AgreedPlan(inputs=inputs.fingerprint, orders=orders)
