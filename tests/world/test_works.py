"""What work takes, and who may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Amount, Event, FollowPath, Light, Step, StepDone, Stop, Task, Work, WorkStopped
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World, WorldTask

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2 = RoverId("r1"), RoverId("r2")
T1, T2 = TaskId("t1"), TaskId("t2")
NIGHT = datetime(2028, 6, 21, 12, tzinfo=UTC)


def _step(
    work: int = 10,
    place: tuple[float, float] = (0.0, 0.0),
    *,
    light: Light = "any",
    capability: str = "haul",
    loads: float = 0.0,
    unloads: float = 0.0,
    takes: tuple[Amount, ...] = (),
    gives: tuple[Amount, ...] = (),
) -> Step:
    return Step(
        place=place,
        radius=2.0,
        work=work,
        capability=capability,
        light=light,
        loads=loads,
        unloads=unloads,
        takes=takes,
        gives=gives,
    )


def _task(
    *steps: Step, task: TaskId = T1, after: tuple[TaskId, ...] = (), earliest: int = 0, latest: int | None = None
) -> Task:
    return Task(
        id=task,
        kind="haul",
        title="",
        agency=AgencyId("a"),
        steps=steps,
        after=after,
        earliest=earliest,
        latest=latest,
    )


def _told(told: list[tuple[int, str, Event]]) -> list[tuple[int, Event]]:
    return [(tick, event) for tick, who, event in told if isinstance(event, StepDone | WorkStopped)]


def _truth(world: World, task: TaskId = T1) -> tuple[str, str | None, int]:
    (found,) = (entry for entry in world.tasks() if entry.id == task)
    return found.state, found.rover, found.step


def test_steps_are_done_in_order_and_move_stock_and_payload(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")], stock={"regolith": 5.0}))
    gives, takes = Amount(stock="regolith", amount=20.0), Amount(stock="regolith", amount=4.0)
    world.order(_task(_step(10, loads=20.0, takes=(takes,)), _step(5, unloads=20.0, gives=(gives,))))
    world.apply(R1, Work(task=T1))
    drawn = world.stock["regolith"]
    first = _told(happenings(world, 100))
    loaded = world.state(R1).payload, world.observe(R1, ()).payload
    world.apply(R1, Work(task=T1))

    second = _told(happenings(world, 200))

    assert first == [(10, StepDone(task=T1, step=0, final=False))]
    assert second == [(105, StepDone(task=T1, step=1, final=True))]
    assert (drawn, loaded, world.state(R1).payload) == (1.0, (20.0, 20.0), 0.0)
    assert world.stock == {"regolith": 21.0}
    assert _truth(world) == ("done", "r1", 2)


def test_changes_of_a_task_are_told_in_order(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")]))
    world.order(_task(_step(3)))
    world.apply(R1, Work(task=T1))
    begun = world.take_changes()
    world.advance(100)

    changes = [(c.tick, c.state, c.rover) for c in (*begun, *world.take_changes()) if isinstance(c, WorldTask)]

    assert changes == [(0, "open", None), (0, "running", "r1"), (3, "done", "r1")]


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        pytest.param(_task(_step(place=(9.0, 0.0))), "place", id="not there"),
        pytest.param(_task(_step(capability="print")), "capability", id="cannot"),
        pytest.param(_task(_step(light="dark")), "light", id="in the light"),
        pytest.param(_task(_step(takes=(Amount(stock="regolith", amount=1.0),))), "stock", id="nothing in stock"),
        pytest.param(_task(_step(loads=100.0)), "payload", id="too heavy"),
        pytest.param(_task(_step(unloads=1.0)), "payload", id="not on board"),
        pytest.param(_task(_step(), after=(T2,)), "order", id="another first"),
        pytest.param(_task(_step(), earliest=5), "order", id="too early"),
        pytest.param(_task(_step(), task=T2), "order", id="not a task"),
    ],
)
def test_work_that_cannot_start_is_refused_at_the_next_tick(
    make_rover: MakeRover, make_scenario: MakeScenario, task: Task, reason: str
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")]))
    world.order(task)
    world.take_changes()
    world.apply(R1, Work(task=T1))

    tick = world.advance(100)

    assert tick == 1
    assert world.take_events() == ((R1, WorkStopped(task=T1, reason=reason)),)  # type: ignore[arg-type]  # of the table
    assert world.state(R1).activity == "idle"


def test_a_step_left_midway_goes_on_where_it_was(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")], stock={"regolith": 4.0}))
    world.order(_task(_step(100, takes=(Amount(stock="regolith", amount=4.0),))))
    world.apply(R1, Work(task=T1))
    happenings(world, 60)
    world.apply(R1, Stop())
    happenings(world, 500)
    between = world.state(R1)
    world.apply(R1, Work(task=T1))

    told = _told(happenings(world, 1000))

    assert told == [(540, StepDone(task=T1, step=0, final=True))]
    assert (between.task, between.activity, world.state(R1).task) == (T1, "idle", None)


def test_a_task_belongs_to_who_began_it_until_it_is_released(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover"), make_rover("r2", "cnsa-rover", (1.9, 0.0))]))
    world.order(_task(_step(10, loads=5.0), _step(10, unloads=5.0)))
    world.apply(R1, Work(task=T1))
    happenings(world, 50)
    world.apply(R1, Work(task=T1))
    world.apply(R2, Work(task=T1))
    refused = _told(happenings(world, 52))
    world.release(T1)
    released = _truth(world), world.state(R1).payload, _told(happenings(world, 54))
    world.apply(R2, Work(task=T1))

    done = _told(happenings(world, 100))

    assert refused == [(51, WorkStopped(task=T1, reason="taken", step=1))]
    assert released == (("open", None, 0), 0.0, [(53, WorkStopped(task=T1, reason="taken", step=1))])
    assert done == [(64, StepDone(task=T1, step=0, final=False))]
    assert _truth(world) == ("running", "r2", 1)


def test_a_rover_that_is_down_gives_its_task_back(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover", battery=10_000.0)], start=NIGHT))
    world.order(_task(_step(10_000)))
    world.apply(R1, Work(task=T1))

    happenings(world, 1000)

    assert world.state(R1).activity == "down"
    assert _truth(world) == ("open", None, 0)


def test_a_task_that_is_late_fails_and_ends_the_work(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")]))
    world.order(_task(_step(50), latest=49))
    world.order(_task(_step(50, place=(1.0, 0.0)), task=T2, latest=99))
    world.apply(R1, Work(task=T1))
    late = _told(happenings(world, 49))
    world.apply(R1, Work(task=T2))

    in_time = _told(happenings(world, 200))

    assert late == [(49, WorkStopped(task=T1, reason="order"))]
    assert in_time == [(99, StepDone(task=T2, step=0, final=True))]
    assert (_truth(world), _truth(world, T2)) == (("failed", "r1", 0), ("done", "r1", 1))


def test_work_in_the_wrong_light_stops_and_keeps_what_is_done(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    dark = World(make_scenario([make_rover("r1", "cnsa-rover")], start=NIGHT))
    dark.order(_task(_step(30, light="dark")))
    dark.order(_task(_step(30, light="lit"), task=T2))
    dark.apply(R1, Work(task=T2))
    refused = _told(happenings(dark, 5))
    dark.apply(R1, Work(task=T1))

    done = _told(happenings(dark, 100))

    assert refused == [(1, WorkStopped(task=T2, reason="light"))]
    assert done == [(35, StepDone(task=T1, step=0, final=True))]


def test_nightfall_stops_work_that_needs_light(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    sunset = datetime(2028, 8, 1, tzinfo=UTC)
    scenario = make_scenario([make_rover("r1", "cnsa-rover", battery=1e9)], start=sunset, dt=60.0, end=45_000)
    world = World(scenario)
    while world.state(R1).light < 0.9 and world.tick < scenario.end:
        world.advance(world.tick + 60)
    world.order(_task(_step(50_000, light="lit")))
    world.apply(R1, Work(task=T1))

    told: list[tuple[int, Event]] = []
    while not told:
        told = _told(happenings(world, world.tick + 10))

    assert [event for _, event in told] == [WorkStopped(task=T1, reason="light")]
    assert world.state(R1).light < 0.6
    assert _truth(world) == ("running", "r1", 0)


def test_a_drive_leaves_work(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover")]))
    world.order(_task(_step(50)))
    world.apply(R1, Work(task=T1))
    world.advance(10)
    world.apply(R1, FollowPath(path=((5.0, 0.0),)))

    assert world.state(R1).activity == "driving"
    assert world.state(R1).task == T1
