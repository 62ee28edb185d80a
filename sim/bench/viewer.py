"""A viewer: frames a second, opening and seeking, and what a live view costs the run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from fleet.bus import private_ipc
from fleet.core import Clock
from fleet.terrain import GroundMap
from sim.bench.parade import Parade
from sim.bench.rows import Row
from sim.record import Entry, Recording, RecordWriter, tick_of
from sim.run import RunOptions, run
from sim.run.watch import control_endpoint
from sim.scenario import Scenario
from sim.viewer import LAYERS, Look, RecordedRun, Showing, rehearse

_COUNTS: Final = (10, 100, 300)
_HOURS: Final = 3
_FRAMES: Final = 120
_STEP: Final = 5.0  # ticks from one frame to the next: 300 times real time
_PAIRS: Final = 9  # Times that a run is measured alone and watched: single ones differ by more than the cost.
_WATCHED: Final = 12 * 3600  # Seconds of mission.
_SEEKS: Final = 40
_GOLDEN: Final = 0.6180339887498949
# A window of its own on a run, without a screen, until it is killed.
_ONLOOKER: Final = """
import sys
from fleet.core import WallClock
from sim.run.watch import Watch
from sim.viewer import LAYERS, LiveRun, Look, Showing, show

watch = Watch(sys.argv[1], clock=WallClock(), wait=60.0)
watch.control("resume")
show(LiveRun(watch, watch.opening, watch.ground), Showing(look=Look(layers=frozenset(LAYERS))))
"""


def bench_viewer(scenario: Scenario, clock: Clock, say: Callable[[str], None]) -> list[Row]:
    """Measure the viewer at 1280 x 800, drawn by the processor, with all layers, trails and a selected rover.

    Notes
    -----
    ``fps-N``: N rovers that drive all the time on the scenario's ground, recorded, at 300 times real time; every frame
    is drawn. ``hidden``: looks a second at 100 rovers while nobody sees the window. ``open`` and ``seek``: until a
    recording of three days can be shown, and the slowest of many jumps in it, picture included. ``live-cost``: the
    processor time that a run takes more when a window watches it than alone, per cent.
    """
    rows = []
    with TemporaryDirectory() as folder:
        for count in _COUNTS:
            say(f"{count} rovers ...")
            file = Path(folder) / f"parade-{count}.mcap"
            _write(Parade(scenario, count, _HOURS * 3600), scenario.ground.map, file)
            source = RecordedRun(Recording(file))
            rows.append(_frames(f"fps-{count}", source, clock))
            if count == 100:
                rows.append(_frames("hidden", source, clock, visible=False))
        say("three days ...")
        file = Path(folder) / "days.mcap"
        run(scenario, RunOptions(bus="memory", record=file))
        rows += _jumps(file, clock)
    rows.append(_live_cost(scenario, say))
    return rows


def _write(parade: Parade, ground: GroundMap, file: Path) -> None:
    writer = RecordWriter(file, ground=ground)
    writer.write(parade.opening)
    for entry in parade.entries():
        writer.write(entry)
    writer.close()


class _Processor:
    """A clock that goes while this process is at work: what others on the machine do does not count."""

    def now(self) -> float:
        """Return seconds of the processor so far."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    def sleep(self, seconds: float) -> None:
        """Nobody sleeps at work."""


class _Stopwatch:
    """A sink that measures from the first entry after the start to the end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: float | None = None
        self.seconds = 0.0

    def write(self, entry: Entry) -> None:
        """Begin."""
        if self._begun is None and tick_of(entry) > 0:
            self._begun = self._clock.now()

    def close(self) -> None:
        """End."""
        if self._begun is not None:
            self.seconds = self._clock.now() - self._begun


def _frames(name: str, source: RecordedRun, clock: Clock, *, visible: bool = True) -> Row:
    look = Look(layers=frozenset(LAYERS), selected=source.scene(0).rovers[3].id)
    showing = Showing(look=look, at=3600.0)
    playing = [3600.0 + _STEP * frame for frame in range(_FRAMES)]
    work = sum(rehearse(source, showing, _Processor(), playing, visible=visible)) / _FRAMES
    seconds = rehearse(source, showing, clock, playing, visible=visible)
    slowest = max(seconds) * 1e3
    note = f"{work * 1e3:.1f} ms of processor each; median {median(seconds) * 1e3:.1f}, slowest {slowest:.0f} ms"
    return Row(name=name, value=len(seconds) / sum(seconds), unit="frames a second", note=note)


def _jumps(file: Path, clock: Clock) -> list[Row]:
    """Open a recording, then jump to places all over it in an order without a pattern."""
    begun = clock.now()
    source = RecordedRun(Recording(file))
    opened = clock.now() - begun
    last = source.span[1]
    places = [last * (number * _GOLDEN % 1.0) for number in range(_SEEKS)]
    seconds = rehearse(source, Showing(look=Look(layers=frozenset(LAYERS))), clock, places)
    size = file.stat().st_size / 1e6
    return [
        Row(name="open", value=opened * 1e3, unit="ms", note=f"{last} ticks, {size:.1f} MB"),
        Row(
            name="seek",
            value=max(seconds) * 1e3,
            unit="ms",
            note=f"slowest of {_SEEKS}, median {median(seconds) * 1e3:.0f}",
        ),
    ]


def _live_cost(scenario: Scenario, say: Callable[[str], None]) -> Row:
    until = scenario.time.tick(_WATCHED)
    processor = _Processor()
    alone: list[float] = []
    watched: list[float] = []
    for pair in range(_PAIRS):
        say(f"a run alone and watched, {pair + 1} of {_PAIRS} ...")
        work = _Stopwatch(processor)
        without = run(scenario, RunOptions(bus="memory", until=until), sinks=[work]).hub
        alone.append(work.seconds)
        with private_ipc() as feed:
            options = RunOptions(bus="memory", until=until, feed=feed, control=control_endpoint(feed), paused=True)
            onlooker = subprocess.Popen(
                [sys.executable, "-c", _ONLOOKER, feed], env={**os.environ, "SDL_VIDEODRIVER": "dummy"}
            )
            try:
                work = _Stopwatch(processor)
                seen = run(scenario, options, sinks=[work]).hub
                watched.append(work.seconds)
            finally:
                onlooker.kill()
                onlooker.wait()
        if seen.digest != without.digest:
            raise RuntimeError("a run that was watched went another way")
    cost = median(b / a for a, b in zip(alone, watched, strict=True)) - 1.0
    note = f"{median(alone):.2f} s of processor alone, {median(watched):.2f} s watched, equal digests"
    return Row(name="live-cost", value=100.0 * cost, unit="per cent", note=note)
