"""`run --watch`: the run begins anew when a mind's file changes, and catches up with the moment that it had reached."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import msgspec

from fleet.core import Clock, ConfigError, RoverId, Tick, WallClock
from fleet.core.nursery import Program, start_process
from fleet.terrain import GroundMap
from sim.cli.display import check_display
from sim.cli.output import emit
from sim.cli.progress import announce
from sim.cli.running import ATTACH, WINDOW_RATE, Request, asked, describe, words_of
from sim.cli.sources import Sources, places_of
from sim.crew import RUNS
from sim.hub.interrupts import Interrupts
from sim.record import Diary
from sim.viewer.scene import Scene, Story, Subject
from sim.viewer.source import SceneSource

_LOOK: Final = 0.2  # Seconds of the wall between two looks at the files.
_ENDING: Final = 20.0  # Seconds that a run has to come to an end when it is interrupted.


class _Run:
    """A run in a process of its own."""

    def __init__(self, request: Request) -> None:
        self._output = TemporaryFile()  # noqa: SIM115 - closed when it has been read
        program = Program(code="sim.cli", words=tuple(words_of(request)), prepared=RUNS)
        self._process = start_process(program, stdout=self._output.fileno())
        self.summary: dict[str, Any] | None = None  #: What came of it, once it is over.

    @property
    def code(self) -> int | None:
        """Its exit code; None while it goes on."""
        return self._process.poll()

    def wait(self, seconds: float) -> bool:
        """Wait so long for its end; return whether it is over."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        if not self._output.closed:
            with self._output:
                self._output.seek(0)
                output = self._output.read()
            self.summary = msgspec.json.decode(output) if output else None
        return True

    def stop(self) -> None:
        """End it after its present tick."""
        if self.code is None:
            os.kill(self._process.pid, signal.SIGINT)
        if not self.wait(_ENDING):
            self._process.kill()
            self.wait(_ENDING)


def watched(request: Request) -> Sources:
    """Return the files to look at: of the scenario, and of those minds of it that are not ours.

    Raises
    ------
    ConfigError
        When the scenario is wrong, or all its minds are ours.
    """
    from sim.scenario import load_scenario  # noqa: PLC0415 - loads numba

    file, seed, terrain, settings = asked(request)
    scenario = load_scenario(file, seed=seed, terrain=terrain, settings=settings)
    places = places_of([*(spec.agent for spec in scenario.rovers), scenario.planner, scenario.allocator])
    if not places:
        remedy = "give one to a rover: --agent ROVER=MODULE:CLASS"
        raise ConfigError("--watch", "no mind of this run is in a file of yours", remedy)
    announce(f"watching {', '.join(map(_short, places))}; Ctrl-C ends")
    return Sources((*places, file))


def watch_headless(request: Request) -> int:
    """Run, tell what came of it, and run again whenever a file changes, until somebody interrupts.

    Returns
    -------
    int
        The exit code of the last run.
    """
    sources, reached = watched(request), 0
    with Interrupts() as interrupts:
        while True:
            run = _Run(replace(request, catch_up=reached, rate=request.rate))
            try:
                changed = _until_change(run, sources, interrupts)
            except KeyboardInterrupt:
                run.stop()
                return 130 if run.code is None else _code_of(run)
            run.stop()
            reached = reached if run.summary is None else int(run.summary["ticks"])
            _tell(changed, reached)


def _until_change(run: _Run, sources: Sources, interrupts: Interrupts) -> tuple[Path, ...]:
    clock, told = WallClock(), False
    while not (changed := sources.changed()):
        interrupts.check()
        if told:
            clock.sleep(_LOOK)
        elif run.wait(_LOOK):
            told = True
            if run.summary is not None:
                emit(run.summary, as_json=False, text=describe(run.summary))
            announce("waiting for a change ...")
    return changed


def _code_of(run: _Run) -> int:
    return run.code if run.code is not None else 130


def _tell(changed: tuple[Path, ...], reached: Tick) -> None:
    announce(f"{', '.join(map(_short, changed))} changed: running anew to tick {reached}")


def _short(place: Path) -> str:
    return os.path.relpath(place) if place.is_relative_to(Path.cwd()) else str(place)


class Rerun:
    """What a window shows: a run beside it, and the one that follows it when a file changes.

    Parameters
    ----------
    request
        What to run.
    place
        An endpoint that nobody else has; each run's own begins so.
    sources
        Files to look at.

    Raises
    ------
    ConfigError
        When the first run does not begin.
    """

    live: Final = True

    def __init__(self, request: Request, place: str, sources: Sources, clock: Clock) -> None:
        self._request = replace(request, watch=False)  # Each of its runs is one that a window looks at.
        self._place = place
        self._sources = sources
        self._clock = clock
        self._looked = clock.now()
        self._count = 0
        self._reached: Tick = 0
        self._rate = request.rate
        self._paused = False
        self._is_catching_up = False
        self._run: _Run
        self._close: Callable[[], None] = lambda: None
        self._shown: SceneSource
        self._begin()

    @property
    def ground(self) -> GroundMap:
        """The map under the fleet."""
        return self._shown.ground

    @property
    def span(self) -> tuple[Tick, Tick]:
        """The newest tick is the last."""
        return self._shown.span

    def poll(self) -> bool:
        """Take what is new; begin anew when a file has changed."""
        now = self._clock.now()
        if now >= self._looked + _LOOK:
            self._looked = now
            changed = self._sources.changed()
            if changed:
                self._begin_anew(changed)
                return True
        fresh = self._shown.poll()
        if self._is_catching_up and self.span[1] >= self._reached:
            self._is_catching_up = False
            if self._paused:
                self._shown.control("pause")
        return fresh

    def scene(self, tick: float) -> Scene:
        """Return the fleet at a tick."""
        return self._shown.scene(tick)

    def story(self, subject: Subject, tick: float) -> Story | None:
        """Return what there is to say of a rover or a task."""
        return self._shown.story(subject, tick)

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did, and when."""
        return self._shown.diary(rover)

    def control(self, do: str, **values: object) -> str:
        """Ask the run; pace and pause that were asked last hold for those that follow."""
        if do in ("pause", "resume"):
            self._paused = do == "pause"
        if do == "rate":
            factor = values.get("factor")
            self._rate = float(factor) if isinstance(factor, int | float) else None
        return self._shown.control(do, **values)

    def close(self) -> int:
        """End the run, and return its exit code."""
        self._run.stop()
        self._close()
        if self._run.summary is not None:
            emit(self._run.summary, as_json=False, text=describe(self._run.summary))
        return _code_of(self._run)

    def _begin_anew(self, changed: tuple[Path, ...]) -> None:
        self._reached = max(self._reached if self._is_catching_up else 0, self.span[1])
        _tell(changed, self._reached)
        self._run.stop()
        try:
            self._begin()
        except ConfigError:
            announce("it did not begin; the window shows the run before, and waits for a change")

    def _begin(self) -> None:
        from sim.run.watch import Watch  # noqa: PLC0415 - loads numba
        from sim.viewer import LiveRun  # noqa: PLC0415 - loads pygame

        self._count += 1
        feed = f"{self._place}-{self._count}"
        self._run = run = _Run(replace(self._request, feed=feed, paused=True, rate=self._rate, catch_up=self._reached))
        watch = Watch(feed, clock=self._clock, wait=ATTACH, is_over=lambda: run.code is not None)
        self._close()
        self._close = watch.close
        self._shown = LiveRun(watch, watch.opening, watch.ground)
        self._is_catching_up = self._reached > 0
        watch.control("resume")


def watch_in_window(request: Request) -> int:
    """Run beside a window, anew whenever a file changes, until the window is closed; return the last exit code."""
    from fleet.bus import private_ipc  # noqa: PLC0415 - loads zmq
    from sim.viewer import show  # noqa: PLC0415 - loads pygame

    check_display()
    sources = watched(request)
    request = replace(request, rate=request.rate or WINDOW_RATE)
    with private_ipc() as place:
        rerun = Rerun(request, place, sources, WallClock())
        try:
            show(rerun)
        finally:
            code = rerun.close()
    return code
