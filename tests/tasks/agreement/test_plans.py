"""Plans: one for all who have the same records; another's is taken only when it is better."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.core import Rng, RoverId, TaskId, stream
from fleet.messages import Bundle, Offer, Outcome, Price, Record, Refinement, TaskOrder
from fleet.tasks.agreement import Inputs, Knowledge, Plans, bundle_bids, coalitions_of, inputs_of, winners
from tests.tasks.agreement.air import fleet, task

FLEET = fleet([("dig", "haul"), ("dig",), ("haul",), ("dig", "haul")])


def _offer(number: int, rng: Rng) -> Offer:
    place = rng.random() * 50.0, 0.0
    return Offer(rover=RoverId(f"r{number}"), epoch=1, version=1, until=100, place=place, ready=0)


def _records(seed: int, tasks: int = 9) -> list[Record]:
    rng = stream(seed, "plans")
    orders = [
        TaskOrder(task=task(f"t{number:02}", ("dig", "haul")[number % 2], x=rng.random() * 50.0))
        for number in range(tasks)
    ]
    return [*orders, *(_offer(number, rng) for number in range(4))]


def _inputs(records: list[Record], tick: int = 5) -> Inputs:
    knowledge = Knowledge()
    knowledge.learn(records)
    return inputs_of(knowledge, tick)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3), st.permutations(range(13)))
def test_every_order_of_arrival_gives_one_plan(seed: int, order: list[int]) -> None:
    records = _records(seed)

    mixed = Plans(FLEET).agreed(_inputs([records[at] for at in order]))

    assert mixed.hash == Plans(FLEET).agreed(_inputs(records)).hash


def test_what_is_done_somebodys_or_too_early_is_not_shared_out() -> None:
    records = _records(0, tasks=3)
    first = records[0]
    assert isinstance(first, TaskOrder)
    late = TaskOrder(task=replace(first.task, id=TaskId("late"), earliest=50))
    after = TaskOrder(task=task("after", after=("t01",)))
    done = Outcome(task=TaskId("t00"), state="done", rover=RoverId("r0"), tick=1)

    inputs = _inputs([*records, late, after, done])

    assert [one.id for one in inputs.tasks] == ["t01", "t02"]
    assert inputs.until == 50


def _scarce(orders: tuple[tuple[RoverId, tuple[TaskId, ...]], ...], inputs: str) -> Refinement:
    return Refinement(rover=RoverId("r3"), epoch=1, version=1, inputs=inputs, orders=orders)


def _long() -> Inputs:
    """Return inputs for which few iterations do not find the best plan."""
    rng = stream(4, "long")
    orders = [TaskOrder(task=task(f"t{number:02}", "dig", x=rng.random() * 500.0)) for number in range(24)]
    return _inputs([*orders, *(_offer(number, rng) for number in range(4))])


def test_a_better_plan_of_a_leader_is_taken_by_all_and_the_same_by_its_hash() -> None:
    inputs = _long()
    hasty = Plans(FLEET, iterations=1)
    better = hasty.refined(inputs)
    assert better is not None

    said = _scarce(tuple(sorted(better.orders.items())), inputs.fingerprint)
    taken = hasty.agreed(inputs, [said])

    assert taken.by == "r3"
    assert taken.hash == better.hash != hasty.agreed(inputs).hash


def test_a_plan_for_other_inputs_a_worse_one_and_one_that_breaks_rules_are_not_taken() -> None:
    inputs = _long()
    plans = Plans(FLEET, iterations=1)
    own = plans.agreed(inputs)
    better = plans.refined(inputs)
    assert better is not None
    good = tuple(sorted(better.orders.items()))
    everything = tuple(one.id for one in inputs.tasks)

    for said in (
        _scarce(good, "0" * 64),
        _scarce(((RoverId("r0"), everything),), inputs.fingerprint),  # Worse: one does all.
        _scarce(((RoverId("r2"), everything),), inputs.fingerprint),  # It cannot dig.
        _scarce(((RoverId("r0"), everything), (RoverId("r1"), everything)), inputs.fingerprint),  # Twice.
        _scarce(((RoverId("r0"), (TaskId("unheard-of"),)),), inputs.fingerprint),
        _scarce(((RoverId("stranger"), everything),), inputs.fingerprint),
    ):
        assert plans.agreed(inputs, [said]).hash == own.hash


def _bid_until_quiet(seed: int, rng: Rng, together: frozenset[TaskId]) -> dict[TaskId, RoverId]:
    """Let rovers bid one after the other, in any order, each knowing only what it happened to hear last."""
    inputs = dataclasses.replace(_inputs(_records(seed)), together=together)
    offers = {offer.rover: offer for offer in inputs.offers}
    bundles = {rover: Bundle(rover=rover, epoch=1, version=0, bids=()) for rover in offers}
    heard = {rover: dict(bundles) for rover in offers}
    quiet = 0
    while quiet < 60:
        rover = rng.choice(sorted(offers))
        known = heard[rover]
        for other in offers:
            if rng.random() < 0.6:
                known[other] = bundles[other]
        others = [bundle for name, bundle in known.items() if name != rover]
        bids = bundle_bids(FLEET, offers[rover], None, inputs, others)
        quiet = quiet + 1 if bids == bundles[rover].bids else 0
        bundles[rover] = replace(bundles[rover], version=bundles[rover].version + 1, bids=bids)
        known[rover] = bundles[rover]
    return winners(bundles.values())


@pytest.mark.parametrize("names", [(), ("t00", "t01"), ("t00", "t02", "t04")], ids=["single", "pair", "three"])
def test_bids_end_with_one_answer_in_whatever_order_they_are_heard(names: tuple[str, ...]) -> None:
    together = frozenset(TaskId(name) for name in names)
    for seed in range(3):
        answers = [_bid_until_quiet(seed, stream(order, "bids"), together) for order in range(4)]

        assert answers == [answers[0]] * 4
        assert len(answers[0]) == 9
        assert len({answers[0][name] for name in together}) == len(together)


def test_tasks_that_go_together_are_for_as_many_rovers_or_for_none() -> None:
    names = frozenset({TaskId("t00"), TaskId("t02")})
    inputs = dataclasses.replace(_inputs(_records(1)), together=names)

    plan = Plans(FLEET).agreed(inputs)
    few = dataclasses.replace(inputs, bound=frozenset({RoverId("r0"), RoverId("r1")}))

    assert len({plan.winner(name) for name in names} - {None}) == 2
    assert {Plans(FLEET).agreed(few).winner(name) for name in names} == {None}


def test_a_coalition_waits_until_all_of_it_can_begin_and_takes_turns_with_another() -> None:
    pairs = [
        task("a", beside=("b",)),
        task("b"),
        task("c", beside=("d",)),
        task("d"),
        task("e", beside=("f",)),
    ]
    knowledge = Knowledge()
    knowledge.learn([TaskOrder(task=one) for one in pairs])  # Of f nobody has heard.
    groups = coalitions_of(pairs)

    turns = [inputs_of(knowledge, tick, groups, 10) for tick in (0, 9, 10, 20)]

    assert [sorted(inputs.together) for inputs in turns] == [["a", "b"], ["a", "b"], ["c", "d"], ["a", "b"]]
    assert [inputs.until for inputs in turns] == [10, 10, 20, 30]


def test_private_prices_decide_and_are_not_told() -> None:
    inputs = _inputs(_records(0, tasks=2))
    own = next(offer for offer in inputs.offers if offer.rover == "r0")

    bids = bundle_bids(FLEET, own, {TaskId("t01"): 77}, inputs, [])

    assert bids == (Price(task=TaskId("t01"), cost=77),)
