"""Searches for runs that fail: a planted bug is found and made small, and where there is none, none is found."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sim.cli.app import app, guarded
from tests.campaign.conftest import Sweep, rows_in

_FAULTS = "agent_crash,silent,held,message_loss"


def _plant(scenario: Path) -> Path:
    """Give one of the rovers the mind with the bug."""
    text = scenario.read_text(encoding="utf-8")
    planted = scenario.with_name("planted.yaml")
    sane = "agent: micro, place: {at_m: [-12, 8]}"
    assert sane in text
    planted.write_text(text.replace(sane, sane.replace("micro", '"planted_bug:Forgetful"')), encoding="utf-8")
    return planted


def test_a_planted_bug_is_found_within_200_runs_and_made_small(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--falsify", "--faults", _FAULTS, "-j", "1", "-o", tmp_path / "out")

    code, told, err = moonfleet_sweep(_plant(scenario), *words)

    assert (code, told["found"], told["signs"]) == (3, True, ["FAULT", "agents_broken"]), err
    assert told["run"] <= told["runs"] <= 200
    assert told["after"]["faults"] == 1 <= told["before"]["faults"]
    assert (told["before"]["rovers"], told["before"]["tasks"]) == (4, 3)
    assert told["after"]["rovers"] <= 2
    assert told["after"]["tasks"] == 0
    small = Path(told["counterexample"])
    text = small.read_text(encoding="utf-8")
    assert "fault: agent_crash, rover: micro-1" in text
    assert "KeyError" in text.partition("moonfleet: 2")[0]
    assert f"# Replay: {told['replay']}" in text
    run = ["run", str(small), "--headless", "--bus", "memory", "--no-record"]
    assert guarded(lambda: app(run, standalone_mode=False)) == 3
    small.write_text(text.replace("planted_bug:Forgetful", "micro"), encoding="utf-8")
    assert guarded(lambda: app(run, standalone_mode=False)) == 0
    assert not list((tmp_path / "out").glob(".candidate-*"))


@pytest.mark.slow
def test_where_there_is_no_bug_none_is_found_and_no_run_is_made_twice(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    words = (scenario, "--falsify", "--faults", _FAULTS, "-j", "1", "-o", tmp_path / "out", "--runs")

    some = moonfleet_sweep(*words, "9")
    before = rows_in(tmp_path / "out", scenario)
    more = moonfleet_sweep(*words, "17")
    after = rows_in(tmp_path / "out", scenario)

    assert [(code, told["found"], told["runs"]) for code, told, _ in (some, more)] == [(0, False, 9), (0, False, 17)]
    assert (len(before), len(after)) == (9, 17)
    assert [row for row in after if row in before] == before  # With the wall time that they took.


def test_what_fails_as_it_stands_needs_no_fault(moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("min_separation_m: 0.2", "min_separation_m: 99")
    scenario.write_text(text, encoding="utf-8")

    code, told, _ = moonfleet_sweep(scenario, "--falsify", "-j", "1", "-o", tmp_path / "out")

    assert (code, told["run"], told["after"]["faults"], told["after"]["rovers"]) == (1, 1, 0, 2)
    small = Path(told["counterexample"]).read_text(encoding="utf-8")
    assert "Nothing is needed for that beside the file." in small
    assert "collisions" not in small


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="comes with the extra falsify")
def test_optuna_searches_a_span_of_a_parameter(moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("min_battery_percent: 90", "min_battery_percent: 60")
    scenario.write_text(text, encoding="utf-8")
    span = ("--set", "rovers.micro-1.charge_percent=50..100", "--faults", "none", "--search", "optuna")

    code, told, err = moonfleet_sweep(scenario, "--falsify", *span, "-j", "1", "-o", tmp_path / "out")

    assert (code, told["found"], told["told"][0].split(":")[0]) == (1, True, "min_battery_percent"), err
    assert 50 <= told["settings"]["rovers.micro-1.charge_percent"] < 61
    assert (told["after"]["settings"], told["after"]["faults"]) == (1, 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("--runs", "3", "--faults", "held"), "add --falsify", id="faults of a plain sweep"),
        pytest.param(("--falsify", "--faults", "hold"), "did you mean 'held'?", id="no such fault"),
        pytest.param(("--falsify", "--faults", "none"), "nothing is varied", id="nothing"),
        pytest.param(("--falsify", "--break", "collision"), "did you mean 'collisions'?", id="not expected"),
        pytest.param(("--falsify", "--set", "radio.loss_percent=9..1"), "more than its first", id="backwards"),
        pytest.param(("--falsify", "--set", "radio.loss_percent=a..b"), "neither numbers nor times", id="no numbers"),
        pytest.param(("--falsify", "--set", "radio.loss_percent=0..200"), "less than or equal to 100", id="too far"),
        pytest.param(("--falsify", "--set", "faults=[]"), "say which with --faults", id="faults as a key"),
        pytest.param(("--falsify", "--shard", "1/2"), "does not go with --falsify", id="a share of it"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(
    moonfleet_sweep: Sweep, scenario: Path, words: tuple[str, ...], told: str
) -> None:
    code, values, err = moonfleet_sweep(scenario, *words)

    assert (code, values) == (2, {})
    assert told in err
