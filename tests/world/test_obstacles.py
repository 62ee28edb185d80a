"""A rock that nobody knows of: seen by who comes near, in the way of who drives, and gone when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fleet.core import Disc, RoverId
from fleet.messages import Arrived, Blocked, Event, FollowPath, HazardSeen, Passed
from sim.scenario.fault import Obstacle
from sim.scenario.scenario import Scenario
from sim.world import World

R1, R2 = RoverId("r1"), RoverId("r2")
Happenings = Callable[[World, int], list[tuple[int, RoverId, Event]]]

pytestmark = pytest.mark.parametrize("reference", [False, True], ids=["compiled", "reference"])


@pytest.fixture
def two(make_rover: Any, make_scenario: Any) -> Scenario:
    """A rover at the origin, and one far off."""
    scenario: Scenario = make_scenario([make_rover("r1", at=(0.0, 0.0)), make_rover("r2", at=(0.0, 80.0))])
    return scenario


def _rock(x: float, y: float, *, radius: float = 0.6, name: str = "rock") -> Obstacle:
    return Obstacle(id=name, begin=0, end=None, centre=(x, y), radius=radius)


def _seen(x: float, y: float, radius: float = 0.6) -> HazardSeen:
    return HazardSeen(hazard=Disc(x=x, y=y, radius=radius))


def test_who_stands_near_sees_it_at_once_and_only_once(two: Scenario, happenings: Happenings, reference: bool) -> None:
    world = World(two, reference=reference)
    happenings(world, 10)

    world.suffer([_rock(2.0, 2.0)])
    world.suffer([_rock(2.0, 2.0), _rock(60.0, 0.0, name="too far for both")])

    assert [(rover, event) for _, rover, event in happenings(world, 20) if isinstance(event, HazardSeen)] == [
        (R1, _seen(2.0, 2.0))
    ]


def test_it_stops_who_is_on_the_way_and_passes_waypoints_as_before(
    two: Scenario, happenings: Happenings, reference: bool
) -> None:
    free, blocked = World(two, reference=reference), World(two, reference=reference)
    # There and back over the same ground, and then on: the present leg is found by how far was driven.
    way = FollowPath(path=((4.0, 0.0), (0.0, 0.0), (0.0, 6.0), (0.0, 30.0)), report=(0, 1, 2, 3))
    for world in (free, blocked):
        world.apply(R1, way)
    half = 0
    while not any(isinstance(event, Passed) for _, _, event in happenings(blocked, half)):
        half += 5
    happenings(blocked, half + 5)
    happenings(free, half + 5)

    blocked.suffer([_rock(0.0, 20.0)])
    told = [event for _, rover, event in happenings(blocked, 6000) if rover == R1]

    assert [event.waypoint for event in told if isinstance(event, Passed)] == [1, 2]
    assert _seen(0.0, 20.0) in told
    assert told[-1] == Blocked(reason="rock")
    assert 18.0 < blocked.state(R1).y < 19.4
    on = [(tick, event) for tick, rover, event in happenings(free, 6000) if rover == R1]
    assert [event for _, event in on] == [Passed(waypoint=1), Passed(waypoint=2), Passed(waypoint=3), Arrived()]


def test_a_drive_that_it_does_not_concern_goes_on_as_if_nothing_had_been(
    two: Scenario, happenings: Happenings, reference: bool
) -> None:
    free, other = World(two, reference=reference), World(two, reference=reference)
    for world in (free, other):
        world.apply(R1, FollowPath(path=((5.0, 0.0), (5.0, 5.0)), report=(0,)))
        happenings(world, 37)

    other.suffer([_rock(-70.0, -70.0)])

    assert happenings(other, 4000) == happenings(free, 4000)
    assert other.state(R1).x == pytest.approx(free.state(R1).x)
    assert other.state(R1).distance == pytest.approx(free.state(R1).distance)


def test_when_it_is_gone_one_drives_through(two: Scenario, happenings: Happenings, reference: bool) -> None:
    world = World(two, reference=reference)
    world.suffer([_rock(6.0, 0.0)])
    world.apply(R1, FollowPath(path=((12.0, 0.0),)))
    assert happenings(world, 3000)[-1][2] == Blocked(reason="rock")

    world.suffer([])
    world.apply(R1, FollowPath(path=((12.0, 0.0),)))

    assert happenings(world, 6000)[-1][2] == Arrived()


def test_what_wheels_roll_over_is_no_obstacle(two: Scenario, happenings: Happenings, reference: bool) -> None:
    world = World(two, reference=reference)
    world.suffer([_rock(6.0, 0.0, radius=0.01)])
    world.apply(R1, FollowPath(path=((12.0, 0.0),)))

    assert [event for _, _, event in happenings(world, 3000)] == [Arrived()]


def test_a_world_that_goes_on_from_a_snapshot_has_its_obstacles(
    two: Scenario, happenings: Happenings, reference: bool
) -> None:
    world, again = World(two, reference=reference), World(two, reference=reference)
    world.suffer([_rock(8.0, 0.0)])
    world.apply(R1, FollowPath(path=((12.0, 0.0),)))
    happenings(world, 30)

    again.restore(world.snapshot())

    assert happenings(again, 3000) == happenings(world, 3000)
    again.apply(R1, FollowPath(path=((12.0, 0.0),)))
    assert happenings(again, 3100)[-1][2] == Blocked(reason="rock")
