"""The compiled search in time finds what a search through every plan finds."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fleet.planning.timed.query import Answer, Query
from tests.planning.timed.worlds import EVERY, World, least_cost, worlds


def onward_of(world: World) -> float:
    return 0.05 * max(world.second + world.joule, 1e-3)


def cost_of(world: World, query: Query, answer: Answer) -> float:
    """Return what an answer costs, added up move by move, after checking each."""
    total = 0.0
    nodes = len(query.net.x)
    onward = onward_of(world)
    lanes = world.all_lanes()
    for before, after in zip(answer.spots, answer.spots[1:], strict=False):
        ticks = after.tick - before.tick
        assert after.charge >= world.reserve
        if before.node >= nodes:
            total += onward * ticks
        elif before.node == after.node:
            total += (world.second + world.joule * 0.5) * ticks
        elif after.node < nodes:
            prices = [
                world.second * lane[2] + world.joule * (lane[3] + lane[2])
                for lane in lanes
                if lane[:3] == (before.node, after.node, ticks)
            ]
            total += min(prices)
    return total


def asked(world: World, *, close: float, greed: float) -> tuple[Query, Answer]:
    query = world.query()
    answer = query.answer(world.charge, world.reserve, world.wish, close=close, greed=greed)
    return query, answer


@settings(max_examples=250, deadline=None)
@given(world=st.one_of(worlds(whole=True), worlds(still=True)))
def test_the_plan_costs_what_the_best_of_all_plans_costs(world: World) -> None:
    best = least_cost(world, onward_of(world))

    query, answer = asked(world, close=0.0, greed=1.0)

    if best == inf:
        assert not answer.spots
    else:
        assert cost_of(world, query, answer) == pytest.approx(best, abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(world=st.one_of(worlds(whole=True), worlds(still=True)))
def test_a_greedy_plan_costs_at_most_its_share_more(world: World) -> None:
    best = least_cost(world, onward_of(world))
    assume(best < inf)

    query, answer = asked(world, close=0.0, greed=1.2)

    assert best - 1e-4 <= cost_of(world, query, answer) <= 1.2 * best + 1e-4


@settings(max_examples=150, deadline=None)
@given(world=worlds())
def test_in_light_that_moves_a_plan_is_never_better_than_can_be(world: World) -> None:
    best = least_cost(world, onward_of(world))

    query, answer = asked(world, close=0.0, greed=1.0)

    if answer.spots:
        assert cost_of(world, query, answer) >= best - 1e-4


def corridor(light: tuple[int, ...], charge: int) -> World:
    """Three waypoints in a row, the middle one lit at times: start - 0 - 1 - 2 - goal."""
    dark = (0,) * len(light)
    return World(
        lanes=((0, 1, 4, 0), (1, 2, 4, 6)),
        nodes=3,
        light=(dark, light, dark, dark, dark),
        charge=charge,
        capacity=40,
        reserve=1,
        stay=0,
        work_light="any",
        latest=len(light) * EVERY - 1,
        has_haven=False,
        second=1,
        joule=0,
    )


def test_it_waits_in_the_light_for_what_the_way_ahead_takes() -> None:
    world = corridor((200,) * 10, charge=4)

    answer = world.query().answer(4, 1, world.wish, close=0.0, greed=1.0)

    waits = [
        (before.node, after.tick - before.tick)
        for before, after in zip(answer.spots, answer.spots[1:], strict=False)
        if before.node == after.node
    ]
    assert waits == [(1, 3)]


def test_without_light_there_is_no_plan_but_for_no_reserve() -> None:
    world = corridor((0,) * 10, charge=4)
    query = world.query()

    assert not query.answer(4, 1, world.wish).spots
    assert query.answer(4, -99.0, world.wish).spots


def test_a_budget_ends_the_search_and_says_so() -> None:
    world = corridor((200,) * 10, charge=4)

    answer = world.query().answer(4, 1, world.wish, budget=3)

    assert (answer.spent, answer.spots) == (True, ())


def test_the_same_question_has_the_same_answer() -> None:
    world = corridor((200,) * 10, charge=4)

    answers = [world.query().answer(4, 1, world.wish) for _ in range(2)]

    assert answers[0] == answers[1]


def test_the_best_place_is_where_most_charge_is_left() -> None:
    world = corridor((200,) * 10, charge=20)

    answer = world.query().outlook(20, 1, until=39)

    assert answer.spots[-1].node == 1
    assert answer.spots[-1].charge == pytest.approx(40.0)
    assert np.diff([spot.tick for spot in answer.spots]).min() > 0
