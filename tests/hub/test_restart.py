"""A host that dies or hangs is started anew, knows what it knew, and the run is the same run."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from fleet.bus import Audit
from fleet.core import WallClock
from sim.hub import Hub, HubResult, Outside, Pace, Patience
from sim.hub.chronicle import Chronicle
from sim.record.entries import Entry, Faulted

_PROGRAM = Path(__file__).with_name("scripted_host.py")
_MINDS = {"a1": "gossip", "b1": "gossip", "c1": "gossip"}


class _Killer:
    """A sink that does something to a host process once, at the first entry of a tick."""

    def __init__(self, folder: Path, blows: dict[int, tuple[str, signal.Signals]]) -> None:
        self._folder = folder
        self._blows = blows

    def write(self, entry: Entry) -> None:
        tick = getattr(entry, "tick", 0)
        for due in [due for due in self._blows if due <= tick]:
            host, blow = self._blows.pop(due)
            os.kill(int((self._folder / host).read_text()), blow)

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A host program that leaves its process id where a test finds it."""
    file = tmp_path / "host.py"
    file.write_text(
        "import os, pathlib, runpy, sys\n"
        f"pathlib.Path({str(tmp_path)!r}, sys.argv[2]).write_text(str(os.getpid()))\n"
        f"runpy.run_path({str(_PROGRAM)!r}, run_name='__main__')\n"
    )
    return file


def _run(desktop: Any, scenario: Any, hosts: Any, sinks: list[Any], answer: float = 60.0) -> HubResult:
    """Run; only who is stopped must be missed soon, who is dead is found so however long one would wait."""
    clock = WallClock()
    outside = Outside(
        clock=clock,
        pace=Pace(clock, dt=1.0),
        patience=Patience(greeting=120.0, answer=answer),
        sun=lambda tick: (0.0, 0.1),
    )
    return Hub(scenario, desktop.world(), hosts, sinks, outside).run()


def test_each_host_is_killed_in_turn_and_one_is_stopped_and_the_digest_is_the_same(desktop: Any, program: Path) -> None:
    scenario = desktop.scenario(_MINDS)
    plain, _ = desktop.run(scenario)
    notebook = desktop.notebook()
    blows = {
        8: ("host-agency-a", signal.SIGKILL),
        20: ("host-agency-b", signal.SIGKILL),
        31: ("host-agency-c", signal.SIGSTOP),
        45: ("host-agency-a", signal.SIGKILL),
    }

    with desktop.open_with(scenario, str(program)) as hosts:
        result = _run(desktop, scenario, hosts, [notebook, _Killer(program.parent, blows)], answer=4.0)

    assert blows == {}
    assert (result.reason, result.digest) == ("finished", plain.digest)
    assert notebook.of(Faulted) == []


def test_a_host_that_has_a_key_comes_back_with_it(desktop: Any, program: Path) -> None:
    scenario = desktop.scenario({"a1": "gossip", "b1": "gossip"})
    plain, _ = desktop.run(scenario)
    audit = Audit(WallClock().now, None)

    with desktop.open_locked(scenario, "tcp", audit, program) as hosts:
        killer = _Killer(program.parent, {30: ("host-agency-a", signal.SIGKILL)})
        result = _run(desktop, scenario, hosts, [killer])
    audit.close()

    assert result.digest == plain.digest


@pytest.mark.parametrize(
    "fall",
    ["os._exit(1)", "run_host(sys.argv[1], sys.argv[2], lambda *_: os._exit(1), parent=int(sys.argv[3]))"],
    ids=["at its start", "while it makes its minds"],
)
def test_a_host_that_dies_before_it_is_ready_is_started_anew(desktop: Any, tmp_path: Path, fall: str) -> None:
    scenario = desktop.scenario(_MINDS)
    plain, _ = desktop.run(scenario)
    notebook = desktop.notebook()
    program = tmp_path / "falls.py"
    program.write_text(
        "import os, pathlib, runpy, sys\n"
        "from fleet.runtime import run_host\n"
        f"begun = pathlib.Path({str(tmp_path)!r}, sys.argv[2])\n"
        "if not begun.exists():\n"
        f"    begun.touch()\n    {fall}\n"
        f"runpy.run_path({str(_PROGRAM)!r}, run_name='__main__')\n"
    )

    with desktop.open_with(scenario, str(program)) as hosts:
        result = _run(desktop, scenario, hosts, [notebook])

    assert (result.reason, result.digest) == ("finished", plain.digest)
    assert notebook.of(Faulted) == []


def test_a_host_that_falls_over_the_same_ask_each_time_is_given_up(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "die", "b1": "gossip"})
    notebook = desktop.notebook()

    with desktop.open(scenario, "ipc") as hosts:
        result = _run(desktop, scenario, hosts, [notebook])

    (fault,) = notebook.of(Faulted)
    assert (fault.rover, fault.tick, fault.fact) == ("a1", 5, "host host-agency-a died, started anew 2 times")
    assert result.reason == "finished"


def test_a_chronicle_gives_what_it_was_given_however_much_that_is() -> None:
    chronicle = Chronicle()
    pairs = [(bytes([n % 251]) * (n * 7 % 4000), bytes([n % 13]) * (n % 90)) for n in range(6000)]

    for ask, answer in pairs:
        chronicle.append(ask, answer)

    assert list(chronicle) == pairs
    chronicle.append(b"more", b"")
    assert list(chronicle)[-1] == (b"more", b"")
    chronicle.close()
