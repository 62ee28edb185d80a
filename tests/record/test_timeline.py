from __future__ import annotations

from collections.abc import Callable
from math import pi
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.core import RoverId, TaskId
from fleet.messages import FollowPath, Stop, TowBegan, TowEnded
from sim.record import (
    IN_TOW,
    Commanded,
    Entry,
    Frame,
    Happened,
    Moment,
    MomentRover,
    MomentTask,
    Recording,
    RecordWriter,
    Timeline,
)

R1 = RoverId("r1")


@pytest.fixture(scope="session")
def mission(made_up_mission: Callable[..., Any]) -> Any:
    return made_up_mission(drives=6)


@pytest.fixture(scope="session")
def recording(mission: Any, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    file: Path = tmp_path_factory.mktemp("timeline") / "run.mcap"
    writer = RecordWriter(file, ground=mission.ground)
    for entry in mission.entries:
        writer.write(entry)
    writer.close()
    return Recording(file)


def _live(entries: tuple[Entry, ...]) -> Timeline:
    opening, *rest = entries
    timeline = Timeline(opening)  # type: ignore[arg-type]  # the first entry is the opening
    for entry in rest:
        timeline.feed(entry)
    return timeline


def _rover(moment: Moment, rover: RoverId = R1) -> MomentRover:
    return next(one for one in moment.rovers if one.entry.rover == rover)


def _task(moment: Moment, task: str = "pan-0") -> MomentTask:
    return next(one for one in moment.tasks if one.entry.task == task)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=st.lists(st.floats(0.0, 3700.0), min_size=1, max_size=5))
def test_going_back_is_no_different_from_going_on(recording: Recording, ticks: list[float]) -> None:
    timeline = Timeline.of(recording)

    backwards = {tick: timeline.at(tick) for tick in sorted(ticks, reverse=True)}

    for tick in ticks:
        assert backwards[tick] == Timeline.of(recording).at(tick)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tick=st.floats(0.0, 3700.0))
def test_live_and_from_a_file_are_the_same(mission: Any, recording: Recording, tick: float) -> None:
    live, read = _live(mission.entries), Timeline.of(recording)

    assert live.at(tick) == read.at(tick)
    assert live.trail(R1, tick).tolist() == read.trail(R1, tick).tolist()
    assert live.last_tick == read.last_tick == mission.opening.end


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_past_does_not_change_by_what_comes_later(mission: Any, data: st.DataObject) -> None:
    tick = data.draw(st.integers(0, 3599))
    # The frame after the tick is needed to know the way to it.
    frames = [entry.tick for entry in mission.entries if isinstance(entry, Frame)]
    known = min((frame for frame in frames if frame > tick), default=mission.opening.end)
    number = next(n for n, entry in enumerate(mission.entries) if isinstance(entry, Frame) and entry.tick == known)

    early = _live(mission.entries[: number + 1])

    assert early.at(tick) == _live(mission.entries).at(tick)


def test_a_rover_is_on_the_straight_line_between_two_frames(mission: Any) -> None:
    timeline = _live(mission.entries)

    before, between, after = (_rover(timeline.at(tick)).pose for tick in (90, 97.5, 120))

    assert between.x == pytest.approx(before.x + 0.25 * (after.x - before.x))
    assert between.y == pytest.approx(before.y + 0.25 * (after.y - before.y))


def test_a_heading_turns_the_short_way_round(mission: Any) -> None:
    frame = next(entry for entry in mission.entries if isinstance(entry, Frame))
    before, after = (
        replace(frame, tick=tick, rovers=tuple(replace(rover, heading=heading) for rover in frame.rovers))
        for tick, heading in ((0, pi - 0.1), (10, -pi + 0.1))
    )

    timeline = _live((mission.opening, before, after))

    assert abs(_rover(timeline.at(5)).pose.heading) == pytest.approx(pi)


def test_a_task_goes_from_hand_to_hand(mission: Any) -> None:
    timeline = _live(mission.entries)

    states = {tick: (_task(timeline.at(tick)).state, _task(timeline.at(tick)).holder) for tick in (2, 100, 400, 500)}

    assert states == {2: ("open", None), 100: ("awarded", R1), 400: ("running", R1), 500: ("done", R1)}


def test_a_task_that_is_not_ordered_yet_is_planned(mission: Any) -> None:
    late = tuple(replace(task, at=1000) for task in mission.opening.tasks)
    timeline = Timeline(replace(mission.opening, tasks=late))

    assert (_task(timeline.at(999)).state, _task(timeline.at(1000)).state) == ("planned", "open")


def test_a_rover_waits_until_the_rest_of_its_way_is_granted(mission: Any) -> None:
    timeline = _live(mission.entries)

    waiting, driving, standing = (_rover(timeline.at(tick)) for tick in (60, 150, 310))

    assert (waiting.waits_for, len(waiting.corridor)) == ((RoverId("r2"),), 2)
    assert (driving.waits_for, len(driving.corridor)) == ((), 3)
    assert (standing.path, standing.corridor) == ((), ())


def test_the_path_begins_where_the_rover_stands(mission: Any) -> None:
    timeline = _live(mission.entries)

    early, late = (_rover(timeline.at(tick)) for tick in (60, 270))

    assert early.path[0] == early.pose.point
    assert (len(early.path), len(late.path)) == (3, 2)


def test_a_rover_that_asks_nobody_has_a_path_and_no_corridor(mission: Any) -> None:
    path = ((0.0, 0.0), (9.0, 0.0))
    orders: tuple[Entry, ...] = (
        Commanded(tick=1, rover=R1, command=FollowPath(path=path)),
        Commanded(tick=5, rover=R1, command=Stop()),
    )

    timeline = _live((mission.opening, *orders))

    assert _rover(timeline.at(2)).path[-1] == (9.0, 0.0)
    assert _rover(timeline.at(2)).corridor == ()
    assert _rover(timeline.at(5)).path == ()


def test_a_rover_is_in_tow_from_its_grip_until_it_is_set_down(mission: Any) -> None:
    r2 = RoverId("r2")
    timeline = _live(mission.entries[:1])
    frame = next(entry for entry in mission.entries if isinstance(entry, Frame))
    for rover, tick in ((R1, 40), (r2, 50)):  # Who is in tow hears of it first.
        timeline.feed(Happened(tick=tick, rover=rover, event=TowBegan(tower=r2, towed=R1, reach=2.5)))
    timeline.feed(replace(frame, tick=60))
    timeline.feed(Happened(tick=90, rover=R1, event=TowEnded(tower=r2, towed=R1, place=(0.0, 0.0))))
    timeline.feed(replace(frame, tick=100))

    towers = [_rover(timeline.at(tick)).tower for tick in (39, 40, 60, 90)]

    assert towers == [None, r2, r2, None]
    assert [spell.activity == IN_TOW for spell in timeline.diary(R1).spells] == [True, False]
    assert [news.text for news in timeline.at(60).news] == ["r1 is in tow of r2"]


def test_rocks_are_known_from_when_they_were_seen(mission: Any) -> None:
    timeline = _live(mission.entries)

    assert [len(timeline.at(tick).hazards) for tick in (119, 120, 719, 720)] == [0, 1, 1, 2]


def test_a_trail_grows_only_while_the_rover_drives(mission: Any) -> None:
    timeline = _live(mission.entries)

    lengths = [len(timeline.trail(R1, tick)) for tick in (0, 150, 300, 590)]

    assert lengths[0] < lengths[1] < lengths[2] == lengths[3]
    assert len(timeline.trail(R1, 300, since=150)) < lengths[2]


def test_news_are_told_from_when_they_happen(mission: Any) -> None:
    moment = _live(mission.entries).at(mission.opening.end)

    assert [news.text for news in moment.news][-3:] == [
        "lander and r1 touch",
        "r1: its agent micro failed: raised ValueError('<b>no</b>')",
        "The run ends: all is over",
    ]
    assert (moment.collisions, moment.faults) == (1, 1)
    assert all(news.tick <= 600 for news in _live(mission.entries).at(600).news)


def test_a_run_that_has_said_nothing_yet_has_a_moment(mission: Any) -> None:
    moment = Timeline(mission.opening).at(0)

    assert [one.entry.rover for one in moment.rovers] == ["lander", "r1", "r2"]
    assert moment.news == ()


def test_news_of_tasks_nobody_has_heard_of_do_no_harm(mission: Any) -> None:
    timeline = Timeline(replace(mission.opening, tasks=()))
    for entry in mission.entries[1:]:
        timeline.feed(entry)

    assert timeline.at(500).tasks == ()
    assert TaskId("pan-0") == _rover(timeline.at(500)).task
