"""A run that is killed is readable to its last second, and goes on from there as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.exceptions import EndOfFile
from mcap.reader import NonSeekingReader

from fleet.bus import ControlClient, private_ipc
from fleet.bus.control import Direct
from fleet.core import Clock, ConfigError, WallClock
from sim.record import Directed, FaultBegan, Frame, Recording
from sim.record.chunks import is_mcap, messages, scan, unpack
from sim.run import RunOptions, run
from sim.run.watch import Watch, control_endpoint
from sim.scenario import Scenario, load_scenario

_PATIENCE = 120.0  # Wall seconds until anything that is waited for must have come.
_MORE = "{fault: host_loss, rover: micro-1, at: 30s, for: 2m}"


class Whole:
    """The recording of a run that was never cut, and its digest."""

    def __init__(self, data: bytes, digest: str) -> None:
        self.data = data
        self.digest = digest

    def cut(self, share: float) -> bytes:
        """Return what is there of it when it is killed after its opening and before its closing."""
        chunks = scan(self.data).chunks
        first, last = chunks[0].offset + chunks[0].length, chunks[-1].offset
        return self.data[: first + int((last - first) * share)]


@pytest.fixture(scope="module")
def whole(troubled: Scenario, hasty: Callable[[], Clock], tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A run that was never cut."""
    file = tmp_path_factory.mktemp("whole") / "whole.mcap"
    result = run(troubled, RunOptions(bus="memory", record=file), clock=hasty())
    return Whole(file.read_bytes(), result.hub.digest)


def _entries(file: Path) -> list[object]:
    return [(entry.kind, entry.json) for entry in Recording(file).stored()]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.0, 1.0))
def test_a_recording_cut_at_any_byte_goes_on_to_the_same_digest_and_is_whole(
    troubled: Scenario, whole: Whole, hasty: Callable[[], Clock], tmp_path: Path, share: float
) -> None:
    file = tmp_path / "cut.mcap"
    file.write_bytes(whole.cut(share))
    (tmp_path / "whole.mcap").write_bytes(whole.data)

    result = run(troubled, RunOptions(bus="memory", record=file, resume=file), clock=hasty())

    assert result.hub.digest == whole.digest
    assert Recording(file).damage == ""
    assert _entries(file) == _entries(tmp_path / "whole.mcap")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("resuming")] == []


def test_orders_that_were_signed_before_a_run_was_stopped_are_told_on_after_it(
    troubled: Scenario, whole: Whole, tmp_path: Path
) -> None:
    file, audit = tmp_path / "signed.mcap", tmp_path / "audit.jsonl"
    signed = RunOptions(bus="ipc", hosts=2, secure=True, audit=audit, record=file)
    run(troubled, replace(signed, until=130))

    result = run(troubled, replace(signed, resume=file))

    assert result.hub.digest == whole.digest
    assert audit.read_text(encoding="utf-8") == ""


def test_a_run_that_goes_on_can_be_cut_again(
    troubled: Scenario, whole: Whole, hasty: Callable[[], Clock], tmp_path: Path
) -> None:
    file = tmp_path / "cut.mcap"
    end = troubled.end
    for until in (end // 4, end // 2, None):
        options = RunOptions(bus="memory", record=file, until=until, resume=file if file.exists() else None)
        result = run(troubled, options, clock=hasty())

    assert (result.hub.reason, result.hub.digest) == ("finished", whole.digest)


@settings(max_examples=30)
@given(share=st.floats(0.0, 1.0))
def test_a_stock_reader_reads_all_that_is_whole_in_a_recording_cut_at_any_byte(whole: Whole, share: float) -> None:
    data = whole.data[: int(len(whole.data) * share)]
    count = 0

    try:
        for _ in NonSeekingReader(BytesIO(data)).iter_messages(log_time_order=False):
            count += 1
    except (EndOfFile, struct.error):  # What is left of the last record.
        assert share < 1.0

    there = scan(data).chunks if is_mcap(data) else ()
    assert count == sum(1 for chunk in there for _ in messages(unpack(data, chunk)))


def test_a_recording_that_is_read_while_its_run_goes_on_holds_all_but_the_last_second(
    smoke: Scenario, tmp_path: Path
) -> None:
    file, seen = tmp_path / "slow.mcap", []

    class _Reader:
        def write(self, entry: object) -> None:
            if isinstance(entry, Frame) and entry.tick > 0:
                seen.append((entry.tick, Recording(file).last_tick))

        def close(self) -> None:
            """Nothing is held open."""

    # Two or three minutes of mission a second: whatever is older than a second of the wall is on disk.
    run(smoke, RunOptions(bus="memory", record=file, rate=150.0), sinks=[_Reader()])

    assert len(seen) > 3
    assert all(now - on_disk <= 400 for now, on_disk in seen)
    assert any(on_disk > 0 for _, on_disk in seen)


def test_what_cannot_go_on_is_refused_with_the_reason(
    troubled: Scenario, smoke: Scenario, whole: Whole, tmp_path: Path
) -> None:
    file = tmp_path / "run.mcap"

    def refusal(scenario: Scenario, data: bytes, **options: object) -> str:
        file.write_bytes(data)
        with pytest.raises(ConfigError) as caught:
            run(scenario, RunOptions(bus="memory", resume=file, record=file, **options))  # type: ignore[arg-type]
        assert file.read_bytes() == data
        return str(caught.value)

    cut = whole.cut(0.9)
    other = replace(troubled, seed=troubled.seed + 1)
    middle = whole.data.index(b"exchanges-000003")
    flipped = bytearray(cut)
    flipped[middle + 60] ^= 0xFF

    assert "reached its end: there is nothing to go on with" in refusal(troubled, whole.data)
    assert f"is of a run with seed {troubled.seed}, not {troubled.seed + 1}" in refusal(other, cut)
    assert "is of another scenario: its text is not the same" in refusal(smoke, cut)
    assert "holds answers that cannot be read" in refusal(troubled, bytes(flipped))
    assert "lies before" in refusal(troubled, cut, until=3)
    assert "is no recording" in refusal(troubled, b"not at all")
    assert "made by a version" in refusal(troubled, cut.replace(b"layout", b"lay-ut"))


@pytest.fixture
def killed(scenarios: Path, tmp_path: Path) -> Path:
    """A run of many faults with host processes and wishes from outside, killed when it had heard them."""
    file, clock = tmp_path / "killed.mcap", WallClock()
    with private_ipc() as feed:
        words = [sys.executable, "-m", "sim.cli", "run", str(scenarios / "faults.yaml"), "--headless", "--json"]
        words += ["--rate", "900", "--feed", feed, "--paused", "--record", str(file), "--checkpoint-every", "10m"]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        watch = Watch(feed, clock=clock, wait=_PATIENCE, is_over=lambda: process.poll() is not None)
        watch.control("resume")
        watch.control("fault", fault=_MORE)
        control = ControlClient(control_endpoint(feed))
        assert control.ask(Direct(order="{order: stop, rover: micro-2, for: 5m}"), timeout=_PATIENCE) is not None
        give_up, tick = clock.now() + _PATIENCE, 0
        while tick < 3000 and clock.now() < give_up:
            tick = max([tick, *(entry.tick for entry in watch.poll() if isinstance(entry, Frame))])
            clock.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(_PATIENCE)
        watch.close()
        control.close()
    return file


def test_a_run_whose_process_was_killed_goes_on_with_all_that_was_wanted_of_it(
    scenarios: Path, killed: Path, tmp_path: Path
) -> None:
    before = _entries(killed)
    again, more = tmp_path / "again.mcap", tmp_path / "more.mcap"
    scenario = load_scenario(scenarios / "faults.yaml")
    command = [sys.executable, "-m", "sim.cli", "run", "--resume", str(killed), "--record", str(again)]

    done = subprocess.run(
        [*command, "--headless", "--json"], capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    second = run(scenario, RunOptions(bus="memory", resume=killed, record=more))

    told = json.loads(done.stdout)
    assert (told["ended"], told["collisions"], told["tasks"]["open"]) == ("finished", 0, 0)
    assert second.hub.digest == told["digest"]
    assert _entries(again)[: len(before)] == before
    entries = list(Recording(again).entries())
    assert any(isinstance(entry, FaultBegan) and "-live-" in entry.fault.id for entry in entries)
    assert any(isinstance(entry, Directed) for entry in entries)
