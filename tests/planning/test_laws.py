"""What holds for every ground: plans are good, and there is none only where a slow search finds none either."""

from dataclasses import replace
from math import atan2, hypot

import networkx as nx
import numpy as np
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fleet.core import Disc, Point, array_stream, distance
from fleet.planning import RoadmapPlanner, validate_plan
from fleet.sdk import NoPlan
from fleet.terrain import MapZone, Terrain, ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue

ROVERS = [catalogue()[name] for name in ("cnsa-rover", "metu-micro")]
HALF = 50.0
number = st.integers(-480, 480).map(lambda decimetres: decimetres / 10.0)
place = st.tuples(number, number)
discs = st.lists(st.builds(Disc, x=number, y=number, radius=st.integers(1, 90).map(lambda n: n / 10.0)), max_size=14)


@st.composite
def grounds(draw: st.DrawFn) -> Terrain:
    """Return 100 m of ground with waves, rocks known and found, and walls."""
    rng = array_stream(draw(st.integers(0, 10_000)), "ground")
    rows, columns = np.mgrid[0:21, 0:21]
    heights = np.zeros((21, 21))
    for _ in range(4):
        length, phase, turn = rng.uniform(4.0, 12.0), rng.uniform(0.0, 6.3), rng.uniform(0.0, 3.1)
        across = (np.cos(turn) * columns + np.sin(turn) * rows) * 2.0 * np.pi / length
        heights += draw(st.sampled_from((0.0, 0.5, 1.5))) * np.sin(across + phase)
    zones = []
    for wall in range(draw(st.integers(0, 3))):
        (x, y), wide, tall = draw(place), draw(st.integers(2, 40)), draw(st.integers(2, 40))
        zones.append(MapZone(id=f"wall-{wall}", kind="keep-out", outline=((x, y), (x + wide, y), (x, y + tall))))
    terrain = Terrain(
        ground_map_from_heights(
            heights.astype(np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0, rocks=draw(discs), zones=zones
        )
    )
    for rock in draw(discs)[:4]:
        terrain.add_rock(rock)
    return terrain


def slow_way_exists(
    terrain: Terrain, vehicle: VehicleClass, ends: tuple[Point, Point], avoid: list[Disc], room: float
) -> bool:
    """Whether a graph of points 2 m apart joins start and goal with `room` around it and gentle climbs."""
    held = [shapely.Point(disc.x, disc.y).buffer(disc.radius) for disc in avoid]
    stops = shapely.union_all([terrain.forbidden(vehicle), *held, shapely.box(-HALF, -HALF, HALF, HALF).exterior])
    shapely.prepare(stops)
    axis = np.arange(-48.0, 48.1, 2.0).tolist()
    points = [*ends, *((x, y) for y in axis for x in axis)]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from([0, 1])
    near = shapely.STRtree(shapely.points(points)).query(shapely.points(points), predicate="dwithin", distance=2.9)
    legs = [(int(a), int(b)) for a, b in near.T if a < b]
    gaps = shapely.distance(stops, shapely.linestrings([(points[a], points[b]) for a, b in legs]))
    heights = [terrain.height(point) for point in points]
    for (a, b), gap in zip(legs, gaps, strict=True):
        run = max(distance(points[a], points[b]), 1e-9)
        if gap >= room and abs(atan2(heights[b] - heights[a], run)) <= 0.8 * vehicle.slope_limit:
            graph.add_edge(a, b)
    return nx.has_path(graph, 0, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grounds(), st.sampled_from(ROVERS), place, place, discs)
def test_every_plan_is_good_and_there_is_none_only_where_a_slow_search_finds_none(
    terrain: Terrain, vehicle: VehicleClass, start: Point, goal: Point, held: list[Disc]
) -> None:
    avoid = held[:2]
    assume(terrain.is_free(start, vehicle))
    assume(all(distance(start, (disc.x, disc.y)) >= disc.radius + vehicle.radius for disc in avoid))

    answer = RoadmapPlanner(vehicle, terrain).plan(start, goal, avoid)

    if isinstance(answer, NoPlan):
        assert not slow_way_exists(terrain, vehicle, (start, goal), avoid, vehicle.radius + 2.0)
    else:
        assert validate_plan(answer.path, vehicle, terrain, start, goal, avoid=avoid) == ()
        assert answer.length >= hypot(goal[0] - start[0], goal[1] - start[1]) - 1e-9
        assert answer.duration >= answer.length / vehicle.max_speed
        assert answer.energy >= answer.duration * vehicle.hotel_power


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grounds(), st.sampled_from(ROVERS), place, place, discs)
def test_wherever_a_rover_stands_a_plan_never_makes_it_worse(
    terrain: Terrain, vehicle: VehicleClass, start: Point, goal: Point, held: list[Disc]
) -> None:
    answer = RoadmapPlanner(vehicle, terrain).plan(start, goal, held[:3])

    assume(not isinstance(answer, NoPlan))
    assert not isinstance(answer, NoPlan)
    assert validate_plan(answer.path, vehicle, terrain, start, goal, avoid=held[:3]) == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grounds(), place, st.lists(place, min_size=1, max_size=4))
def test_costs_know_a_way_where_plans_do_and_take_about_as_long(
    terrain: Terrain, start: Point, goals: list[Point]
) -> None:
    planner = RoadmapPlanner(replace(ROVERS[0], turn_rate=1e9), terrain)

    costs = planner.costs(start, goals)

    for goal, cost in zip(goals, costs, strict=True):
        plan = planner.plan(start, goal)
        assert (cost is None) == isinstance(plan, NoPlan)
        if cost is not None and not isinstance(plan, NoPlan):
            assert plan.duration <= cost[0] * 1.02 + 1e-6
