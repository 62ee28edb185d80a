"""What a rover knows of who has which task, for whoever leads next."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import RoverId, TaskId
from fleet.messages import Award, TaskNote, TaskReport


class TaskNotes:
    """How each task stands, as far as one rover knows.

    Notes
    -----
    Done is done. Else the later round of the auction tells more; in one round, that a task was given back is later than
    that it was given.

    Examples
    --------
    >>> notes = TaskNotes()
    >>> notes.learn([TaskNote(task=TaskId("t"), round=2, rover=RoverId("a"))])
    >>> notes.learn([TaskNote(task=TaskId("t"), round=1, rover=RoverId("b"))])
    >>> notes.of(TaskId("t")).rover
    'a'
    """

    def __init__(self) -> None:
        self._notes: dict[TaskId, TaskNote] = {}

    def of(self, task: TaskId) -> TaskNote | None:
        """Return what is known of a task."""
        return self._notes.get(task)

    def all(self) -> tuple[TaskNote, ...]:
        """Return everything, by task id."""
        return tuple(self._notes[task] for task in sorted(self._notes))

    def learn(self, notes: Iterable[TaskNote]) -> None:
        """Take in what another knows."""
        for note in notes:
            known = self._notes.get(note.task)
            if known is None or _age(note) > _age(known):
                self._notes[note.task] = note

    def awarded(self, award: Award) -> None:
        """Take in an award."""
        self.learn([TaskNote(task=award.task.id, round=award.round, rover=award.rover)])

    def reported(self, rover: RoverId, report: TaskReport) -> None:
        """Take in how a rover says that a task stands which it has."""
        known = self._notes.get(report.task)
        round_ = known.round if known is not None else 0
        if report.state == "done":
            self.learn([TaskNote(task=report.task, round=round_, rover=rover, done=True)])
        elif report.state in ("returned", "failed") and known is not None and known.rover == rover:
            self.learn([TaskNote(task=report.task, round=round_, rover=None)])


def _age(note: TaskNote) -> tuple[bool, int, bool]:
    return note.done, note.round, note.rover is None
