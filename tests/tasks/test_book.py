"""What a rover reports of its work, also when words are lost."""

from __future__ import annotations

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Announcement, Award, Step, Task, TaskReport
from fleet.tasks import TaskBook

ROVER, OTHER = RoverId("r1"), RoverId("r2")
STEP = Step(place=(0.0, 0.0), radius=1.0, work=1, capability="image")
TASK = Task(id=TaskId("t"), kind="image", title="", agency=AgencyId("A"), steps=(STEP,))
BACK = TaskReport(task=TASK.id, state="returned", reason="why")


def _book() -> TaskBook:
    book = TaskBook(ROVER)
    book.awarded(Award(round=1, task=TASK, rover=ROVER, cost=1.0))
    return book


def test_what_was_given_back_is_said_again_until_it_is_offered_anew() -> None:
    book = _book()

    assert book.returned("why") == (BACK,)
    assert (book.tasks, book.repeats(), book.repeats()) == ((), (BACK,), (BACK,))
    book.announced(Announcement(round=2, tasks=(TASK,), deadline=9))
    assert book.repeats() == ()


def test_what_was_given_back_is_not_said_again_once_it_is_given_to_somebody() -> None:
    for rover in (ROVER, OTHER):
        book = _book()
        book.gave_back(BACK)
        book.awarded(Award(round=2, task=TASK, rover=rover, cost=1.0))
        assert book.repeats() == ()


def test_nothing_is_said_again_for_ever() -> None:
    book = _book()
    book.gave_back(BACK)

    assert sum(len(book.repeats()) for _ in range(100)) == 11


def test_what_is_shelved_is_kept_with_how_far_it_is_and_given_back_with_the_rest() -> None:
    book = _book()
    book.found(TASK.id, 0)

    book.shelve([TASK.id])

    assert (book.tasks, book.all, dict(book.steps)) == ((), (TASK,), {TASK.id: 0})
    assert book.returned("why") == (BACK,)
