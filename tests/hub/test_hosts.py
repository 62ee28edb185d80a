"""Which rover lives where, and that no host outlives its hub."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fleet.bus import LOOPBACK, ZmqHubBus, private_ipc
from fleet.core import ConfigError
from fleet.messages import encode
from fleet.messages.wire import Hello
from sim.hub import assign_hosts
from sim.record.entries import Faulted

_PROGRAM = str(Path(__file__).with_name("scripted_host.py"))


def test_an_agency_has_a_host_of_its_own(desktop: Any) -> None:
    scenario = desktop.scenario({"b1": "silent", "a2": "silent", "a1": "silent"})

    assert assign_hosts(scenario.rovers, "agency") == {"host-agency-a": ("a1", "a2"), "host-agency-b": ("b1",)}


def test_a_number_of_hosts_is_dealt_to_in_turn_and_none_is_empty(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "silent", "a2": "silent", "b1": "silent"})

    assert assign_hosts(scenario.rovers, 2) == {"host-1": ("a1", "b1"), "host-2": ("a2",)}
    assert list(assign_hosts(scenario.rovers, 9)) == ["host-1", "host-2", "host-3"]


def test_no_host_at_all_is_a_wrong_option(desktop: Any) -> None:
    with pytest.raises(ConfigError, match="0 hosts can hold nobody"):
        assign_hosts(desktop.scenario({"a1": "silent"}).rovers, 0)


def test_a_host_that_dies_at_its_start_is_a_fault_of_its_rovers(desktop: Any, tmp_path: Path) -> None:
    program = tmp_path / "dies.py"
    program.write_text("raise SystemExit(1)")
    scenario = desktop.scenario({"a1": "silent", "a2": "silent"})
    notebook = desktop.notebook()

    with desktop.open_with(scenario, str(program)) as hosts:
        result = desktop.hub(scenario, hosts, [notebook]).run()

    assert [(fault.rover, fault.fact) for fault in notebook.of(Faulted)] == [
        ("a1", "host host-agency-a died at its start, started anew 2 times"),
        ("a2", "host host-agency-a died at its start, started anew 2 times"),
    ]
    assert result.wakes == 0


def test_a_host_of_another_version_is_given_up(desktop: Any) -> None:
    class Old(desktop.hello):  # type: ignore[misc]
        def hello(self) -> bytes:
            return encode(Hello(version=0, host="host-agency-a"))

    scenario = desktop.scenario({"a1": "silent"})
    notebook = desktop.notebook()

    with desktop.in_memory(scenario, Old) as hosts:
        desktop.hub(scenario, hosts, [notebook]).run()

    assert notebook.of(Faulted)[0].fact == "host host-agency-a speaks version 0 of the protocol, not 1"


def test_a_host_process_ends_when_its_hub_is_killed(tmp_path: Path) -> None:
    # A hub that starts a host, tells so, and is then killed without a word.
    hub = tmp_path / "hub.py"
    hub.write_text(
        "import os, subprocess, sys\n"
        "from fleet.bus import ZmqHubBus, LOOPBACK\n"
        "bus = ZmqHubBus(LOOPBACK)\n"
        f"p = subprocess.Popen([sys.executable, {_PROGRAM!r}, bus.endpoint, 'h', str(os.getpid())])\n"
        "bus.accept(['h'], 60.0)\n"
        "print(p.pid, flush=True)\n"
        "p.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, str(hub)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ) as process:
        assert process.stdout is not None
        started = process.stdout.readline()

        process.send_signal(signal.SIGKILL)
        # The host holds the pipe too: it reads as ended when both are gone.
        rest = process.stdout.read()

    assert int(started) > 0
    assert rest == b""


def test_a_host_that_a_person_started_ends_when_its_hub_hangs_up() -> None:
    with private_ipc() as endpoint:
        bus = ZmqHubBus(endpoint)
        program = (
            "import sys; from fleet.runtime.host import run_host;"
            "sys.exit(run_host(sys.argv[1], 'h', lambda briefing, rover: None))"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen([sys.executable, "-c", program, bus.endpoint], env=environment)
        missing = bus.accept(["h"], 60.0)

        bus.close()

        assert missing == ()
        assert process.wait(30.0) == 4


def test_a_stranger_at_the_hubs_door_changes_nothing(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "gossip", "a2": "gossip"})
    plain, _ = desktop.run(scenario)
    notebook = desktop.notebook()

    with desktop.open(scenario, "tcp", 1) as hosts:
        strangers = [desktop.stranger(hosts.bus.endpoint, name) for name in ("stranger", "host-2")]
        for stranger in strangers:
            stranger.send(b"\xc1junk")
        result = desktop.hub(scenario, hosts, [notebook]).run()
        dropped = hosts.bus.dropped
        for stranger in strangers:
            stranger.close()

    assert result.digest == plain.digest
    assert dropped == 2
    assert LOOPBACK.startswith("tcp://127.")
