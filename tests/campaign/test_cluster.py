"""A campaign on a real Dask cluster: a scheduler and two workers on loopback, one of which is lost."""

from __future__ import annotations

import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import msgspec
import pytest

from fleet.core import ConfigError, WallClock, environment_of_child
from sim.campaign import Trial
from tests.campaign.conftest import ROOT, Sweep, rows_in

pytestmark = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="comes with the extra dask")
_PATIENCE = 120.0


class Cluster(NamedTuple):
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster as people start one, with minds of the tests in the path of the workers."""
    folder = tmp_path_factory.mktemp("dask")
    facts = folder / "scheduler.json"
    environment = {**environment_of_child(), "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"}
    here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(facts))

    def start(*words: str) -> subprocess.Popen[bytes]:
        dask = [sys.executable, "-m", "dask", *words]
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(dask, cwd=folder, env=environment, stdout=log, stderr=log)

    processes = [start("scheduler", "--port", "0", *here)]
    try:
        clock = WallClock()
        give_up = clock.now() + _PATIENCE
        while not facts.is_file() and clock.now() < give_up:
            clock.sleep(0.1)
        address = msgspec.json.decode(facts.read_bytes())["address"]
        processes += [start("worker", "--nthreads", "1", "--no-nanny", *here) for _ in range(2)]
        yield Cluster(address, processes[1:])
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_rows_of_one_machine_though_a_worker_is_lost_and_minds_end_their_process(
    cluster: Cluster, moonfleet_sweep: Sweep, scenario: Path, tmp_path: Path
) -> None:
    words = (scenario, "--seeds", "1-2", "--set", "rovers.micro-1.agent=micro,rough_minds:Ends")
    lost = cluster.workers.pop()
    clock, seen = WallClock(), tmp_path / "there" / "results.sqlite"

    def lose() -> None:
        give_up = clock.now() + _PATIENCE
        while not _has_rows(seen, 1) and clock.now() < give_up:
            clock.sleep(0.02)
        lost.send_signal(signal.SIGKILL)

    thread = Thread(target=lose)
    thread.start()

    there = moonfleet_sweep(*words, "--dask", cluster.address, "-o", tmp_path / "there")
    thread.join()
    here = moonfleet_sweep(*words, "-j", "1", "-o", tmp_path / "here")

    assert lost.wait() == -signal.SIGKILL
    assert (there[0], there[1]["runs"], there[1]["missing"]) == (3, 4, 0), there[2]
    assert there[1]["verdicts"] == {"crash": 2, "pass": 2}
    rows = [[msgspec.structs.replace(row, wall_seconds=None) for row in rows_in(tmp_path / name, scenario)]
            for name in ("there", "here")]  # fmt: skip
    assert rows[0] == rows[1]
    assert there[1]["digest"] == here[1]["digest"]


def test_a_worker_with_another_version_is_named(cluster: Cluster, scenario: Path) -> None:
    from sim.campaign.cluster import DaskCrew

    crew = DaskCrew(cluster.address, scenario, limit=60.0, version="0.0.9 (abc)")

    with pytest.raises(ConfigError, match=r"worker tcp://127.* has Moonfleet .*, and here is 0\.0\.9 \(abc\)"):
        next(crew.run([Trial(seed=1)]))


def test_where_nobody_answers_that_is_told(scenario: Path) -> None:
    from sim.campaign.cluster import DaskCrew

    crew = DaskCrew("tcp://127.0.0.1:1", scenario, limit=60.0, patience=0.5)

    with pytest.raises(ConfigError, match="no scheduler answers there"):
        next(crew.run([Trial(seed=1)]))


def _has_rows(file: Path, count: int) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0]) >= count
    except sqlite3.OperationalError:
        return False
