"""Whole campaigns in real processes: killed, interrupted, shared out, with minds that end their process."""

from __future__ import annotations

import csv
import os
import resource
import signal
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen

import msgspec
import pytest

from fleet.core import ConfigError, WallClock
from sim.campaign import SQLITE, Results, Row, identity_of, open_results
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from tests.campaign.conftest import Start, Sweep, rows_in

_PATIENCE = 240.0


def _count(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{folder / SQLITE}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _wait_for(rows: int, folder: Path, process: Popen[str]) -> None:
    clock = WallClock()
    give_up = clock.now() + _PATIENCE
    while _count(folder) < rows and process.poll() is None and clock.now() < give_up:
        clock.sleep(0.02)


def _timeless(rows: list[Row]) -> list[Row]:
    return [msgspec.structs.replace(row, wall_seconds=None) for row in rows]


@pytest.mark.parametrize("runs", [pytest.param(8, id="8"), pytest.param(1000, id="1000", marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_a_sweep_that_was_killed_twice_has_the_rows_of_one_that_was_not(
    start: Start, moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path, runs: int
) -> None:
    words = (scenario, "--seeds", f"1-{runs}")
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    for part in (runs // 4, runs // 2):
        process = start(*words, "-j", "2", "-o", cut)
        _wait_for(part, cut, process)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    between = _count(cut)

    code, told, _ = moonfleet_sweep(*words, "-j", "2", "-o", cut)
    moonfleet_sweep(*words, "-j", "1", "-o", whole)

    assert runs // 2 <= between < runs
    assert (code, told["runs"], told["ran"], told["missing"]) == (0, runs, runs - between, 0)
    assert _timeless(rows_in(cut, scenario)) == _timeless(rows_in(whole, scenario))


def test_ctrl_c_keeps_what_was_done_and_leaves_no_process(
    start: Start, moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    words = (scenario, "--seeds", "1-500", "-j", "2", "-o", tmp_path / "out")
    process = start(*words, "--json")
    _wait_for(2, tmp_path / "out", process)

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=_PATIENCE)  # Pipes close when no worker holds them any more.

    told = msgspec.json.decode(out)
    assert process.returncode == 130
    assert told["runs"] == _count(tmp_path / "out") >= 2
    assert told["missing"] == 500 - told["runs"]
    assert "the same command goes on from there" in err


@pytest.mark.slow
def test_shards_make_the_campaign_together(moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path) -> None:
    words = (scenario, "--seeds", "1-2", "--set", "radio.loss_percent=0,20", "-j", "1")
    shared, whole = tmp_path / "shared", tmp_path / "whole"
    array = {"SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3"}

    first = moonfleet_sweep(*words, "-o", shared, "--shard", "1/3")
    second = moonfleet_sweep(*words, "-o", shared, SLURM_ARRAY_TASK_ID="2", **array)
    unfinished = moonfleet_sweep(*words, "-o", shared, "--merge")
    third = moonfleet_sweep(*words, "-o", shared, "--shard", "auto/3", JOB_COMPLETION_INDEX="2")
    merged = moonfleet_sweep(*words, "-o", shared, "--merge")
    alone = moonfleet_sweep(*words, "-o", whole)

    assert [told["runs"] for _, told, _ in (first, second, third)] == [2, 1, 1]
    assert (unfinished[0], unfinished[1]["missing"]) == (2, 1)
    assert (merged[0], merged[1]["runs"], merged[1]["ran"]) == (alone[0], 4, 0)
    assert merged[1]["digest"] == alone[1]["digest"]
    assert _timeless(rows_in(shared, scenario)) == _timeless(rows_in(whole, scenario))


def test_a_row_says_what_the_run_alone_says(moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path) -> None:
    moonfleet_sweep(scenario, "--seeds", "3", "--set", "radio.loss_percent=20", "-o", tmp_path / "out")

    (row,) = rows_in(tmp_path / "out", scenario)

    alone = run(load_scenario(scenario, seed=3, settings={"radio.loss_percent": 20}), RunOptions(bus="memory"))
    assert (row.digest, row.verdict) == (alone.hub.digest, alone.verdict.outcome)
    assert row.distance_m == sum(rover.distance for rover in alone.metrics.rovers.values())
    assert [finding.got for finding in row.expectations] == [check.got for check in alone.verdict.checks]


def test_a_run_that_ends_its_process_or_hangs_costs_itself_only(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    agents = "rovers.micro-1.agent=micro,rough_minds:Ends,rough_minds:Stops"
    words = (scenario, "--seeds", "1", "--set", agents, "-j", "2", "--time-limit", "8s", "-o", tmp_path / "out")

    code, told, err = moonfleet_sweep(*words)

    rows = {(row.seed, row.settings["rovers.micro-1.agent"]): row for row in rows_in(tmp_path / "out", scenario)}
    assert code == 3, err
    assert told["verdicts"] == {"crash": 1, "hang": 1, "pass": 1}
    assert rows[1, "rough_minds:Ends"].faults == ("the process ended with code 13",)
    assert rows[1, "rough_minds:Stops"].faults == ("no end within 8 s of wall time",)
    assert told["worst"][0]["verdict"] in ("crash", "hang")


def test_what_crashed_is_run_again_when_one_asks_for_it_and_not_else(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    words = (scenario, "--seeds", "1", "--set", "rovers.micro-1.agent=rough_minds:Ends", "-o", tmp_path / "out")
    moonfleet_sweep(*words)

    again = moonfleet_sweep(*words)
    retried = moonfleet_sweep(*words, "--retry")

    assert (again[0], again[1]["ran"]) == (3, 0)
    assert (retried[0], retried[1]["runs"]) == (3, 1)
    assert "process" in retried[1]["worst"][0]["told"][0]


def test_a_seed_that_has_no_place_for_the_scenario_is_told_as_such(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    nowhere = "rovers.micro-1.place={near: lander, min_m: 10, max_m: 10.1, bearing_deg: 0, tolerance_deg: 0.001}"

    code, told, _ = moonfleet_sweep(scenario, "--seeds", "1", "--set", nowhere, "-o", tmp_path / "out")

    assert (code, told["verdicts"]) == (2, {"invalid": 1})


def test_results_of_another_scenario_are_refused(moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path) -> None:
    words = (scenario, "--seeds", "1", "-o", tmp_path / "out")
    moonfleet_sweep(*words)
    scenario.write_text(scenario.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")

    code, _, err = moonfleet_sweep(*words)

    assert code == 2
    assert "holds results of another scenario" in err
    assert _count(tmp_path / "out") == 1


def test_a_file_that_is_no_table_is_refused_and_left_alone(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    (tmp_path / SQLITE).write_text("what I did on the Moon " * 99, encoding="utf-8")

    code, _, err = moonfleet_sweep(scenario, "--seeds", "1", "-o", tmp_path)

    assert code == 2
    assert "is no table of a sweep" in err
    assert (tmp_path / SQLITE).read_text(encoding="utf-8").startswith("what I did")


def _add_all(results: Results, rows: Iterable[Row]) -> None:
    for row in rows:
        results.add(row)


def test_a_disc_that_is_full_costs_nothing_that_was_kept(scenario: Path, tmp_path: Path) -> None:
    identity = identity_of(scenario)
    row = Row(seed=1, settings={}, verdict="pass", exit_code=0)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    with open_results(tmp_path, identity) as results:
        results.add(row)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, most))  # Bytes that a file of this process may have.
        try:
            with pytest.raises(ConfigError, match="the same command goes on from there"):
                _add_all(
                    results, (msgspec.structs.replace(row, seed=seed, faults=("x" * 1000,)) for seed in range(2, 500))
                )
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    with open_results(tmp_path, identity) as results:
        kept = [row.seed for row in results.rows()]
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) > 1


def test_two_sweeps_do_not_write_into_one_folder(
    start: Start, moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    words = (scenario, "--seeds", "1-500", "-j", "1", "-o", tmp_path / "out")
    process = start(*words)
    _wait_for(1, tmp_path / "out", process)

    code, _, err = moonfleet_sweep(*words)

    process.kill()
    process.communicate()
    assert code == 2
    assert "another sweep writes there" in err


def test_the_csv_has_a_column_for_each_parameter_and_expectation(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    _, told, _ = moonfleet_sweep(scenario, "--seeds", "1-2", "--set", "radio.loss_percent=0,20", "-o", tmp_path / "out")

    with Path(told["csv"]).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert [(row["seed"], row["radio.loss_percent"]) for row in rows] == [
        ("1", "0"),
        ("1", "20"),
        ("2", "0"),
        ("2", "20"),
    ]
    line = next(judged["line"] for judged in told["expectations"] if judged["name"] == "collisions")
    assert {row[f"collisions@{line}"] for row in rows} == {"pass"}
    assert {row[f"collisions@{line} got"] for row in rows} == {"0"}


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="comes with the extra parquet")
def test_parquet_has_the_columns_of_the_csv_with_their_types(
    moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    from pyarrow.parquet import read_table

    _, told, _ = moonfleet_sweep(
        scenario, "--seeds", "1-2", "--set", "radio.loss_percent=0,2.5", "-j", "1", "--parquet", "-o", tmp_path / "out"
    )

    table = read_table(told["parquet"])
    with Path(told["csv"]).open(encoding="utf-8", newline="") as stream:
        assert table.column_names == next(csv.reader(stream))
    assert table["seed"].to_pylist() == [1, 1, 2, 2]
    assert table["radio.loss_percent"].to_pylist() == [0.0, 2.5, 0.0, 2.5]
    assert table["digest"].to_pylist() == [row.digest for row in rows_in(tmp_path / "out", scenario)]
    line = next(judged["line"] for judged in told["expectations"] if judged["name"] == "collisions")
    assert table[f"collisions@{line}"].to_pylist() == [True] * 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param((), "nothing is varied", id="nothing varied"),
        pytest.param(("--runs", "3", "--seeds", "1-3"), "leave one of them out", id="seeds twice"),
        pytest.param(("--runs", "3", "--time-limit", "0"), "nothing ends within no time", id="no time"),
        pytest.param(("--runs", "3", "--merge", "--shard", "1/2"), "is for all shards together", id="merge a shard"),
    ],
)
def test_what_makes_no_sense_is_refused(
    moonfleet_sweep: Sweep, scenario: Path, words: tuple[str, ...], told: str
) -> None:
    code, values, err = moonfleet_sweep(scenario, *words)

    assert (code, values) == (2, {})
    assert told in err
