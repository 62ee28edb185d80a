"""How bodies move, and what stops them."""

# ruff: noqa: PLR0917 - the cases of a table are arguments

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import ceil, hypot, pi, radians, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc, Pose, RoverId, path_length
from fleet.messages import Arrived, Blocked, Event, FollowPath, HazardSeen, Passed, Stop, Turn
from fleet.vehicles import catalogue, drive_time
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World
from sim.world.course import Driver, Site

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1, R2 = RoverId("r1"), RoverId("r2")
_legs = st.lists(st.tuples(st.floats(-90.0, 90.0), st.floats(-90.0, 90.0)), min_size=1, max_size=4)


def _far(told: list[tuple[int, str, Event]], rover: str) -> list[tuple[int, Event]]:
    kinds = (Arrived, Blocked, HazardSeen, Passed)
    return [(tick, event) for tick, who, event in told if who == rover and isinstance(event, kinds)]


@settings(max_examples=25, deadline=None)
@given(legs=_legs)
def test_a_drive_on_level_ground_takes_what_the_vehicle_law_says(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings, legs: list[tuple[float, float]]
) -> None:
    vehicle = catalogue()["metu-micro"]
    path = ((0.0, 0.0), *(leg for leg in legs if hypot(*leg) > 1.0))
    kept = [path[0]] + [b for a, b in pairwise(path) if hypot(b[0] - a[0], b[1] - a[1]) > 1.0]
    world = World(make_scenario([make_rover("r1", heading=0.0, battery=1e9)]))
    world.apply(R1, FollowPath(path=tuple(kept)))

    told = _far(happenings(world, 40_000), "r1")

    headings = [0.0] + [float(np.arctan2(b[1] - a[1], b[0] - a[0])) for a, b in pairwise(kept)]
    turns = sum(abs((b - a + pi) % (2 * pi) - pi) for a, b in pairwise(headings)) / vehicle.turn_rate
    seconds = drive_time(vehicle, path_length(kept), 0.0) + turns
    assert told[-1][1] == Arrived()
    assert abs(told[-1][0] - max(1, ceil(seconds))) <= 1
    assert (world.state(R1).x, world.state(R1).y) == kept[-1]
    assert world.state(R1).distance == pytest.approx(path_length(kept), abs=1e-6)


def test_climbing_is_slower_and_costs_more(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    slope = np.tile(np.arange(41, dtype=np.float32) * 5.0 * tan(radians(10.0)), (41, 1)).astype(np.float32)
    site = Site(make_scenario([make_rover("r1")], heights=slope).ground)
    driver = Driver(site, catalogue()["cnsa-rover"], 1.0)
    west, east = Pose(x=-20.0, y=0.0, heading=0.0), Pose(x=20.0, y=0.0, heading=pi)

    up = driver.follow(west, FollowPath(path=((20.0, 0.0),)), ())
    down = driver.follow(east, FollowPath(path=((-20.0, 0.0),)), ())

    assert up.marks[-1].time == pytest.approx(40.0 / (0.056 * 0.8), rel=1e-3)
    assert down.marks[-1].time == pytest.approx(40.0 / (0.056 * 0.95), rel=1e-3)
    assert up.pieces[0, 9] > 2.0 * down.pieces[0, 9]


def test_asked_waypoints_are_told_when_passed(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1")]))
    world.apply(R1, FollowPath(path=((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)), report=(0, 2)))

    told = _far(happenings(world, 200), "r1")

    assert told == [(1, Passed(waypoint=0)), (43, Passed(waypoint=2)), (64, Arrived())]


def test_a_new_path_replaces_the_old_one_without_a_stop(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1")]))
    world.apply(R1, FollowPath(path=((10.0, 0.0),)))
    world.advance(20)
    here = (world.state(R1).x, world.state(R1).y)
    world.apply(R1, FollowPath(path=(here, (2.0, 0.0))))

    told = _far(happenings(world, 200), "r1")

    assert told == [(ceil(2.0 / 0.0475), Arrived())]


def test_a_turn_faces_the_panels_elsewhere(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1", heading=3.0)]))
    world.apply(R1, Turn(heading=-3.0))

    told = _far(happenings(world, 100), "r1")

    assert told == [(ceil((2 * pi - 6.0) / radians(5.0)), Arrived())]
    assert world.state(R1).heading == -3.0


@settings(max_examples=30, deadline=None)
@given(
    rock=st.tuples(st.floats(5.0, 20.0), st.floats(-2.0, 2.0), st.floats(0.1, 2.0)),
    hidden=st.booleans(),
)
def test_no_body_touches_a_rock_that_stops_it(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    happenings: Happenings,
    rock: tuple[float, float, float],
    hidden: bool,
) -> None:
    disc = Disc(x=rock[0], y=rock[1], radius=rock[2])
    rocks = {"hidden" if hidden else "rocks": [disc]}
    world = World(make_scenario([make_rover("r1")], **rocks))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    told = [event for _, event in _far(happenings(world, 2000), "r1")]

    gap = hypot(world.state(R1).x - disc.x, world.state(R1).y - disc.y) - disc.radius - 0.25
    in_the_way = abs(disc.y) < disc.radius + 0.25 - 1e-6
    assert gap > 0.0 or not in_the_way
    assert told[-1] == (Blocked(reason="rock") if in_the_way else Arrived())
    assert (HazardSeen(hazard=disc) in told) == hidden


def test_a_hidden_rock_is_seen_once_at_the_sensors_range(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    rock = Disc(x=20.0, y=0.0, radius=1.0)
    world = World(make_scenario([make_rover("r1")], hidden=[rock]))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))
    first = _far(happenings(world, 320), "r1")
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    again = _far(happenings(world, 2000), "r1")

    assert first == [(ceil(15.0 / 0.0475), HazardSeen(hazard=rock))]
    assert [event for _, event in again] == [Blocked(reason="rock")]


def test_a_rock_in_view_at_the_start_is_told_at_once(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    rock = Disc(x=3.0, y=0.0, radius=0.5)

    world = World(make_scenario([make_rover("r1")], hidden=[rock]))

    assert world.take_events() == ((R1, HazardSeen(hazard=rock)),)


@pytest.mark.parametrize(
    ("vehicle", "goal", "reason"),
    [
        pytest.param("metu-micro", (500.0, 0.0), "edge", id="map's edge"),
        pytest.param("metu-micro", (1.7e308, 1.7e308), "edge", id="beyond numbers"),
        pytest.param("change8-lander", (5.0, 0.0), "slope", id="what stands"),
        pytest.param("metu-micro", (0.0, 60.0), "slope", id="steep ground"),
    ],
)
def test_what_cannot_be_driven_blocks(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    happenings: Happenings,
    vehicle: str,
    goal: tuple[float, float],
    reason: str,
) -> None:
    heights = np.zeros((41, 41), dtype=np.float32)
    heights[26:] += 5.0 * np.arange(15, dtype=np.float32)[:, None] * np.float32(tan(radians(21.0)))
    world = World(make_scenario([make_rover("r1", vehicle, battery=1e9)], heights=heights))
    world.apply(R1, FollowPath(path=(goal,)))

    told = _far(happenings(world, 4000), "r1")

    state = world.state(R1)
    assert [event for _, event in told] == [Blocked(reason=reason)]  # type: ignore[arg-type]  # of the table above
    assert max(abs(state.x), abs(state.y)) < 100.0
    assert state.activity == "idle"


def test_who_is_blocked_by_a_rock_can_leave_it(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(make_scenario([make_rover("r1")], rocks=[Disc(x=3.0, y=0.0, radius=1.0)]))
    world.apply(R1, FollowPath(path=((6.0, 0.0),)))
    happenings(world, 200)
    world.apply(R1, FollowPath(path=((0.0, 2.0),)))

    told = _far(happenings(world, 400), "r1")

    assert [event for _, event in told] == [Arrived()]


@settings(max_examples=25, deadline=None)
@given(
    a=st.tuples(st.floats(-8.0, -2.0), st.floats(-3.0, 3.0)),
    b=st.tuples(st.floats(2.0, 8.0), st.floats(-3.0, 3.0)),
    dt=st.sampled_from([1.0, 30.0]),
)
def test_two_bodies_sent_through_each_other_stop_apart(
    make_rover: MakeRover,
    make_scenario: MakeScenario,
    happenings: Happenings,
    a: tuple[float, float],
    b: tuple[float, float],
    dt: float,
) -> None:
    rovers = [make_rover("r1", at=a), make_rover("r2", "hk-operator", at=b)]
    world = World(make_scenario(rovers, dt=dt))
    world.apply(R1, FollowPath(path=(b,)))
    world.apply(R2, FollowPath(path=(a,)))

    told = happenings(world, 400)

    one, two = world.state(R1), world.state(R2)
    assert {event for _, _, event in told if isinstance(event, Blocked)} == {Blocked(reason="body")}
    assert hypot(one.x - two.x, one.y - two.y) >= 0.25 + 0.8 + 0.2 - 1e-9
    assert world.collisions == 0


def test_bodies_that_touch_at_the_start_are_counted_once(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world = World(make_scenario([make_rover("r1"), make_rover("r2", at=(0.3, 0.0))]))
    changes = world.take_changes()
    world.apply(R2, FollowPath(path=((5.0, 0.0),)))
    world.advance(300)

    assert [(c.a, c.b) for c in changes] == [(R1, R2)]  # type: ignore[union-attr]  # no task exists
    assert world.collisions == 1
    assert world.state(R2).x > 1.0


def test_stop_stops_in_the_same_place(make_rover: MakeRover, make_scenario: MakeScenario) -> None:
    world = World(make_scenario([make_rover("r1")]))
    world.apply(R1, FollowPath(path=((10.0, 0.0),)))
    world.advance(20)
    here = world.state(R1).x
    world.apply(R1, Stop())
    world.advance(500)

    assert world.state(R1).x == here
    assert world.observe(R1, ()).activity == "idle"
