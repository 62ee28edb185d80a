"""Tasks that go together: all have a rover or none is begun, and no two coalitions wait for each other."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import RoverId, TaskId
from fleet.tasks.agreement import Method, coalitions_of, fill, soonest_team
from tests.tasks.agreement.air import RULES, Air, fleet, task

R = [RoverId(f"r{number}") for number in range(5)]
METHODS: tuple[Method, ...] = ("agreement", "cbba")


def _pairs(air: Air, pairs: int) -> None:
    """Order pairs of tasks that go together, and one for a rover alone for each, at whichever rover."""
    for number in range(pairs):
        left, right = f"p{number}-left", f"p{number}-right"
        for wanted in (
            task(left, "dig", x=float(number), beside=(right,)),
            task(right, "haul", x=float(number), beside=(left,)),
            task(f"single-{number}", ("dig", "haul")[number % 2], x=3.0),
        ):
            air.minds[R[air.rng.randrange(len(air.minds))]].order(wanted)
    for name in air.minds:
        air.offer(name)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    loss=st.sampled_from([0.0, 0.3, 0.5]),
    method=st.sampled_from(METHODS),
    split=st.integers(1, 3),
    parted_at=st.integers(0, 60),
)
def test_none_is_begun_before_all_are_somebodys_and_all_are_done_once(
    seed: int, loss: float, method: Method, split: int, parted_at: int
) -> None:
    air = Air(fleet([("dig", "haul"), ("dig",), ("haul",), ("dig", "haul")]), seed, loss, method)
    _pairs(air, 2)

    air.run(parted_at)
    air.groups = (frozenset(R[:split]),)
    air.run(60)
    air.groups = ()
    air.run(1500, until=6)

    assert (air.alone, air.clashes) == ([], [])
    assert sorted(map(len, air.finished.values())) == [1] * 6


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(3))
def test_two_rovers_do_three_coalitions_one_after_another(method: Method, seed: int) -> None:
    air = Air(fleet([("dig", "haul"), ("dig", "haul")]), seed, 0.2, method)
    _pairs(air, 3)

    air.run(2000, until=9)

    assert len(air.finished) == 9


@pytest.mark.parametrize("method", METHODS)
def test_who_alone_can_do_a_part_leaves_the_others_to_the_rest(method: Method) -> None:
    air = Air(fleet([("dig", "haul"), ("dig",)]), 1, 0.0, method)
    _pairs(air, 1)

    air.run(300, until=3)

    assert air.finished[TaskId("p0-left")] == [R[1]]
    assert air.finished[TaskId("p0-right")] == [R[0]]


@pytest.mark.parametrize("method", METHODS)
def test_with_nobody_for_one_part_the_other_is_not_begun_and_other_work_is_done(method: Method) -> None:
    air = Air(fleet([("dig",), ("dig",), ("dig", "haul")]), 2, 0.0, method)
    _pairs(air, 1)

    air.run(300, deaf=frozenset({R[2]}))

    assert air.finished.keys() == {TaskId("single-0")}
    assert air.begun.keys() == {TaskId("single-0")}


@pytest.mark.parametrize("method", METHODS)
def test_who_waits_for_one_that_is_gone_gives_its_part_back_and_another_pair_does_both(method: Method) -> None:
    air = Air(fleet([("dig",), ("haul",), ("haul",), ("image",), ("image",)]), 4, 0.0, method)
    _pairs(air, 1)
    while len([one for one in air.begun if one.startswith("p0")]) < 2:
        air.run(1)
    gone = air.begun[TaskId("p0-right")][0]
    del air.at_work[gone]

    air.run(2 * RULES.kept, deaf=frozenset({gone}), until=3)

    other = ({R[1], R[2]} - {gone}).pop()
    assert air.finished[TaskId("p0-right")] == [other]
    assert air.finished[TaskId("p0-left")] == [R[0]]


def test_a_task_goes_with_all_that_name_it_over_any_number_of_others() -> None:
    tasks = [task("a", beside=("b",)), task("b"), task("c", beside=("b", "d")), task("d"), task("e")]

    groups = coalitions_of(tasks)

    assert set(groups) == {"a", "b", "c", "d"}
    assert set(groups.values()) == {frozenset({"a", "b", "c", "d"})}


@given(
    st.dictionaries(
        st.sampled_from("tuvw").map(TaskId), st.dictionaries(st.sampled_from(R[:4]), st.integers(0, 9)), max_size=4
    )
)
def test_the_soonest_team_is_the_best_of_all_teams(prices: dict[TaskId, dict[RoverId, int]]) -> None:
    tasks = sorted(prices)
    costs = [
        max((prices[task][rover] for task, rover in zip(tasks, team, strict=True)), default=0)
        for team in permutations(R[:4], len(tasks))
        if all(rover in prices[task] for task, rover in zip(tasks, team, strict=True))
    ]

    team = soonest_team(prices)

    assert bool(team) == bool(costs and tasks)
    if team:
        assert max(prices[task][rover] for task, rover in team.items()) == min(costs)
        assert len(set(team.values())) == len(tasks)
    assert bool(fill(prices)) == bool(costs and tasks)
