"""What a plan in time is rehearsed to do to charge and temperature, the world does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from fleet.core import RoverId
from fleet.messages import FollowPath, Sleep, Turn
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.planning.timed.making import machine_of, rest_heading, sunlight_of
from fleet.planning.timed.moves import Move, Rehearsals
from fleet.sdk.timed import Outset
from fleet.terrain import Terrain
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

ME = RoverId("me")
NIGHT = datetime(2028, 6, 21, 12, tzinfo=UTC)
DAY = datetime(2028, 11, 1, 6, tzinfo=UTC)
PATH = ((0.0, 0.0), (40.0, 0.0), (40.0, 50.0), (-30.0, 20.0))


@pytest.mark.parametrize("start", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("vehicle", ["metu-micro", "suparco-rover", "cnsa-rover"])
def test_a_drive_and_a_sleep_cost_what_was_rehearsed(
    make_rover: Callable[..., RoverSpec], make_scenario: Callable[..., Scenario], vehicle: str, start: datetime
) -> None:
    rover = make_rover(ME, vehicle, charge=0.8)
    scenario = make_scenario([rover], start=start)
    terrain = Terrain(scenario.ground.map)
    almanac = Almanac.over(scenario.ground.map, scenario.time, scenario.end)
    ground = RoadmapPlanner(rover.vehicle, terrain).roadmap().ground
    rehearsals = Rehearsals(rover.vehicle, ground, sunlight_of(almanac, 1.0), machine_of(rover.vehicle))
    moves = (Move(doing="drive", path=PATH), Move(doing="wait", path=PATH[-1:], until=40_000))
    outset = Outset(point=PATH[0], tick=0, charge=0.8 * rover.vehicle.battery)

    plan = rehearsals.plan(outset, moves, None)

    drive, wait = plan.parts
    world = World(scenario)
    world.apply(ME, FollowPath(path=PATH[1:]))
    while world.tick < drive.end:
        world.advance(drive.end)
    assert world.observe(ME, ()).pose.point == pytest.approx(PATH[-1], abs=0.1)
    assert world.ledger(ME).battery == pytest.approx(drive.charge, abs=0.002 * rover.vehicle.battery)
    world.apply(ME, Turn(heading=rest_heading(rover.vehicle, almanac.sun((drive.end + wait.end) // 2).heading)))
    while world.tick < drive.end + 60:
        world.advance(drive.end + 60)
    world.apply(ME, Sleep(until=40_000, on_light=False))
    while world.tick < wait.end:
        world.advance(wait.end)
    assert world.ledger(ME).battery == pytest.approx(wait.charge, abs=0.02 * rover.vehicle.battery)
    assert world.observe(ME, ()).temperature == pytest.approx(plan.samples[-1].temperature, abs=6.0)


def test_a_path_is_rehearsed_without_a_plan(
    make_rover: Callable[..., RoverSpec], make_scenario: Callable[..., Scenario]
) -> None:
    rover = make_rover(ME)
    scenario = make_scenario([rover], start=NIGHT)
    terrain = Terrain(scenario.ground.map)
    almanac = Almanac.over(scenario.ground.map, scenario.time, scenario.end)
    planner = TimedRoadmapPlanner(
        RoadmapPlanner(rover.vehicle, terrain), rover.vehicle, terrain, almanac, scenario.time
    )

    samples = planner.rehearse(Outset(point=PATH[0], tick=0, charge=90_000.0), PATH, stay=600)

    charges = [sample.charge for sample in samples]
    assert charges == sorted(charges, reverse=True)
    assert samples[-1].point == PATH[-1]
    hotel = rover.vehicle.hotel_power * samples[-1].tick + rover.vehicle.work_power * 600
    assert 90_000.0 - charges[-1] == pytest.approx(hotel, rel=0.05)
