"""Runs that begin anew when a mind's file changes, and that stop in the debugger; with real files and processes."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from fleet.core import ManualClock, RoverId, WallClock
from sim.cli.running import Request
from sim.cli.sources import Sources, places_of
from sim.cli.watching import Rerun, watched
from sim.hub import Pace

ROOT = Path(__file__).parents[2]
_MIND = """
from fleet.sdk import Decision, FollowPath


class Walker:
    def __init__(self, context):
        self.context = context

    def decide(self, view):
        here = view.observation.pose.point
        goal = (here[0] - {metres}, here[1])
        command = FollowPath(path=(here, goal)) if view.tick == 0 else None
        return Decision(command=command, wake=view.tick + 30)
"""
_PATIENCE = 120.0  # Seconds of the wall for what takes a few on a machine that is not busy.


@pytest.fixture
def mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mind in a file of the working directory."""
    file = tmp_path / "walker.py"
    file.write_text(_MIND.format(metres=4.0), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{tmp_path}")
    return file


def _words(smoke: Path, *more: str) -> list[str]:
    words = [sys.executable, "-m", "sim.cli", "run", str(smoke), "--headless", "--bus", "memory", "--no-record"]
    return [*words, "--agent", "micro-1=walker:Walker", *more]


class _Reader(Thread):
    """Reads lines of a stream, so that one can wait for some."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.text = ""
        self._process = process
        self.start()

    def run(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.text += line

    def close(self) -> None:
        """Wait for the end of the stream."""
        self.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def wait_for(self, pattern: str, times: int = 1) -> list[str]:
        clock = WallClock()
        until = clock.now() + _PATIENCE
        while len(found := re.findall(pattern, self.text)) < times:
            assert clock.now() < until, self.text
            clock.sleep(0.05)
        return found


@pytest.fixture
def watching(smoke: Path, mind: Path) -> Iterator[tuple[subprocess.Popen[str], _Reader]]:
    """A run that watches."""
    words = _words(smoke, "--watch")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    reader = _Reader(process)
    yield process, reader
    process.kill()
    process.wait()
    reader.close()


def test_a_changed_mind_is_run_anew_and_a_broken_one_waited_for(
    mind: Path, watching: tuple[subprocess.Popen[str], _Reader]
) -> None:
    process, reader = watching
    reader.wait_for("waiting for a change")
    mind.write_text(_MIND.format(metres=8.0), encoding="utf-8")
    first, second = reader.wait_for(r"micro-1 +(\d+) m", times=2)
    reader.wait_for("waiting for a change", times=2)
    mind.write_text("class Walker(:", encoding="utf-8")
    reader.wait_for("SyntaxError")
    reader.wait_for("waiting for a change", times=3)

    process.send_signal(signal.SIGINT)

    assert (int(first), int(second)) == (4, 8)
    assert "walker.py changed: running anew to tick 600" in reader.text
    assert process.wait(_PATIENCE) == 3


def test_a_run_in_a_window_catches_up_with_the_moment_that_it_had_reached(
    mind: Path, smoke: Path, tmp_path: Path
) -> None:
    request = Request(
        scenario=smoke, agents={"micro-1": "walker:Walker"}, bus="memory", no_record=True, rate=60.0, watch=True
    )
    clock = WallClock()
    rerun = Rerun(request, f"ipc://{tmp_path}/feed", watched(request), clock)

    def until(tick: int) -> float:
        deadline = clock.now() + _PATIENCE
        while rerun.span[1] < tick:
            assert clock.now() < deadline
            rerun.poll()
            clock.sleep(0.02)
        return next(rover.x for rover in rerun.scene(rerun.span[1]).rovers if rover.id == RoverId("micro-1"))

    try:
        before = until(200)
        reached = rerun.span[1]
        mind.write_text(_MIND.format(metres=8.0), encoding="utf-8")
        while rerun.span[1] >= reached:
            rerun.poll()
            clock.sleep(0.02)
        after = until(reached)
    finally:
        rerun.close()

    assert before == pytest.approx(-16.0, abs=0.3)
    assert after == pytest.approx(-20.0, abs=0.3)


def test_time_that_was_reached_before_is_not_waited_for() -> None:
    pace = Pace(ManualClock(), dt=1.0, factor=10.0, catch_up=600)

    assert [pace.left(tick) for tick in (60, 600, 700)] == [0.0, 0.0, 10.0]


def test_minds_of_ours_are_no_files_to_watch(tmp_path: Path, mind: Path) -> None:
    package = tmp_path / "dusty"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")

    assert places_of(["micro", "fleet.agents:MicroAgent", "roadmap", "no_such:Mind"]) == ()
    assert places_of(["walker:Walker", "dusty.agent:Mind"]) == (package, mind)


def test_files_that_come_change_and_go_are_told_once(tmp_path: Path) -> None:
    sources, file = Sources([tmp_path]), tmp_path / "new.py"

    quiet = sources.changed()
    file.write_text("1", encoding="utf-8")
    come = sources.changed()
    file.write_text("12", encoding="utf-8")
    changed, again = sources.changed(), sources.changed()
    file.unlink()

    assert (quiet, come, changed, again, sources.changed()) == ((), (file,), (file,), (), (file,))


@pytest.mark.parametrize(
    ("options", "fact"),
    [
        (["--watch"], "no mind of this run is in a file of yours"),
        (["--watch", "--json"], "--watch: tells what came of many runs"),
        (["--break-at", "1h"], "--break-at: says no rover"),
        (["--break-at", "scout@1h"], "there is no rover 'scout'; there are: cnsa-rover, lander, micro-1, micro-2"),
        (["--break-at", "micro-1@soon"], "neither a time like 90s"),
        (["--break-at", "micro-1@1m", "--watch"], "--break-at: goes with no --watch"),
    ],
)
def test_what_cannot_be_watched_or_looked_into_is_told(
    options: list[str], fact: str, moonfleet: object, smoke: Path
) -> None:
    code, _, error = moonfleet("run", str(smoke), "--headless", "--bus", "memory", *options)  # type: ignore[operator]

    assert code == 2
    assert fact in error


def test_the_debugger_stops_inside_one_agent_and_lets_the_run_go_on(mind: Path, smoke: Path) -> None:
    whole = subprocess.run(_words(smoke), capture_output=True, text=True, check=False)
    master, slave = pty.openpty()
    words, both = _words(smoke, "--break-at", "micro-1@2m"), subprocess.STDOUT
    process = subprocess.Popen(words, stdin=slave, stdout=subprocess.PIPE, stderr=both, text=True)
    os.close(slave)
    reader = _Reader(process)

    reader.wait_for("-> here = ")
    os.write(master, b"p view.rover, view.tick, here\n")
    os.write(master, b"n\n")
    os.write(master, b"p here\n")
    os.write(master, b"c\n")
    code = process.wait(_PATIENCE)
    reader.close()
    os.close(master)

    assert code == whole.returncode, reader.text
    assert re.search(r"walker\.py\(10\)decide\(\)", reader.text)
    assert "('micro-1', 120, " not in reader.text
    assert "NameError: name 'here'" in reader.text or "name 'here' is not defined" in reader.text
    assert re.search(r"\(-16\.0\d*, ", reader.text)
    assert re.findall("digest: (.*)", reader.text) == re.findall("digest: (.*)", whole.stdout)


def test_who_quits_the_debugger_ends_the_run(mind: Path, smoke: Path) -> None:
    words = _words(smoke, "--break-at", "micro-1@2m")

    done = subprocess.run(words, input="q\n", capture_output=True, text=True, check=False)

    assert done.returncode == 130
