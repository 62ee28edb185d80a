"""Nobody does a task twice, whatever the air does, and all is done once it lets them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import RoverId, TaskId
from fleet.messages import Task, Votes
from fleet.tasks.agreement import Heard, Leases, Membership, Method
from tests.tasks.agreement.air import RULES, Air, fleet, task

R = [RoverId(f"r{number}") for number in range(5)]


def _world(seed: int, loss: float, method: Method = "agreement") -> Air:
    air = Air(fleet([("dig", "haul"), ("dig",), ("haul",), ("dig", "haul"), ()]), seed, loss, method)
    for number in range(8):
        after = ("t0",) if number == 7 else ()
        name = R[air.rng.randrange(5)]
        air.minds[name].order(task(f"t{number}", ("dig", "haul")[number % 2], x=float(number), after=after))
    for name in air.minds:
        air.offer(name)
    return air


def _step(
    leases: Leases, votes: dict[RoverId, Votes], winner: RoverId, tick: int
) -> tuple[tuple[Task, ...], tuple[TaskId, ...]]:
    """Let a rover renew and count, where `winner` is to do all; return what is its own now, and what no more."""
    heard = Heard(votes=votes)
    lost = leases.renew(heard, tick)
    return leases.count(heard, lambda _: winner, tick), lost


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    loss=st.sampled_from([0.0, 0.3, 0.5]),
    method=st.sampled_from(["agreement", "cbba"]),
    split=st.integers(1, 4),
    times=st.tuples(st.integers(0, 60), st.integers(0, 4)),
)
def test_no_two_are_at_one_task_and_all_is_done_once_though_the_fleet_is_parted_and_meets_again(
    seed: int, loss: float, method: Method, split: int, times: tuple[int, int]
) -> None:
    parted_at, deaf = times
    air = _world(seed, loss, method)

    air.run(parted_at)
    air.groups = (frozenset(R[:split]),)
    air.run(60, deaf=frozenset({R[deaf]}))
    air.groups = ()
    air.run(700, until=8)

    assert air.clashes == []
    assert sorted(map(len, air.finished.values())) == [1] * 8


def test_a_task_of_one_that_is_never_heard_of_again_goes_to_another_when_its_lease_is_over() -> None:
    air = Air(fleet([("dig",), ("dig",), ("dig",)]), seed=3, loss=0.0)
    for name in air.minds:
        air.offer(name)
    air.minds[R[0]].order(task("t"))
    while not air.begun:
        air.run(1)
    first = air.begun[TaskId("t")][0]
    began = air.tick

    while len(air.begun[TaskId("t")]) == 1 and air.tick < began + 1000:
        air.run(1, deaf=frozenset({first}))

    again = air.tick - began
    assert air.begun[TaskId("t")][1] != first
    assert again >= RULES.kept // 2


def test_one_that_is_cut_off_gives_a_task_up_before_another_may_have_it() -> None:
    members = fleet([("dig",), ("dig",)])
    taker, other = Leases(R[0], members, RULES), Leases(R[1], members, RULES)
    wanted = task("t")
    taker.want(wanted, 0)
    taken: list[Task] = []
    for tick in (1, 3):  # First for a short time, then for long.
        assert not taken
        asked = taker.record(1, tick)
        _step(other, {R[0]: asked}, R[0], tick)
        word = other.record(1, tick)
        taken += _step(taker, {R[1]: word}, R[0], tick + 1)[0]
    assert taken == [wanted]

    lost_at = next(tick for tick in range(5, 500) if _step(taker, {R[1]: word}, R[0], tick)[1])
    free_at = 0
    for tick in range(3, 500):
        _step(other, {R[0]: asked}, R[1], tick)
        other.want(wanted, tick)
        if other.wanted:
            free_at = tick
            break

    assert lost_at <= free_at


def test_what_was_let_go_is_not_taken_up_again_by_an_old_word() -> None:
    members = fleet([("dig",), ("dig",)])
    taker, other = Leases(R[0], members, RULES), Leases(R[1], members, RULES)
    taker.want(task("t"), 0)
    _step(other, {R[0]: taker.record(1, 1)}, R[0], 1)
    old = other.record(1, 1)

    taker.let_go(TaskId("t"))
    taker.want(task("t"), 2)
    taken, _ = _step(taker, {R[1]: old}, R[0], 3)

    assert taken == ()


def test_one_rover_gives_its_word_to_one_at_a_time() -> None:
    members = fleet([("dig",), ("dig",), ("dig",)])
    judge = Leases(R[2], members, RULES)
    takers = {R[number]: Leases(R[number], members, RULES) for number in range(2)}
    for leases in takers.values():
        leases.want(task("t"), 0)
    asked = {name: leases.record(1, 1) for name, leases in takers.items()}

    _step(judge, asked, R[0], 1)
    _step(judge, asked, R[1], 2)

    assert [grant.holder for grant in judge.record(1, 2).grants] == [R[0]]


@given(st.lists(st.sets(st.sampled_from(["dig", "haul"])), min_size=1, max_size=6), st.data())
def test_no_two_have_enough_words_for_one_task(able: list[set[str]], data: st.DataObject) -> None:
    members: Membership = fleet([sorted(can) for can in able])
    wanted = task("t", "dig")
    names = sorted(members.members)
    takers = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    takers = [name for name in takers if name in members.able(wanted)]
    words = {name: name if name in takers else data.draw(st.sampled_from([*takers, None])) for name in names}

    secured = [
        taker
        for taker in takers
        if members.secured_until(taker, wanted, {name: 9 for name, to in words.items() if to == taker})
    ]

    assert len(secured) <= 1


def test_a_rover_alone_takes_what_only_it_can_do_and_nothing_else() -> None:
    air = Air(fleet([("dig", "haul"), ("dig",), ("dig",)]), seed=1, loss=0.0)
    air.groups = tuple(frozenset({name}) for name in air.minds)
    air.offer(R[0])
    air.minds[R[0]].order(task("rare", "haul"))
    air.minds[R[0]].order(task("common", "dig"))

    air.run(200)

    assert air.finished == {TaskId("rare"): [R[0]]}


@pytest.mark.parametrize("method", ["agreement", "cbba"])
def test_one_that_joins_late_is_given_work_and_does_none_again(method: Method) -> None:
    air = _world(5, 0.2, method)
    late = frozenset({R[3]})
    air.run(50, deaf=late)

    air.run(400, until=8)

    assert len(air.finished) == 8
    assert air.clashes == []


def test_votes_for_somebody_elses_wish_cannot_be_made() -> None:
    leases = Leases(R[0], fleet([("dig",)]), RULES)
    leases.want(task("t"), 0)
    wants = leases.record(1, 1).wants

    with pytest.raises(ValueError, match="another rover"):
        Votes(rover=R[1], epoch=1, version=1, wants=wants, grants=())
