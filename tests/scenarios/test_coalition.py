"""Work for two at once is begun by both or by nobody, and it is told why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.core import TaskId
from fleet.messages import Allocation, Work
from sim.record import Commanded, Entry, Opening
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, load_scenario
from sim.verdict.explain import explain_task

FILE = Path(__file__).parents[2] / "scenarios" / "coalition.yaml"
Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


def test_without_the_one_who_drills_nobody_begins_and_it_is_told_what_is_missing(run_and_keep: Keep) -> None:
    scenario = load_scenario(FILE, settings={"faults": [{"fault": "silent", "rover": "cnsa-rover"}]})
    _, entries = run_and_keep(scenario, RunOptions(bus="memory", until=1200))
    opening = next(entry for entry in entries if isinstance(entry, Opening))

    view, core = (explain_task(TaskId(name), opening, entries, 1200) for name in ("view", "core"))

    commands = [entry.command for entry in entries if isinstance(entry, Commanded)]
    begun = {command.task for command in commands if isinstance(command, Work)}
    assert begun.isdisjoint({"core", "view"})
    assert view.why[0] == "it is begun only together with core (open)"
    assert "cnsa-rover did not answer: it is out of reach, or lost" in core.why
    assert "cnsa-rover is heard again" in core.change


@pytest.mark.parametrize("allocation", ["agreement", "cbba"])
def test_reference_agrees_with_it_bit_for_bit(allocation: Allocation) -> None:
    scenario = replace(load_scenario(FILE), allocation=allocation)

    digests = {
        run(scenario, RunOptions(bus="memory", until=1500, reference=reference)).hub.digest
        for reference in (False, True)
    }

    assert len(digests) == 1
