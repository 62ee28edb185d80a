"""Laws of allocation: plans hold whatever is asked, are the same everywhere, and small ones are best."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import RoverId, TaskId
from fleet.tasks.allocation import (
    NEVER,
    AllocationProblem,
    AllocationRover,
    AllocationTask,
    Objective,
    allocate,
    plan_of_orders,
    rank,
    validate_allocation,
)
from fleet.tasks.allocation.routes.arrays import COST
from fleet.tasks.allocation.routes.placing.kernels import find_place, set_times, take_out
from fleet.tasks.allocation.routes.search import RouteSearch
from fleet.tasks.allocation.solver import plan_of, search_for
from tests.tasks.allocation.problems import plane, routing, scheduling

SEEDS = st.integers(0, 10**6)


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.integers(0, 300))
def test_routes_hold(seed: int, iterations: int) -> None:
    problem = routing(seed)

    plan = allocate(problem, seed=seed, iterations=iterations)

    assert validate_allocation(plan, problem) == ()


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.sampled_from(["cost", "makespan"]), st.booleans())
def test_schedules_hold(seed: int, objective: Objective, batteries: bool) -> None:
    problem = scheduling(seed, objective=objective, batteries=batteries)

    plan = allocate(problem, seed=seed, iterations=200)

    assert validate_allocation(plan, problem) == ()


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from([routing, scheduling]), st.integers(1, 90))
def test_a_search_in_pieces_gives_the_plan_of_one_in_one_piece(seed: int, make: object, piece: int) -> None:
    problem = routing(seed) if make is routing else scheduling(seed)

    whole = allocate(problem, seed=3, iterations=200)
    search = search_for(problem, seed=3, iterations=200)
    while not search.is_done:
        search.advance(piece)

    assert plan_of(problem, search) == whole


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 400))
def test_what_a_search_adds_up_is_what_its_plan_costs(seed: int, iterations: int) -> None:
    problem = routing(seed)
    search = RouteSearch(problem, seed, iterations)

    search.advance(iterations)
    plan = plan_of(problem, search)

    must = {task.id for task in problem.tasks if task.value >= NEVER}
    missed = sum(entry.task in must for entry in plan.undone)
    assert search.best.totals[COST] == plan.cost + plan.lost + (missed << 50)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_task_goes_where_trying_all_positions_puts_it(seed: int) -> None:
    problem = routing(seed)
    search = RouteSearch(problem, seed, 0)
    work, routes, changing = search._work, search._routes, search._changing
    done = [number for number in range(len(problem.tasks)) if routes.rover[number] >= 0]
    if not done:
        return
    task = done[seed % len(done)]
    rover = int(routes.rover[task])
    orders = [[int(stop.task[1:]) for stop in route if stop.task] for route in search.stops()]
    orders[rover].remove(task)
    before = plan_of_orders(problem, orders)
    tried = [
        plan_of_orders(problem, [*orders[:number], [*order[:spot], task, *order[spot:]], *orders[number + 1 :]])
        for number, order in enumerate(orders)
        for spot in range(len(order) + 1)
    ]
    costs = [plan.cost - before.cost for plan in tried if not validate_allocation(plan, problem)]
    worth = int(work.value[task])

    take_out(work, routes, task)
    set_times(work, routes, rover)
    find_place(work, routes, changing, task, True)

    least = min(costs, default=worth)
    assert int(changing.place[0]) == min(least, worth)
    assert (int(changing.place[1]) >= 0) == (least < worth)


def _best_of_all(problem: AllocationProblem) -> tuple[int, ...]:
    """Return the best rank, by trying all ways to share and order tasks that one rover does each."""
    best: tuple[int, ...] | None = None
    numbers = range(len(problem.tasks))
    for owners in product(range(-1, len(problem.rovers)), repeat=len(numbers)):
        groups = [[number for number in numbers if owners[number] == rover] for rover in range(len(problem.rovers))]
        for orders in product(*(permutations(group) for group in groups)):
            plan = plan_of_orders(problem, orders)
            if not validate_allocation(plan, problem):
                found = rank(plan, problem)
                best = found if best is None or found < best else best
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(6))
def test_small_routes_are_the_best_of_all(seed: int) -> None:
    problem = routing(seed, rovers=2, tasks=4)

    plan = allocate(problem, iterations=500)

    assert rank(plan, problem)[:2] == _best_of_all(problem)[:2]


@pytest.mark.parametrize("seed", range(6))
def test_a_proof_agrees_with_all_that_could_be_tried(seed: int) -> None:
    drawn = routing(seed, rovers=2, tasks=4)
    problem = replace(
        drawn,
        rovers=tuple(replace(rover, capacity=NEVER, until=NEVER) for rover in drawn.rovers),
        tasks=tuple(
            replace(task, roles=(frozenset(),), value=NEVER, latest=NEVER, after=frozenset({TaskId("t0")} - {task.id}))
            for task in drawn.tasks[:1]
        )
        + tuple(replace(task, roles=(frozenset(),), value=NEVER, latest=NEVER) for task in drawn.tasks[1:]),
        objective="makespan",
    )
    problem = replace(problem, tasks=(replace(problem.tasks[0], after=frozenset()), *problem.tasks[1:]))

    plan = allocate(problem, iterations=100_000)

    assert plan.is_proven
    assert rank(plan, problem)[:3] == _best_of_all(problem)[:3]


def test_the_order_of_a_set_does_not_reach_the_fingerprint() -> None:
    names = ["b", "a", "c", "d"]
    problems = [
        AllocationProblem(
            rovers=(AllocationRover(id=RoverId("r"), start=0, capabilities=frozenset(order)),),
            tasks=(AllocationTask(id=TaskId("t"), place=0, roles=(frozenset(order),)),),
            cost=plane(np.zeros((1, 2), np.int64)),
            time=plane(np.zeros((1, 2), np.int64)),
        )
        for order in (names, names[::-1])
    ]

    assert problems[0].fingerprint() == problems[1].fingerprint()


def test_any_other_input_has_another_fingerprint() -> None:
    problem = routing(1)
    task, *others = problem.tasks
    rover, *rest = problem.rovers
    changed = [
        problem,
        replace(problem, tasks=(replace(task, work=task.work + 1), *others)),
        replace(problem, tasks=(*others, task)),
        replace(problem, rovers=(replace(rover, ready=rover.ready + 1), *rest)),
        replace(problem, cost=problem.cost + 1),
        replace(problem, objective="makespan"),
    ]

    assert len({other.fingerprint() for other in changed}) == len(changed)
