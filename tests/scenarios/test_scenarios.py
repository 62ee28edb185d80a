"""The scenarios that come with Moonfleet; pytest collects and runs them itself, as `moonfleet test scenarios/` does."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "scenarios"


def test_pytest_runs_every_scenario(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("moonfleet"), "install Moonfleet again: pip install -e ."
    assert "scenarios" in pytestconfig.getini("testpaths")
    assert {"mons_mouton", "smoke", "crossing"} <= {file.stem for file in FOLDER.glob("*.yaml")}
