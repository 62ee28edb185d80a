"""What an allocation says: refusals of wrong inputs, and reasons for what stays undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fleet.core import ConfigError, RoverId, TaskId
from fleet.tasks.allocation import (
    AllocationProblem,
    AllocationRover,
    AllocationTask,
    Battery,
    Charger,
    allocate,
    validate_allocation,
)
from tests.tasks.allocation.problems import plane

LINE = plane(np.array([[0, 0], [10, 0], [20, 0], [30, 0]], np.int64))
ROVER = AllocationRover(id=RoverId("a"), start=0, capabilities=frozenset({"image"}))
TASK = AllocationTask(id=TaskId("t"), place=1, work=5, roles=(frozenset({"image"}),))


def _problem(**changes: Any) -> AllocationProblem:
    values: dict[str, Any] = {"rovers": (ROVER,), "tasks": (TASK,), "cost": LINE, "time": LINE}
    return AllocationProblem(**(values | changes))


def _after(task: AllocationTask, *names: str) -> AllocationTask:
    return replace(task, after=frozenset(TaskId(name) for name in names))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"rovers": (ROVER, ROVER)}, "rover a: is there twice", id="rover-twice"),
        pytest.param({"tasks": (TASK, TASK)}, "task t: is there twice", id="task-twice"),
        pytest.param({"tasks": (replace(TASK, place=4),)}, "place 4 is none of the 4", id="place"),
        pytest.param({"tasks": (replace(TASK, work=-1),)}, "work is -1", id="negative"),
        pytest.param({"tasks": (replace(TASK, roles=()),)}, "no role", id="no-role"),
        pytest.param({"tasks": (replace(TASK, roles=(frozenset(),) * 9),)}, "9 roles", id="too-many-roles"),
        pytest.param({"tasks": (_after(TASK, "u"),)}, "to come after u", id="unknown-before"),
        pytest.param(
            {"tasks": (_after(TASK, "u"), _after(replace(TASK, id=TaskId("u")), "t"))}, "waits for itself", id="circle"
        ),
        pytest.param({"rovers": (replace(ROVER, travel=1),)}, "vehicle class 1", id="class"),
        pytest.param({"rovers": (replace(ROVER, end=3, until=29),)}, "cannot be at its end by 29", id="no-way-home"),
        pytest.param({"cost": LINE * 1.0}, "float64", id="fractions"),
        pytest.param({"cost": LINE[:, :2]}, "no array of", id="shape"),
        pytest.param({"time": -LINE}, "negative", id="negative-time"),
        pytest.param({"rovers": (replace(ROVER, battery=Battery(charge=1, capacity=1)),)}, "energy", id="no-energy"),
    ],
)
def test_a_wrong_input_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        _problem(**changes)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        pytest.param(replace(TASK, roles=(frozenset({"drill"}),)), "no rover has drill", id="nobody-able"),
        pytest.param(replace(TASK, latest=9), "be there by 9", id="too-far"),
        pytest.param(replace(TASK, load=2), "a load of 2", id="too-heavy"),
        pytest.param(replace(TASK, roles=(frozenset(),) * 2), "takes 2 rovers at once, and 1 could", id="team"),
        pytest.param(replace(TASK, value=3), "more than it is worth", id="not-worth-it"),
    ],
)
def test_what_stays_undone_has_a_reason(task: AllocationTask, words: str) -> None:
    problem = _problem(rovers=(replace(ROVER, capacity=1),), tasks=(task,))

    (undone,) = allocate(problem, iterations=50).undone

    assert words in undone.reason


def test_what_comes_after_something_undone_says_so() -> None:
    first = replace(TASK, roles=(frozenset({"drill"}),))
    then = _after(replace(TASK, id=TaskId("u")), "t")

    plan = allocate(_problem(tasks=(first, then)), iterations=50)

    assert [entry.reason for entry in plan.undone] == ["no rover has drill", "it comes after t, which is left undone"]


def test_a_rover_charges_where_its_charge_would_not_bring_it_back_to_a_charger() -> None:
    battery = Battery(charge=25, capacity=70, work=1, refill=5)
    tasks = tuple(replace(TASK, id=TaskId(name), place=place) for name, place in (("t", 1), ("u", 3)))
    problem = _problem(
        rovers=(replace(ROVER, battery=battery),), tasks=tasks, energy=LINE, chargers=(Charger(place=0),)
    )

    plan = allocate(problem, iterations=300)

    assert validate_allocation(plan, problem) == ()
    assert plan.undone == ()
    assert [stop.charger for stop in plan.stops[0]].count(0) >= 1


def test_two_rovers_queue_at_one_charger() -> None:
    battery = Battery(charge=12, capacity=60, work=1, refill=2)
    rovers = tuple(replace(ROVER, id=RoverId(name), battery=battery) for name in ("a", "b"))
    tasks = tuple(replace(TASK, id=TaskId(name), place=2, roles=(frozenset({"image"}),) * 2) for name in ("t",))
    problem = _problem(
        rovers=rovers, tasks=tasks, energy=LINE, chargers=(Charger(place=1), Charger(place=0)), objective="makespan"
    )

    plan = allocate(problem, iterations=300)

    assert validate_allocation(plan, problem) == ()
    assert plan.undone == ()


def test_nobody_and_nothing_make_an_empty_plan() -> None:
    assert allocate(_problem(tasks=())).stops == ((),)
    assert allocate(_problem(rovers=())).undone[0].reason == "no rover has image"


def test_a_way_that_does_not_exist_is_not_taken() -> None:
    walls = LINE.copy()
    walls[0, 0, 1] = 1_000_000_000

    plan = allocate(_problem(cost=walls, time=LINE), iterations=50)

    assert plan.undone[0].reason != ""
    assert plan.stops == ((),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"start": 9, "end": 14}, "starts task t at 9, before it is there", id="too-early"),
        pytest.param({"arrive": 3}, "cannot be before 10", id="too-fast"),
        pytest.param({"end": 11}, "ends task t at 11", id="too-short"),
        pytest.param({"task": TaskId("x")}, "task x does not exist", id="unknown"),
    ],
)
def test_the_judge_finds_what_is_wrong(change: dict[str, Any], words: str) -> None:
    problem = _problem()
    plan = allocate(problem, iterations=50)
    broken = replace(plan, stops=((replace(plan.stops[0][0], **change),),))

    assert any(words in fault for fault in validate_allocation(broken, problem))
