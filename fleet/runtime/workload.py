"""What a rover has to do: what it was given, what it says of it, and how it gets rid of it."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.core import RoverId, TaskId
from fleet.messages import Announcement, Award, PutDown, StepDone, TaskReport, WorkStopped
from fleet.runtime.council import Council
from fleet.runtime.driver import Driver
from fleet.runtime.post import Post
from fleet.runtime.turn import Turn
from fleet.tasks import TaskBook


class Workload:
    """Keeps the rover's book of work, and tells the leader how it stands.

    Parameters
    ----------
    driver
        Stands while work is given back.
    post
        Carries reports to a leader that is out of reach.
    """

    def __init__(self, rover: RoverId, *, driver: Driver, council: Council, post: Post) -> None:
        self.book = TaskBook(rover)
        self._driver = driver
        self._council = council
        self._post = post

    @property
    def current(self) -> TaskId | None:
        """What the rover works on."""
        return self.book.tasks[0].id if self.book.tasks else None

    def awarded(self, award: Award, turn: Turn, *, has_mind: bool) -> None:
        """Take in who gets a task; one without a mind gives back what it gets."""
        before, begun = self.book.tasks, self.book.begun
        self.tell(self.book.awarded(award), turn)
        if award.task.id in begun - self.book.begun:
            # It went to another while this rover could not be heard, who must find it free.
            self._put_down((award.task.id,), turn)
        if not has_mind and self.book.tasks:
            self.give_all_back("it has no mind", turn)
        turn.concerns_mind |= self.book.tasks != before

    def announced(self, announcement: Announcement) -> None:
        """Take in what is offered."""
        self.book.announced(announcement)

    def progressed(self, event: StepDone, turn: Turn) -> None:
        """Take in that a step is done."""
        self.tell(self.book.progressed(event), turn)

    def found(self, event: WorkStopped) -> None:
        """Take in which step of a task is next in truth."""
        self.book.found(event.task, event.step)

    def started(self, task: TaskId, turn: Turn) -> None:
        """Take in that work on a task begins."""
        self.tell(self.book.started(task), turn)

    def give_all_back(self, reason: str, turn: Turn) -> None:
        """Leave all work to others."""
        self.give_back(self.book.returned(reason), turn)

    def give_back(self, reports: Sequence[TaskReport], turn: Turn) -> None:
        """Stand, put down what is on board for these tasks, and leave them to others."""
        for report in reports:
            self.book.gave_back(report)
            self.tell(report, turn)
        self._put_down(tuple(report.task for report in reports), turn)

    def repeat(self, turn: Turn) -> None:
        """Say again what may not have been heard."""
        for report in self.book.repeats():
            self.tell(report, turn)

    def tell(self, report: TaskReport | None, turn: Turn) -> None:
        """Report to the leader, now or as soon as there is one in reach."""
        if report is not None:
            self._council.reported(report)
            self._post.write((self._driver.leader or self._council.last,), report, turn.tick)

    def _put_down(self, tasks: tuple[TaskId, ...], turn: Turn) -> None:
        self._driver.stop(turn)
        turn.command = PutDown(tasks=tasks)
