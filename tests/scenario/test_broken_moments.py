"""What is said about expectations over moments and about variants that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from sim.scenario import Problem

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]


@pytest.mark.parametrize(
    ("new", "told", "remedy"),
    [
        pytest.param(
            "always: {rover: r1, battery_percnt: {at_least: 1}}",
            "24:25 unknown key 'battery_percnt'",
            "did you mean 'battery_percent'?",
            id="unknown signal",
        ),
        pytest.param(
            "always: {rover: r1}",
            "24:13 always needs exactly one signal, or one of all, any and not",
            "",
            id="no signal",
        ),
        pytest.param(
            "always: {rover: r1, light: {at_least: 1}, state: idle}",
            "24:13 always needs exactly one signal, or one of all, any and not",
            "",
            id="two signals",
        ),
        pytest.param(
            "eventually: {rover: r1, separation_m: {at_least: 1}}",
            "24:17 eventually: separation_m is told of rover and other",
            "",
            id="no other",
        ),
        pytest.param(
            "eventually: {rover: r1, other: r1, hears: true}", "24:36 this is the same rover", "", id="itself"
        ),
        pytest.param(
            "eventually: {rover: r1, state: runing}",
            "24:36 state must be one or more of idle, driving, working, charging, lost, asleep, down, open, running, "
            "done, failed, cancelled; got 'runing'",
            "",
            id="unknown state",
        ),
        pytest.param(
            "eventually: {rover: r1, state: running}",
            "24:17 eventually: a rover is never running: idle, driving, working, charging, lost, asleep, down",
            "",
            id="state of something else",
        ),
        pytest.param(
            "always: {rover: r2, state: idle}",
            "24:21 there is no rover 'r2'",
            "known here: each, lander, r1",
            id="rover",
        ),
        pytest.param(
            "until: {hold: {task: a, state: open}, then: {not: {task: d, state: done}}}",
            "24:62 there is no task 'd'",
            "known here: a, b, c",
            id="task",
        ),
        pytest.param(
            "lasts: {when: {stock: gold, amount: {at_least: 1}}, at_least: 1m}",
            "24:27 there is no stock 'gold'",
            "known here: bricks, regolith",
            id="stock",
        ),
        pytest.param(
            "lasts: {when: {rover: r1, state: idle}}", "24:12 lasts needs at_least or at_most", "", id="no bound"
        ),
        pytest.param(
            "always: {rover: r1, state: idle, from: 2h}",
            "24:44 from (7200 s) lies after the end of the mission (7200 s)",
            "",
            id="never",
        ),
        pytest.param(
            "always: {rover: r1, state: idle, from: 1h, until: 1h}",
            "24:13 always: until must be after from",
            "",
            id="no time",
        ),
        pytest.param(
            "said: {kind: Awards, at_least: 1}",
            "24:18 there is no message 'Awards'",
            "did you mean 'Award'?",
            id="kind",
        ),
        pytest.param(
            "said: {kind: Award, sender: r2, at_least: 1}",
            "24:33 there is no rover 'r2'",
            "known here: lander, r1",
            id="sender",
        ),
        pytest.param(
            "check: {plugin: 'a b'}",
            "24:21 plugin 'a b' must be the name of a plugin or module:Class",
            "",
            id="plugin",
        ),
    ],
)
def test_a_wrong_moment_is_told_at_its_place(check: Check, new: str, told: str, remedy: str) -> None:
    found = check("tasks_done: all", new)

    assert [(f"{problem.line}:{problem.column} {problem.fact}", problem.remedy) for problem in found] == [
        (told, remedy)
    ]


@pytest.mark.parametrize(
    ("new", "told", "remedy"),
    [
        pytest.param("seeds: [3, 3]", "3:8 seeds: 3,3 names a seed twice", "", id="seed twice"),
        pytest.param("seeds: 9-1", "3:8 seeds: the range 9-1 runs backwards; did you mean 1-9?", "", id="backwards"),
        pytest.param("seeds: []", "3:8 seeds must be seeds like 3, [3, 7] or 1-20", "", id="no seeds"),
        pytest.param("seeds: 0-20000", "3:8 seeds must be at most 10000 seeds", "", id="too many seeds"),
        pytest.param(
            "tags: [a b]",
            "3:8 tags 'a b' must be letters, digits, dots, dashes and underscores, beginning with a letter or digit",
            "",
            id="tag",
        ),
        pytest.param(
            "matrix: {radio.loss_percent: []}",
            "3:30 radio.loss_percent must have at least 1 item, not 0, got a list",
            "",
            id="no values",
        ),
        pytest.param("variants: [{id: v}, {id: v}]", "3:26 there is a variant 'v' already", "", id="variant twice"),
        pytest.param(
            "variants: [{id: v, must_fail: [hazards]}]",
            "3:32 there is no expectation 'hazards' that could fail",
            "known here: done_before, tasks_done",
            id="cannot fail",
        ),
        pytest.param(
            "variants: [{id: v, sets: {}}]", "3:20 unknown key 'sets'", "did you mean 'set'?", id="unknown key"
        ),
    ],
)
def test_a_wrong_variant_is_told_at_its_place(check: Check, new: str, told: str, remedy: str) -> None:
    found = check("start:", f"{new}\nstart:")

    assert [(f"{problem.line}:{problem.column} {problem.fact}", problem.remedy) for problem in found] == [
        (told, remedy)
    ]


@pytest.mark.parametrize(
    ("new", "place", "told", "remedy"),
    [
        pytest.param(
            "matrix: {radoi.loss_percent: [1]}", "3:31", "unknown key 'radoi'", "did you mean 'radio'?", id="key"
        ),
        pytest.param(
            "matrix: {radio.loss_percent: [1, 500]}",
            "3:34",
            "loss_percent must be less than or equal to 100, got 500",
            "",
            id="value",
        ),
        pytest.param(
            "matrix: {seed: [1]}",
            "3:17",
            "the seed is not set as a key; say --seed or --seeds, or seeds in the file",
            "",
            id="seed",
        ),
        pytest.param(
            "variants: [{id: v, set: {rovers.r2.agent: micro}}]",
            "3:43",
            "there is no item 'r2'",
            "known here: lander, r1",
            id="item",
        ),
        pytest.param(
            "variants: [{id: v, set: {coordinator: r9}}]",
            "3:39",
            "there is no rover 'r9'",
            "known here: lander, r1",
            id="name",
        ),
    ],
)
def test_what_a_variant_sets_wrong_is_told_where_it_is_set(
    check: Check, new: str, place: str, told: str, remedy: str
) -> None:
    (problem,) = check("start:", f"{new}\nstart:")

    assert problem.place.endswith(f"broken.yaml:{place}")
    assert (problem.fact, problem.remedy) == (told, remedy)
