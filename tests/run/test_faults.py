"""One mind that breaks its contract, or one host that dies, costs the fleet that rover and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from fleet.core import ConfigError, RoverId
from sim.record import Commanded, Entry, Faulted, Frame, Recording
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario

MEMORY = RunOptions(bus="memory")
BROKEN = RoverId("micro-1")
_SEAT = "vehicle: metu-micro, agent: micro, place: {at_m: [-12, 8]}"
_BREAKS_AT = 40  # As in broken_minds.

Variant = Callable[..., Scenario]
Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]


@pytest.fixture
def with_mind(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> Variant:
    """How to make a scenario in which one rover has this mind."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))

    def make(mind: str, *more: tuple[str, str]) -> Scenario:
        # Long enough for the others to drive over and do what was left.
        longer = ("duration: 10m", "duration: 30m\nagent_deadline_s: 3")
        return variant((_SEAT, _SEAT.replace("agent: micro", f"agent: {mind}")), longer, *more)

    return make


def driven(entries: list[Entry], rover: RoverId, since: int) -> float:
    """Return how far a rover drove from a tick on."""
    distances = [
        body.distance
        for frame in entries
        if isinstance(frame, Frame) and frame.tick >= since
        for body in frame.rovers
        if body.rover == rover
    ]
    return distances[-1] - distances[0]


def assert_others_did_all(result: RunResult) -> None:
    assert result.hub.reason == "finished"
    assert result.metrics.tasks_in("done") == 3
    assert BROKEN not in {task.rover for task in result.metrics.tasks.values()}


@pytest.mark.parametrize(
    ("mind", "fact"),
    [
        pytest.param("broken_minds:Raises", "raised LookupError: lost the map, in broken_minds.py line ", id="raises"),
        pytest.param("broken_minds:Hangs", "no answer within 3 s of wall time", id="hangs", marks=pytest.mark.untraced),
        pytest.param("broken_minds:Babbles", "answered str, not a Decision", id="babbles"),
        pytest.param("broken_minds:Exits", "raised SystemExit: 7, in broken_minds.py line ", id="exits"),
    ],
)
@pytest.mark.parametrize("bus", ["memory", "inproc"])
def test_a_mind_that_breaks_on_the_way_is_named_and_stopped_and_the_others_do_its_work(
    with_mind: Variant, run_and_keep: Keep, bus: Literal["memory", "inproc"], mind: str, fact: str
) -> None:
    result, entries = run_and_keep(with_mind(mind), RunOptions(bus=bus))

    (fault,) = result.metrics.faults
    assert (fault.rover, fault.plugin, fault.tick) == (BROKEN, mind, _BREAKS_AT)
    assert fault.fact.startswith(fact)
    assert result.exit_code == 3
    assert result.summary()["errors"] == [f"micro-1 (plugin {mind}) at tick {_BREAKS_AT}: {fault.fact}"]
    assert result.metrics.rovers[BROKEN].distance > 0.0
    assert driven(entries, BROKEN, _BREAKS_AT) == 0.0
    assert_others_did_all(result)


@pytest.mark.parametrize(
    ("mind", "fact"),
    [
        pytest.param("broken_minds:NeverMade", "cannot be made: raised OSError: no wheels", id="not-made"),
        pytest.param("broken_minds:NoSuchMind", "cannot be imported: AttributeError", id="no-class"),
        pytest.param(
            "no_such_module:Mind", "there is no module 'no_such_module' in the working directory", id="no-module"
        ),
    ],
)
def test_a_mind_that_cannot_be_made_is_named_before_anybody_drives(with_mind: Variant, mind: str, fact: str) -> None:
    result = run(with_mind(mind), MEMORY)

    (fault,) = result.metrics.faults
    assert (fault.rover, fault.plugin, fault.tick) == (BROKEN, mind, 0)
    assert fact in fault.fact
    assert result.exit_code == 3
    assert_others_did_all(result)


def test_a_mind_of_a_name_that_nobody_has_is_refused_before_the_run(with_mind: Variant) -> None:
    with pytest.raises(ConfigError, match=r"rover micro-1: agent 'micr0': there is none of this name\n.*'micro'"):
        run(with_mind("micr0"), MEMORY)


def test_a_fault_that_is_expected_passes(with_mind: Variant) -> None:
    result = run(with_mind("broken_minds:Raises", ("- agents_broken: 0", "- broken: [micro-1]")), MEMORY)

    assert (result.exit_code, result.verdict.outcome, result.unexpected_faults) == (0, "pass", ())


def test_a_fault_that_is_expected_and_does_not_come_fails(variant: Variant) -> None:
    result = run(variant(("- agents_broken: 0", "- broken: [micro-1]")), MEMORY)

    assert (result.exit_code, result.verdict.outcome) == (1, "fail")


def test_a_fleet_without_its_coordinators_mind_ends_and_names_it(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    scenario = variant(
        ("vehicle: change8-lander, agent: lander", "vehicle: change8-lander, agent: broken_minds:NeverMade")
    )

    result = run(scenario, MEMORY)

    assert [fault.rover for fault in result.metrics.faults] == ["lander"]
    assert (result.hub.reason, result.exit_code) == ("finished", 3)


@pytest.mark.parametrize(
    ("allocator", "fact"),
    [
        pytest.param("broken_minds:Loses", "raised LookupError: lost the bids", id="raises"),
        pytest.param("broken_minds:Invents", "to 'nobody', who did not bid for it", id="invents"),
    ],
)
def test_an_allocator_that_breaks_is_named_and_the_auction_takes_its_place(
    with_mind: Variant, allocator: str, fact: str
) -> None:
    result = run(with_mind("micro", ("seed: 8", f"seed: 8\nallocator: {allocator}")), MEMORY)

    (fault,) = result.metrics.faults
    assert (fault.rover, fault.plugin) == ("lander", allocator)
    assert fact in fault.fact
    assert (result.exit_code, result.metrics.tasks_in("done")) == (3, 3)


@pytest.mark.parametrize("port", ["planner", "allocator"])
def test_a_planner_or_allocator_that_cannot_be_made_is_named_and_the_run_ends(with_mind: Variant, port: str) -> None:
    scenario = with_mind("micro", ("seed: 8", f"seed: 8\n{port}: broken_minds:NeverMade"))

    result = run(scenario, MEMORY)

    assert {fault.plugin for fault in result.metrics.faults} == {"broken_minds:NeverMade"}
    assert all("cannot be made: raised OSError: no wheels" in fault.fact for fault in result.metrics.faults)
    assert (result.hub.reason, result.exit_code) == ("finished", 3)


@pytest.mark.parametrize("bus", ["memory", "ipc"])
def test_what_a_mind_prints_does_not_come_between_the_data(with_mind: Variant, tmp_path: Path, bus: str) -> None:
    with_mind("broken_minds:Chats")
    words = [sys.executable, "-m", "sim.cli", "run", str(tmp_path / "variant.yaml"), "--headless", "--json"]
    words += ["--bus", bus, "--hosts", "1", "--no-record", "--until", "1m"]
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])

    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)

    assert json.loads(done.stdout)["errors"] == []
    assert "micro-1 was asked" in done.stderr


class HostKiller:
    """A sink that kills a host process once the rovers of it are on their way."""

    def __init__(self, host: str, at: int) -> None:
        self.killed_at: int | None = None
        self._host = host
        self._at = at

    def write(self, entry: Entry) -> None:
        """Kill at the first command after the time."""
        if self.killed_at is None and isinstance(entry, Commanded) and entry.tick >= self._at:
            self.killed_at = entry.tick
            os.kill(_child(self._host), signal.SIGKILL)

    def close(self) -> None:
        """Nothing is held open."""


def _child(host: str) -> int:
    names: dict[int, str] = {}
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        names[int(process.name)], parents[int(process.name)] = name, int(rest.split()[1])
    # Hosts are forked from a process that we have started, or started by us.
    ours = [
        pid for pid, name in names.items() if name == host and os.getpid() in (parents[pid], parents.get(parents[pid]))
    ]
    assert len(ours) == 1, f"{host} is {len(ours)} processes of ours"
    return ours[0]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the host process in /proc")
def test_a_host_that_is_killed_is_started_anew_and_the_mission_is_the_same(smoke: Scenario) -> None:
    killer = HostKiller("host-METU", at=1)

    result = run(smoke, RunOptions(bus="ipc", hosts="agency"), sinks=[killer])

    assert killer.killed_at is not None
    assert result.metrics.faults == ()
    assert (result.exit_code, result.hub.digest) == (0, run(smoke, MEMORY).hub.digest)


def test_a_fault_is_in_the_digest_and_the_same_on_every_bus(with_mind: Variant) -> None:
    scenario = with_mind("broken_minds:Raises")

    digests = {run(scenario, options).hub.digest for options in (MEMORY, RunOptions(bus="ipc", hosts=2))}

    assert len(digests) == 1


def test_a_fault_stands_in_the_recording(with_mind: Variant, tmp_path: Path) -> None:
    file = tmp_path / "fault.mcap"

    run(with_mind("broken_minds:Babbles"), RunOptions(bus="memory", record=file))

    faults = [entry for entry in Recording(file).entries() if isinstance(entry, Faulted)]
    assert [(fault.rover, fault.tick) for fault in faults] == [(BROKEN, _BREAKS_AT)]
