"""Another leader in the middle of a tow: it is told of both machines by the tower, which stands until it is heeded."""

from __future__ import annotations

from pathlib import Path

from sim.run import RunOptions, run
from sim.scenario import cases_of, load_scenario

FILE = Path(__file__).parents[2] / "scenarios" / "tow_rescue.yaml"


def test_reference_agrees_bit_for_bit_on_a_tow_that_changes_its_leader() -> None:
    case = next(case for case in cases_of(FILE) if case.name.startswith("leader-lost"))
    scenario = load_scenario(FILE, settings=case.settings)

    results = [
        run(scenario, RunOptions(bus="memory", until=7800, reference=reference)).hub for reference in (False, True)
    ]

    assert results[0].digest == results[1].digest
