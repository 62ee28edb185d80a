"""A rover's own list of work: what it was awarded, how far each task is, what is to be reported."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fleet.core import RoverId, TaskId
from fleet.messages import Award, StepDone, Task, TaskReport

_REPEATS = 3  # A report of success is said so often over all, since a message may be lost.


class TaskBook:
    """Tasks awarded to one rover, in order of award."""

    def __init__(self, rover: RoverId) -> None:
        self._rover = rover
        self._tasks: dict[TaskId, Task] = {}
        self._steps: dict[TaskId, int] = {}
        self._running: set[TaskId] = set()
        self._repeats: dict[TaskId, int] = {}

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Awarded and not done."""
        return tuple(self._tasks.values())

    @property
    def steps(self) -> Mapping[TaskId, int]:
        """Next step of each task."""
        return MappingProxyType(self._steps)

    def awarded(self, award: Award) -> TaskReport | None:
        """Take in an award, heard by everyone; return the answer when it is ours."""
        task = award.task.id
        if award.rover != self._rover:
            self.drop(task)
            return None
        if task not in self._repeats:
            self._tasks.setdefault(task, award.task)
            self._steps.setdefault(task, 0)
        return TaskReport(task=task, state="done" if task in self._repeats else "accepted")

    def started(self, task: TaskId) -> TaskReport | None:
        """Return what to report when work begins, once for each task."""
        if task not in self._tasks or task in self._running:
            return None
        self._running.add(task)
        return TaskReport(task=task, state="running")

    def progressed(self, event: StepDone) -> TaskReport | None:
        """Take in that a step is done; return the report when it was the last."""
        if event.task not in self._tasks:
            return None
        self._steps[event.task] = event.step + 1
        if not event.final:
            return None
        self.drop(event.task)
        self._repeats[event.task] = _REPEATS - 1
        return TaskReport(task=event.task, state="done")

    def found(self, task: TaskId, step: int) -> None:
        """Take in which step of a task is next in truth."""
        if task in self._tasks and 0 <= step < len(self._tasks[task].steps):
            self._steps[task] = step

    def drop(self, task: TaskId) -> None:
        """Forget a task: done, returned, or another's."""
        self._tasks.pop(task, None)
        self._steps.pop(task, None)
        self._running.discard(task)

    def repeats(self) -> tuple[TaskReport, ...]:
        """Return the reports of success that are to be said once more."""
        due = sorted(task for task, left in self._repeats.items() if left > 0)
        for task in due:
            self._repeats[task] -= 1
        return tuple(TaskReport(task=task, state="done") for task in due)

    def returned(self, reason: str) -> tuple[TaskReport, ...]:
        """Give all work back; return the reports."""
        reports = tuple(TaskReport(task=task, state="returned", reason=reason) for task in sorted(self._tasks))
        for report in reports:
            self.drop(report.task)
        return reports
