"""Ctrl-C on a real run: it ends at once, its recording is whole, and no process stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.bus import private_ipc
from fleet.core import WallClock
from sim.record import Frame, Recording
from sim.run.watch import Watch

_PATIENCE = 120.0  # Wall seconds until a process must have begun, or ended, on the busiest machine.


def _has_begun(watch: Watch) -> bool:
    return any(isinstance(entry, Frame) and entry.tick > 0 for entry in watch.poll())


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_ctrl_c_ends_a_run_with_a_whole_recording_and_no_process_left(
    scenarios: Path, tmp_path: Path, children_of: Callable[[int], list[int]]
) -> None:
    file = tmp_path / "cut.mcap"
    clock = WallClock()
    with private_ipc() as feed:
        words = [sys.executable, "-m", "sim.cli", "run", str(scenarios / "crossing.yaml"), "--headless", "--json"]
        words += ["--rate", "300", "--feed", feed, "--paused", "--record", str(file)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watch = Watch(feed, clock=clock, wait=_PATIENCE, is_over=lambda: process.poll() is not None)
        watch.control("resume")
        give_up = clock.now() + _PATIENCE
        while not _has_begun(watch) and clock.now() < give_up:
            clock.sleep(0.01)
        nurseries = children_of(process.pid)  # From which the hosts are forked; who has begun has them all.
        hosts = [host for nursery in nurseries for host in children_of(nursery)]

        process.send_signal(signal.SIGINT)
        output, said = process.communicate(timeout=_PATIENCE)
        watch.close()

    recording = Recording(file)
    assert (process.returncode, "Traceback" in said) == (130, False)
    assert '"ended":"interrupted"' in output
    assert recording.closing is not None
    assert (recording.damage, recording.closing.reason) == ("", "interrupted")
    assert 0 < recording.closing.tick < recording.opening.end
    assert len(hosts) == 2
    assert not any(_is_there(each) for each in (*nurseries, *hosts))
