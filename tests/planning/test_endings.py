"""Whatever numbers come in, a search ends, and says so: places that are none, far off the map, or too many."""

from itertools import product
from math import inf, nan

import numpy as np
import pytest
import shapely

from fleet.core import ConfigError, Disc
from fleet.planning import CostGrid, RoadmapPlanner, VisibilityRoadmap, validate_plan
from fleet.planning.ground import ground_for
from fleet.planning.ground.kernels import clearance, drive, height, is_clear, leads_out, steepest
from fleet.planning.joint import RepairingJointPlanner
from fleet.planning.lattice import Roadmap
from fleet.sdk import NoPlan, Plan
from fleet.sdk.joint import JointProblem, LaneNetwork, movers_of
from fleet.terrain import CLOSED, Terrain, Zone, ground_map_from_heights
from fleet.vehicles import catalogue

ROVER = catalogue()["cnsa-rover"]
NOBODY = np.empty((0, 3))
ODD = (nan, inf, -inf, 1e300, -1e300, 1e19, 1e15, -1e15, 51.0)
HUGE = (1e300, 1e200, 1e19, 1e15)


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    """100 m of level ground at 5 m."""
    heights = np.zeros((21, 21), np.float32)
    return Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0))


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("spot", range(4))
def test_a_leg_that_is_not_on_the_map_cannot_be_driven(terrain: Terrain, odd: float, spot: int) -> None:
    ground = ground_for(ROVER, terrain)
    values = [0.0, 1.0, 20.0, 3.0]
    values[spot] = odd
    leg = (values[0], values[1], values[2], values[3])

    assert steepest(ground, leg) == inf
    assert drive(ground, leg, inf) == (inf, inf)
    assert not is_clear(ground, NOBODY, leg, ground.room)
    assert not leads_out(ground, NOBODY, leg)


@pytest.mark.parametrize("place", [(x, y) for x, y in product((*ODD, 0.0), repeat=2) if (x, y) != (0.0, 0.0)], ids=str)
def test_a_place_off_the_map_has_no_room_and_no_way(terrain: Terrain, place: tuple[float, float]) -> None:
    ground = ground_for(ROVER, terrain)
    planner = RoadmapPlanner(ROVER, terrain)
    roadmap = planner.roadmap()

    assert clearance(ground, NOBODY, *place, ground.room) < 0.0
    assert height(ground, *place) == 0.0
    assert len(roadmap.join(place, NOBODY, room=ground.room, outward=True)[0]) == 0
    assert planner.costs((0.0, 0.0), [place]) == (None,)
    assert planner.reaches((0.0, 0.0), np.array([place, (20.0, 0.0)])).tolist() == [False, True]
    for ends in ((place, (0.0, 0.0)), ((0.0, 0.0), place)):
        answer = planner.plan(*ends)
        assert isinstance(answer, NoPlan)
        assert "lies outside the map" in answer.reason


@pytest.mark.parametrize("size", HUGE, ids=str)
def test_ground_to_be_avoided_may_be_as_large_as_it_likes(terrain: Terrain, size: float) -> None:
    planner = RoadmapPlanner(ROVER, terrain)

    answer = planner.plan((-20.0, 0.0), (20.0, 0.0), [Disc(x=0.0, y=0.0, radius=size)])

    assert isinstance(answer, NoPlan)


@pytest.mark.parametrize("size", HUGE, ids=str)
def test_a_rock_may_be_as_far_away_and_as_large_as_it_likes(terrain: Terrain, size: float) -> None:
    roadmap = Roadmap.over(terrain, ROVER)

    covered = roadmap.with_found([Disc(x=0.0, y=0.0, radius=size)])
    beside = roadmap.with_found([Disc(x=size, y=-size, radius=1.0)])

    assert not covered.free.any()
    assert beside.free.tolist() == roadmap.free.tolist()


def test_a_judge_of_plans_ends_on_a_path_to_the_end_of_numbers(terrain: Terrain) -> None:
    path = ((0.0, 0.0), (1e15, 1e15))

    faults = validate_plan(path, ROVER, terrain, *path)

    assert faults == ("the body leaves the map",)


@pytest.mark.parametrize("size", [1e300, 1e19, 1.1e9], ids=str)
def test_polygons_end_where_places_cannot_be_told_apart(size: float) -> None:
    with pytest.raises(ConfigError, match="m from the origin"):
        VisibilityRoadmap.around([shapely.box(0, 0, 1, 1), shapely.box(size, 0, 1.5 * size, size)])


@pytest.mark.parametrize(
    "place", [(x, y) for x, y in product((nan, inf, 1e300, 2e9, 1.0), repeat=2) if x != 1.0 or y != 1.0]
)
def test_a_way_around_polygons_ends_at_no_place(place: tuple[float, float]) -> None:
    roadmap = VisibilityRoadmap.around([shapely.box(3, 3, 7, 7)])

    for ends in ((place, (0.0, 0.0)), ((0.0, 0.0), place)):
        answer = roadmap.way(*ends)
        assert isinstance(answer, NoPlan)
        assert "is no place" in answer.reason


@pytest.mark.parametrize("most", [1.7e308, 1e300], ids=str)
@pytest.mark.parametrize("least", [0.0, 1e-300, 1e290], ids=str)
def test_costs_that_add_up_to_no_number_are_refused(least: float, most: float) -> None:
    costs = np.full((30, 30), least)
    costs[:, 15] = most

    with pytest.raises(ConfigError, match="add up to no number"):
        CostGrid(costs)


@pytest.mark.parametrize("least", [0.0, 5e-324, 1e-300, 1.0])
@pytest.mark.parametrize("most", [1e-300, 1e-290, 1.0, 1e290])
def test_costs_of_all_sizes_have_ways(least: float, most: float) -> None:
    costs = np.full((30, 30), least)
    costs[:, 15] = most

    way = CostGrid(costs).way((3, 3), (20, 25), budget=10**6)

    assert not isinstance(way, NoPlan)
    assert way.cost >= most


def test_two_before_a_one_way_ring_get_an_answer() -> None:
    # 0 - 1 - 2 is a corridor; 2 leads into the ring 3, 4, 5, which leads nowhere else.
    lanes = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 4), (4, 5), (5, 3)]
    network = LaneNetwork([(float(x), 0.0) for x in range(6)], lanes)
    problem = JointProblem(network=network, movers=movers_of([2, 1], [0, 4]), timing="steps")

    *_, answer = RepairingJointPlanner(answers=3).plans(problem)

    assert isinstance(answer, NoPlan)


CLOSED_GROUND = (("wall", shapely.box(-1e4, -2, 1e4, 2)), ("pit", shapely.box(12, -8, 18, -3)))


@pytest.mark.parametrize(
    ("zone", "fact"),
    [
        pytest.param(shapely.Polygon([(-9, -9), (9, 9), (9, -9), (-9, 9)]), "Self-intersection", id="crossing"),
        pytest.param(shapely.Polygon([(0, 0), (1, 0), (2, 0)]), "is no simple polygon|has no area", id="flat"),
        pytest.param(shapely.Polygon([(0, 0), (1e300, 0), (1e300, 1e300)]), "m from the origin", id="huge"),
        pytest.param(shapely.Point(0, 0), "is no polygon", id="point"),
    ],
)
def test_a_no_go_zone_that_is_none_is_refused(terrain: Terrain, zone: shapely.Polygon, fact: str) -> None:
    planner = RoadmapPlanner(ROVER, terrain)

    with pytest.raises(ConfigError, match=fact) as refused:
        planner.close([shapely.box(3, 3, 4, 4), zone])

    assert "no-go zone 1" in str(refused.value)


def test_ground_that_the_terrain_takes_for_closed_is_gone_around_and_named_where_it_closes_the_way(
    terrain: Terrain,
) -> None:
    planner = RoadmapPlanner(ROVER, terrain)
    wall, pit = (Zone(id=name, kind=CLOSED, shape=shape) for name, shape in CLOSED_GROUND)

    answers = []
    for zones in ((wall,), (pit,), (wall, pit), ()):
        terrain.close(zones)
        answers.append([planner.plan((0.0, -20.0), goal) for goal in ((0.0, 20.0), (15.0, -5.0))])
    costs = planner.costs((0.0, -20.0), [(0.0, 20.0), (15.0, -5.0)])

    walled, pitted, both, none = answers
    assert [isinstance(plan, Plan) for plan in (*walled, *pitted, *both, *none)] == [
        *(False, True),
        *(True, False),
        *(False, False),
        *(True, True),
    ]
    told = [answer.reason for answer in (*walled, *both) if isinstance(answer, NoPlan)]
    assert told == [
        "every way from start (0.0, -20.0) to goal (0.0, 20.0) leads through closed ground wall",
        "every way from start (0.0, -20.0) to goal (0.0, 20.0) leads through closed ground wall",
        "goal (15.0, -5.0) lies in closed ground pit",
    ]
    assert None not in costs


def test_a_goal_that_no_go_zones_close_off_is_told_so(terrain: Terrain) -> None:
    planner = RoadmapPlanner(ROVER, terrain)

    planner.close([shapely.MultiPolygon([shapely.box(-1e6, -2, 1e6, 2), shapely.box(10, 10, 12, 12)])])
    answer = planner.plan((0.0, -20.0), (0.0, 20.0))

    assert isinstance(answer, NoPlan)
    assert answer.reason == "every way from start (0.0, -20.0) to goal (0.0, 20.0) leads through a no-go zone"


def test_a_thousand_requests_each_have_a_plan_or_a_reason(terrain: Terrain) -> None:
    planner = RoadmapPlanner(ROVER, terrain, budget=2000)
    odd = [(0.0, 0.0), (15.0, -5.0), (nan, 0.0), (inf, -inf), (1e300, 0.0), (20.0, 20.0), (-20.0, 5.0), (0.0, 1e-300)]
    avoid = [(), (Disc(x=5.0, y=0.0, radius=2.0),), (Disc(x=0.0, y=0.0, radius=1e9),)]

    plans = 0
    for number in range(1000):
        if number % 100 == 0:
            zones = [Zone(id=name, kind=CLOSED, shape=shape) for name, shape in CLOSED_GROUND][: number // 100 % 3]
            terrain.close(zones)
        answer = planner.plan(odd[number % 8], odd[number // 8 % 8], avoid[number % 3])
        plans += isinstance(answer, Plan)
        assert isinstance(answer, Plan) or answer.reason

    assert 0 < plans < 500
