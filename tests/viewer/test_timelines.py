"""Scenes are what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fleet.core import EVERYONE, RoverId, TaskId
from fleet.messages import BulletinHeeded, Message, Notified
from sim.record import (
    Closing,
    Directed,
    Entry,
    FaultBegan,
    FaultEnded,
    Happened,
    Recording,
    RecordWriter,
    Said,
    Timeline,
)
from sim.scenario.fault import Silent
from sim.scenario.in_force import InForce
from sim.scenario.order import CloseGround, OpenGround, StopRovers
from sim.viewer import LiveRun, RecordedRun
from sim.viewer.scene import Subject
from sim.viewer.timelines import Narrator

Missions = Callable[..., Any]


class Told:
    """A live run that tells its entries a few at a time."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self.asked: list[tuple[str, dict[str, object]]] = []

    def poll(self) -> list[Entry]:
        told, self._entries = self._entries[:7], self._entries[7:]
        return told

    def control(self, do: str, **values: object) -> str:
        self.asked.append((do, values))
        return "no"


@pytest.fixture
def recorded(made_up_mission: Missions, tmp_path: Path) -> RecordedRun:
    mission = made_up_mission(drives=4)
    file = tmp_path / "run.mcap"
    writer = RecordWriter(file, ground=mission.ground)
    for entry in mission.entries:
        writer.write(entry)
    writer.close()
    return RecordedRun(Recording(file))


def test_a_recorded_scene_has_the_fleet_its_work_and_its_colours(recorded: RecordedRun) -> None:
    scene = recorded.scene(700.0)

    assert [rover.id for rover in scene.rovers] == ["lander", "r1", "r2"]
    assert scene.rovers[0].colour == (213, 94, 0)
    assert [task.state for task in scene.tasks[:1]] == ["done"]
    assert scene.links
    assert scene.events


def test_a_driving_rover_has_a_trail_a_path_and_a_corridor(recorded: RecordedRun) -> None:
    driver = recorded.scene(200.0).rover(recorded.scene(0.0).rovers[1].id)

    assert driver is not None
    assert len(driver.trail) > 1
    assert len(driver.path) > 1
    assert driver.corridor_radius > 0.0


def test_collisions_and_faults_are_marked_in_time(recorded: RecordedRun) -> None:
    marks = recorded.scene(0.0).marks

    assert [mark.tick for mark in marks if mark.kind == "wrong"] == [2400, 2400, 2400]
    assert [mark.tick for mark in marks if mark.kind == "done"] == [480, 1080, 1680, 2280]


def test_trails_stay_short_however_long_the_drive_was(made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=3, frame_every=1)
    live = LiveRun(Told(list(mission.entries)), mission.opening, mission.ground)
    while live.poll():
        pass

    assert all(len(rover.trail) <= 240 for rover in live.scene(1800.0).rovers)


def test_a_live_run_shows_the_same_as_its_recording(recorded: RecordedRun, made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=4)
    live = LiveRun(Told(list(mission.entries)), mission.opening, mission.ground)
    while live.poll():
        pass

    assert replace(live.scene(1000.0), is_over=False) == recorded.scene(1000.0)
    assert live.scene(1000.0).is_over == isinstance(mission.entries[-1], Closing)
    assert live.span == recorded.span


def test_a_live_run_is_asked_and_a_recording_is_left_alone(made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=1)
    told = Told([])
    live = LiveRun(told, mission.opening, mission.ground)

    refusal = live.control("rate", factor=60.0)

    assert refusal == "no"
    assert told.asked == [("rate", {"factor": 60.0})]


def test_before_the_first_frame_a_live_run_shows_where_everybody_starts(made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=1)

    scene = LiveRun(Told([]), mission.opening, mission.ground).scene(0.0)

    assert len(scene.rovers) == 3


def test_closed_ground_and_who_stands_for_whom_are_shown_as_orders_are_heard(made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=4)
    timeline = Timeline(mission.opening)
    leader, rover = (entry.rover for entry in mission.opening.rovers[:2])
    outline = ((0.0, 0.0), (5.0, 0.0), (0.0, 5.0))
    orders = (
        StopRovers(id="stop", at=10, rovers=(rover,), by="ground"),
        CloseGround(id="close", at=10, zone="pit", outline=outline, inside="leave"),
    )
    force = InForce()
    force.give(orders)
    heeded = Message(tick=30, sender=rover, seq=7, to=EVERYONE, body=BulletinHeeded(version=2))
    for order in orders:
        timeline.feed(Directed(tick=10, order=order))
    timeline.feed(Happened(tick=20, rover=leader, event=Notified(bulletin=force.bulletin)))
    timeline.feed(Said(message=heeded, heard=(), lost=()))
    timeline.feed(Directed(tick=40, order=OpenGround(id="open", at=40, zone="pit")))

    scenes = [Narrator(timeline).scene(tick) for tick in (9, 20, 30, 40)]

    shown = [(seen.stands_for, seen.unheard) for scene in scenes if (seen := scene.rover(rover)) is not None]
    assert shown == [((), ()), ((), ("mission control",)), (("mission control",), ()), (("mission control",), ())]
    assert [[zone.id for zone in scene.closed] for scene in scenes] == [[], ["pit"], ["pit"], []]


def test_a_rover_shows_what_is_wrong_with_it_from_its_beginning_to_its_end(made_up_mission: Missions) -> None:
    mission = made_up_mission(drives=4)
    timeline = Timeline(mission.opening)
    rover = mission.opening.rovers[1].rover
    fault = Silent(id="s", begin=10, end=20, rover=rover)
    timeline.feed(FaultBegan(tick=10, fault=fault))
    timeline.feed(FaultEnded(tick=20, fault=fault))

    shown = {tick: Narrator(timeline).scene(tick).rover(rover) for tick in (9, 10, 19, 20)}

    assert {tick: seen.faults for tick, seen in shown.items() if seen is not None} == {
        9: (),
        10: ("radio dead",),
        19: ("radio dead",),
        20: (),
    }


def test_a_story_has_figures_reasons_and_last_words(recorded: RecordedRun) -> None:
    rover = recorded.story(Subject(RoverId("r1")), 700.0)
    task = recorded.story(Subject(task=TaskId("pan-0")), 700.0)

    assert rover is not None
    assert task is not None
    assert [name for name, _ in rover.figures] == ["place", "battery", "light", "driven", "on board"]
    assert rover.why
    assert all(tick <= 700 for tick, _ in rover.said)
    assert "done by r1" in dict(task.figures)["state"]
    assert recorded.story(Subject(RoverId("nobody")), 700.0) is None
    assert recorded.story(Subject(), 700.0) is None


def test_a_link_is_told_of_with_what_it_carries_and_what_was_said_over_it(recorded: RecordedRun) -> None:
    a, b = recorded.scene(700.0).links[0]

    told, unknown = (recorded.story(Subject(link=link), 700.0) for link in ((a, b), (a, RoverId("nobody"))))

    assert told is not None
    assert dict(told.figures)["state"] == "they hear each other"
    assert dict(told.figures)["carries"].endswith("kbit/s")
    assert told.said
    assert unknown is None
