"""Examples do what their scenarios expect, and keep the rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fleet.runtime import load_plugin
from sim.proving.agents import prove_agent
from sim.proving.allocators import prove_allocator
from sim.proving.notes import Notes
from sim.proving.planners import prove_planner
from sim.run import compile_kernels

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_kernels(lambda _: None)
    monkeypatch.syspath_prepend(str(EXAMPLES))


def test_every_example_has_a_scenario_that_judges_it() -> None:
    modules = {file.stem for file in EXAMPLES.glob("*.py")}

    assert modules == {file.stem for file in EXAMPLES.glob("*.yaml")}
    assert all(f"{name}:" in (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8") for name in modules)
    assert all(f"{name}.py" in (EXAMPLES / "README.md").read_text(encoding="utf-8") for name in modules)


def test_examples_do_what_is_expected_of_them(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sim.cli", "test", ".", "-j", "2", "--junit", str(tmp_path / "junit.xml")]

    done = subprocess.run(words, cwd=EXAMPLES, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["light_follower:LightFollower", "mapper_pair:Mapper", "market_trader:MarketTrader"])
def test_the_agents_keep_the_rules(name: str) -> None:
    notes = Notes()

    prove_agent(name, "metu-micro", load_plugin("fleet.agents", name), notes)

    assert notes.breaches == []


def test_the_planner_and_the_allocator_keep_the_rules() -> None:
    planner, allocator = Notes(), Notes()

    prove_planner(name := "grid_planner:GridPlanner", "metu-micro", load_plugin("fleet.planners", name), planner)
    prove_allocator(name := "regret_allocator:RegretAllocator", load_plugin("fleet.allocators", name), allocator)

    assert (planner.breaches, allocator.breaches) == ([], [])
