"""What a plan keeps low, and how far it can be from the best there is."""

from heapq import heappop, heappush
from itertools import product
from math import hypot, inf

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc, RoverId, array_stream
from fleet.planning import RoadmapPlanner, ShortestWays, VisibilityRoadmap, validate_plan
from fleet.planning.ground import Ground, ground_for, is_clear
from fleet.planning.ground.kernels import drive, in_zone, steepest
from fleet.planning.lattice import Roadmap
from fleet.planning.straighten import tally
from fleet.planning.weighing import Weights, leg_cost, seconds_at_risk, shorten, weights_of
from fleet.sdk import NoPlan, Plan
from fleet.sdk.planning import QUICKEST, SAFEST, THRIFTIEST, Objective
from fleet.terrain import Hazard, MapZone, Sighting, Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

ROVER = catalogue()["cnsa-rover"]
NOBODY = np.empty((0, 3))
MIXED = Objective(time=1.0, energy=0.02, risk=3.0)
OBJECTIVES = [
    pytest.param(QUICKEST, id="time"),
    pytest.param(THRIFTIEST, id="energy"),
    pytest.param(SAFEST, id="risk"),
    pytest.param(MIXED, id="sum"),
]


def hilly(seed: int, side: float = 40.0, relief: float = 0.5) -> Terrain:
    """Return a square of hills at 2 m, with rocks and a zone."""
    rng = array_stream(seed, "hills")
    count = int(side / 2.0) + 1
    x, y = np.meshgrid(np.linspace(0, 3, count), np.linspace(0, 3, count))
    waves = [
        relief / number * np.sin(number * (x * a + y * b) + c)
        for number, (a, b, c) in enumerate(rng.uniform(-2, 2, (4, 3)).tolist(), 1)
    ]
    rocks = [
        Disc(x=px, y=py, radius=radius)
        for px, py, radius in zip(
            rng.uniform(-0.4 * side, 0.4 * side, 5).tolist(),
            rng.uniform(-0.4 * side, 0.4 * side, 5).tolist(),
            rng.uniform(0.6, 2.5, 5).tolist(),
            strict=True,
        )
    ]
    zone = MapZone(id="a", kind="keep-out", outline=((3.0, -8.0), (7.0, -8.0), (7.0, 3.0), (5.0, 5.0)))
    heights = np.sum(waves, axis=0).astype(np.float32)
    return Terrain(
        ground_map_from_heights(heights, 2.0, latitude=-1.5, longitude=0.5, north=0.0, rocks=rocks, zones=[zone])
    )


def cost(plan: Plan | NoPlan, objective: Objective) -> float:
    assert isinstance(plan, Plan)
    return objective.time * plan.duration + objective.energy * plan.energy + objective.risk * (plan.risk or 0.0)


def exhaustive(terrain: Terrain, objective: Objective, start: tuple[float, float], goal: tuple[float, float]) -> float:
    """Return the least cost over all straight legs of up to 3.7 m in 32 directions between places 1 m apart."""
    ground = ground_for(ROVER, terrain)
    weights = weights_of(objective, ground)
    half = int(-terrain.west) - 1
    steps = [(a, b) for a, b in product(range(-3, 4), repeat=2) if np.gcd(a, b) == 1]
    free = {
        spot
        for spot in product(range(-half, half + 1), repeat=2)
        if is_clear(ground, NOBODY, (spot[0], spot[1], spot[0], spot[1]), ground.room) and not in_zone(ground, *spot)
    }
    reached, queue = {start: 0.0}, [(0.0, start)]
    while queue:
        far, here = heappop(queue)
        if here == goal:
            return far
        if far > reached[here]:
            continue
        for across, up in steps:
            there = (here[0] + across, here[1] + up)
            leg = (float(here[0]), float(here[1]), float(there[0]), float(there[1]))
            if there not in free:
                continue
            total = far + leg_cost(ground, weights, weights.risk or None, leg)
            if total >= reached.get(there, inf) or steepest(ground, leg) > ground.limit:
                continue
            if is_clear(ground, NOBODY, leg, ground.room):
                reached[there] = total
                heappush(queue, (total, there))
    return inf


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_no_dearer_than_a_fine_search_of_everything_and_none_is_cheaper_than_the_bound(
    seed: int, objective: Objective
) -> None:
    terrain = hilly(seed)
    start, goal = (-16.0, -14.0), (16.0, 15.0)
    planner = RoadmapPlanner(ROVER, terrain)

    plan = planner.plan(start, goal, objective=objective)
    truth = exhaustive(terrain, objective, start, goal)

    assert isinstance(plan, Plan)
    assert validate_plan(plan.path, ROVER, terrain, start, goal) == ()
    weights = weights_of(objective, ground_for(ROVER, terrain))
    legs = zip(plan.path[:-1], plan.path[1:], strict=True)
    driven = sum(leg_cost(ground_for(ROVER, terrain), weights, weights.risk or None, (*a, *b)) for a, b in legs)
    assert driven <= 1.02 * truth
    assert planner.bound(start, goal, objective) <= min(truth, driven)
    assert planner.over_bound(plan, objective) >= 1.0


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(3))
def test_the_search_costs_what_networkx_says(seed: int, objective: Objective) -> None:
    roadmap = Roadmap.over(hilly(seed), ROVER)
    weights = weights_of(objective, roadmap.ground)
    costs, graph = roadmap.weighed(weights).astype(np.float64), roadmap.graph
    lanes = roadmap.lanes
    source = np.repeat(np.arange(len(roadmap)), np.diff(lanes.start))
    for a, b, cost_of_lane in zip(source.tolist(), lanes.to.tolist(), costs[np.isfinite(costs)].tolist(), strict=True):
        graph[a][b]["cost"] = cost_of_lane
    free = np.flatnonzero(roadmap.free)
    start, goal = int(free[3]), int(free[-5])
    x, y = roadmap.waypoints[goal].tolist()

    trip = (np.array([start], np.int32), np.zeros(1), np.array([goal], np.int32), np.zeros(1), x, y)
    way, is_spent = roadmap.way(trip, weights)

    assert way is not None
    assert not is_spent
    numbers = [int(np.abs(roadmap.waypoints - point).sum(axis=1).argmin()) for point in way]
    assert nx.path_weight(graph, numbers, "cost") == pytest.approx(
        nx.dijkstra_path_length(graph, start, goal, weight="cost")
    )


@pytest.mark.parametrize("seed", range(4))
def test_each_objective_keeps_low_what_it_names(seed: int) -> None:
    planner = RoadmapPlanner(ROVER, hilly(seed, relief=1.2))
    ends = ((-16.0, -14.0), (16.0, 15.0))

    quick, thrifty, safe = (planner.plan(*ends, objective=one) for one in (QUICKEST, THRIFTIEST, SAFEST))

    for best, objective in ((quick, QUICKEST), (thrifty, THRIFTIEST)):
        assert all(cost(best, objective) <= 1.02 * cost(other, objective) for other in (quick, thrifty, safe))
    ground = planner.roadmap().ground
    assert isinstance(quick, Plan)
    risk = sum(seconds_at_risk(ground, (*a, *b)) for a, b in zip(quick.path[:-1], quick.path[1:], strict=True))
    assert cost(safe, SAFEST) <= 1.02 * (quick.duration + SAFEST.risk * risk)


def test_a_safe_way_keeps_away_from_a_rock_and_from_soft_ground() -> None:
    level = ground_map_from_heights(np.zeros((41, 41), "f4"), 2.0, latitude=-1.5, longitude=0.5, north=0.0)
    terrain = Terrain(level)
    terrain.add_rock(Disc(x=0.0, y=4.0, radius=2.0))
    terrain.note(Hazard(disc=Disc(x=0.0, y=-4.0, radius=4.0), kind="soft", slip=0.2), Sighting(by=RoverId("r"), tick=0))
    planner = RoadmapPlanner(ROVER, terrain)
    ends = ((-20.0, 0.0), (20.0, 0.0))

    quick, safe = planner.plan(*ends), planner.plan(*ends, objective=SAFEST)

    assert isinstance(quick, Plan)
    assert isinstance(safe, Plan)
    rock = shapely.Point(0.0, 4.0).buffer(2.0)
    assert rock.distance(shapely.LineString(safe.path)) > rock.distance(shapely.LineString(quick.path)) + 0.5
    assert quick.risk is None
    assert safe.risk is not None
    assert safe.duration > quick.duration


@pytest.mark.parametrize(
    ("heights", "soft", "rock", "danger"),
    [
        pytest.param(0.0, 0.0, 9.0, 0.0, id="level"),
        pytest.param(0.1, 0.0, 9.0, (0.1 / np.tan(ROVER.slope_limit)) ** 2, id="slope"),
        pytest.param(0.0, 0.3, 9.0, 0.09, id="soft"),
        pytest.param(0.0, 0.0, 1.0, 0.25, id="beside"),
        pytest.param(0.5, 0.5, 0.5, 1.0, id="all"),
    ],
)
def test_danger_adds_the_squares_of_what_is_near_a_limit(
    heights: float, soft: float, rock: float, danger: float
) -> None:
    slope = np.tile(np.arange(21, dtype="f4") * np.float32(2.0 * heights), (21, 1)).T.copy()
    terrain = Terrain(ground_map_from_heights(slope, 2.0, latitude=-1.5, longitude=0.5, north=0.0))
    reach = rock + ROVER.radius
    roadmap = Roadmap.over(terrain, ROVER).with_found(
        [Disc(x=0.0, y=reach + 1.0, radius=1.0 / 1.0001)] if rock < 9.0 else [],
        [Hazard(disc=Disc(x=0.0, y=0.0, radius=5.0), kind="soft", slip=soft)] if soft else [],
    )
    leg = (-0.01, 0.0, 0.01, 0.0)

    seconds, _ = drive(roadmap.ground, leg, inf)

    assert seconds_at_risk(roadmap.ground, leg) / seconds == pytest.approx(danger, abs=0.02)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(3))
def test_cutting_corners_looks_at_fewer_legs_and_keeps_the_same(seed: int, objective: Objective) -> None:
    ground = ground_for(ROVER, hilly(seed))
    weights = weights_of(objective, ground)
    points = array_stream(seed, "points").uniform(-18, 18, (14, 2))

    kept = shorten(ground, weights, weights.risk or None, NOBODY, points, ground.room, ground.room)

    assert kept.tolist() == plain_shorten(ground, weights, points)


def plain_shorten(ground: Ground, weights: Weights, points: np.ndarray) -> list[int]:
    best, before = [0.0] + [inf] * (len(points) - 1), [0] * len(points)
    for end in range(1, len(points)):
        for start in range(end):
            leg = (*points[start].tolist(), *points[end].tolist())
            price = leg_cost(ground, weights, weights.risk or None, leg)
            drivable = start == end - 1 or (
                steepest(ground, leg) <= ground.limit and is_clear(ground, NOBODY, leg, ground.room)
            )
            if drivable and best[start] + price < best[end] * (1.0 - 1e-9):
                best[end], before[end] = best[start] + price, start
    kept = [len(points) - 1]
    while kept[-1] > 0:
        kept.append(before[kept[-1]])
    return kept[::-1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_shortest_way_around_what_is_near_is_the_shortest_around_all(seed: int) -> None:
    rng = array_stream(seed, "boxes")
    shapes = [
        shapely.box(x, y, x + wide, y + tall)
        for x, y, wide, tall in zip(*rng.uniform((-17, -17, 1, 1), (14, 14, 5, 5), (12, 4)).T.tolist(), strict=True)
    ]
    extent = (-20.0, -20.0, 20.0, 20.0)
    ways = ShortestWays(shapes, extent, 0.5)
    everything = VisibilityRoadmap.around(
        [shape.buffer(0.5, quad_segs=3) for shape in shapes], shapely.box(-19.5, -19.5, 19.5, 19.5)
    )
    start, goal = (-18.9, -18.8), (18.9, 18.7)

    way, truth = ways.way(start, goal), everything.way(start, goal)
    bound = ways.bound(start, goal)

    if isinstance(truth, NoPlan):
        assert way is None
        assert bound <= 60.0
    else:
        assert bound == pytest.approx(truth.length, rel=1e-8)
        if way is not None:
            assert bound <= way.length <= 1.03 * bound
            gap = shapely.union_all(shapes).distance(shapely.LineString(way.path))
            assert gap >= 0.5 * (1.0 - 1e-9)
    assert bound >= hypot(goal[0] - start[0], goal[1] - start[1]) * (1.0 - 1e-8)


def test_a_bend_around_a_wall_is_as_short_as_can_be() -> None:
    level = ground_map_from_heights(
        np.zeros((81, 81), "f4"), 2.0, latitude=-1.5, longitude=0.5, north=0.0,
        zones=[MapZone(id="w", kind="keep-out", outline=((-2.0, -30.0), (2.0, -30.0), (2.0, 23.7), (-2.0, 23.7)))],
    )  # fmt: skip
    planner = RoadmapPlanner(ROVER, Terrain(level))
    start, goal = (-40.0, 0.0), (40.0, 3.0)

    plan = planner.plan(start, goal)

    assert isinstance(plan, Plan)
    fastest = weights_of(QUICKEST, planner.roadmap().ground).least
    assert plan.length * fastest <= 1.004 * planner.bound(start, goal)
    seconds, _ = tally(ROVER, planner.roadmap().ground, np.array(plan.path))
    assert plan.duration == seconds


def test_a_search_that_would_take_too_long_says_so() -> None:
    planner = RoadmapPlanner(ROVER, hilly(1), budget=3)

    answer = planner.plan((-16.0, -14.0), (16.0, 15.0))

    assert isinstance(answer, NoPlan)
    assert answer.reason == "no way was found within a budget of 3 waypoints"
