"""A viewer: frames a second, opening and seeking, and what a live view costs the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from fleet.core import Clock
from fleet.terrain import GroundMap
from sim.bench.live_view import Processor, bench_live_view
from sim.bench.parade import Parade
from sim.bench.rows import Row
from sim.record import Recording, RecordWriter
from sim.run import RunOptions, run
from sim.scenario import Scenario
from sim.viewer import LAYERS, Look, RecordedRun, Showing, rehearse

_COUNTS: Final = (10, 100, 300)
_HOURS: Final = 3
_FRAMES: Final = 120
_STEP: Final = 5.0  # ticks from one frame to the next: 300 times real time
_SEEKS: Final = 40
_GOLDEN: Final = 0.6180339887498949


def bench_viewer(scenario: Scenario, clock: Clock, say: Callable[[str], None]) -> list[Row]:
    """Measure the viewer at 1280 x 800, drawn by the processor, with all layers, trails and a selected rover.

    Notes
    -----
    ``fps-N``: N rovers that drive all the time on the scenario's ground, recorded, at 300 times real time; every frame
    is drawn. ``hidden``: looks a second at 100 rovers while nobody sees the window. ``open`` and ``seek``: until a
    recording of three days can be shown, and the slowest of many jumps in it, picture included. What a window costs a
    run that goes on: `bench_live_view`.
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
    return rows + bench_live_view(scenario, clock, say)


def _write(parade: Parade, ground: GroundMap, file: Path) -> None:
    writer = RecordWriter(file, ground=ground)
    writer.write(parade.opening)
    for entry in parade.entries():
        writer.write(entry)
    writer.close()


def _frames(name: str, source: RecordedRun, clock: Clock, *, visible: bool = True) -> Row:
    look = Look(layers=frozenset(LAYERS), selected=source.scene(0).rovers[3].id)
    showing = Showing(look=look, at=3600.0)
    playing = [3600.0 + _STEP * frame for frame in range(_FRAMES)]
    work = sum(rehearse(source, showing, Processor(), playing, visible=visible)) / _FRAMES
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
