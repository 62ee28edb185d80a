"""Who reaches the Earth by which way, and work that needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Contact, EarthChanged, Event, FollowPath, Step, StepDone, Task, Work, WorkStopped
from fleet.moon import relay_passes
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2, R3 = RoverId("r1"), RoverId("r2"), RoverId("r3")
T1 = TaskId("t1")
EVENING = datetime(2028, 11, 1, tzinfo=UTC)
FIRST = relay_passes(EVENING, EVENING + timedelta(days=2), -1.4765, 0.541)[0]
SECOND = relay_passes(EVENING, EVENING + timedelta(days=2), -1.4765, 0.541)[1]
BEFORE_SET = FIRST.set - timedelta(minutes=10)


def _work(contact: Contact, place: tuple[float, float] = (0.0, 0.0)) -> Task:
    step = Step(place=place, radius=2.0, work=1800, capability="image", contact=contact)
    return Task(id=T1, kind="image", title="", agency=AgencyId("a"), steps=(step,))


def _walled() -> np.ndarray:
    """A wall at x = 50 that hides the low Earth, and all beyond."""
    ground = np.zeros((41, 41), dtype=np.float32)
    ground[:, 30:33] = 60.0
    return ground


def test_each_way_to_the_earth_is_told_apart(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    rovers = [
        make_rover("r1", "change8-lander"),
        make_rover("r2", "cnsa-rover", at=(8.0, 0.0)),
        make_rover("r3", "metu-micro", at=(-8.0, 0.0)),
        make_rover("r4", "metu-micro", at=(-80.0, 0.0), radio_range=20.0),
    ]

    world = World(make_scenario(rovers, start=EVENING))

    assert [world.observe(rover.id, ()).earth for rover in rovers] == ["direct", "relay", "others", "none"]
    assert [world.state(rover.id).earth for rover in rovers] == ["direct", "relay", "others", "none"]


def test_contact_goes_when_the_relay_satellite_sets_and_comes_when_it_rises(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", "cnsa-rover", battery=1e9), make_rover("r2", at=(9.0, 0.0), battery=1e9)]
    world = World(make_scenario(rovers, start=BEFORE_SET))

    told = [(tick, who, event) for tick, who, event in happenings(world, 20_000) if isinstance(event, EarthChanged)]

    back = (SECOND.rise - BEFORE_SET).total_seconds()
    assert [(who, event.contact) for _, who, event in told] == [
        ("r1", False),
        ("r2", False),
        ("r1", True),
        ("r2", True),
    ]
    assert abs(told[0][0] - 600) <= 120
    assert abs(told[2][0] - back) <= 120


def test_work_that_needs_the_earth_stops_without_it_and_cannot_start(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover", battery=1e9)], start=BEFORE_SET))
    world.order(_work("earth"))
    world.apply(R1, Work(task=T1))

    lost = [(tick, event) for tick, _, event in happenings(world, 3000) if isinstance(event, WorkStopped)]
    world.apply(R1, Work(task=T1))
    refused = [event for _, _, event in happenings(world, 3010) if isinstance(event, WorkStopped)]
    happenings(world, 15_000)
    world.apply(R1, Work(task=T1))
    done = [event for _, _, event in happenings(world, 17_000) if isinstance(event, StepDone)]

    assert [event.reason for _, event in lost] == ["contact"]
    assert abs(lost[0][0] - 600) <= 120
    assert [event.reason for event in refused] == ["contact"]
    assert len(done) == 1


def test_work_that_needs_no_contact_goes_on(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover", battery=1e9)], start=BEFORE_SET))
    world.order(_work("none"))
    world.apply(R1, Work(task=T1))

    told = [event for _, _, event in happenings(world, 3000)]

    assert any(isinstance(event, StepDone) for event in told)


def test_behind_a_wall_a_rover_on_top_of_it_makes_contact(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    lander, hidden = make_rover("r1", "change8-lander", at=(-80.0, 0.0)), make_rover("r2", at=(80.0, 0.0))
    on_top = make_rover("r3", "metu-micro", at=(55.0, 0.0), antenna=30.0)

    alone = World(make_scenario([lander, hidden], heights=_walled()))
    relayed = World(make_scenario([lander, hidden, on_top], heights=_walled()))

    assert (alone.reachable(R2), alone.observe(R2, ()).earth) == ((), "none")
    assert (relayed.link_pairs(), relayed.observe(R2, ()).earth) == (((R1, R3), (R2, R3)), "others")
    for world, reason in ((alone, "contact"), (relayed, None)):
        world.order(_work("coordinator", place=(80.0, 0.0)))
        world.apply(R2, Work(task=T1))
        world.advance(1)
        stopped = [event.reason for _, event in world.take_events() if isinstance(event, WorkStopped)]
        assert stopped == ([reason] if reason else [])


def test_the_way_to_the_earth_follows_the_links_at_once(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    leaver = make_rover("r2", at=(30.0, 0.0), radio_range=31.0, battery=1e9)
    world = World(make_scenario([make_rover("r1", "change8-lander"), leaver]))
    world.apply(R2, FollowPath(path=((60.0, 0.0),)))

    told = [(tick, event) for tick, who, event in happenings(world, 2000) if isinstance(event, EarthChanged)]

    assert told == [(60, EarthChanged(contact=False))]
    assert (world.reachable(R2), world.observe(R2, ()).earth) == ((), "none")
