"""What a person sees while a run goes on, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from fleet.core import MissionTime, Tick, format_elapsed
from sim.cli.output import is_plain
from sim.record import Entry, Frame, TaskChanged

_EVERY = 600  # Ticks between two strokes of the bar.


def announce(text: str) -> None:
    """Say something to a person."""
    click.echo(text, err=True)


@contextmanager
def share_bar(name: str) -> Iterator[Callable[[float], None]]:
    """Draw how much of long work is done, or that it goes on while nothing is told; silent when nobody looks."""
    if is_plain():
        yield lambda _: None
        return
    columns = (TextColumn(name), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda share: bar.update(task, total=1.0, completed=share)


@contextmanager
def campaign_bar() -> Iterator[Callable[[int, int, int], None]]:
    """Draw how many runs are done, of how many, and how many went wrong; a line each tenth when nobody looks."""
    if is_plain():
        yield _Tenths()
        return
    columns = (
        TextColumn("{task.completed} of {task.total} runs"),
        BarColumn(),
        TextColumn("{task.fields[failed]} not as expected"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sweep", total=None, failed=0)
        yield lambda done, total, failed: bar.update(task, completed=done, total=total, failed=failed)


class _Tenths:
    """Says a line for each tenth that is done."""

    def __init__(self) -> None:
        self._said: int | None = None

    def __call__(self, done: int, total: int, failed: int) -> None:
        tenth = 10 * done // max(1, total)
        if self._said is not None and tenth > self._said:
            announce(f"{done} of {total} runs done, {failed} not as expected")
        self._said = tenth


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
