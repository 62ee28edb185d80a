"""One scenario and one seed give one digest, whatever carries the words and whoever looks on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fleet.core import ManualClock
from sim.record import Recording
from sim.run import RunOptions, run
from sim.scenario import Scenario, load_scenario

MEMORY = RunOptions(bus="memory")


@pytest.fixture(scope="module")
def digest(smoke: Scenario) -> str:
    """Of the shortest scenario, over memory."""
    return run(smoke, MEMORY).hub.digest


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(MEMORY, id="memory-again"),
        pytest.param(RunOptions(bus="memory", hosts=1), id="memory-1"),
        pytest.param(RunOptions(bus="memory", hosts=2), id="memory-2"),
        pytest.param(RunOptions(bus="inproc"), id="inproc-agency"),
        pytest.param(RunOptions(bus="inproc", hosts=4), id="inproc-4"),
        pytest.param(RunOptions(bus="ipc", hosts=1), id="ipc-1"),
        pytest.param(RunOptions(bus="ipc", hosts="agency"), id="ipc-agency"),
        pytest.param(RunOptions(bus="tcp", hosts=2), id="tcp-2"),
        pytest.param(RunOptions(bus="memory", reference=True), id="reference"),
    ],
)
def test_the_way_it_is_run_does_not_reach_the_digest(smoke: Scenario, digest: str, options: RunOptions) -> None:
    assert run(smoke, options).hub.digest == digest


def test_a_recorder_a_report_and_a_pace_do_not_reach_the_digest(smoke: Scenario, digest: str, tmp_path: Path) -> None:
    file, report = tmp_path / "run.mcap", tmp_path / "run.html"
    options = RunOptions(bus="memory", rate=30.0, record=file, report=report)

    result = run(smoke, options, clock=ManualClock())

    closing = Recording(file).closing
    assert closing is not None
    assert (result.hub.digest, closing.digest, closing.reason) == (digest, digest, "finished")
    assert result.hub.wall_seconds == pytest.approx(600.0 / 30.0, abs=1.0)
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_order_of_hashes_does_not_reach_the_digest(scenarios: Path, digest: str) -> None:
    words = [sys.executable, "-m", "sim.cli", "run", str(scenarios / "smoke.yaml")]
    words += ["--headless", "--bus", "memory", "--no-record", "--json"]

    runs = [
        subprocess.Popen(words, stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "77")
    ]
    digests = [json.loads(process.communicate()[0])["digest"] for process in runs]

    assert digests == [digest, digest]


def test_another_seed_gives_another_digest(scenarios: Path, digest: str) -> None:
    other = load_scenario(scenarios / "smoke.yaml", seed=9)

    assert run(other, MEMORY).hub.digest != digest


def test_rovers_that_wait_for_each_other_do_so_alike_on_every_bus(scenarios: Path) -> None:
    crossing = load_scenario(scenarios / "crossing.yaml")
    until = crossing.time.tick(40 * 60.0)

    digests = {
        run(crossing, RunOptions(bus="memory", until=until)).hub.digest,
        run(crossing, RunOptions(bus="memory", until=until, reference=True)).hub.digest,
        run(crossing, RunOptions(bus="inproc", hosts=3, until=until)).hub.digest,
        run(crossing, RunOptions(bus="tcp", until=until)).hub.digest,
    }

    assert len(digests) == 1


def test_a_radio_that_loses_words_loses_the_same_ones_on_every_bus(scenarios: Path, tmp_path: Path) -> None:
    text = (scenarios / "smoke.yaml").read_text(encoding="utf-8")
    file = tmp_path / "lossy.yaml"
    file.write_text(text.replace("coordinator: lander", "coordinator: lander\nradio: {loss_percent: 20}"), "utf-8")
    lossy = load_scenario(file)

    one, other = run(lossy, MEMORY).hub, run(lossy, RunOptions(bus="inproc", hosts=2)).hub

    assert one.lost > 0
    assert (one.digest, one.lost) == (other.digest, other.lost)


def test_the_flagship_begins_alike_in_compiled_and_in_plain_code(scenarios: Path) -> None:
    flagship = load_scenario(scenarios / "mons_mouton.yaml")
    until = flagship.time.tick(2 * 3600.0)

    compiled = run(flagship, RunOptions(bus="memory", until=until)).hub
    plain = run(flagship, RunOptions(bus="memory", until=until, reference=True)).hub

    assert (compiled.reason, compiled.ticks) == ("until", until)
    assert compiled.digest == plain.digest


def test_faults_strike_alike_on_every_bus_and_in_plain_code(scenarios: Path) -> None:
    faulty = load_scenario(scenarios / "faults.yaml")
    until = faulty.time.tick(40 * 60.0)

    results = [
        run(faulty, options)
        for options in (
            RunOptions(bus="memory", until=until),
            RunOptions(bus="memory", until=until, reference=True),
            RunOptions(bus="inproc", hosts=2, until=until),
            RunOptions(bus="ipc", until=until),
            RunOptions(bus="tcp", hosts=1, until=until),
        )
    ]

    assert len({result.hub.digest for result in results}) == 1
    assert len(results[0].metrics.suffered) > 8
    assert results[0].metrics.collisions == len(results[0].metrics.trespasses) == 0
