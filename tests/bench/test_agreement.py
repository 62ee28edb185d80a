"""Agreement over five graphs: all agree, soon, and nobody begins a task twice."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from fleet.tasks.agreement import Method
from sim.bench.agreement import METHODS, SHAPES, Graphs, Plan, Shape, attempt, bench_agreement
from sim.cli.bench import command


@pytest.mark.parametrize(("method", "workers"), [("agreement", 2), ("cbba", 1)])
def test_all_agree_and_nobody_begins_a_task_twice(method: Method, workers: int) -> None:
    plan = Plan(seeds=range(2), losses=(0.3,), methods=(method,), shapes=SHAPES, workers=workers)

    figures = bench_agreement(plan, lambda *_: None)

    assert [one.shape for one in figures] == list(SHAPES)
    assert all(one.holds for one in figures)
    if method == "agreement":
        assert all(one.mean <= 2.5 and one.worst <= 4.0 for one in figures)


def test_a_rover_asks_for_its_task_in_the_step_in_which_the_word_it_gave_for_it_runs_out() -> None:
    trial = attempt(Graphs("line", 8, 132), "agreement", 0.3)  # All were asleep then, and one task nobody's for good.

    assert trial.holds


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("method", METHODS)
def test_a_thousand_fleets_agree_at_each_loss(method: Method, shape: Shape) -> None:
    figures = bench_agreement(Plan(seeds=range(1000), shapes=(shape,), methods=(method,), workers=2), lambda *_: None)

    assert all(one.holds for one in figures)
    if method == "agreement":
        at_30 = next(one for one in figures if one.loss == 0.3)
        assert at_30.mean <= 2.0
        assert at_30.worst <= 4.0


def test_a_graph_that_changes_is_connected_in_every_round() -> None:
    graphs = Graphs("changing", 8, 3)

    assert graphs.at(0) != graphs.at(30)
    assert all(links for round_ in range(0, 60, 3) for links in graphs.at(round_).values())


def test_the_command_tells_rows_and_a_table() -> None:
    runner = CliRunner()
    asked = ["agreement", "--seeds", "1", "--graph", "line", "--method", "agreement", "--workers", "1", "--json"]

    told = json.loads(runner.invoke(command, [*asked, "--loss", "0.3"], standalone_mode=False).stdout)

    assert [row["name"] for row in told["rows"]] == ["agreement-line-30"]
    assert told["table"][0]["begun_twice"] == 0
    assert told["table"][0]["seeds"] == 1


def test_the_command_writes_the_table_of_the_docs() -> None:
    asked = ["agreement", "--seeds", "1", "--graph", "star", "--loss", "0.3", "--workers", "1", "--table"]

    lines = CliRunner().invoke(command, asked, standalone_mode=False).stdout.splitlines()

    assert lines[0].startswith("| graph | lost | `agreement`: mean | worst")
    assert lines[2].startswith("| star | 30% | ")
    assert {line.count("|") for line in lines[:3]} == {10}
    assert lines[-1] == "Of 2 fleets 0 disagreed; 0 tasks were begun by two, 0 alone, 0 not done."
