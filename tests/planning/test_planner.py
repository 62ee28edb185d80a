"""Ways for one rover, and reasons for none."""

from collections.abc import Callable
from dataclasses import replace
from math import degrees, hypot, pi
from pathlib import Path

import msgspec
import numpy as np
import pytest

from fleet.core import Disc, RoverId, array_stream, distance_to_path
from fleet.planning import RoadmapPlanner, validate_plan, warm
from fleet.planning.ground import drive, ground_for, is_clear
from fleet.planning.lattice import Roadmap
from fleet.planning.weighing import shorten
from fleet.sdk import NoPlan, Plan
from fleet.terrain import GroundMap, Hazard, Sighting, Terrain, ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue, drive_power, drive_time, ground_speed

Draw = Callable[..., Terrain]


def planned(answer: Plan | NoPlan) -> Plan:
    assert isinstance(answer, Plan), answer
    return answer


def refused(answer: Plan | NoPlan) -> str:
    assert isinstance(answer, NoPlan)
    return answer.reason


def test_on_open_ground_the_way_is_straight_and_takes_what_the_laws_say(draw: Draw, rover: VehicleClass) -> None:
    planner = RoadmapPlanner(rover, draw("......", "......", "......"))

    plan = planned(planner.plan((-25.0, -10.0), (25.0, 10.0)))

    length = hypot(50.0, 20.0)
    seconds = drive_time(rover, length, 0.0)
    power = drive_power(rover, 0.0) + rover.hotel_power + rover.heater_power
    assert plan.path == ((-25.0, -10.0), (25.0, 10.0))
    assert plan.length == pytest.approx(length)
    assert plan.duration == pytest.approx(seconds, rel=1e-6)
    assert plan.energy == pytest.approx(seconds * power, rel=1e-6)


def test_a_turn_on_the_spot_takes_its_time(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw(".....", "..#..", "..#..", "..#..")

    plan = planned(RoadmapPlanner(rover, terrain).plan((-12.0, -10.0), (12.0, -10.0)))

    turning = plan.duration - drive_time(rover, plan.length, 0.0)
    assert len(plan.path) >= 3
    assert degrees(turning * rover.turn_rate) > 90.0
    assert turning < 2 * pi / rover.turn_rate


def test_the_way_goes_round_walls_and_keeps_the_margin(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw(
        ".......",
        ".#####.",
        ".#...#.",
        ".#.#.#.",
        "...#...",
    )
    ends = ((-10.0, -15.0), (10.0, -15.0))

    plan = planned(RoadmapPlanner(rover, terrain).plan(*ends))

    assert validate_plan(plan.path, replace(rover, radius=rover.radius + 0.29), terrain, *ends) == ()


def test_a_pass_narrower_than_the_lattice_is_found(draw: Draw, rover: VehicleClass) -> None:
    rows = ["." * 100] * 20 + ["#" * 47 + "." + "#" * 52] + ["." * 100] * 20
    terrain = draw(*rows, cell=3.0)

    plan = planned(RoadmapPlanner(rover, terrain).plan((-60.0, -30.0), (60.0, 30.0)))

    assert validate_plan(plan.path, rover, terrain, (-60.0, -30.0), (60.0, 30.0)) == ()


def test_a_pass_narrower_than_the_rover_is_not_taken(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "###.##", "......", cell=2.0 * rover.radius - 0.1)

    assert "no way from start" in refused(RoadmapPlanner(rover, terrain).plan((0.0, -2.0), (0.0, 2.0)))


def test_a_goal_on_an_island_cannot_be_reached(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw(".......", ".#####.", ".#...#.", ".#...#.", ".#####.", ".......")
    planner = RoadmapPlanner(rover, terrain)

    assert "no way from start (-30.0, 0.0) to goal (0.0, 0.0)" in refused(planner.plan((-30.0, 0.0), (0.0, 0.0)))
    assert planner.costs((-30.0, 0.0), [(0.0, 0.0), (30.0, 0.0)])[0] is None


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        pytest.param((99.0, 0.0), "goal (99.0, 0.0) lies outside the map", id="outside"),
        pytest.param((34.9, 0.0), "goal (34.9, 0.0) is too near to the edge of the map", id="edge"),
        pytest.param((-10.0, 10.0), "goal (-10.0, 10.0) lies in keep-out zone wall-0-2", id="zone"),
        pytest.param(
            (-10.0, 4.5),
            "goal (-10.0, 4.5) is 0.5 m from keep-out zone wall-0-2, less than the vehicle's radius",
            id="near zone",
        ),
        pytest.param((10.0, 10.0), "goal (10.0, 10.0) is at the rock of 5.0 m radius at (10.0, 10.0)", id="rock"),
        pytest.param((20.0, -10.0), "goal (20.0, -10.0) lies on ground to be avoided around (20.0, -12.0)", id="held"),
    ],
)
def test_a_goal_where_it_cannot_stand_is_refused_with_the_reason(
    draw: Draw, rover: VehicleClass, goal: tuple[float, float], reason: str
) -> None:
    planner = RoadmapPlanner(rover, draw("..#.o..", ".......", "......."))

    answer = planner.plan((0.0, 0.0), goal, [Disc(x=20.0, y=-12.0, radius=3.0)])

    assert refused(answer) == reason


def test_a_goal_on_steep_ground_is_refused_with_tilt_and_limit(rover: VehicleClass) -> None:
    heights = np.zeros((41, 41), np.float32)
    heights[:, 30:] = 10.0
    terrain = Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0))
    planner = RoadmapPlanner(rover, terrain)

    on, beside, behind = (refused(planner.plan((0.0, 0.0), (x, 0.0))) for x in (45.0, 42.0, 60.0))

    assert on == "goal (45.0, 0.0) lies on ground that tilts 45.0 degrees; cnsa-rover may take 20.0"
    assert beside == "goal (42.0, 0.0) is beside ground that tilts 45.0 degrees; cnsa-rover may take 20.0"
    assert behind.startswith("no way from start (0.0, 0.0) to goal (60.0, 0.0)")


def test_a_goal_on_rough_ground_is_refused_with_roughness_and_limit(rover: VehicleClass) -> None:
    planner = RoadmapPlanner(replace(rover, slope_limit=1.2), Terrain(corrugated()))

    on, beside = (refused(planner.plan((0.0, 0.0), (x, 0.0))) for x in (60.0, 47.0))

    assert on == "goal (60.0, 0.0) lies on ground 0.94 m rough; cnsa-rover may take 0.80"
    assert beside == "goal (47.0, 0.0) is beside ground 0.94 m rough; cnsa-rover may take 0.80"


def corrugated() -> GroundMap:
    """Return level ground with waves of two metres between x = 50 and 70."""
    heights = np.zeros((41, 41), np.float32)
    heights[:, 30:36:2] = 2.0
    return ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0)


def test_what_lies_between_is_named_by_the_limit_that_it_exceeds(rover: VehicleClass) -> None:
    ridge = np.zeros((41, 41), np.float32)
    ridge[:, 30] = 3.0
    wall = tuple(Disc(x=45.0, y=float(y), radius=3.0) for y in range(-100, 101, 4))
    level = ground_map_from_heights(np.zeros((41, 41), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0)
    sand = [Hazard(disc=disc, kind="soft", slip=0.9) for disc in wall]
    drivable = replace(rover, slope_limit=0.3, roughness_limit=0.2)
    rough = np.zeros((41, 41), np.float32)
    rough[::2, 30] = 0.8
    cases = {
        "rocks": Terrain(msgspec.structs.replace(level, rocks=wall)),
        "too soft ground": Terrain(level),
        "too rough ground": Terrain(ground_map_from_heights(rough, 5.0, latitude=-1.5, longitude=0.5, north=0.0)),
    }
    for hazard in sand:
        cases["too soft ground"].note(hazard, Sighting(by=RoverId("r"), tick=0))

    for what, terrain in cases.items():
        reason = refused(RoadmapPlanner(drivable, terrain).plan((0.0, 0.0), (90.0, 0.0)))
        assert reason == f"no way from start (0.0, 0.0) to goal (90.0, 0.0) but over {what}"
    both = Terrain(ground_map_from_heights(ridge, 5.0, latitude=-1.5, longitude=0.5, north=0.0))
    assert "several of its limits together" in refused(RoadmapPlanner(drivable, both).plan((0.0, 0.0), (90.0, 0.0)))


def test_soft_ground_is_planned_with_the_time_that_it_takes(rover: VehicleClass) -> None:
    level = ground_map_from_heights(np.zeros((41, 41), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0)
    wide = [Hazard(disc=Disc(x=30.0, y=float(y), radius=5.0), kind="soft", slip=0.4) for y in range(-100, 101, 4)]
    firm, soft = Terrain(level), Terrain(level)
    for hazard in wide:
        soft.note(hazard, Sighting(by=RoverId("r"), tick=0))

    quick, slow = (planned(RoadmapPlanner(rover, t).plan((0.0, 0.0), (60.0, 0.0))) for t in (firm, soft))

    # Across the band it loses four tenths of its speed: ten metres of it and a radius on each side.
    assert slow.duration > quick.duration
    assert slow.length == pytest.approx(quick.length, abs=0.5)
    across = 2.0 * (5.0 + rover.radius)
    longer = across / ground_speed(rover, 0.0) * (1.0 / 0.6 - 1.0)
    assert slow.duration - quick.duration == pytest.approx(longer, rel=0.05)
    assert slow.energy / slow.duration == pytest.approx(quick.energy / quick.duration)


def test_a_little_way_around_soft_ground_is_quicker_than_through(rover: VehicleClass) -> None:
    level = ground_map_from_heights(np.zeros((41, 41), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0)
    terrain = Terrain(level)
    patch = Disc(x=30.0, y=0.0, radius=6.0)
    terrain.note(Hazard(disc=patch, kind="soft", slip=0.5), Sighting(by=RoverId("r"), tick=0))

    plan = planned(RoadmapPlanner(rover, terrain).plan((0.0, 0.0), (60.0, 0.0)))

    through = 60.0 / ground_speed(rover, 0.0) + 2.0 * (patch.radius + rover.radius) / ground_speed(rover, 0.0)
    assert plan.duration < through
    assert distance_to_path((patch.x, patch.y), plan.path) > 0.6 * patch.radius


def test_a_start_outside_of_the_map_is_refused(draw: Draw, rover: VehicleClass) -> None:
    assert refused(RoadmapPlanner(rover, draw("...")).plan((99.0, 0.0), (0.0, 0.0))) == (
        "start (99.0, 0.0) lies outside the map"
    )


def test_what_stands_cannot_drive(draw: Draw) -> None:
    planner = RoadmapPlanner(catalogue()["change8-lander"], draw("...", "...", "..."))

    assert refused(planner.plan((0.0, 0.0), (5.0, 0.0))) == "change8-lander cannot drive"
    assert planner.costs((0.0, 0.0), [(0.0, 0.0), (5.0, 0.0)]) == ((0.0, 0.0), None)


def test_to_where_it_stands_the_way_has_no_length(draw: Draw, rover: VehicleClass) -> None:
    plan = planned(RoadmapPlanner(rover, draw("..#")).plan((0.0, 0.0), (0.0, 0.0)))

    assert (plan.path, plan.length, plan.duration, plan.energy) == (((0.0, 0.0), (0.0, 0.0)), 0.0, 0.0, 0.0)


def test_ground_to_avoid_is_gone_round(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "......", "......", "......")
    held = [Disc(x=0.0, y=0.0, radius=4.0)]
    ends = ((-20.0, 0.0), (20.0, 0.0))

    plan = planned(RoadmapPlanner(rover, terrain).plan(*ends, held))

    assert validate_plan(plan.path, rover, terrain, *ends, avoid=held) == ()
    assert 40.0 < plan.length < 44.0


def test_when_only_held_ground_leads_there_the_reason_says_so(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "###.##", "......")

    answer = RoadmapPlanner(rover, terrain).plan((0.0, -10.0), (0.0, 10.0), [Disc(x=5.0, y=0.0, radius=4.0)])

    assert refused(answer) == "every way from start (0.0, -10.0) to goal (0.0, 10.0) leads over ground to be avoided"


@pytest.mark.parametrize(
    "start",
    [
        pytest.param((10.0, 13.0), id="inside a rock"),
        pytest.param((10.0, 4.2), id="touching a rock"),
        pytest.param((-10.0, 9.0), id="in a keep-out zone"),
        pytest.param((20.0, -8.0), id="on held ground"),
    ],
)
def test_a_rover_that_stands_where_it_should_not_may_leave(
    draw: Draw, rover: VehicleClass, start: tuple[float, float]
) -> None:
    terrain = draw("..#.o..", ".......", ".......")
    held = [Disc(x=20.0, y=-12.0, radius=3.5)]

    plan = planned(RoadmapPlanner(rover, terrain).plan(start, (-20.0, -10.0), held))

    assert validate_plan(plan.path, rover, terrain, start, (-20.0, -10.0), avoid=held) == ()


def test_a_rover_on_steep_ground_drives_off_it(rover: VehicleClass) -> None:
    heights = np.zeros((41, 41), np.float32)
    heights[:, 22:] = 4.0
    terrain = Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0))

    plan = planned(RoadmapPlanner(rover, terrain).plan((3.5, 0.0), (-60.0, 30.0)))

    assert degrees(terrain.tilt((3.5, 0.0))) > 20.0
    assert validate_plan(plan.path, rover, terrain, (3.5, 0.0), (-60.0, 30.0)) == ()


def test_a_rover_that_cannot_leave_where_it_stands_is_told_so(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw(".....", ".###.", ".#o#.", ".###.", ".....", cell=4.0)

    reason = refused(RoadmapPlanner(rover, terrain).plan((0.0, 0.0), (-8.0, 0.0)))

    assert reason == (
        "start (0.0, 0.0) is at the rock of 2.0 m radius at (0.0, 0.0), and no straight drive leads out of it"
    )


def test_the_drive_that_leads_out_is_one_leg(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("..#....", "..#....", "..#....")

    plan = planned(RoadmapPlanner(rover, terrain).plan((-10.0, 2.0), (25.0, 2.0)))

    assert len(plan.path) <= 4


def test_warming_compiles_what_planning_needs() -> None:
    warm()

    assert all(kernel.signatures for kernel in (drive, is_clear, shorten))  # type: ignore[union-attr]  # of numba


def test_a_rock_that_is_found_is_gone_round_from_then_on(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "......", "......")
    planner = RoadmapPlanner(rover, terrain)
    ends = ((-25.0, 0.0), (25.0, 0.0))
    before = planned(planner.plan(*ends))
    cost_before = planner.costs(ends[0], ends[1:])

    terrain.add_rock(Disc(x=0.0, y=0.0, radius=2.0))
    after = planned(planner.plan(*ends))

    assert len(before.path) == 2
    assert validate_plan(after.path, rover, terrain, *ends) == ()
    assert after.length > before.length
    assert planner.costs(ends[0], ends[1:]) > cost_before


def test_a_rock_that_one_believer_found_does_not_stop_its_twin(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "......", "......")
    twin = terrain.twin()
    planners = [RoadmapPlanner(rover, belief) for belief in (terrain, twin)]
    terrain.add_rock(Disc(x=0.0, y=0.0, radius=2.0))

    lengths = [planned(planner.plan((-25.0, 0.0), (25.0, 0.0))).length for planner in planners]

    assert lengths[0] > 50.0
    assert lengths[1] == 50.0


def test_a_small_rock_stops_only_who_cannot_drive_over_it(draw: Draw, rover: VehicleClass) -> None:
    terrain = draw("......", "......", "......")
    terrain.add_rock(Disc(x=0.0, y=0.0, radius=0.15))
    micro = catalogue()["metu-micro"]

    paths = [planned(RoadmapPlanner(who, terrain).plan((-25.0, 0.0), (25.0, 0.0))).path for who in (rover, micro)]

    assert [len(path) > 2 for path in paths] == [False, True]


def test_the_quicker_way_is_round_a_hill_not_over_it(rover: VehicleClass) -> None:
    y, x = np.mgrid[-100:101:5, -100:101:5]
    heights = (9.0 * np.exp(-(x**2 + y**2) / 450.0)).astype(np.float32)
    terrain = Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0))

    plan = planned(RoadmapPlanner(rover, terrain).plan((-80.0, 0.0), (80.0, 0.0)))

    over, _ = drive(ground_for(rover, terrain), (-80.0, 0.0, 80.0, 0.0), 1.0)
    assert max(abs(point[1]) for point in plan.path) > 10.0
    assert plan.duration < over


def test_costs_are_near_to_plans_and_the_same_when_asked_again(draw: Draw, rover: VehicleClass) -> None:
    planner = RoadmapPlanner(rover, draw(".......", ".##.##.", ".#...#.", "...#..."))
    start = (0.0, 0.0)
    goals = [(-30.0, -5.0), (25.0, 15.0), (2.0, 1.0), (0.0, 0.0)]

    costs = planner.costs(start, goals)

    for cost, goal in zip(costs, goals, strict=True):
        plan = planned(planner.plan(start, goal))
        assert cost is not None
        turns = plan.duration - drive_time(rover, plan.length, 0.0)
        assert plan.duration - turns - 1e-6 <= cost[0] * 1.0001
        assert cost[0] <= 1.1 * plan.duration + 1e-6
    assert planner.costs(start, goals) == costs


def test_the_same_question_has_the_same_answer_bit_for_bit(draw: Draw, rover: VehicleClass) -> None:
    rows = (".......", ".##.##.", ".#.o.#.", "...#...")
    ends = ((-5.0, 0.0), (25.0, 15.0))

    answers = [RoadmapPlanner(rover, draw(*rows)).plan(*ends, [Disc(x=20.0, y=0.0, radius=1.0)]) for _ in range(2)]

    assert answers[0] == answers[1]


def test_whole_numbers_are_places_too(draw: Draw, rover: VehicleClass) -> None:
    planner = RoadmapPlanner(rover, draw("......"))

    assert planner.plan((-20, 0), (20, 0)) == planner.plan((-20.0, 0.0), (20.0, 0.0))


def test_lanes_kept_on_disk_are_those_that_were_laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOONFLEET_CACHE", str(tmp_path))
    heights = np.cumsum(array_stream(3, "lanes").normal(0.0, 0.15, (160, 160)), axis=1).astype(np.float32)
    ground = ground_map_from_heights(heights, 5.0, latitude=-1.47, longitude=0.5, north=0.0)
    vehicle = catalogue()["metu-micro"]

    laid = Roadmap.over(Terrain(ground), vehicle)
    kept = Roadmap.over(Terrain(ground), vehicle)

    assert list(tmp_path.glob("lanes-*.npy"))
    assert np.array_equal(laid.free, kept.free)
    assert laid.free.any()
    for name in ("to", "seconds", "joules"):
        assert np.array_equal(getattr(laid.lanes, name), getattr(kept.lanes, name))
