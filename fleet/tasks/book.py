"""A rover's own list of work: what it was awarded, how far each task is, what is to be reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from fleet.core import RoverId, TaskId
from fleet.messages import Announcement, Award, StepDone, Task, TaskReport

_REPEATS = 3  # A report of success is said so often over all, since a message may be lost;
_BACK_REPEATS = 12  # that a task was given back at most so often, unless the coordinator is heard to know it.


class TaskBook:
    """Tasks awarded to one rover, in order of award."""

    def __init__(self, rover: RoverId) -> None:
        self._rover = rover
        self._tasks: dict[TaskId, Task] = {}
        self._steps: dict[TaskId, int] = {}
        self._running: set[TaskId] = set()
        self._shelved: frozenset[TaskId] = frozenset()  # Not to be worked on now; may name tasks of others.
        self._repeats: dict[TaskId, int] = {}
        self._back: dict[TaskId, tuple[TaskReport, int]] = {}  # Given back, and so often to be said again.

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Awarded, not done, and not shelved."""
        return tuple(task for name, task in self._tasks.items() if name not in self._shelved)

    @property
    def all(self) -> tuple[Task, ...]:
        """Awarded and not done, those that are shelved as well."""
        return tuple(self._tasks.values())

    def shelve(self, tasks: Collection[TaskId]) -> None:
        """Take in which tasks are not to be worked on now, and no others; how far they are is kept."""
        self._shelved = frozenset(tasks)

    @property
    def begun(self) -> frozenset[TaskId]:
        """Those of them on which work began here."""
        return frozenset(self._running)

    @property
    def steps(self) -> Mapping[TaskId, int]:
        """Next step of each task."""
        return MappingProxyType(self._steps)

    def awarded(self, award: Award) -> TaskReport | None:
        """Take in an award, heard by everyone; return the answer when it is ours."""
        task = award.task.id
        self._back.pop(task, None)
        if award.rover != self._rover:
            self.drop(task)
            return None
        if task not in self._repeats:
            self._tasks.setdefault(task, award.task)
            self._steps.setdefault(task, 0)
        return TaskReport(task=task, state="done" if task in self._repeats else "accepted")

    def announced(self, announcement: Announcement) -> None:
        """Take in what is offered: whoever offers a task knows that it was given back."""
        for task in announcement.tasks:
            self._back.pop(task.id, None)

    def gave_back(self, report: TaskReport) -> None:
        """Forget a task that goes back, but not that it did."""
        self.drop(report.task)
        self._back[report.task] = report, _BACK_REPEATS - 1

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
        """Return the reports that are to be said once more: of success, and of what was given back."""
        due = sorted(task for task, left in self._repeats.items() if left > 0)
        for task in due:
            self._repeats[task] -= 1
        back = [self._back[task][0] for task in sorted(self._back)]
        self._back = {task: (report, left - 1) for task, (report, left) in self._back.items() if left > 1}
        return (*(TaskReport(task=task, state="done") for task in due), *back)

    def returned(self, reason: str) -> tuple[TaskReport, ...]:
        """Give all work back; return the reports."""
        reports = tuple(TaskReport(task=task, state="returned", reason=reason) for task in sorted(self._tasks))
        for report in reports:
            self.gave_back(report)
        return reports
