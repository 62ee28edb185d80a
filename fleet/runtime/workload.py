"""What a rover has to do: what it was given, what it says of it, and how it gets rid of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from fleet.core import EVERYONE, RoverId, TaskId
from fleet.messages import Announcement, Award, Bids, Declined, PutDown, StepDone, Stop, Task, TaskReport, WorkStopped
from fleet.runtime.accord import Accord
from fleet.runtime.council import Council
from fleet.runtime.driver import Driver
from fleet.runtime.post import Post
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.tasks import TaskBook


class Workload:
    """Keeps the rover's book of work, and tells the leader how it stands.

    Parameters
    ----------
    rights
        Whose work it takes.
    driver
        Stands while work is given back.
    post
        Carries reports to a leader that is out of reach.
    accord
        Where work is shared out by agreement, what tells all how it stands.
    """

    def __init__(
        self, rights: Rights, *, driver: Driver, council: Council, post: Post, accord: Accord | None = None
    ) -> None:
        self.book = TaskBook(rights.rover)
        self._rights = rights
        self._law = rights.law  # By which its work was last judged.
        self._suspended = rights.suspended  # Likewise.
        self._at: TaskId | None = None  # What it was last at work on.
        self._declined: dict[tuple[RoverId, TaskId], Declined] = {}  # What it last said.
        self._driver = driver
        self._council = council
        self._post = post
        self._accord = accord

    @property
    def now(self) -> Task | None:
        """What the rover works on."""
        return self.book.tasks[0] if self.book.tasks else None

    @property
    def current(self) -> TaskId | None:
        """What the rover works on, by id."""
        return self.now.id if self.now is not None else None

    def awarded(self, award: Award, turn: Turn, *, has_mind: bool) -> None:
        """Take in who gets a task; one without a mind gives back what it gets."""
        before, begun = self.book.tasks, self.book.begun
        report = self.book.awarded(award)
        if self.book.tasks != before and any(task.id == award.task.id for task in self.book.tasks):
            refused = self._rights.against_task(award.task, turn)
            if refused:
                report = TaskReport(task=award.task.id, state="returned", reason=refused)
                self.book.gave_back(report)
        self.tell(report, turn)
        if award.task.id in begun - self.book.begun:
            # It went to another while this rover could not be heard, who must find it free.
            self._put_down((award.task.id,), turn)
        if not has_mind and self.book.tasks:
            self.give_all_back("it has no mind", turn)
        turn.concerns_mind |= self.book.tasks != before

    def agreed(self, taken: Sequence[Award], lost: Sequence[TaskId], turn: Turn, *, has_mind: bool) -> None:
        """Take what all agree to be this rover's, and leave what is no more."""
        for award in taken:
            turn.say(EVERYONE, award)
            self.awarded(award, turn, has_mind=has_mind)
        dropped = tuple(task for task in lost if any(task == own.id for own in self.book.tasks))
        for task in dropped:
            self.book.drop(task)
        if dropped:
            self._put_down(dropped, turn)
            turn.concerns_mind = True

    def announced(self, announcement: Announcement, leader: RoverId, turn: Turn) -> Announcement | None:
        """Take in what is offered; return what of it the mind may bid for, None when nothing is left."""
        self.book.announced(announcement)
        lawful = self.lawful(announcement, leader, turn)
        if lawful is None:
            # Nobody waits for the mind's prices.
            turn.say(leader, Bids(round=announcement.round, bids=()))
        return lawful

    def lawful(self, announcement: Announcement, to: RoverId, turn: Turn) -> Announcement | None:
        """Return what of this the rover may do, None when nothing is left; say why not the rest."""
        if self._rights.suspended:
            left = tuple(task for task in announcement.tasks if task.id not in self._rights.suspended)
            if not left:
                return None
            announcement = msgspec.structs.replace(announcement, tasks=left)
        if not self._rights.law.is_silent:
            refused = {task.id: self._rights.against_task(task, turn) for task in announcement.tasks}
            self._decline({task: why for task, why in refused.items() if why}, to, turn)
            tasks = tuple(task for task in announcement.tasks if not refused[task.id])
            if not tasks:
                return None
            announcement = msgspec.structs.replace(announcement, tasks=tasks)
        return announcement

    def _decline(self, refused: Mapping[TaskId, str], leader: RoverId, turn: Turn) -> None:
        """Say once to each leader why tasks are not taken, whatever they are worth."""
        for task, why in refused.items():
            said = Declined(task=task, reason=why)
            if self._declined.get((leader, task)) != said:
                self._declined[leader, task] = said
                turn.say(leader, said)

    def heed(self, turn: Turn) -> None:
        """Leave to others what the law, as it is now, does not let the rover do, and leave alone what is suspended."""
        if self._suspended is not self._rights.suspended:
            self._suspended = self._rights.suspended
            self._suspend(turn)
        if self._law is not self._rights.law:
            self._law = self._rights.law
            rulings = {task.id: self._law.of_task(task, self._rights.rover) for task in self.book.tasks}
            reports = [
                TaskReport(task=task, state="returned", reason=ruling.why)
                for task, ruling in rulings.items()
                if ruling.rule == "refuse"
            ]
            if reports:
                self.give_back(reports, turn)
                turn.concerns_mind = True

    def _suspend(self, turn: Turn) -> None:
        """Keep what is paused for later, and leave for good what is cancelled, standing safely."""
        before, current = self.book.tasks, self.current
        cancelled = [task.id for task in self.book.all if task.id in self._suspended and self._is_void(task.id)]
        for task in cancelled:
            self.book.drop(task)
            self.tell(TaskReport(task=task, state="returned", reason=self._suspended[task].told()), turn)
        self.book.shelve(self._suspended.keys())
        if self._accord is not None:
            for task in filter(self._is_void, self._suspended):
                self._accord.cancelled(task, turn.tick)
        if self.book.tasks == before:
            return
        turn.concerns_mind = True
        left = {task.id for task in before} - {task.id for task in self.book.tasks}
        if cancelled:
            self._put_down(tuple(cancelled), turn)
        elif left & {current, self._at}:
            self._driver.stop(turn)
            turn.command = Stop()

    def _is_void(self, task: TaskId) -> bool:
        return self._suspended[task].for_good

    def bars(self, task: TaskId) -> bool:
        """Whether nobody is to work at this now, whatever the mind wants."""
        return task in self._rights.suspended

    def progressed(self, event: StepDone, turn: Turn) -> None:
        """Take in that a step is done."""
        self.tell(self.book.progressed(event), turn)

    def found(self, event: WorkStopped) -> None:
        """Take in which step of a task is next in truth."""
        self.book.found(event.task, event.step)

    def started(self, task: TaskId, turn: Turn) -> None:
        """Take in that work on a task begins."""
        self._at = task
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
            if self._accord is not None:
                self._accord.reported(report, turn.tick)
            self._post.write((self._driver.leader or self._council.last,), report, turn.tick)

    def _put_down(self, tasks: tuple[TaskId, ...], turn: Turn) -> None:
        self._driver.stop(turn)
        turn.command = PutDown(tasks=tasks)
