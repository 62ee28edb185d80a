"""The compiled world and its reference are the same world, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import pi
from typing import TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from fleet.core import AgencyId, Disc, RoverId, TaskId, array_stream
from fleet.messages import Bond, Charge, Command, FollowPath, Sleep, Step, Stop, Task, Turn, Work
from fleet.vehicles import catalogue
from sim.scenario.fault import (
    BatteryFade,
    DeadPanel,
    Fault,
    Held,
    Obstacle,
    Partition,
    RadioJam,
    Silent,
    StuckWheel,
    WrongPosition,
)
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

_IDS = ("r1", "r2", "r3", "r4")
_TASKS = ("t1", "t2", "film", "beside", "until", "hears", "give")
_places = st.tuples(st.floats(-40.0, 40.0), st.floats(-40.0, 40.0))
_commands: st.SearchStrategy[Command] = st.one_of(
    st.lists(_places, min_size=1, max_size=4).map(
        lambda path: FollowPath(path=tuple(path), report=tuple(range(len(path))))
    ),
    st.sampled_from([*_IDS, "nobody"]).map(lambda rover: Charge(source=RoverId(rover))),
    st.sampled_from([*_TASKS, "none"]).map(lambda task: Work(task=TaskId(task))),
    st.floats(-pi, pi).map(lambda heading: Turn(heading=heading)),
    st.builds(
        Sleep,
        until=st.integers(0, 3000),
        on_light=st.booleans(),
        at_charge=st.none() | st.floats(0.0, 1.0),
    ),
    st.just(Stop()),
)
_rovers = st.lists(
    st.tuples(st.sampled_from(sorted(catalogue())), _places, st.floats(-3.0, 3.0), st.floats(0.001, 1.0)),
    min_size=1,
    max_size=4,
)
# Whole vehicles, and those that chill or run out within minutes.
_figures = st.fixed_dictionaries(
    {},
    optional={
        "heat_capacity": st.floats(5.0, 300.0),
        "heat_loss": st.floats(0.0, 1.0),
        "battery": st.floats(500.0, 5000.0),
        "hotel_power": st.floats(0.0, 20.0),
        "rhu_power": st.floats(0.0, 20.0),
    },
)
_AILMENTS = ("silent", "held", "stuck_wheel", "partition", "jam", "rock", "panel", "fade", "astray")
# What a rover, or two that hear each other no more, suffer from at one time.
_ailments = st.sets(st.tuples(st.sampled_from(_AILMENTS), st.integers(0, 3)))
_script = st.lists(st.tuples(st.integers(0, 3), _commands, st.integers(1, 400), _ailments), max_size=12)
_Script: TypeAlias = list[tuple[int, Command, int, set[tuple[str, int]]]]


def _tasks() -> tuple[Task, ...]:
    """A task anywhere in any light, and one in light that must be done in time."""
    anywhere = Step(place=(0.0, 0.0), radius=100.0, work=70, capability="image")
    return (
        Task(id=TaskId("t1"), kind="image", title="", agency=AgencyId("a"), steps=(anywhere, anywhere)),
        Task(
            id=TaskId("t2"),
            kind="image",
            title="",
            agency=AgencyId("a"),
            steps=(Step(place=(0.0, 0.0), radius=100.0, work=50, capability="image", light="lit"),),
            latest=700,
        ),
        *(
            Task(
                id=TaskId(name),
                kind="image",
                title="",
                agency=AgencyId("a"),
                steps=(Step(place=(0.0, 0.0), radius=100.0, work=90, capability=capability, bond=bond),),
            )
            for name, capability, bond in (
                ("film", "image", Bond(rover=RoverId("r1"), within=20.0)),
                ("beside", "image", Bond(beside=(TaskId("t1"),))),
                ("until", "image", Bond(until=TaskId("t1"), until_step=1)),
                ("hears", "image", Bond(hears=(RoverId("r1"), RoverId("r2")))),
                ("give", "charge-others", Bond(rover=RoverId("r1"), charge=0.6)),
            )
        ),
    )


def _fault(kind: str, who: int, rovers: tuple[RoverId, ...]) -> Fault:
    rover = rovers[who % len(rovers)]
    name = f"{kind}-{who}"
    match kind:
        case "silent":
            return Silent(id=name, begin=0, end=None, rover=rover)
        case "held":
            return Held(id=name, begin=0, end=None, rover=rover)
        case "stuck_wheel":
            return StuckWheel(id=name, begin=0, end=None, rover=rover)
        case "jam":
            return RadioJam(id=name, begin=0, end=None, centre=(10.0 * who, 5.0), radius=20.0)
        case "rock":
            return Obstacle(id=name, begin=0, end=None, centre=(6.0 * who - 3.0, 4.0), radius=0.7)
        case "panel":
            return DeadPanel(id=name, begin=0, end=None, rover=rover, share=0.3 + 0.2 * who)
        case "fade":
            return BatteryFade(id=name, begin=0, end=None, rover=rover, share=0.1 + 0.15 * who)
        case "astray":
            return WrongPosition(id=name, begin=0, end=None, rover=rover, error=(1.5, -0.5 * who))
        case _:
            groups = ((rover,), tuple(other for other in rovers if other != rover))
            return Partition(id=name, begin=0, end=None, groups=groups)


def _run(scenario: Scenario, script: _Script, *, reference: bool) -> list[object]:
    world = World(scenario, reference=reference)
    seen: list[object] = [world.take_events()]
    for task in _tasks():
        world.order(task)
    rovers = tuple(spec.id for spec in scenario.rovers)
    for who, command, ticks, ailments in script:
        world.suffer([_fault(kind, ill, rovers) for kind, ill in sorted(ailments)])
        rover = scenario.rovers[who % len(scenario.rovers)].id
        world.apply(rover, command)
        until = world.tick + ticks
        while world.tick < until:
            world.advance(until)
            seen.append((world.tick, world.take_events(), world.take_changes(), world.link_pairs(), world.stock))
            seen.append([(astuple(world.state(spec.id)), astuple(world.ledger(spec.id))) for spec in scenario.rovers])
    return seen


@settings(max_examples=60, deadline=None)
@given(
    scene=st.tuples(_rovers, _script, st.integers(0, 1000), st.sampled_from([1.0, 0.7, 7.0])),
    figures=_figures,
    start=st.sampled_from([datetime(2028, 11, 1, 6, tzinfo=UTC), datetime(2028, 6, 21, 12, tzinfo=UTC)]),
)
def test_compiled_and_reference_worlds_give_the_same_bits_at_the_same_stops(
    make_rover: Callable[..., RoverSpec],
    make_scenario: Callable[..., Scenario],
    scene: tuple[list[tuple[str, tuple[float, float], float, float]], _Script, int, float],
    figures: dict[str, float],
    start: datetime,
) -> None:
    rovers, script, seed, dt = scene
    rng = array_stream(seed, "scene")
    heights = np.cumsum(np.cumsum(rng.normal(0.0, 0.02, (21, 21)), axis=0), axis=1).astype(np.float32)
    rocks = [
        Disc(x=float(x), y=float(y), radius=float(r)) for x, y, r in rng.uniform((-45, -45, 0), (45, 45, 1), (8, 3))
    ]
    specs = [
        make_rover(_IDS[i], vehicle, place, heading=heading, charge=charge, **figures)
        for i, (vehicle, place, heading, charge) in enumerate(rovers)
    ]
    scenario = make_scenario(specs, heights=heights, rocks=rocks[:3], hidden=rocks[3:], dt=dt, end=10_000, start=start)

    compiled = _run(scenario, script, reference=False)
    plain = _run(scenario, script, reference=True)

    assert compiled == plain
