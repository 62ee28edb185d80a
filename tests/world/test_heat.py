"""How rovers cool, sleep, wake, go down, come back and freeze."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from fleet.core import RoverId
from fleet.messages import Charge, Event, FollowPath, Froze, Sleep, Slept, Stop, WentDown, Woke
from fleet.vehicles import Panel, catalogue, heat
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2 = RoverId("r1"), RoverId("r2")
NIGHT = datetime(2028, 6, 21, 12, tzinfo=UTC)
CELSIUS = 273.15
# A box that loses 10 K in the first minutes of a night.
THIN = {"heat_capacity": 300.0, "heat_loss": 0.1}


def _told(told: list[tuple[int, str, Event]], *kinds: type[Event]) -> list[tuple[int, Event]]:
    return [(tick, event) for tick, who, event in told if who == "r1" and isinstance(event, kinds)]


def test_waste_heat_keeps_a_rover_warm_that_is_awake(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    for name in catalogue():
        world = World(make_scenario([make_rover("r1", name, battery=1e9)], start=NIGHT, dt=10.0))

        world.advance(50_000)

        assert heat.HEATER_ON < world.state(R1).temperature < heat.LOUVRE_OPENS + 35.0, name


def test_the_heater_draws_only_while_it_is_cold(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    rover = make_rover("r1", hotel_power=1.0, heater_power=30.0, battery=1e9, **THIN)
    world = World(make_scenario([rover], start=NIGHT))
    seen = []
    for tick in range(30, 20_000, 30):
        world.advance(tick)
        seen.append((world.state(R1).temperature, -world.state(R1).power))

    assert seen[0][1] == 1.0
    assert {power for _, power in seen} == {1.0, 31.0}
    assert max(t for t, power in seen if power > 30.0) < heat.HEATER_OFF + 0.5
    assert min(t for t, _ in seen) > heat.HEATER_ON - 0.5


def test_a_radioisotope_unit_warms_for_nothing(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "cnsa-rover", heater_power=0.0, battery=1e9)], start=NIGHT, dt=60.0))
    world.apply(R1, Sleep(until=100_000))

    happenings(world, 5000)

    assert world.state(R1).temperature > heat.DISCHARGE_FROM
    assert world.ledger(R1).used == pytest.approx(6.0 * 60.0 * 5000)


def test_a_cold_battery_takes_no_charge_until_it_is_warm(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    cold = make_rover("r1", hotel_power=0.0, heater_power=0.0, battery=1e5, charge=0.5, panels=(), **THIN)
    world = World(make_scenario([cold, make_rover("r2", "hk-operator", (4.0, 0.0))], start=NIGHT))
    happenings(world, 520)
    assert heat.DISCHARGE_FROM < world.state(R1).temperature < heat.CHARGE_FROM
    before = world.state(R1).battery
    world.apply(R1, Charge(source=R2))

    happenings(world, 560)

    assert world.state(R1).activity == "charging"
    assert (world.state(R1).battery, world.ledger(R2).given) == (before, 0.0)


def test_cold_takes_a_rover_down_and_then_for_good(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", heater_power=0.0, hotel_power=0.1, **THIN), make_rover("r2", at=(5.0, 0.0))]
    world = World(make_scenario(rovers, start=NIGHT))

    told = happenings(world, 5000)

    (down, first), (frozen, last) = _told(told, WentDown, Froze)
    assert (first, last) == (WentDown(reason="cold"), Froze())
    assert 0 < down < frozen
    state = world.state(R1)
    assert (state.lost, state.activity, state.power) == (True, "lost", 0.0)
    assert state.battery > 0.9
    assert world.link_pairs() == ()
    world.apply(R1, Stop())
    assert world.state(R1).activity == "lost"


def test_the_sun_brings_a_rover_back_that_ran_out(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    # Its panels look away from the Sun while it drives, and it is spent before it can turn.
    panel = Panel(area=0.5, offset=None)
    rover = make_rover("r1", battery=20_000.0, charge=0.05, hotel_power=500.0, sleep_power=1.0, panels=(panel,))
    world = World(make_scenario([rover, make_rover("r2", at=(5.0, 0.0))]))
    world.apply(R1, FollowPath(path=((-20.0, 0.0),)))

    told = _told(happenings(world, 200), WentDown, Woke)

    assert [event for _, event in told][:2] == [WentDown(reason="empty"), Woke(reason="revived")]
    (down, _), (back, _) = told[:2]
    watts = 0.5 * 1361.0 * 0.29 * np.cos(np.radians(6.5))
    assert back - down == pytest.approx(0.1 * 20_000.0 / watts, abs=2.0)


def test_a_sleeper_is_deaf_and_lives_on_little_until_its_tick(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rovers = [make_rover("r1", at=(-60.0, 0.0)), make_rover("r2"), make_rover("r3", at=(60.0, 0.0))]
    rovers = [make_rover(s.id, at=(s.pose.x, 0.0), radio_range=70.0) for s in rovers]
    world = World(make_scenario(rovers, start=NIGHT))
    world.apply(R2, Sleep(until=1000))
    on_air = world.hops(R1, RoverId("r3"))

    asleep = happenings(world, 900)
    links, drawn = world.link_pairs(), world.state(R2).power
    awake = happenings(world, 1100)

    assert on_air == 2  # What it says while it goes to sleep is still heard.
    assert [(tick, event) for tick, who, event in asleep if who == "r2"] == [(1, Slept())]
    assert (links, drawn) == ((), -catalogue()["metu-micro"].sleep_power)
    assert (1000, "r2", Woke(reason="time")) in awake
    assert world.hops(R1, RoverId("r3")) == 2


def test_a_sleeper_wakes_in_the_sun(make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings) -> None:
    dawn = datetime(2028, 10, 21, tzinfo=UTC)
    world = World(make_scenario([make_rover("r1")], start=dawn, dt=10.0, end=80_000))
    assert world.state(R1).light < 0.4
    world.apply(R1, Sleep())

    ((tick, event),) = _told(happenings(world, 80_000), Woke)

    assert event == Woke(reason="light")
    assert tick > 1000
    assert world.state(R1).activity == "idle"


def test_a_sleeper_wakes_with_enough_charge(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", "suparco-rover", charge=0.5)]))
    world.apply(R1, Sleep(on_light=False, at_charge=0.6))

    told: list[tuple[int, Event]] = []
    while not told:
        told = _told(happenings(world, world.tick + 10), Woke)

    assert [event for _, event in told] == [Woke(reason="charge")]
    assert world.state(R1).battery == pytest.approx(0.6, abs=0.001)


def test_a_sleeper_gives_no_charge(make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings) -> None:
    world = World(make_scenario([make_rover("r1", charge=0.5), make_rover("r2", "hk-operator", (4.0, 0.0))]))
    world.apply(R1, Charge(source=R2))
    world.apply(R2, Sleep(until=5000, on_light=False))

    happenings(world, 60)

    assert world.state(R1).activity == "idle"
    assert world.ledger(R2).given == 0.0


@pytest.mark.parametrize("dt", [60.0, 3600.0, 100_000.0])
def test_temperature_is_stable_for_ticks_of_any_length(
    make_rover: MakeRover, make_scenario: MakeScenario, dt: float
) -> None:
    world = World(make_scenario([make_rover("r1", battery=1e12, heat_capacity=1.0)], start=NIGHT, dt=dt, end=40))
    for tick in range(1, 40):
        world.advance(tick)

        assert heat.DARK_SURROUNDINGS <= world.state(R1).temperature < CELSIUS + 100.0
