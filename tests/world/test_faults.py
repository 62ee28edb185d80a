"""What faults do to bodies and radio."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.core import Disc, RoverId
from fleet.messages import (
    BatteryCrossed,
    Blocked,
    Event,
    FollowPath,
    HazardSeen,
    LinksChanged,
    Sleep,
    TowEnded,
    Turn,
    Woke,
)
from sim.scenario.fault import (
    BatteryFade,
    DeadPanel,
    Held,
    Partition,
    RadioJam,
    Silent,
    StuckWheel,
    WrongPosition,
)
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2, R3 = RoverId("r1"), RoverId("r2"), RoverId("r3")
STUCK = Blocked(reason="wheel")
EAST = FollowPath(path=((0.0, 0.0), (10.0, 0.0)))

pytestmark = pytest.mark.parametrize("reference", [False, True], ids=["compiled", "reference"])


@pytest.fixture
def three(make_rover: MakeRover, make_scenario: MakeScenario) -> Scenario:
    """Three rovers in a row that all hear each other."""
    return make_scenario([make_rover(rover, at=(0.0, 8.0 * i)) for i, rover in enumerate((R1, R2, R3))])


def test_a_dead_radio_neither_hears_nor_says_nor_relays_until_it_is_back(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)
    world.take_events()

    world.suffer([Silent(id="s", begin=0, end=None, rover=R2)])
    assert world.link_pairs() == ((R1, R3),)
    assert world.take_events() == ((R1, LinksChanged()), (R2, LinksChanged()), (R3, LinksChanged()))
    assert world.observe(R2, ()).links == ()

    world.suffer([])
    assert world.link_pairs() == ((R1, R2), (R1, R3), (R2, R3))


def test_a_dead_radio_stays_dead_while_its_rover_drives(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)
    world.suffer([Silent(id="s", begin=0, end=None, rover=R1)])
    world.apply(R1, EAST)

    while world.tick < 200:
        world.advance(200)
        assert world.link_pairs() == ((R2, R3),)


def test_a_dead_radio_does_not_reach_the_earth(
    make_rover: MakeRover, make_scenario: MakeScenario, reference: bool
) -> None:
    lander = make_rover("r1", "change8-lander", earth_rate=1000.0)
    world = World(make_scenario([lander]), reference=reference)
    assert world.state(R1).earth == "direct"

    world.suffer([Silent(id="s", begin=0, end=None, rover=R1)])
    assert world.state(R1).earth == "none"

    world.suffer([])
    assert world.state(R1).earth == "direct"


def test_groups_hear_each_other_no_more_and_those_within_one_do(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)

    world.suffer([Partition(id="p", begin=0, end=None, groups=((R2,), (R1, R3)))])

    assert world.link_pairs() == ((R1, R3),)
    assert world.reachable(R2) == ()


def test_a_body_that_is_held_drives_on_later_as_if_nothing_had_been(
    three: Scenario, happenings: Happenings, reference: bool
) -> None:
    free, held = World(three, reference=reference), World(three, reference=reference)
    for world in (free, held):
        world.apply(R1, EAST)
        happenings(world, 50)

    held.suffer([Held(id="h", begin=0, end=None, rover=R1)])
    before = held.state(R1)
    assert happenings(held, 350) == []
    assert (held.state(R1).x, held.state(R1).distance) == (before.x, before.distance)
    held.suffer([])

    later = [(tick - 300, rover, event) for tick, rover, event in happenings(held, 2300)]
    assert later == happenings(free, 2000)
    assert held.state(R1).x == free.state(R1).x == 10.0
    assert held.state(R1).energy_used > free.state(R1).energy_used


def test_a_stuck_wheel_is_felt_at_once_and_whenever_the_rover_wants_to_move(
    three: Scenario, happenings: Happenings, reference: bool
) -> None:
    world = World(three, reference=reference)
    world.apply(R1, EAST)
    happenings(world, 50)
    x = world.state(R1).x

    world.suffer([StuckWheel(id="w", begin=0, end=None, rover=R1)])
    assert world.take_events() == ((R1, STUCK),)
    assert world.state(R1).activity == "idle"
    for command in (EAST, Turn(heading=1.0)):
        world.apply(R1, command)
        assert (R1, STUCK) in [(rover, event) for _, rover, event in happenings(world, world.tick + 100)]
    assert world.state(R1).x == x

    world.suffer([])
    world.apply(R1, EAST)
    happenings(world, world.tick + 2000)
    assert world.state(R1).x == 10.0


def test_a_stuck_wheel_says_nothing_to_who_stands(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)
    world.take_events()

    world.suffer([StuckWheel(id="w", begin=0, end=None, rover=R1)])

    assert world.take_events() == ()


def test_no_radio_works_within_a_jam_and_who_drives_out_of_it_is_heard_again(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)

    world.suffer([RadioJam(id="j", begin=0, end=None, centre=(0.0, 0.0), radius=5.0)])
    assert world.link_pairs() == ((R2, R3),)

    world.apply(R1, EAST)
    while world.tick < 2000:
        world.advance(2000)
        assert ((R1, R2) in world.link_pairs()) == (world.state(R1).x > 5.0) or world.tick % 60


def test_dead_panels_give_less_at_once_and_whole_ones_all_again(
    make_rover: MakeRover, make_scenario: MakeScenario, reference: bool
) -> None:
    # One that follows the Sun, and one of panels that look to the sides.
    lander, micro = make_rover("r1", "change8-lander"), make_rover("r2", "metu-micro", at=(20.0, 0.0), heading=1.0)
    whole, half = (World(make_scenario([lander, micro]), reference=reference) for _ in range(2))

    half.suffer([DeadPanel(id=rover, begin=0, end=None, rover=rover, share=0.5) for rover in (R1, R2)])
    for world in (whole, half):
        world.advance(1)
    for rover in (R1, R2):
        assert whole.ledger(rover).solar > 0.0
        assert half.ledger(rover).solar == pytest.approx(0.5 * whole.ledger(rover).solar)

    half.suffer([])
    before = half.ledger(R1).solar
    for world in (whole, half):
        world.advance(2)
    assert half.ledger(R1).solar - before == pytest.approx(whole.ledger(R1).solar / 2.0)


def test_a_battery_that_fades_spills_what_it_cannot_hold_and_is_full_with_less(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings, reference: bool
) -> None:
    world = World(make_scenario([make_rover("r1", "change8-lander", charge=0.9)]), reference=reference)
    world.take_events()

    world.suffer([BatteryFade(id="f", begin=0, end=None, rover=R1, share=0.3)])

    assert world.state(R1).battery == pytest.approx(0.7)
    assert (1, R1, BatteryCrossed(level="full")) in happenings(world, 100)
    assert world.state(R1).battery == pytest.approx(0.7)
    ledger = world.ledger(R1)
    assert ledger.initial + ledger.solar - ledger.used - ledger.spilled == pytest.approx(ledger.battery)


def test_who_sleeps_until_it_has_more_charge_than_it_can_have_wakes_when_it_is_full(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings, reference: bool
) -> None:
    world = World(make_scenario([make_rover("r1", "change8-lander", charge=0.69)]), reference=reference)
    world.suffer([BatteryFade(id="f", begin=0, end=None, rover=R1, share=0.3)])
    world.apply(R1, Sleep(on_light=False, at_charge=0.9))

    told = happenings(world, 20_000)

    assert Woke(reason="charge") in [event for _, _, event in told]


def test_who_is_wrong_about_where_it_is_drives_as_far_beside_its_way(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)
    world.suffer([WrongPosition(id="w", begin=0, end=None, rover=R1, error=(0.5, 2.0))])

    seen = world.observe(R1, (HazardSeen(hazard=Disc(x=3.0, y=4.0, radius=1.0)),))
    assert (seen.pose.x, seen.pose.y) == (0.5, 2.0)
    assert seen.events == (HazardSeen(hazard=Disc(x=3.5, y=6.0, radius=1.0)),)

    world.apply(R1, FollowPath(path=((0.5, 2.0), (10.5, 2.0))))
    while world.tick < 2000:
        world.advance(2000)
    assert (world.state(R1).x, world.state(R1).y) == (10.0, 0.0)
    assert world.observe(R1, ()).pose.point == (10.5, 2.0)


def test_a_tow_ends_where_the_tower_believes_it_for_both(three: Scenario, reference: bool) -> None:
    world = World(three, reference=reference)
    world.suffer([WrongPosition(id="w", begin=0, end=None, rover=R1, error=(0.5, 2.0))])
    ended = TowEnded(tower=R1, towed=R2, place=(3.0, 4.0))

    told = [world.observe(rover, (ended,)).events for rover in (R1, R2)]

    assert told == [(TowEnded(tower=R1, towed=R2, place=(3.5, 6.0)),)] * 2
