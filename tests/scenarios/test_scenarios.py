"""Every scenario that comes with Moonfleet passes, here as with ``moonfleet test``."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.run import RunOptions, compile_kernels, run
from sim.scenario import load_scenario

FILES = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


def test_there_are_scenarios() -> None:
    assert {"mons_mouton", "smoke", "crossing"} <= {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_scenario_passes(file: Path) -> None:
    result = run(load_scenario(file), RunOptions(bus="memory"))

    failed = [
        f"{file.name}:{check.line}: {check.name}: {check.got}" for check in result.verdict.checks if not check.passed
    ]
    assert failed == []
    assert result.unexpected_faults == ()
    assert (result.verdict.outcome, result.hub.reason, result.exit_code) == ("pass", "finished", 0)
