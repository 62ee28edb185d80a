"""The auction of work, as everyone hears it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from fleet.core import AgencyId, Pose, RoverId, TaskId, Tick
from fleet.messages import (
    Announcement,
    Award,
    Bid,
    Bids,
    Body,
    RosterEntry,
    Step,
    Suspension,
    Task,
    TaskNote,
    TaskReport,
)
from fleet.tasks import Coordinator, SingleItemAuction, TaskNotes, TaskState
from fleet.tasks.coordinator import ACCEPTANCE, AWARD_TRIES, RETRY, SILENCE
from fleet.vehicles import catalogue

_ALL = (RoverId("a"), RoverId("b"))


def _task(name: str, *, after: tuple[str, ...] = (), earliest: Tick = 0, value: float = 1.0) -> Task:
    step = Step(place=(0.0, 0.0), radius=1.0, work=10, capability="image")
    return Task(
        id=TaskId(name),
        kind="image",
        title=name,
        agency=AgencyId("A"),
        steps=(step,),
        after=tuple(TaskId(task) for task in after),
        earliest=earliest,
        value=value,
    )


def _coordinator(rounds: int = 0) -> Coordinator:
    vehicle = catalogue()["metu-micro"]
    pose = Pose(x=0.0, y=0.0, heading=0.0)
    roster = tuple(
        RosterEntry(rover=rover, agency=AgencyId("A"), vehicle=vehicle, agent="micro", pose=pose) for rover in _ALL
    )
    return Coordinator(roster=roster, allocator=SingleItemAuction(), dt=1.0, rounds=rounds)


@dataclass
class _Talk:
    """Drives a coordinator and keeps what it said last."""

    coordinator: Coordinator
    said: tuple[Body, ...] = ()
    wake: Tick | None = None

    def step(self, tick: Tick, reachable: tuple[RoverId, ...] = _ALL) -> tuple[Body, ...]:
        self.said, self.wake = self.coordinator.step(tick, reachable)
        return self.said

    def announced(self) -> Announcement:
        (announcement,) = (body for body in self.said if isinstance(body, Announcement))
        return announcement

    def bid(self, rover: str, **costs: float) -> None:
        bids = tuple(Bid(task=TaskId(task), cost=cost) for task, cost in costs.items())
        self.coordinator.bid(RoverId(rover), Bids(round=self.announced().round, bids=bids))


def _talk(*tasks: Task) -> _Talk:
    talk = _Talk(_coordinator())
    for task in tasks:
        talk.coordinator.order(task)
    talk.step(0)
    return talk


def _awards(said: tuple[Body, ...]) -> list[tuple[str, str]]:
    return [(body.task.id, body.rover) for body in said if isinstance(body, Award)]


def test_the_cheapest_bid_wins_as_soon_as_all_have_answered() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=20.0)
    talk.bid("b", t=10.0)

    said = talk.step(1)

    assert _awards(said) == [("t", "b")]


def test_a_round_ends_at_its_deadline_when_somebody_stays_silent() -> None:
    talk = _talk(_task("t"))
    deadline = talk.announced().deadline
    talk.bid("a", t=20.0)

    early, late = talk.step(deadline - 1), talk.step(deadline)

    assert (_awards(early), _awards(late)) == ([], [("t", "a")])


def test_nobody_wins_two_tasks_in_one_round() -> None:
    talk = _talk(_task("t"), _task("u"))
    talk.bid("a", t=1.0, u=2.0)
    talk.bid("b", t=5.0, u=9.0)

    said = talk.step(1)

    assert sorted(_awards(said)) == [("t", "a"), ("u", "b")]


def test_a_task_is_announced_only_when_those_before_it_are_done() -> None:
    talk = _talk(_task("first"), _task("then", after=("first",)))
    assert [task.id for task in talk.announced().tasks] == ["first"]
    talk.bid("a", first=1.0)
    talk.bid("b")
    talk.step(1)

    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("first"), state="done"), 90)
    talk.step(100)

    assert [task.id for task in talk.announced().tasks] == ["then"]


def test_a_task_is_announced_at_its_earliest_tick() -> None:
    talk = _talk(_task("t", earliest=500))
    assert (talk.said, talk.wake) == ((), 500)

    talk.step(500)

    assert [task.id for task in talk.announced().tasks] == ["t"]


def test_an_award_that_nobody_accepts_is_repeated_and_then_given_up() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=1.0)
    talk.bid("b")
    talk.step(1)
    repeats = 0

    tick = 1
    while talk.coordinator.states()[TaskId("t")] is TaskState.AWARDED:
        assert talk.wake is not None
        tick = talk.wake
        repeats += len(_awards(talk.step(tick)))

    assert repeats == AWARD_TRIES - 1
    assert tick >= ACCEPTANCE * AWARD_TRIES


def test_a_returned_task_goes_to_another_when_another_bids() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=1.0)
    talk.bid("b", t=2.0)
    talk.step(1)
    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="returned", reason="rock"), 2)
    talk.step(2)
    talk.bid("a", t=1.0)
    talk.bid("b", t=2.0)

    said = talk.step(3)

    assert _awards(said) == [("t", "b")]


def test_tasks_of_a_rover_that_fell_silent_are_announced_again() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=1.0)
    talk.bid("b")
    talk.step(1)
    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="running"), 1)

    talk.step(int(SILENCE) + 1)

    assert talk.coordinator.states()[TaskId("t")] is TaskState.OPEN
    assert [task.id for task in talk.announced().tasks] == ["t"]


def test_who_reports_on_anothers_task_is_told_whose_it_is() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=1.0)
    talk.bid("b", t=2.0)
    talk.step(1)

    told = talk.coordinator.report(RoverId("b"), TaskReport(task=TaskId("t"), state="running"), 1)

    assert _awards(told) == [("t", "a")]


def test_done_stays_done() -> None:
    talk = _talk(_task("t"))
    talk.coordinator.report(RoverId("b"), TaskReport(task=TaskId("t"), state="done"), 90)

    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="returned"), 9)

    assert talk.coordinator.states()[TaskId("t")] is TaskState.DONE


def test_what_nobody_wants_is_announced_again_after_a_while() -> None:
    talk = _talk(_task("t"))
    talk.bid("a")
    talk.bid("b")
    talk.step(1)

    wake = talk.wake
    talk.step(wake or 0)

    assert wake == pytest.approx(RETRY, abs=2)
    assert [task.id for task in talk.announced().tasks] == ["t"]


def test_tasks_beyond_one_announcement_are_not_forgotten() -> None:
    talk = _talk(*(_task(f"t{i:02d}", value=100.0 - i) for i in range(20)))
    seen = {task.id for task in talk.announced().tasks}
    talk.bid("a")
    talk.bid("b")

    talk.step(1)

    assert len(seen | {task.id for task in talk.announced().tasks}) == 20


def _note(rover: str | None, round_: int = 3, *, done: bool = False) -> TaskNote:
    return TaskNote(task=TaskId("t"), round=round_, rover=RoverId(rover) if rover else None, done=done)


def test_a_new_coordinator_leaves_a_task_to_who_has_it() -> None:
    coordinator = _coordinator()
    coordinator.learn(_note("b"), 100)
    coordinator.order(_task("t"), 100)

    said, _ = coordinator.step(100, _ALL)

    assert said == ()
    assert coordinator.states() == {"t": TaskState.AWARDED}


def test_a_new_coordinator_opens_what_comes_after_a_task_that_is_done() -> None:
    talk = _talk(_task("t"), _task("next", after=("t",)))

    talk.coordinator.learn(_note("b", done=True), 1)
    talk.bid("a", t=5.0)
    talk.bid("b")
    talk.step(1)

    assert [task.id for task in talk.announced().tasks] == ["next"]


def test_a_task_of_one_who_stays_silent_goes_to_others_in_the_end() -> None:
    coordinator = _coordinator()
    coordinator.learn(_note("b"), 100)
    coordinator.order(_task("t"), 100)

    said, _ = coordinator.step(100 + round(SILENCE), (RoverId("a"),))

    assert [type(body) for body in said] == [Announcement]


def test_what_an_absent_rover_may_have_is_not_given_away() -> None:
    coordinator = _coordinator()
    coordinator.leave_to(frozenset((RoverId("b"),)))
    coordinator.order(_task("t"))

    said, _ = coordinator.step(5000, (RoverId("a"),))

    assert said == ()


def test_rounds_count_on_so_that_no_bid_of_an_earlier_one_fits() -> None:
    talk = _Talk(_coordinator(rounds=1_000_000))
    talk.coordinator.order(_task("t"))

    talk.step(0)

    assert talk.announced().round == 1_000_001


def test_an_award_that_was_taken_back_does_not_stand() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=1.0)
    talk.bid("b", t=2.0)
    (award,) = (body for body in talk.step(1) if isinstance(body, Award))

    before = talk.coordinator.stands(award)
    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="returned"), 2)

    assert (before, talk.coordinator.stands(award)) == (True, False)


def test_done_outlives_every_note_and_a_task_given_back_the_one_that_gave_it() -> None:
    notes = TaskNotes()

    notes.learn([_note("a"), _note(None), _note("a")])
    given_back = notes.of(TaskId("t"))
    notes.learn([_note("b", done=True), _note("a", 9)])

    assert given_back == _note(None)
    assert notes.of(TaskId("t")) == _note("b", done=True)


def _suspension(name: str, *, for_good: bool = False) -> Suspension:
    return Suspension(task=TaskId(name), agency=AgencyId("A"), by="ground", since=0, for_good=for_good)


def test_who_has_a_task_that_is_paused_has_it_still_when_it_goes_on() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=5.0)
    talk.bid("b", t=9.0)
    talk.step(1)

    talk.coordinator.suspend((_suspension("t"),), 2)
    paused = talk.coordinator.states()
    later = [talk.step(tick) for tick in (3, 3 + round(SILENCE))]
    talk.coordinator.suspend((), 40_000)

    assert paused == {"t": TaskState.PAUSED}
    assert later == [(), ()]
    assert talk.coordinator.states() == {"t": TaskState.AWARDED}


def test_a_task_that_is_given_back_while_it_is_paused_is_announced_when_it_goes_on() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=5.0)
    talk.bid("b", t=9.0)
    talk.step(1)
    talk.coordinator.suspend((_suspension("t"),), 2)
    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="returned"), 3)
    before = talk.step(4)

    talk.coordinator.suspend((), 5)

    assert before == ()
    assert [body.tasks[0].id for body in talk.step(6) if isinstance(body, Announcement)] == ["t"]


def test_what_is_cancelled_is_offered_to_nobody_but_done_when_somebody_did_it() -> None:
    talk = _talk()
    talk.coordinator.suspend((_suspension("t", for_good=True),), 0)
    talk.coordinator.order(_task("t"))
    said, before = talk.step(1), talk.coordinator.states()

    talk.coordinator.report(RoverId("a"), TaskReport(task=TaskId("t"), state="done"), 2)

    assert (said, before) == ((), {"t": TaskState.CANCELLED})
    assert talk.coordinator.states() == {"t": TaskState.DONE}


def test_what_nobody_wanted_is_announced_at_once_when_one_who_did_not_bid_tells_how_it_is() -> None:
    talk = _talk(_task("t"))
    talk.bid("a")
    deadline = talk.announced().deadline
    talk.coordinator.told(RoverId("a"), None, 0)
    assert talk.step(deadline) == ()

    talk.coordinator.told(RoverId("a"), None, 0)
    assert talk.step(deadline + 10) == ()
    talk.coordinator.told(RoverId("b"), None, 0)
    talk.step(deadline + 20)

    assert [task.id for task in talk.announced().tasks] == ["t"]


def test_one_who_is_back_before_a_round_ends_without_its_bid_is_asked_once_more() -> None:
    talk = _talk(_task("t"))
    talk.bid("a")
    deadline = talk.announced().deadline
    talk.coordinator.told(RoverId("b"), None, 0)

    talk.step(deadline)
    assert [task.id for task in talk.announced().tasks] == ["t"]
    again = talk.announced().deadline
    talk.bid("a")

    assert talk.step(again) == ()


def test_a_task_whose_time_is_over_is_offered_to_nobody_and_wakes_nobody() -> None:
    task = replace(_task("t"), latest=100)
    talk = _talk(task)
    talk.step(30)

    said = [talk.step(tick) for tick in range(31, 2 * round(RETRY), 60) if tick >= 100]

    assert not any(said)
    assert talk.wake is None


def test_who_tells_again_and_again_that_it_works_on_nothing_is_asked_what_became_of_its_task() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=20.0)
    talk.bid("b", t=10.0)
    talk.step(1)
    talk.coordinator.report(RoverId("b"), TaskReport(task=TaskId("t"), state="running"), 2)

    for tick in (1800, 3600, 5400):
        talk.coordinator.heard(RoverId("b"), tick)
        talk.coordinator.told(RoverId("b"), None, tick)
        assert talk.step(tick) == ()

    assert talk.wake == 5400 + ACCEPTANCE
    assert _awards(talk.step(5520)) == [("t", "b")]


def test_who_works_on_what_it_was_awarded_is_not_asked() -> None:
    talk = _talk(_task("t"))
    talk.bid("a", t=20.0)
    talk.bid("b", t=10.0)
    talk.step(1)
    talk.coordinator.report(RoverId("b"), TaskReport(task=TaskId("t"), state="running"), 2)

    for tick in range(1800, 18000, 1800):
        talk.coordinator.heard(RoverId("b"), tick)
        talk.coordinator.told(RoverId("b"), TaskId("t"), tick)

    assert talk.step(18000) == ()
