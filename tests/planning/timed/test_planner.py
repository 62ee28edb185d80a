"""Plans in time over made ground: around shadow, through the night, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import radians

import numpy as np
import pytest

from fleet.core import Disc, MissionTime
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner, validate_plan
from fleet.sdk.planning import Objective
from fleet.sdk.timed import Demand, Drive, NoTimedPlan, Outset, TimedPlan, Wait
from fleet.terrain import MapZone, Terrain, ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue

START = datetime(2029, 10, 24, tzinfo=UTC)  # The Sun stands 4.8 degrees high.
DAY = 86_400


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """A plain of 400 m with a plateau whose edge, 12 m high and too steep, throws a shadow over its middle."""
    heights = np.zeros((81, 81), np.float32)
    sun = Almanac(
        latitude=radians(-84.6), longitude=radians(31.0), north=0.0, time=MissionTime(start=START, dt=1.0), end=1,
        heights=heights, pixel=5.0,
    ).sun(0).heading  # fmt: skip
    rows, columns = np.mgrid[-40:41, -40:41] * 5.0
    towards, aside = np.cos(sun) * columns + np.sin(sun) * rows, -np.sin(sun) * columns + np.cos(sun) * rows
    heights[(towards > 60.0) & (towards < 90.0) & (np.abs(aside) < 110.0)] = 12.0
    zone = MapZone(id="lee", kind="shadow", outline=((-60, -60), (60, -60), (60, 60), (-60, 60)))
    return Terrain(
        ground_map_from_heights(heights, 5.0, latitude=radians(-84.6), longitude=radians(31.0), north=0.0, zones=[zone])
    )


@pytest.fixture(scope="module")
def vehicle() -> VehicleClass:
    """A micro-rover with panels all round and a small battery: it lasts two hours in shadow."""
    return replace(catalogue()["metu-micro"], name="small", battery=10.0 * 3600.0, max_speed=0.04)


@pytest.fixture(scope="module")
def planner(terrain: Terrain, vehicle: VehicleClass) -> TimedRoadmapPlanner:
    time = MissionTime(start=START, dt=1.0)
    almanac = Almanac.over(terrain.ground, time, 3 * DAY)
    return TimedRoadmapPlanner(RoadmapPlanner(vehicle, terrain), vehicle, terrain, almanac, time)


def ends(planner: TimedRoadmapPlanner) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return places on both sides of the shadow, along the plateau."""
    heading = planner._almanac.sun(0).heading
    aside = (-np.sin(heading), np.cos(heading))
    return (-165.0 * aside[0], -165.0 * aside[1]), (165.0 * aside[0], 165.0 * aside[1])


def planned(answer: TimedPlan | NoTimedPlan) -> TimedPlan:
    assert isinstance(answer, TimedPlan), answer
    return answer


def refused(answer: TimedPlan | NoTimedPlan) -> NoTimedPlan:
    assert isinstance(answer, NoTimedPlan), answer
    return answer


def test_with_charge_enough_it_sets_out_at_once_on_the_quickest_way(planner: TimedRoadmapPlanner) -> None:
    start, goal = ends(planner)

    plan = planned(planner.plan(Outset(point=start, tick=0, charge=36_000.0), goal))

    (drive,) = plan.parts
    assert isinstance(drive, Drive)
    assert drive.path == (start, goal)
    assert plan.length == pytest.approx(330.0)


def test_with_little_charge_it_keeps_the_reserve_where_the_quickest_way_does_not(
    planner: TimedRoadmapPlanner, terrain: Terrain, vehicle: VehicleClass
) -> None:
    start, goal = ends(planner)
    outset = Outset(point=start, tick=0, charge=12_000.0, reserve=7_200.0)

    plan = planned(planner.plan(outset, goal))

    straight = planner.rehearse(outset, (start, goal))
    assert min(sample.charge for sample in straight) < outset.reserve <= plan.least.charge
    driven = tuple(point for part in plan.parts if isinstance(part, Drive) for point in part.path)
    path = tuple(point for index, point in enumerate(driven) if index == 0 or point != driven[index - 1])
    assert validate_plan(path, vehicle, terrain, start, path[-1]) == ()
    assert goal in path


def test_parts_follow_each_other_without_gaps(planner: TimedRoadmapPlanner) -> None:
    start, goal = ends(planner)
    outset = Outset(point=start, tick=600, charge=8_000.0, reserve=7_200.0)

    plan = planned(planner.plan(outset, goal, Demand(stay=1800)))

    edges = [outset.tick, *(part.end for part in plan.parts)]
    assert [part.begin for part in plan.parts] == edges[:-1]
    assert plan.samples[0].tick == outset.tick
    assert [sample.tick for sample in plan.samples] == sorted({sample.tick for sample in plan.samples})


def test_work_in_the_shadow_is_reached_with_charge_to_come_back_on(planner: TimedRoadmapPlanner) -> None:
    start, _ = ends(planner)
    outset = Outset(point=start, tick=0, charge=14_000.0, reserve=5_000.0)

    plan = planned(planner.plan(outset, (0.0, 0.0), Demand(stay=1200)))
    without = planned(planner.plan(outset, (0.0, 0.0), Demand(stay=1200, has_haven=False)))

    assert plan.haven is not None
    assert plan.haven != (0.0, 0.0)
    assert planner._almanac.light(plan.haven, plan.haven_tick or 0) > 0.5
    assert without.arrival <= plan.arrival
    assert without.haven is None


def test_who_starts_in_the_light_charges_first_when_the_shadow_asks_for_more(planner: TimedRoadmapPlanner) -> None:
    start, _ = ends(planner)
    outset = Outset(point=start, tick=0, charge=4_000.0, reserve=3_600.0)

    plan = planned(planner.plan(outset, (0.0, 0.0), Demand(stay=600)))

    waits = [part for part in plan.parts if isinstance(part, Wait)]
    assert waits
    assert waits[0].reason.startswith("charges from")
    assert plan.least.charge >= outset.reserve


def test_a_refusal_says_how_many_watt_hours_are_short_where_and_when(planner: TimedRoadmapPlanner) -> None:
    outset = Outset(point=(0.0, 0.0), tick=0, charge=8_000.0, reserve=7_200.0)
    _, goal = ends(planner)

    answer = refused(planner.plan(outset, goal))

    assert 0.0 < answer.short < 14_400.0
    assert "Wh short: the charge is down to the reserve of 2.0 Wh at 2029-10-24 00:" in answer.reason
    assert "in zone lee, in shadow at (" in answer.reason
    richer = replace(outset, charge=outset.charge + answer.short + 400.0)
    assert planner.plan(richer, goal)


@pytest.mark.parametrize(
    ("outset", "goal", "demand", "reason"),
    [
        pytest.param(Outset(point=(0, 0), tick=0, charge=9e3), (900.0, 0.0), Demand(), "outside the map", id="off"),
        pytest.param(
            Outset(point=(0, 0), tick=0, charge=1e3, reserve=2e3), (9.0, 0.0), Demand(), "0.3 Wh below", id="reserve"
        ),
        pytest.param(
            Outset(point=(-150, 0), tick=0, charge=3e4), (90.0, -160.0), Demand(until=900), "too late", id="late"
        ),
        pytest.param(
            Outset(point=(-150, 0), tick=0, charge=3e4), (0.0, 0.0), Demand(avoid=(Disc(x=0, y=0, radius=9),)),
            "to be avoided", id="held",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_why(
    planner: TimedRoadmapPlanner, outset: Outset, goal: tuple[float, float], demand: Demand, reason: str
) -> None:
    assert reason in refused(planner.plan(outset, goal, demand)).reason


def test_least_energy_uses_no_more_than_least_time(planner: TimedRoadmapPlanner) -> None:
    start, goal = ends(planner)
    outset = Outset(point=start, tick=0, charge=30_000.0, reserve=3_000.0)

    quick = planned(planner.plan(outset, goal))
    thrifty = planned(planner.plan(outset, goal, Demand(objective=Objective(time=0.0, energy=1.0))))

    assert quick.arrival <= thrifty.arrival * 1.01
    assert thrifty.energy <= quick.energy * 1.05


def test_the_best_place_to_be_is_where_the_battery_is_full_by_then(
    planner: TimedRoadmapPlanner, vehicle: VehicleClass
) -> None:
    outset = Outset(point=(0.0, 0.0), tick=0, charge=20_000.0, reserve=2_000.0)

    plan = planned(planner.best_place(outset, 8 * 3600))

    assert plan.haven not in (None, outset.point)  # Where it is dark all the time.
    assert (plan.samples[-1].tick, plan.samples[-1].charge) == (8 * 3600, vehicle.battery)
    assert plan.least.charge >= outset.reserve


def test_the_same_question_has_the_same_answer(planner: TimedRoadmapPlanner) -> None:
    start, goal = ends(planner)
    outset = Outset(point=start, tick=0, charge=12_000.0, reserve=7_200.0)

    assert planner.plan(outset, goal) == planner.plan(outset, goal)
