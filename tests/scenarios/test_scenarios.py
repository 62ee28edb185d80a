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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_situation_has_a_variant_that_must_fail(file: Path) -> None:
    cases = cases_of(file)

    assert any(case.must_fail for case in cases)
    assert any(not case.must_fail for case in cases)


def test_the_library_is_told_of_whole() -> None:
    text = (FOLDER.parent / "docs" / "testing.md").read_text(encoding="utf-8")

    assert [file.stem for file in FILES if f"`{file.stem}`" not in text] == []
