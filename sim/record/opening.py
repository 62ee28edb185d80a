"""The opening of a recording, with the work that came to be known later."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from fleet.core import Tick
from fleet.messages import Task
from sim.record.entries import Directed, Entry, Opening, TaskEntry
from sim.scenario.order import SendTask


def entry_of_task(task: Task, at: Tick) -> TaskEntry:
    """Return a task, ordered at a tick, as a recording begins with it."""
    places = tuple(step.place for step in task.steps)
    return TaskEntry(
        task=task.id, kind=task.kind, title=task.title, agency=task.agency, places=places, after=task.after, at=at
    )


def with_task(opening: Opening, tick: Tick, task: Task) -> Opening:
    """Return an opening that knows of one task more, sent at a tick."""
    return replace(opening, tasks=(*opening.tasks, entry_of_task(task, tick)))


def with_sent(opening: Opening, entries: Iterable[Entry]) -> Opening:
    """Return an opening that knows of all tasks that were sent in the course of a run."""
    for entry in entries:
        if isinstance(entry, Directed) and isinstance(entry.order, SendTask):
            opening = with_task(opening, entry.tick, entry.order.task)
    return opening
