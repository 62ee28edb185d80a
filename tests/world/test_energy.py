"""Where joules come from and go, and what batteries tell."""

# ruff: noqa: PLR0917 - the cases of a table are arguments

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import RoverId
from fleet.messages import (
    BatteryCrossed,
    Charge,
    ChargeStopped,
    Command,
    Event,
    FollowPath,
    LightChanged,
    Sleep,
    Stop,
    WentDown,
)
from fleet.vehicles import Panel, catalogue
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2, R3 = RoverId("r1"), RoverId("r2"), RoverId("r3")
_commands: st.SearchStrategy[Command] = st.one_of(
    st.tuples(st.floats(-50.0, 50.0), st.floats(-50.0, 50.0)).map(lambda goal: FollowPath(path=(goal,))),
    st.sampled_from(["r0", "r1", "r2", "r3"]).map(lambda source: Charge(source=RoverId(source))),
    st.builds(Sleep, until=st.integers(0, 9000), on_light=st.booleans(), at_charge=st.none() | st.floats(0.0, 1.0)),
)
NIGHT = datetime(2028, 6, 21, 12, tzinfo=UTC)
DAY = datetime(2028, 11, 1, 6, tzinfo=UTC)


@settings(max_examples=40, deadline=None)
@given(
    fleet=st.lists(
        st.tuples(st.sampled_from(sorted(catalogue())), st.floats(0.001, 1.0), st.sampled_from([60.0, 5000.0])),
        min_size=2,
        max_size=4,
    ),
    start=st.sampled_from([NIGHT, DAY]),
    script=st.lists(st.tuples(st.integers(0, 3), _commands, st.integers(1, 3000)), min_size=1, max_size=8),
    reference=st.sampled_from([False, False, False, True]),
)
def test_no_joule_is_lost_or_made_at_any_event(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    fleet: list[tuple[str, float, float]],
    start: datetime,
    script: list[tuple[int, Command, int]],
    reference: bool,
) -> None:
    rovers = [
        make_rover(f"r{i}", vehicle, (4.0 * i, 0.0), charge=charge, battery=20_000.0, heat_capacity=capacity)
        for i, (vehicle, charge, capacity) in enumerate(fleet)
    ]
    world = World(make_scenario(rovers, start=start), reference=reference)

    for who, command, ticks in script:
        world.apply(rovers[who % len(rovers)].id, command)
        until = world.tick + (ticks // 20 if reference else ticks)
        while world.tick < until:
            world.advance(until)
            world.take_events()
            for spec in rovers:
                book = world.ledger(spec.id)
                balance = book.initial + book.solar + book.charged - book.used - book.given - book.spilled
                assert balance == pytest.approx(book.battery, rel=1e-9, abs=1e-4)
                assert 0.0 <= book.battery <= spec.vehicle.battery
                assert min(book.solar, book.charged, book.used, book.given, book.spilled) >= 0.0
            given, charged = ([getattr(world.ledger(s.id), k) for s in rovers] for k in ("given", "charged"))
            assert sum(given) == pytest.approx(sum(charged), abs=1e-6)


def test_a_panel_on_the_flank_gives_nothing_when_it_looks_away(
    make_rover: MakeRover, make_scenario: MakeScenario
) -> None:
    watts = []
    for quarter in range(4):
        panel = Panel(area=1.0, offset=quarter * np.pi / 2)
        world = World(make_scenario([make_rover("r1", panels=(panel,), hotel_power=0.0)]))
        world.advance(1)
        watts.append(world.state(R1).power)
    tracking = World(make_scenario([make_rover("r1", panels=(Panel(area=1.0, offset=None),), hotel_power=0.0)]))
    tracking.advance(1)

    assert sorted(watts)[:2] == [0.0, 0.0]
    squarely = hypot(*sorted(watts)[2:])
    assert tracking.state(R1).power == pytest.approx(squarely)
    # The Sun is 6.54 degrees up, and 0.995 AU away on that day.
    assert squarely == pytest.approx(1361.0 / 0.995**2 * 0.29 * np.cos(np.radians(6.54)), rel=1e-3)


def test_falling_charge_is_told_low_then_critical_then_the_rover_is_down(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", battery=3600.0), make_rover("r2", at=(5.0, 0.0))]
    world = World(make_scenario(rovers, start=NIGHT))
    assert world.link_pairs() == ((R1, R2),)

    told = happenings(world, 1000)

    hotel = 5.0  # It is still warm.
    assert [(tick, event) for tick, who, event in told if who == "r1"] == [
        (int(0.7 * 3600 / hotel) + 1, BatteryCrossed(level="low")),
        (int(0.85 * 3600 / hotel) + 1, BatteryCrossed(level="critical")),
        (3600 / hotel, WentDown(reason="empty")),
    ]
    state = world.state(R1)
    assert (state.lost, state.activity, state.battery, state.min_battery) == (False, "down", 0.0, 0.0)
    assert (world.link_pairs(), world.hops(R2, R1), world.reachable(R2)) == ((), None, ())
    world.apply(R1, FollowPath(path=((5.0, 5.0),)))
    assert world.state(R1).activity == "down"


def test_charging_moves_energy_until_full(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", charge=0.5), make_rover("r2", "change8-lander", (8.0, 0.0))]
    world = World(make_scenario(rovers, start=NIGHT))
    world.apply(R1, Charge(source=R2))

    told = [(tick, event) for tick, who, event in happenings(world, 2000) if who == "r1"]

    ticks = int((0.999 - 0.5) * 216_000.0 / (150.0 - 5.0)) + 1
    assert told == [(ticks, ChargeStopped(reason="full")), (ticks, BatteryCrossed(level="full"))]
    assert world.ledger(R2).given == world.ledger(R1).charged == pytest.approx(150.0 * ticks, rel=2e-3)


@pytest.mark.parametrize(
    ("source", "place", "charge", "own", "reason"),
    [
        pytest.param("hk-operator", (20.0, 0.0), 1.0, 0.5, "far", id="too far"),
        pytest.param("hk-operator", (5.0, 0.0), 0.19, 0.5, "source", id="source nearly empty"),
        pytest.param("cnsa-rover", (5.0, 0.0), 1.0, 0.5, "source", id="no charger"),
        pytest.param("hk-operator", (5.0, 0.0), 1.0, 1.0, "full", id="already full"),
    ],
)
def test_charging_that_cannot_start_is_refused_at_the_next_tick(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    source: str,
    place: tuple[float, float],
    charge: float,
    own: float,
    reason: str,
) -> None:
    rovers = [make_rover("r1", charge=own), make_rover("r2", source, place, charge=charge)]
    world = World(make_scenario(rovers))
    world.apply(R1, Charge(source=R2))

    tick = world.advance(100)

    assert tick == 1
    assert (R1, ChargeStopped(reason=reason)) in world.take_events()  # type: ignore[arg-type]  # of the table above


def test_a_rover_charges_one_other_at_a_time_and_nobody_itself(
    make_rover: MakeRover, make_scenario: MakeScenario
) -> None:
    rovers = [
        make_rover("r1", charge=0.5),
        make_rover("r2", "hk-operator", (3.0, 0.0)),
        make_rover("r3", at=(6.0, 0.0), charge=0.5),
    ]
    world = World(make_scenario(rovers))
    for rover, source in ((R1, R2), (R3, R2), (R2, R2), (R2, RoverId("nobody"))):
        world.apply(rover, Charge(source=source))

    assert world.take_events() == (
        (R2, ChargeStopped(reason="source")),
        (R2, ChargeStopped(reason="source")),
        (R3, ChargeStopped(reason="source")),
    )


def test_a_source_that_drives_away_ends_the_charge(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", charge=0.5), make_rover("r2", "hk-operator", (8.0, 0.0))]
    world = World(make_scenario(rovers))
    world.apply(R1, Charge(source=R2))
    world.apply(R2, FollowPath(path=((20.0, 0.0),)))

    told = happenings(world, 200)

    assert ("r1", ChargeStopped(reason="far")) in [(who, event) for _, who, event in told]


def test_a_source_keeps_a_fifth_for_itself(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", charge=0.1), make_rover("r2", "hk-operator", (5.0, 0.0), charge=0.2001, hotel_power=0.0)]
    world = World(make_scenario(rovers, start=NIGHT))
    world.apply(R1, Charge(source=R2))

    told = happenings(world, 200)

    assert ("r1", ChargeStopped(reason="source")) in [(who, event) for _, who, event in told]
    assert world.state(R2).battery > 0.198


def test_driving_into_a_shadow_is_told(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    heights = np.zeros((41, 41), dtype=np.float32)
    heights[:, 24:26] = 30.0
    world = World(make_scenario([make_rover("r1", at=(-95.0, 0.0))], heights=heights))
    lit = world.state(R1).light
    goals = [(x, y) for x in (-95.0, 0.0) for y in (-90.0, 90.0)]
    told = []
    for goal in goals:
        world.apply(R1, FollowPath(path=(goal,)))
        told += happenings(world, world.tick + 5000)

    changes = [event.lit for _, _, event in told if isinstance(event, LightChanged)]
    assert changes
    assert changes == [(k % 2 == 0) ^ (lit >= 0.5) for k in range(len(changes))]
    world.apply(R1, Stop())
    assert world.observe(R1, ()).light == world.state(R1).light
