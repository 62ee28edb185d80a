"""Soft ground slows wheels and stops those that would sink; the compiled world and its reference agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil

import pytest

from fleet.core import Disc, RoverId
from fleet.messages import Arrived, Blocked, Event, FollowPath, HazardSeen
from fleet.terrain import Hazard
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
Happenings = Callable[[World, int], list[tuple[int, str, Event]]]
R1 = RoverId("r1")


def _scene(make_scenario: MakeScenario, rover: RoverSpec, slip: float) -> Scenario:
    scenario = make_scenario([rover])
    patch = Hazard(disc=Disc(x=20.0, y=0.0, radius=4.75), kind="soft", slip=slip)
    return replace(scenario, ground=replace(scenario.ground, soft=(patch,)))


def _drives(told: list[tuple[int, str, Event]]) -> list[tuple[int, Event]]:
    return [(tick, event) for tick, _, event in told if isinstance(event, Arrived | Blocked | HazardSeen)]


def test_wheels_that_slip_take_longer_and_feel_it(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(_scene(make_scenario, make_rover("r1"), 0.25))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    told = _drives(happenings(world, 3000))

    assert told[-1] == (ceil((30.0 + 10.0 / 0.75) / 0.0475), Arrived())
    assert [event.how for _, event in told[:-1] if isinstance(event, HazardSeen)] == ["seen", "felt"]


def test_wheels_that_would_sink_stop_before_it(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings
) -> None:
    world = World(_scene(make_scenario, make_rover("r1"), 0.7))
    world.apply(R1, FollowPath(path=((40.0, 0.0),)))

    told = [event for _, event in _drives(happenings(world, 3000))]

    assert told[-1] == Blocked(reason="soft")
    assert isinstance(told[-2], HazardSeen)
    assert (told[-2].how, told[-2].sure) == ("felt", 1.0)
    assert world.state(R1).x == pytest.approx(15.0 - 0.05)


@pytest.mark.parametrize("slip", [0.1, 0.39, 0.8])
def test_the_compiled_world_equals_its_reference_on_soft_ground(
    make_rover: MakeRover, make_scenario: MakeScenario, happenings: Happenings, slip: float
) -> None:
    worlds = [World(_scene(make_scenario, make_rover("r1"), slip), reference=plain) for plain in (False, True)]
    for world in worlds:
        world.apply(R1, FollowPath(path=((30.0, 3.0), (18.0, -2.0), (0.0, 0.0))))

    told = [happenings(world, 2500) for world in worlds]

    assert told[0] == told[1]
    assert worlds[0].state(R1) == worlds[1].state(R1)
