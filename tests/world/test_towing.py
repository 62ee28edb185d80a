"""A body in tow moves with its tower as one, alike in the compiled world and its reference."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import (
    Arrived,
    Blocked,
    Bond,
    Event,
    FollowPath,
    PutDown,
    Step,
    StepDone,
    Stop,
    Task,
    TowBegan,
    TowEnded,
    Work,
    WorkStopped,
)
from sim.scenario.fault import StuckWheel
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
TUG, CAR, POST, TOW = RoverId("tug"), RoverId("car"), RoverId("post"), TaskId("tow")
PATH = ((10.0, 0.0), (10.0, 8.0), (2.0, 8.0))


def _worlds(make_rover: MakeRover, make_scenario: MakeScenario, gap: float = 2.0) -> tuple[World, World]:
    """Return one world twice, compiled and as the reference: a tower, one whose wheel is stuck, and a third."""
    tug = make_rover("tug", "hk-operator", capabilities=("tow",))
    away = tug.vehicle.radius + make_rover("car").vehicle.radius + gap
    rovers = [tug, make_rover("car", at=(-away, 0.5)), make_rover("post", at=(30.0, 0.0))]
    scenario = make_scenario(rovers)
    worlds = World(scenario), World(scenario, reference=True)
    bonds = [Bond(rover=CAR, tow="take"), Bond(rover=CAR, tow="leave")]
    steps = tuple(Step(place=(2.0, 8.0), radius=40.0, work=20, capability="tow", bond=bond) for bond in bonds)
    for world in worlds:
        world.suffer([StuckWheel(id="stone", begin=0, end=None, rover=CAR)])
        world.order(Task(id=TOW, kind="tow", title="", agency=AgencyId("a"), steps=steps))
        world.apply(TUG, Work(task=TOW))
    return worlds


def _places(world: World) -> tuple[float, ...]:
    states = [world.state(rover) for rover in (TUG, CAR)]
    return tuple(
        value for state in states for value in (state.x, state.y, state.heading, state.battery, state.distance)
    )


def _apart(world: World) -> float:
    tug, car = world.state(TUG), world.state(CAR)
    return hypot(tug.x - car.x, tug.y - car.y)


def test_two_bodies_drive_as_one_alike_in_both_engines(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    worlds = _worlds(make_rover, make_scenario)
    apart, stories, ways = _apart(worlds[0]), [], []
    for world in worlds:
        story = happenings(world, 30)
        world.apply(TUG, FollowPath(path=PATH))
        way = []
        for until in range(100, 3000, 100):
            story += happenings(world, until)
            way.append((_places(world), _apart(world)))
        world.apply(TUG, Work(task=TOW))
        stories.append(story + happenings(world, 3100))
        ways.append(way)

    compiled, reference = ways
    assert compiled == reference
    assert stories[0] == stories[1]
    assert all(abs(between - apart) < 0.05 for _, between in compiled)
    assert [event for _, rover, event in stories[0] if rover == "tug" and isinstance(event, Arrived | StepDone)] == [
        StepDone(task=TOW, step=0, final=False),
        Arrived(),
        StepDone(task=TOW, step=1, final=True),
    ]
    assert [
        type(event) for _, rover, event in stories[0] if rover == "car" and isinstance(event, TowBegan | TowEnded)
    ] == [
        TowBegan,
        TowEnded,
    ]
    assert worlds[0].collisions == 0


def test_a_tower_is_slower_and_spends_more_on_a_metre(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world, _ = _worlds(make_rover, make_scenario)
    while world.tick < 30:
        world.advance(30)
    before = world.state(TUG)
    world.apply(TUG, FollowPath(path=((20.0, 0.0),)))
    while world.tick < 130:
        world.advance(130)
    towing = world.state(TUG)

    metres, watts = towing.distance - before.distance, before.power - towing.power
    speed = make_rover("tug", "hk-operator").vehicle.max_speed
    assert metres <= 0.5 * speed * 100
    assert watts > 0.0


def test_who_stops_has_the_other_stand_and_lets_it_go_where_it_is(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world, _ = _worlds(make_rover, make_scenario)
    happenings(world, 30)
    world.apply(TUG, FollowPath(path=PATH))
    happenings(world, 200)
    world.apply(TUG, Stop())
    stopped = _places(world)
    happenings(world, 260)
    still = _places(world)
    world.apply(TUG, PutDown(tasks=(TOW,)))
    told = happenings(world, 270)

    assert [value for k, value in enumerate(stopped) if k % 5 != 3] == [v for k, v in enumerate(still) if k % 5 != 3]
    assert {rover for _, rover, event in told if isinstance(event, TowEnded)} == {"tug", "car"}
    assert [task.step for task in world.tasks()] == [0]


def test_what_is_out_of_reach_or_drives_is_not_taken_in_tow(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world, _ = _worlds(make_rover, make_scenario, gap=3.0)

    stopped = [event for _, _, event in happenings(world, 5) if isinstance(event, WorkStopped)]

    assert stopped == [WorkStopped(task=TOW, reason="partner", step=0)]


def test_a_tow_stops_before_a_third_body(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    worlds = _worlds(make_rover, make_scenario)
    ends = []
    for world in worlds:
        happenings(world, 30)
        world.apply(TUG, FollowPath(path=((40.0, 0.0),)))
        story = happenings(world, 3000)
        ends.append(
            (_places(world), [event for _, rover, event in story if rover == "tug" and isinstance(event, Blocked)])
        )

    assert ends[0] == ends[1]
    assert ends[0][1] == [Blocked(reason="body")]
    assert worlds[0].collisions == 0
