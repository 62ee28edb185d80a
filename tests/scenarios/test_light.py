"""The way around the shadow, and three hours at a lit haven: what prudent minds do, and what becomes of hasty ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.messages import Sleep
from sim.record import Commanded, Entry, Frame, TaskChanged
from sim.record.entries import RoverFrame
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parents[2] / "scenarios"
HOUR = 3600

Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


def _bodies(entries: list[Entry], rover: str) -> list[tuple[int, RoverFrame]]:
    frames = [entry for entry in entries if isinstance(entry, Frame)]
    return [(frame.tick, body) for frame in frames for body in frame.rovers if body.rover == rover]


def _checks(result: RunResult) -> dict[str, bool]:
    return {check.name: check.passed for check in result.verdict.checks}


def _hasty(name: str, mind: str, hasty: str, folder: Path) -> Scenario:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert f"agent: {mind}," in text
    file = folder / f"{name}.yaml"
    file.write_text(text.replace(f"agent: {mind},", f'agent: "hasty_minds:{hasty}",'), encoding="utf-8")
    return load_scenario(file)


def test_a_small_rover_goes_around_the_shadow(run_and_keep: Keep) -> None:
    result, entries = run_and_keep(load_scenario(FOLDER / "shadow_way.yaml"), RunOptions(bus="memory"))

    there = next(entry.tick for entry in entries if isinstance(entry, TaskChanged) and entry.state == "running")
    out = [body for tick, body in _bodies(entries, "micro") if tick <= there]
    dark = [tick for tick, body in _bodies(entries, "micro") if tick <= there and body.light < 0.1]

    assert result.exit_code == 0
    assert min(body.y for body in out) < -70.0  # Straight, it would be 60 to -40.
    assert len(dark) < 100  # Minutes. Straight, it is empty after 131, and not yet in the light.
    assert max(body.battery for tick, body in _bodies(entries, "micro") if tick < dark[-1]) == 1.0
    assert min(body.battery for body in out) > 0.3


def test_one_that_goes_straight_runs_out_of_battery_in_the_shadow(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))

    result = run(_hasty("shadow_way", "micro", "HastyMicro", tmp_path), RunOptions(bus="memory"))

    checks = _checks(result)
    assert (checks["tasks_done"], checks["no_rover_lost"], checks["min_battery_percent"]) == (False, False, False)
    assert not checks["lasts"]
    assert (checks["collisions"], checks["trespasses"], checks["agents_broken"]) == (True, True, True)


def test_a_rover_in_shadow_charges_for_three_hours_at_a_lit_place_before_it_goes_in(run_and_keep: Keep) -> None:
    result, entries = run_and_keep(load_scenario(FOLDER / "lit_haven.yaml"), RunOptions(bus="memory"))

    began, ended = (
        next(entry.tick for entry in entries if isinstance(entry, TaskChanged) and entry.state == state)
        for state in ("running", "done")
    )
    asleep = [body for tick, body in _bodies(entries, "traverser") if tick < began and body.activity == "asleep"]
    nap = next(entry.command for entry in entries if isinstance(entry, Commanded) and isinstance(entry.command, Sleep))
    slept = [tick for tick, body in _bodies(entries, "traverser") if tick < began and body.activity == "asleep"]

    assert result.exit_code == 0
    assert 2.5 * HOUR <= slept[-1] - slept[0] <= 3.5 * HOUR
    assert nap.until is not None
    assert nap.until < began
    assert min(body.light for body in asleep) > 0.85
    assert asleep[-1].battery - asleep[0].battery > 0.25
    # It works in the dark, and lives on in the light.
    assert all(body.light == 0.0 for tick, body in _bodies(entries, "traverser") if began <= tick <= ended)
    assert _bodies(entries, "traverser")[-1][1].light > 0.5


def test_one_that_goes_in_at_once_does_not_come_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))

    result = run(_hasty("lit_haven", "traverser", "HastyTraverser", tmp_path), RunOptions(bus="memory"))

    checks = _checks(result)
    assert (checks["no_rover_lost"], checks["min_battery_percent"], checks["lasts"]) == (False, False, False)
    assert checks["agents_broken"]
