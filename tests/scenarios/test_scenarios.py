"""The scenarios that come with Moonfleet; pytest collects and runs them itself, as `moonfleet test scenarios/` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import cases_of

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_pytest_runs_every_scenario(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("moonfleet"), "install Moonfleet again: pip install -e ."
    assert "scenarios" in pytestconfig.getini("testpaths")
    assert {"mons_mouton", "smoke", "crossing"} <= {file.stem for file in FILES}


def test_most_situations_have_a_variant_that_must_fail() -> None:
    failing = [file.stem for file in FILES if any(case.must_fail for case in cases_of(file))]

    assert len(failing) >= 18


def test_the_library_is_told_of_whole() -> None:
    text = (FOLDER.parent / "docs" / "testing.md").read_text(encoding="utf-8")

    assert [file.stem for file in FILES if f"`{file.stem}`" not in text] == []
