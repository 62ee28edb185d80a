"""Ten rovers cross one place, and pass one corridor, whatever the seed makes of air, radios and wheels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.run import RunOptions, run
from sim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("crossing_ten", "corridor_ten")


def failed(name: str, seed: int, folder: Path) -> list[str]:
    """Return what did not go as expected in a run whose faults are drawn from a seed."""
    file = SCENARIOS / f"{name}.yaml"
    copy = folder / file.name
    copy.write_text(file.read_text("utf-8").replace("\nseed: 3\n", f"\nseed: {seed}\n"), "utf-8")
    scenario = load_scenario(copy)
    assert scenario.seed == seed
    result = run(replace(scenario, file=str(file)), RunOptions(bus="memory"))
    return [f"{name}, seed {seed}: {check.name}: {check.got}" for check in result.verdict.checks if not check.passed]


@pytest.mark.parametrize("name", NAMES)
def test_all_arrive_and_nobody_touches_anybody(name: str, tmp_path: Path) -> None:
    assert [fact for seed in range(20, 24) for fact in failed(name, seed, tmp_path)] == []


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", NAMES)
def test_all_arrive_and_nobody_touches_anybody_a_thousand_times(name: str, tmp_path: Path) -> None:
    assert [fact for seed in range(1000) for fact in failed(name, seed, tmp_path)] == []
