"""What a person sees while a run goes on, on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from sim.cli.output import is_plain


def announce(text: str) -> None:
    """Say something to a person."""
    click.echo(text, err=True)


@contextmanager
def share_bar(name: str) -> Iterator[Callable[[float], None]]:
    """Draw how much of long work is done, or that it goes on while nothing is told; silent when nobody looks."""
    if is_plain():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - for a bar only
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

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
    from rich.console import Console  # noqa: PLC0415 - for a bar only
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

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
