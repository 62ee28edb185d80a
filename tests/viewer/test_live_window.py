"""A run in a window, steered by a person with keys and mouse, under a virtual screen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fleet.core import WallClock
from sim.record import Directed, FaultBegan, Recording
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from sim.scenario.fault import Silent
from sim.scenario.order import CancelTasks, CloseGround, OpenGround, PauseTasks, ReleaseRovers, StopRovers

SMOKE = Path(__file__).parents[2] / "scenarios" / "smoke.yaml"
_OPENS = 90.0  # seconds in which a window must be there

pytestmark = pytest.mark.window


@dataclass(frozen=True)
class Ended:
    """What is left of a run."""

    summary: dict[str, Any]
    entries: list[Any]
    pictures: list[Path]


@pytest.fixture
def steered(display: str, tmp_path: Path) -> Callable[..., Ended]:
    """How to run the shortest scenario in a window, slowly, and do something there until it is closed."""

    def call(*doings: tuple[str, ...]) -> Ended:
        words = [sys.executable, "-m", "sim.cli", "run", str(SMOKE), "--rate", "20", "--bus", "memory", "--json"]
        words += ["--record", str(tmp_path / "run.mcap")]
        with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
            try:
                _wait_for_window(display)
                for doing in doings:
                    _type(*doing)
                output, _ = process.communicate(timeout=_OPENS)
            finally:
                process.kill()
        recording = Recording(tmp_path / "run.mcap")
        entries = [recording.decode(entry) for entry in recording.stored() if entry.kind in (Directed, FaultBegan)]
        return Ended(json.loads(output), entries, sorted((tmp_path / "moonfleet-out").glob("*.png")))

    return call


def _wait_for_window(display: str) -> None:
    clock = WallClock()
    until = clock.now() + _OPENS
    while clock.now() < until:
        search = ["xdotool", "search", "--onlyvisible", "--class", ".*"]
        found = subprocess.run(search, check=False, capture_output=True, text=True, timeout=60).stdout.split()
        if len(found) > 1:  # One is the screen itself.
            return
        clock.sleep(0.1)
    raise AssertionError(f"no window came on {display}")


def _type(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=60, stdout=subprocess.DEVNULL)


def test_a_run_that_is_watched_paused_and_scrubbed_has_the_digest_of_one_without_a_window(
    steered: Callable[..., Ended],
) -> None:
    alone = run(load_scenario(SMOKE), RunOptions(bus="memory"))

    ended = steered(
        ("mousemove", "400", "300", "sleep", "1", "key", "space", "comma", "g", "Tab", "p"),
        ("mousemove", "150", "780", "click", "1", "key", "End", "space", "plus", "sleep", "0.5", "key", "p", "q"),
    )

    assert ended.summary["digest"] == alone.hub.digest
    assert (ended.summary["verdict"], ended.entries) == ("pass", [])
    assert len(ended.pictures) == 2


def test_who_is_stopped_what_is_closed_and_what_goes_wrong_by_hand_is_in_the_recording(
    steered: Callable[..., Ended],
) -> None:
    # Paused, so that the orders are given at one tick; a box of ground is closed at the upper left, then opened; a
    # task is found by name, paused, and cancelled from its menu.
    ended = steered(
        ("mousemove", "400", "300", "sleep", "1", "key", "space", "Tab", "h"),
        ("sleep", "0.3", "key", "z", "sleep", "0.3", "mousemove", "60", "500", "sleep", "0.2", "mousedown", "1"),
        ("sleep", "0.2", "mousemove", "90", "520", "sleep", "0.2", "mousemove", "140", "560", "sleep", "0.2"),
        ("mouseup", "1", "sleep", "0.3", "key", "Return", "sleep", "0.5", "key", "u", "sleep", "0.5"),
        ("key", "x", "Return", "Return", "sleep", "0.3", "key", "shift+h"),
        ("sleep", "0.3", "key", "slash", "w", "e", "s", "t", "Return", "sleep", "0.3", "key", "h", "o", "4", "Return"),
        ("sleep", "0.5", "key", "space", "sleep", "0.5", "key", "q"),
    )

    orders = [entry.order for entry in ended.entries if isinstance(entry, Directed)]
    stopped = next(order.rovers for order in orders if isinstance(order, StopRovers))
    faults = [entry.fault for entry in ended.entries if isinstance(entry, FaultBegan)]
    kinds = (StopRovers, CloseGround, OpenGround, ReleaseRovers, PauseTasks, CancelTasks)
    assert sorted(type(order).__name__ for order in orders) == sorted(kind.__name__ for kind in kinds)
    assert [fault.rover for fault in faults if isinstance(fault, Silent)] == list(stopped)
    assert [order.tasks for order in orders if isinstance(order, CancelTasks)] == [(("view-west", "METU"),)]
    assert (ended.summary["ended"], ended.summary["tasks"]["cancelled"]) == ("finished", 1)
