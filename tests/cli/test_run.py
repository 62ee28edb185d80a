"""`moonfleet run`: exit codes, one JSON object, and what is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.record import Recording

Moonfleet = Callable[..., tuple[int, str, str]]

# The promise of INTERFACES.
RUN_KEYS = {
    "scenario", "seed", "verdict", "ticks", "sim_seconds", "wall_seconds", "real_time_factor", "digest", "wakes",
    "messages", "collisions", "tasks", "rovers", "expectations", "recording", "errors",
}  # fmt: skip
ROVER_KEYS = {"agency", "vehicle", "state", "distance_m", "energy_wh", "min_battery", "lost"}


def altered(smoke: Path, folder: Path, *replacements: tuple[str, str], name: str = "altered.yaml") -> Path:
    text = smoke.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_json_is_one_object_with_the_promised_keys_and_nothing_else(moonfleet: Moonfleet, smoke: Path) -> None:
    code, out, _ = moonfleet("run", smoke, "--headless", "--bus", "memory", "--json")

    result: dict[str, Any] = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert result.keys() >= RUN_KEYS
    assert result["messages"].keys() == {"sent", "delivered", "lost"}
    assert result["tasks"] == {"done": 3, "failed": 0, "cancelled": 0, "open": 0}
    assert result["rovers"].keys() == {"lander", "cnsa-rover", "micro-1", "micro-2"}
    assert all(rover.keys() >= ROVER_KEYS for rover in result["rovers"].values())
    assert all(check.keys() >= {"name", "passed", "expected", "got", "line"} for check in result["expectations"])
    assert (result["scenario"], result["seed"], result["verdict"], result["ticks"]) == ("smoke", 8, "pass", 600)
    assert (result["collisions"], result["errors"]) == (0, [])
    assert Path(result["recording"]) == Path("moonfleet-out/smoke.mcap")
    assert Recording(result["recording"]).metadata["digest"] == result["digest"]


def test_a_real_process_keeps_data_and_talk_apart(smoke: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sim.cli", "run", str(smoke), "--headless", "--json", "--hosts", "1"]

    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=_environment(), check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "pass"
    assert "\x1b" not in done.stdout + done.stderr


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_people_are_told_what_came_of_it_and_where_it_lies(moonfleet: Moonfleet, smoke: Path) -> None:
    code, out, _ = moonfleet("run", smoke, "--headless", "--bus", "memory", "--report", "deep/down/report.html")

    assert code == 0
    assert "smoke (seed 8) passed" in out
    assert "tasks: 3 done, 0 failed, 0 open; collisions: 0" in out
    assert "recording: moonfleet-out/smoke.mcap" in out
    assert Path("deep/down/report.html").stat().st_size > 10_000


def test_an_expectation_that_fails_is_told_with_its_line_and_exit_1(
    moonfleet: Moonfleet, smoke: Path, tmp_path: Path
) -> None:
    file = altered(smoke, tmp_path, ("min_battery_percent: 90", "distance_m: {at_least: 99999}"))
    line = 1 + file.read_text(encoding="utf-8").splitlines().index("  - distance_m: {at_least: 99999}")

    code, out, _ = moonfleet("run", file, "--headless", "--bus", "memory", "--no-record")

    assert code == 1
    assert "smoke (seed 8) FAILED" in out
    assert f"FAIL line {line}: distance_m: expected at least 99999" in out


def test_nothing_expected_is_no_failure(moonfleet: Moonfleet, smoke: Path, tmp_path: Path) -> None:
    text = smoke.read_text(encoding="utf-8").partition("\nexpect:")[0]
    (tmp_path / "plain.yaml").write_text(text, encoding="utf-8")

    code, out, _ = moonfleet("run", "plain.yaml", "--headless", "--bus", "memory", "--json", "--until", "1m")

    result = json.loads(out)
    assert (code, result["verdict"], result["expectations"]) == (0, "none", [])
    assert (result["ticks"], result["ended"]) == (60, "until")


def test_a_mind_that_breaks_is_told_with_rover_plugin_and_tick_and_exit_3(
    moonfleet: Moonfleet, smoke: Path, tmp_path: Path
) -> None:
    file = altered(smoke, tmp_path, ("agent: prospector", "agent: nowhere_at_all:Mind"))

    code, out, err = moonfleet("run", file, "--headless", "--bus", "memory", "--no-record", "--json")

    (error,) = json.loads(out)["errors"]
    assert code == 3
    assert "cnsa-rover (plugin nowhere_at_all:Mind) at tick 0: there is no module 'nowhere_at_all'" in error
    assert f"fault: {error}" in err
    assert "Traceback" not in err


def test_a_date_ends_a_run_as_a_duration_does(moonfleet: Moonfleet, smoke: Path) -> None:
    start = ("run", smoke, "--headless", "--bus", "memory", "--no-record", "--json", "--until")

    (_, by_date, _), (_, by_duration, _) = moonfleet(*start, "2029-10-20T00:02Z"), moonfleet(*start, "2m")

    assert json.loads(by_date)["digest"] == json.loads(by_duration)["digest"]


def test_a_seed_is_taken_instead_of_the_files(moonfleet: Moonfleet, smoke: Path) -> None:
    _, out, _ = moonfleet("run", smoke, "--headless", "--bus", "memory", "--no-record", "--json", "--seed", "5")

    assert json.loads(out)["seed"] == 5


def test_no_window_is_tried_where_there_is_no_display(moonfleet: Moonfleet, smoke: Path) -> None:
    code, out, err = moonfleet("run", smoke)

    assert (code, out) == (2, "")
    assert "run with --headless" in err
    assert "moonfleet render RECORDING -o picture.png" in err
