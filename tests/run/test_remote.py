"""Two programs, as on two machines: a run, and a host that brings rovers to it over encrypted tcp."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.bus import new_key, write_key
from fleet.core import ConfigError, RoverId, WallClock
from fleet.runtime import NodeMaker, Visit, visit
from sim.record import Entry, FaultBegan, Frame
from sim.run import RunOptions, run
from sim.scenario import Scenario
from sim.scenario.fault import HostLoss

REMOTE = (RoverId("micro-1"), RoverId("micro-2"))


class Station:
    """Starts `moonfleet host`; as a sink of the run, pulls the plug of the first one when so much is over."""

    def __init__(self, keys: Path, port: int) -> None:
        self._words = ["--connect", f"tcp://127.0.0.1:{port}", "--agents", ",".join(REMOTE)]
        self._words += ["--key", str(keys / "hosts" / "METU.key"), "--hub", str(keys / "hub.pub")]
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "sim.cli", "host", *self._words]
        self.processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE))

    def write(self, entry: Entry) -> None:
        if isinstance(entry, Frame) and entry.tick >= 100 and len(self.processes) == 1:
            self.processes[0].kill()
            self.start()

    def close(self) -> None:
        pass


@contextmanager
def _station(folder: Path, port: int) -> Iterator[Station]:
    write_key(new_key("hub"), folder)
    write_key(new_key("METU"), folder / "hosts")
    station = Station(folder, port)
    try:
        yield station
    finally:
        for process in station.processes:
            process.kill()
            process.communicate()


def test_a_host_elsewhere_that_is_killed_and_started_again_changes_nothing(
    smoke: Scenario, tmp_path: Path, free_port: int
) -> None:
    local = run(smoke, RunOptions(bus="memory"))
    options = RunOptions(
        listen=f"tcp://0.0.0.0:{free_port}", remote=REMOTE, keys=tmp_path, audit=tmp_path / "audit.jsonl", hosts=1
    )

    with _station(tmp_path, free_port) as station:
        station.start()
        result = run(smoke, options, sinks=[station])
        last = station.processes[-1]
        said = last.communicate(timeout=30.0)[1].decode()

    assert len(station.processes) == 2
    assert (result.hub.digest, result.hub.faults) == (local.hub.digest, 0)
    assert result.verdict.passed
    assert (last.returncode, "the mission is over" in said) == (0, True)


def test_without_its_host_a_rover_stands_from_the_start_and_the_others_go_on(
    smoke: Scenario, free_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    began: list[FaultBegan] = []

    class Ear:
        def write(self, entry: Entry) -> None:
            if isinstance(entry, FaultBegan):
                began.append(entry)

        def close(self) -> None:
            pass

    options = RunOptions(listen=f"tcp://127.0.0.1:{free_port}", remote=REMOTE[:1], wait=0.2, hosts=1, until=400)
    result = run(smoke, options, sinks=[Ear()])

    assert [(entry.tick, entry.fault) for entry in began] == [
        (0, HostLoss(id="away-micro-1-0", begin=0, end=None, rover=REMOTE[0]))
    ]
    assert "micro-1: nobody came; the mission goes on without" in caplog.messages
    assert result.metrics.rovers[REMOTE[0]].distance == 0.0
    assert result.summary()["tasks"]["done"] >= 2


@pytest.mark.parametrize(
    ("options", "fact"),
    [
        ({"listen": "tcp://127.0.0.1:*"}, "belong together"),
        ({"remote": REMOTE}, "belong together"),
        ({"listen": "tcp://127.0.0.1:*", "remote": ("scout",)}, "'scout' is no rover of smoke"),
        ({"listen": "tcp://0.0.0.0:*", "remote": REMOTE}, "would let in anybody"),
        ({"listen": "tcp://127.0.0.1:*", "remote": REMOTE, "secure": True}, "no keys of hosts"),
        ({"listen": "tcp://127.0.0.1:*", "remote": REMOTE, "bus": "memory"}, "nothing to enter"),
        ({"listen": "tcp://127.0.0.1:x", "remote": REMOTE}, "cannot be bound"),
    ],
)
def test_options_that_do_not_fit_are_told_before_the_run(
    smoke: Scenario, options: dict[str, object], fact: str
) -> None:
    with pytest.raises(ConfigError, match=fact):
        run(smoke, RunOptions(**options))  # type: ignore[arg-type]  # what a test says by name


def test_a_folder_without_keys_of_hosts_lets_nobody_in(smoke: Scenario, tmp_path: Path) -> None:
    write_key(new_key("hub"), tmp_path)

    with pytest.raises(ConfigError, match="there is no key of any"):
        run(smoke, RunOptions(listen="tcp://127.0.0.1:*", remote=REMOTE, keys=tmp_path))


def test_a_run_with_rovers_from_elsewhere_goes_on_from_where_it_was_cut(
    smoke: Scenario, tmp_path: Path, free_port: int
) -> None:
    local = run(smoke, RunOptions(bus="memory"))
    file = tmp_path / "cut.mcap"
    options = RunOptions(
        listen=f"tcp://127.0.0.1:{free_port}", remote=tuple(spec.id for spec in smoke.rovers), record=file
    )

    def bring() -> None:
        agents = dict.fromkeys(options.remote, "")
        plan = Visit(endpoint=str(options.listen), agents=agents, name="here", wait=30.0)
        visit(plan, NodeMaker(), WallClock())

    for until in (250, None):
        host = threading.Thread(target=bring, daemon=True)
        host.start()
        result = run(smoke, replace(options, until=until, resume=file if until is None else None))
        host.join(30.0)

    assert (result.hub.digest, result.hub.faults) == (local.hub.digest, 0)
