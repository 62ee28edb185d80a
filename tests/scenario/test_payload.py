"""The payload that a lander carries for partners: weighed when a file is loaded, and shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from sim.scenario import Problem, ScenarioError, load_scenario
from sim.scenario.show import resolved

Check: TypeAlias = Callable[[str, str], tuple[Problem, ...]]
TASKS = "tasks:\n"
ABLE = ("base: cnsa-rover", "base: cnsa-rover, capabilities: [deploy, drill, haul, image, survey]")
BEACON = "  - {id: beacon, kind: deploy, item_kg: 5, from: view, at: {near: lander, min_m: 20, max_m: 60}, work: 5m}\n"
ROVER = "{id: rover, agency: CNSA, rovers: [r1]}"
MODULE = "{id: light, agency: CNSA, tasks: [beacon]}"


def _payload(*modules: str, limit: str = "limit_kg: 145") -> str:
    return f"payload: {{{limit}, modules: [{', '.join(modules)}]}}\n{TASKS}{BEACON}"


def test_what_rovers_and_instruments_weigh_is_shown_with_the_limit(good: str, tmp_path: Path) -> None:
    file = tmp_path / "payload.yaml"
    file.write_text(good.replace(*ABLE).replace(TASKS, _payload(ROVER, MODULE)))

    shown = resolved(load_scenario(file))["payload"]

    assert (shown["mass_kg"], shown["limit_kg"]) == (145.0, 145.0)
    assert [(module["id"], module["mass_kg"]) for module in shown["modules"]] == [("rover", 140.0), ("light", 5.0)]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param(
            _payload(ROVER, MODULE, limit="limit_kg: 144.5"),
            ["the payload weighs 145 kg (rover 140, light 5); the lander takes 144.5 kg"],
            id="sum",
        ),
        pytest.param(
            _payload(ROVER, limit="limit_kg: 200, module_limit_kg: 100"),
            ["rover weighs 140 kg; a module may weigh 100 kg"],
            id="module",
        ),
        pytest.param(_payload(ROVER.replace("r1", "r2")), ["there is no rover 'r2'"], id="rover"),
        pytest.param(_payload(MODULE.replace("beacon", "a")), ["there is no task of the kind deploy 'a'"], id="task"),
        pytest.param(
            _payload(ROVER, ROVER.replace("id: rover", "id: two")), ["'r1' is part of 'rover' already"], id="twice"
        ),
        pytest.param(_payload(ROVER.replace("CNSA", "ESA")), ["there is no agency 'ESA'"], id="agency"),
        pytest.param(_payload("{id: rover, agency: CNSA}"), ["modules needs one of rovers and tasks"], id="nothing"),
    ],
)
def test_payload_that_cannot_be_is_refused_with_the_sum(check: Check, text: str, facts: list[str]) -> None:
    assert [problem.fact for problem in check(TASKS, text) if "capability" not in problem.fact] == facts


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("line_m: [[20, 0], [20, 0]]", "line_m has no length"),
        (
            "line_m: [[20, 0], [60, 0]], circle: {centre: view, radius_m: 9}",
            "needs one of circle, polygon_m and line_m",
        ),
        ("line_m: [[20, 0]]", "line_m must have at least 2 items"),
    ],
)
def test_a_line_that_cannot_be_is_refused(check: Check, line: str, fact: str) -> None:
    problems = check(TASKS, f"{TASKS}  - {{id: row, kind: survey, {line}, spacing_m: 10, dwell: 1m}}\n")

    assert [fact in problem.fact for problem in problems if "capability" not in problem.fact] == [True]


def test_a_survey_along_a_line_has_stations_from_its_beginning_to_its_end(good: str, tmp_path: Path) -> None:
    file = tmp_path / "line.yaml"
    row = "  - {id: row, kind: survey, line_m: [[20, 0], [50, 0], [50, 20]], spacing_m: 10, dwell: 1m}\n"
    file.write_text(good.replace(*ABLE).replace(TASKS, TASKS + row))

    (task,) = (order.task for order in load_scenario(file).orders if order.task.id == "row")

    assert [step.place for step in task.steps] == [
        (20.0, 0.0),
        (30.0, 0.0),
        (40.0, 0.0),
        (50.0, 0.0),
        (50.0, 10.0),
        (50.0, 20.0),
    ]


@pytest.mark.parametrize(
    ("tow", "able", "fact"),
    [
        ("rover: lander", "tow", "lander has no wheels to be towed on"),
        ("rover: r1", "tow", "nobody but r1 itself can tow"),
        ("rover: r2", "tow", "there is no rover 'r2'"),
        ("rover: lander, charge_percent: 5", "tow", "nobody who can tow charges others as well"),
        ("rover: lander", "wait", "no rover has the capability 'tow' that tow needs"),
        ("rover: lander, charge_percent: -1", "tow", "charge_percent must be greater than or equal to 0, got -1"),
    ],
)
def test_a_tow_that_cannot_be_is_refused(good: str, tmp_path: Path, tow: str, able: str, fact: str) -> None:
    file = tmp_path / "tow.yaml"
    text = good.replace("base: cnsa-rover", f"base: cnsa-rover, capabilities: [{able}, haul, image]")
    file.write_text(text.replace(TASKS, f"{TASKS}  - {{id: home, kind: tow, {tow}, to: {{at_m: [30, 0]}}}}\n"))

    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)

    assert fact in [problem.fact for problem in caught.value.problems]


def test_a_charge_that_only_the_one_could_give_that_is_to_have_it_is_refused(good: str, tmp_path: Path) -> None:
    file = tmp_path / "charge.yaml"
    text = good.replace(
        "base: cnsa-rover", "base: cnsa-rover, capabilities: [charge-others, haul, image], charge_w: 50"
    )
    file.write_text(text.replace(TASKS, f"{TASKS}  - {{id: top-up, kind: charge, rover: r1, to_percent: 80}}\n"))

    with pytest.raises(ScenarioError, match="nobody but r1 itself can charge-others"):
        load_scenario(file)
