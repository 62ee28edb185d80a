"""Figures added up from entries."""

from __future__ import annotations

from math import inf

from fleet.core import EVERYONE, AgencyId, Pose, RoverId, TaskId
from fleet.messages import Activity, Distress, Froze, Message, TaskReport, WentDown, Woke
from sim.record.entries import (
    Closing,
    Collided,
    Entry,
    Faulted,
    Frame,
    Happened,
    Opening,
    RoverEntry,
    RoverFrame,
    Said,
    TaskChanged,
    TaskEntry,
)
from sim.verdict import collect

_A, _B = RoverId("a"), RoverId("b")
_T = TaskId("t")


def _opening(*rovers: RoverId) -> Opening:
    return Opening(
        scenario="s",
        title="S",
        file="s.yaml",
        text="",
        seed=1,
        start="2029-10-20T00:00:00+00:00",
        dt=2.0,
        end=100,
        coordinator=_A,
        agencies=((AgencyId("X"), "X", "#000000"),),
        rovers=tuple(
            RoverEntry(
                rover=rover,
                title=rover,
                agency=AgencyId("X"),
                vehicle="metu-micro",
                vehicle_title="",
                radius=0.25,
                battery=100.0,
                can_drive=True,
                pose=Pose(x=0.0, y=0.0, heading=0.0),
            )
            for rover in rovers
        ),
        tasks=(TaskEntry(task=_T, kind="image", title="T", agency=AgencyId("X"), places=(), after=(), at=0),),
        docks=(),
    )


def _frame(tick: int, *rovers: tuple[RoverId, float, float, Activity]) -> Frame:
    return Frame(
        tick=tick,
        sun=(0.0, 0.1),
        rovers=tuple(
            RoverFrame(
                rover=rover,
                x=x,
                y=0.0,
                heading=0.0,
                battery=battery,
                light=1.0,
                power=0.0,
                activity=activity,
                task=None,
                payload=0.0,
                distance=x,
                energy=10.0 * tick,
            )
            for rover, x, battery, activity in rovers
        ),
        links=(),
        stock={"regolith": float(tick)},
    )


def _said(seq: int, heard: int, lost: int) -> Said:
    message = Message(tick=1, sender=_A, seq=seq, to=EVERYONE, body=TaskReport(task=_T, state="running"))
    return Said(message=message, heard=((_B, 2),) * heard, lost=(_B,) * lost)


def test_a_rover_ends_with_its_last_frame_and_its_least_battery() -> None:
    entries: list[Entry] = [
        _opening(_A),
        _frame(0, (_A, 0.0, 0.9, "idle")),
        _frame(5, (_A, 3.0, 0.4, "driving")),
        _frame(9, (_A, 7.0, 0.6, "idle")),
    ]

    rover = collect(entries).rovers[_A]

    assert (rover.distance, rover.energy, rover.min_battery, rover.state) == (7.0, 90.0, 0.4, "idle")
    assert not rover.lost


def test_charging_counts_each_time_it_begins() -> None:
    activities: tuple[Activity, ...] = ("idle", "charging", "charging", "idle", "charging", "driving")

    metrics = collect([_opening(_A), *(_frame(i, (_A, 0.0, 1.0, activity)) for i, activity in enumerate(activities))])

    assert metrics.rovers[_A].charges == 2


def _distress(tick: int) -> Said:
    body = Distress(pose=Pose(x=0.0, y=0.0, heading=0.0), battery=0.1, empty=99)
    return Said(message=Message(tick=tick, sender=_A, seq=tick, to=EVERYONE, body=body), heard=(), lost=(_B,))


def test_a_rover_that_ends_down_is_lost_and_when_it_foresaw_that_is_kept() -> None:
    entries: list[Entry] = [
        _opening(_A),
        _distress(3),
        _distress(5),
        Happened(tick=9, rover=_A, event=WentDown(reason="empty")),
        _frame(9, (_A, 0.0, 0.0, "down")),
        Happened(tick=20, rover=_A, event=Froze()),
        _frame(20, (_A, 0.0, 0.0, "lost")),
    ]

    down, frozen = collect(entries[:5]).rovers[_A], collect(entries).rovers[_A]

    assert (down.lost, down.down, down.foretold) == (True, 9, 3)
    assert (frozen.lost, frozen.down, frozen.foretold) == (True, 9, 3)


def test_a_rover_that_came_back_is_not_lost() -> None:
    entries: list[Entry] = [
        _opening(_A),
        _distress(3),
        Happened(tick=9, rover=_A, event=WentDown(reason="cold")),
        _frame(9, (_A, 0.0, 0.5, "down")),
        Happened(tick=12, rover=_A, event=Woke(reason="revived")),
        _frame(12, (_A, 0.0, 0.5, "idle")),
    ]

    rover = collect(entries).rovers[_A]

    assert (rover.lost, rover.down, rover.foretold) == (False, None, None)


def test_the_nearest_two_are_named_with_the_gap_between_their_edges() -> None:
    far = _frame(0, (_A, 0.0, 1.0, "idle"), (_B, 9.0, 1.0, "idle"))
    near = _frame(1, (_A, 3.0, 1.0, "idle"), (_B, 6.0, 1.0, "idle"))

    metrics = collect([_opening(_A, _B), far, near, far])

    assert (metrics.min_separation, metrics.nearest) == (2.5, (_A, _B))


def test_a_lone_rover_is_near_nobody() -> None:
    metrics = collect([_opening(_A), _frame(0, (_A, 0.0, 1.0, "idle"))])

    assert (metrics.min_separation, metrics.nearest) == (inf, None)


def test_a_task_remembers_when_it_ran_and_who_had_it() -> None:
    changes = [
        TaskChanged(tick=3, task=_T, state="running", rover=_A, step=0),
        TaskChanged(tick=5, task=_T, state="open", rover=None, step=0),
        TaskChanged(tick=7, task=_T, state="running", rover=_B, step=0),
        TaskChanged(tick=9, task=_T, state="done", rover=_B, step=1),
    ]

    task = collect([_opening(_A, _B), *changes]).tasks[_T]

    assert (task.kind, task.state, task.rover, task.started, task.done) == ("image", "done", _B, 3, 9)


def test_a_task_that_nobody_touched_is_open() -> None:
    metrics = collect([_opening(_A)])

    assert (metrics.tasks[_T].state, metrics.tasks_in("open")) == ("open", 1)


def test_messages_collisions_and_faults_are_counted() -> None:
    fault = Faulted(tick=4, rover=_A, plugin="p", fact="raised")

    metrics = collect([_opening(_A, _B), _said(0, 2, 0), _said(1, 0, 1), Collided(tick=3, a=_A, b=_B), fault])

    assert (metrics.sent, metrics.delivered, metrics.lost_messages, metrics.said) == (2, 2, 1, {"TaskReport": 2})
    assert (metrics.collisions, metrics.faults) == (1, (fault,))


def test_the_end_of_a_run_gives_reason_digest_and_stock() -> None:
    closing = Closing(tick=20, reason="finished", digest="ab", wakes=6)

    metrics = collect([_opening(_A), _frame(8, (_A, 0.0, 1.0, "idle")), closing])

    assert (metrics.tick, metrics.reason, metrics.digest, metrics.wakes) == (20, "finished", "ab", 6)
    assert metrics.stock == {"regolith": 8.0}
