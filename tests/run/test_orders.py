"""Orders of mission control in whole runs: they act at once and leave a consistent state, whatever is lost or late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from shapely import Point, Polygon

from fleet.core import TaskId, Tick
from fleet.messages import AuthorityRefusal, BulletinHeeded, Notified, Work
from sim.record import (
    Commanded,
    Directed,
    Entry,
    Frame,
    Happened,
    Opening,
    Said,
    TaskChanged,
    sentence,
    tick_of,
)
from sim.run import RunOptions, RunResult, run
from sim.scenario import load_scenario
from sim.verdict.explain import explain_task

_FILE = """\
moonfleet: 1
name: orders
start: 2029-10-20T00:00:00Z
duration: 90m
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 240, pixel_m: 3, rocks_per_km2: 0, level: [{centre_m: [0, 0], radius_m: 160}]}}
agencies: [{id: CNSA}, {id: METU}]
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {at_m: [0, 80]}}
  - {id: digger, agency: CNSA, vehicle: cnsa-rover, agent: prospector, place: {at_m: [-40, 0]}}
  - {id: micro, agency: METU, vehicle: metu-micro, agent: micro, place: {at_m: [0, -60]}}
coordinator: lander
tasks:
  - {id: core, kind: sample, at: {at_m: [40, 0]}, work: 5m, sample_kg: 1, bring_to: {at_m: [30, 20]}}
"""
_ACROSS = "polygon_m: [[-8, -30], [8, -30], [8, 30], [-8, 30]]"
_AROUND_MICRO = "polygon_m: [[-6, -66], [12, -66], [12, -54], [-6, -54]]"
_DONE = ("collisions: 0", "trespasses: 0", "no_rover_lost: true", "faults: 0")


@dataclass(frozen=True)
class Story:
    """What came of a run, and all that was told of it."""

    result: RunResult
    entries: Sequence[Entry]

    def place(self, rover: str, tick: Tick) -> tuple[float, float]:
        """Return where a rover was at the last frame up to a tick."""
        frames = [entry for entry in self.entries if isinstance(entry, Frame) and entry.tick <= tick]
        return next((body.x, body.y) for body in frames[-1].rovers if body.rover == rover)

    def metres(self, rover: str) -> float:
        """Return how far a rover has driven in all."""
        frames = [entry for entry in self.entries if isinstance(entry, Frame)]
        return next(body.distance for body in frames[-1].rovers if body.rover == rover)

    def heeded(self, rover: str) -> list[tuple[Tick, str]]:
        """Return when a rover said that it heeds, and what it does not."""
        said = [entry.message for entry in self.entries if isinstance(entry, Said)]
        return [(m.tick, m.body.refused) for m in said if m.sender == rover and isinstance(m.body, BulletinHeeded)]

    @property
    def failed(self) -> list[tuple[str, object]]:
        """Expectations that were not met."""
        return [(check.name, check.got) for check in self.result.verdict.checks if not check.passed]


class _Notebook:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)

    def close(self) -> None:
        """Nothing is held open."""


Tell: TypeAlias = Callable[..., Story]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Run the file with orders, and more text."""

    def make(*orders: str, more: str = "", expect: tuple[str, ...] = ("tasks_done: all",), text: str = _FILE) -> Story:
        listed = "".join(f"  - {order}\n" for order in orders)
        expected = "".join(f"  - {line}\n" for line in (*expect, *_DONE))
        file = tmp_path / "orders.yaml"
        file.write_text(f"{text}orders:\n{listed}{more}expect:\n{expected}")
        notes = _Notebook()
        return Story(run(load_scenario(file), RunOptions(bus="memory"), sinks=[notes]), notes.entries)

    return make


def test_a_rover_that_is_stopped_stands_at_once_and_goes_on_from_there(tell: Tell) -> None:
    story = tell("{order: stop, rover: digger, at: 8m, for: 10m, reason: dust}")

    stood = story.place("digger", 482)
    assert -40.0 < stood[0] < 40.0
    assert story.place("digger", 1079) == stood
    assert story.place("digger", 1300) != stood
    assert [tick for tick, _ in story.heeded("digger")] == [481, 1081]
    assert story.failed == []


def test_who_is_not_told_drives_on_and_work_without_driving_goes_on(tell: Tell) -> None:
    story = tell("{order: stop, rover: micro, for: 80m}", "{order: stop, rovers: all, at: 60m}")

    assert story.failed == []


def test_a_rover_refuses_to_stand_for_another_agency_and_says_why(tell: Tell) -> None:
    story = tell("{order: stop, rover: digger, by: METU, at: 8m}", "{order: stop, agency: METU, by: METU, at: 9m}")

    refused = "digger of CNSA stands for mission control, CNSA and the leader, not for METU"
    assert story.heeded("digger")[0] == (481, refused)
    assert story.heeded("micro")[-1] == (541, "")
    assert story.failed == []


def test_ground_that_closes_on_the_way_is_gone_around_and_its_ground_given_back_at_once(tell: Tell) -> None:
    story = tell(f"{{order: close, zone: slide, at: 3m, reason: loose stones, {_ACROSS}}}")

    zone = Polygon([(-8, -30), (8, -30), (8, 30), (-8, 30)])
    frames = [entry for entry in story.entries if isinstance(entry, Frame)]
    assert all(zone.distance(Point(body.x, body.y)) > 0.8 for frame in frames for body in frame.rovers)
    assert story.metres("digger") > 100.0
    assert story.failed == []


def test_a_rover_leaves_ground_that_closes_around_it_by_the_shortest_way(tell: Tell) -> None:
    story = tell(f"{{order: close, zone: slide, at: 3m, {_AROUND_MICRO}}}")

    x, y = story.place("micro", 1200)
    assert not Polygon([(-6, -66), (12, -66), (12, -54), (-6, -54)]).intersects(Point(x, y).buffer(0.3))
    assert story.metres("micro") < 8.0
    assert story.failed == []


def test_a_rover_in_ground_that_closes_stands_there_when_it_is_told_to(tell: Tell) -> None:
    ground = "polygon_m: [[-60, -20], [70, -20], [70, 40], [-60, 40]]"
    story = tell(f"{{order: close, zone: slide, at: 6m, for: 20m, inside: stop, {ground}}}")

    assert story.place("digger", 362) == story.place("digger", 1559)
    assert story.place("digger", 1900) != story.place("digger", 1559)
    assert story.failed == []


def test_work_in_closed_ground_waits_until_it_is_open_and_the_reason_is_told(
    tell: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="fleet.agent")

    story = tell("{order: close, zone: pit, at: 1m, for: 30m, polygon_m: [[30, -10], [50, -10], [50, 10], [30, 10]]}")

    assert "core waits: goal (40.0, 0.0) lies in closed ground pit" in caplog.text
    assert story.failed == []


def test_a_rover_out_of_reach_is_stopped_as_soon_as_it_is_heard_again(tell: Tell) -> None:
    fault = "faults:\n  - {fault: silent, rover: digger, at: 5m, for: 5m}\n"
    story = tell("{order: stop, rover: digger, at: 6m, for: 30m}", more=fault)

    assert story.place("digger", 400) != story.place("digger", 560)
    assert story.heeded("digger")[0][0] in (601, 602)
    assert story.place("digger", 610) == story.place("digger", 2100)
    assert story.failed == []


@pytest.mark.parametrize("seed", range(2))
def test_words_that_are_lost_late_and_doubled_and_a_lost_leader_change_nothing_in_the_end(
    tell: Tell, seed: int
) -> None:
    trouble = """\
election: {rule: order, order: [digger, micro, lander], heartbeat: 60s, heartbeat_driving: 20s, may_miss: 1}
faults:
  - {fault: message_loss, share: 0.3, from: 5m, until: 60m}
  - {fault: message_delay, share: 0.3, delay: 5s, spread: 40s, from: 5m, until: 60m}
  - {fault: message_duplication, share: 0.2, delay: 1s, spread: 60s, from: 5m, until: 60m}
  - {fault: silent, rover: lander, at: 8m, for: 40m}
"""
    text = _FILE.replace("name: orders\n", f"name: orders\nseed: {seed}\n").replace("90m", "3h")
    story = tell(
        f"{{order: close, zone: slide, at: 3m, for: 2h, {_ACROSS}}}",
        "{order: stop, rovers: all, at: 7m, for: 20m}",
        "{order: stop, rover: micro, at: 12m, for: 10m}",
        more=trouble,
        text=text,
    )

    # The lander tells of the first orders, and is gone before it can say that the stop is over: another does.
    leaders = {
        entry.rover for entry in story.entries if isinstance(entry, Happened) and "control tells" in sentence(entry)
    }
    assert len(leaders) > 1
    assert story.place("digger", 1200) == story.place("digger", 1620)
    zone = Polygon([(-8, -30), (8, -30), (8, 30), (-8, 30)])
    frames = [entry for entry in story.entries if isinstance(entry, Frame)]
    assert all(zone.distance(Point(body.x, body.y)) > 0.2 for frame in frames for body in frame.rovers)
    heard = {
        entry.event.bulletin.version
        for entry in story.entries
        if isinstance(entry, Happened) and isinstance(entry.event, Notified)
    }
    assert max(heard) == 6
    assert story.failed == []


def test_the_digest_is_the_same_on_every_bus_and_in_the_reference(scenarios: Path) -> None:
    scenario = load_scenario(scenarios / "closed_ground.yaml")

    digests = {
        run(scenario, options).hub.digest
        for options in (
            RunOptions(bus="memory", until=2400),
            RunOptions(bus="inproc", hosts=2, until=2400),
            RunOptions(bus="memory", reference=True, until=2400),
        )
    }

    assert len(digests) == 1


def test_a_refusal_names_the_closed_ground_and_every_order_is_recorded(tell: Tell) -> None:
    story = tell(f"{{order: close, zone: slide, at: 3m, for: 1h, {_ACROSS}}}", "{order: go, rovers: all, at: 4m}")

    told = [sentence(entry) for entry in story.entries if isinstance(entry, Directed)]
    assert told == [
        "Mission control closes the ground slide; whoever is in it leaves",
        "Mission control lets digger, lander and micro go on",
        "Mission control opens the ground slide again",
    ]
    said = [entry.message.body for entry in story.entries if isinstance(entry, Said)]
    assert not any(isinstance(body, AuthorityRefusal) and not (body.by or body.zones) for body in said)
    assert story.failed == []


_PAUSE = "{order: pause, task: core, at: 22m, for: 20m, reason: quiet}"


def test_who_has_a_task_that_is_paused_stops_is_told_and_goes_on_where_it_was(tell: Tell) -> None:
    story = tell(_PAUSE, text=_FILE.replace("90m", "2h"))

    steps = [entry for entry in story.entries if isinstance(entry, TaskChanged) and entry.task == "core"]
    (heard, _), (released, _) = story.heeded("digger")
    works = [entry.tick for entry in story.entries if isinstance(entry, Commanded) and isinstance(entry.command, Work)]
    assert (heard, released) == (1321, 2521)
    assert not any(heard <= tick < released for tick in works)
    assert story.place("digger", heard + 1) == story.place("digger", heard + 2)
    assert {entry.rover for entry in steps[1:]} == {"digger"}
    assert steps[-1].state == "done"
    assert story.failed == []


def test_a_task_is_paused_and_cancelled_alike_when_all_agree_on_who_does_what(tell: Tell) -> None:
    look = "{id: look, kind: image, at: {at_m: [-60, 10]}, work: 5m, at_time: 50m}"
    text = _FILE.replace("90m", "2h").replace("tasks:\n", f"allocation: agreement\ntasks:\n  - {look}\n")
    story = tell(_PAUSE, "{order: cancel, task: look, at: 51m}", text=text, expect=("tasks_done: [core]",))

    last = {entry.task: entry.state for entry in story.entries if isinstance(entry, TaskChanged)}
    assert story.failed == []
    assert last == {"core": "done", "look": "cancelled"}


def test_explain_names_who_paused_or_cancelled_a_task_when_and_why(tell: Tell) -> None:
    story = tell(_PAUSE, "{order: cancel, task: core, at: 50m, by: CNSA, reason: enough}", expect=("tasks_done: 0",))
    (opening,) = (entry for entry in story.entries if isinstance(entry, Opening))

    def told(tick: Tick) -> tuple[str, str]:
        before = [entry for entry in story.entries if tick_of(entry) <= tick]
        found = explain_task(TaskId("core"), opening, before, tick)
        return found.state, found.why[0]

    assert told(1800) == ("paused", "paused by mission control at 0d 00:22:00: quiet")
    assert told(2900)[0] in ("awarded", "running")
    assert told(3100) == ("cancelled", "cancelled by CNSA at 0d 00:50:00: enough")
