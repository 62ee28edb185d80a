"""How far a mission is, on stderr, while it is run."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from fleet.core import MissionTime, Tick, format_elapsed
from sim.cli.output import is_plain
from sim.record import Entry, Frame, TaskChanged

_EVERY = 600  # Ticks between two strokes of the bar.


class ProgressBar:
    """A sink that draws how far the mission is; silent when nobody looks."""

    def __init__(self, end: Tick, time: MissionTime, tasks: int) -> None:
        self._end = end
        self._time = time
        self._tasks = tasks
        self._done = 0
        self._last: Tick = 0
        self._bar: Progress | None = None
        if not is_plain():
            self._bar = Progress(
                TextColumn("{task.fields[elapsed]}"),
                BarColumn(),
                TextColumn("{task.fields[done]} tasks done"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("run", total=end, elapsed=format_elapsed(0.0), done=f"0 of {tasks}")
            self._bar.start()

    def write(self, entry: Entry) -> None:
        """Take in an entry."""
        if isinstance(entry, TaskChanged) and entry.state == "done":
            self._done += 1
        if self._bar is not None and isinstance(entry, Frame) and entry.tick >= self._last + _EVERY:
            self._last = entry.tick
            self._bar.update(
                self._task,
                completed=entry.tick,
                elapsed=format_elapsed(self._time.seconds(entry.tick)),
                done=f"{self._done} of {self._tasks}",
            )

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
