"""Compiled tests of straight drives against shapely, and searches against networkx."""

from math import hypot, inf

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fleet.core import Disc, array_stream
from fleet.planning.ground import discs_array, drive, ground_for, is_clear
from fleet.planning.ground.kernels import box_gap2, clearance, height, in_zone, legs_gap2, point_gap2, steepest
from fleet.planning.lattice import Roadmap
from fleet.planning.weighing import weights_of
from fleet.sdk.planning import QUICKEST
from fleet.terrain import MapZone, Terrain, ground_map_from_heights
from fleet.vehicles import catalogue, drive_power, drive_time

ROVER = catalogue()["cnsa-rover"]
NOBODY = np.empty((0, 3))
Leg = tuple[float, float, float, float]
number = st.integers(-6000, 6000).map(lambda centimetres: centimetres / 100.0)
leg: st.SearchStrategy[Leg] = st.tuples(number, number, number, number)


def rough(seed: int, rocks: int = 20, relief: float = 1.0) -> Terrain:
    """Return 100 m of bumpy ground at 5 m with rocks and two zones that overlap."""
    rng = array_stream(seed, "ground")
    heights = rng.normal(0.0, relief, (21, 21)).astype(np.float32)
    discs = [
        Disc(x=float(x), y=float(y), radius=float(radius))
        for x, y, radius in zip(
            rng.uniform(-55, 55, rocks), rng.uniform(-55, 55, rocks), rng.exponential(1.0, rocks), strict=True
        )
    ]
    zones = (
        MapZone(id="a", kind="keep-out", outline=((5.0, 5.0), (25.0, 5.0), (25.0, 25.0), (15.0, 12.0))),
        MapZone(id="b", kind="keep-out", outline=((20.0, 0.0), (30.0, 0.0), (22.0, 20.0))),
    )
    return Terrain(
        ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0, rocks=discs, zones=zones)
    )


@settings(deadline=None)
@given(number, number, leg)
def test_the_gap_of_a_point_is_that_of_shapely(x: float, y: float, other: Leg) -> None:
    line = shapely.LineString([other[:2], other[2:]])

    assert point_gap2(x, y, other) ** 0.5 == pytest.approx(line.distance(shapely.Point(x, y)), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(leg, st.lists(st.tuples(number, number, st.floats(0.5, 12.0), st.floats(0.0, 0.9)), max_size=4))
def test_soft_ground_takes_the_time_of_the_wheel_travel_lost_in_it(
    way: Leg, patches: list[tuple[float, float, float, float]]
) -> None:
    level = Terrain(ground_map_from_heights(np.zeros((29, 29), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0))
    ground = ground_for(ROVER, level)._replace(soft=np.array(patches, np.float64).reshape(-1, 4))
    length, steps = hypot(way[2] - way[0], way[3] - way[1]), 4000
    assume(length > 1.0)

    seconds, joules = drive(ground, way, inf)

    wheels = 0.0
    for step in range(steps):
        share = (step + 0.5) / steps
        x, y = way[0] + (way[2] - way[0]) * share, way[1] + (way[3] - way[1]) * share
        lost = max((slip for px, py, radius, slip in patches if hypot(x - px, y - py) <= radius), default=0.0)
        wheels += length / steps / (1.0 - lost)
    # Each border of a patch is known to half a part of a piece.
    slack = sum(2.0 * 5.0 / 8.0 / 2.0 * (1.0 / (1.0 - slip) - 1.0) for *_, slip in patches) + length / steps * 100.0
    assert seconds == pytest.approx(drive_time(ROVER, wheels, 0.0), abs=drive_time(ROVER, slack, 0.0) + 1e-6)
    firm_seconds, firm_joules = drive(ground._replace(soft=np.empty((0, 4))), way, inf)
    assert joules / seconds == pytest.approx(firm_joules / firm_seconds, rel=1e-9)


@settings(deadline=None)
@given(leg, leg)
def test_the_gap_of_two_legs_is_that_of_shapely(one: Leg, other: Leg) -> None:
    a, b = shapely.LineString([one[:2], one[2:]]), shapely.LineString([other[:2], other[2:]])

    assert legs_gap2(one, other) ** 0.5 == pytest.approx(a.distance(b), abs=1e-6)


@settings(deadline=None)
@given(leg, number, number, st.floats(0.1, 20.0))
def test_the_gap_of_a_leg_and_a_box_is_that_of_shapely(one: Leg, x: float, y: float, side: float) -> None:
    box = (x, y, x + side, y + side)

    gap = box_gap2(one, box) ** 0.5

    assert gap == pytest.approx(shapely.LineString([one[:2], one[2:]]).distance(shapely.box(*box)), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 40), leg, st.floats(0.1, 3.0))
def test_a_leg_is_clear_when_shapely_finds_room_and_only_then(seed: int, one: Leg, room: float) -> None:
    terrain = rough(seed)
    ground = ground_for(ROVER, terrain)
    line = shapely.LineString([one[:2], one[2:]])
    gap = terrain.forbidden(ROVER).distance(line)
    edge = 50.0 - max(abs(value) for value in one)
    assume(not in_zone(ground, one[0], one[1]))

    clear = is_clear(ground, NOBODY, one, room)

    if clear:
        assert gap >= room - 1e-6
        assert edge >= room - 1e-6
    else:  # The planner's rocks are round about the terrain's polygons: up to 2 % of a radius wider.
        assert min(gap, edge) <= room + 0.2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), number, number)
def test_clearance_is_the_distance_to_forbidden_ground_and_the_edge(seed: int, x: float, y: float) -> None:
    terrain = rough(seed)
    gap = terrain.forbidden(ROVER).distance(shapely.Point(x, y))
    truth = min(2.0, gap, 50.0 - abs(x), 50.0 - abs(y))

    room = clearance(ground_for(ROVER, terrain), NOBODY, x, y, 2.0)

    if truth > 1e-9:
        assert truth - 0.2 <= room <= truth + 1e-9
    else:
        assert room <= 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40), leg)
def test_discs_to_avoid_stop_a_leg_like_rocks(seed: int, one: Leg) -> None:
    terrain = Terrain(
        ground_map_from_heights(np.zeros((41, 41), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0)
    )
    discs = [rock for rock in rough(seed).rocks if rock.radius > 0.5]
    line = shapely.LineString([one[:2], one[2:]])

    clear = is_clear(ground_for(ROVER, terrain), discs_array(discs), one, 1.2)

    gap = min(line.distance(shapely.Point(disc.x, disc.y)) - disc.radius for disc in discs)
    assert clear == (gap >= 1.2) or abs(gap - 1.2) < 1e-6


@settings(deadline=None)
@given(st.integers(0, 40), st.floats(-70, 70), st.floats(-70, 70))
def test_heights_are_those_of_the_terrain(seed: int, x: float, y: float) -> None:
    terrain = rough(seed)

    assert height(ground_for(ROVER, terrain), x, y) == terrain.height((x, y))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), leg)
def test_a_drive_takes_what_the_vehicles_laws_say_of_each_piece(seed: int, one: Leg) -> None:
    terrain = rough(seed, relief=0.3)
    length = hypot(one[2] - one[0], one[3] - one[1])
    assume(length > 0.01 and max(abs(value) for value in one) <= 50.0)
    pieces = int(np.ceil(length / 5.0))
    run = length / pieces
    shares = np.linspace(0.0, 1.0, pieces + 1)
    spots = [(one[0] + (one[2] - one[0]) * share, one[1] + (one[3] - one[1]) * share) for share in shares]
    climbs = np.arctan(np.diff([terrain.height(spot) for spot in spots]) / run)
    seconds = [drive_time(ROVER, run, float(climb)) for climb in climbs]
    power = ROVER.hotel_power + ROVER.heater_power
    joules = [t * (power + drive_power(ROVER, float(climb))) for t, climb in zip(seconds, climbs, strict=True)]

    found = drive(ground_for(ROVER, terrain), one, inf)

    if max(abs(climbs)) < 0.42:
        assert list(found) == pytest.approx([sum(seconds), sum(joules)], rel=1e-4)


_BEYOND = (-0.001, 0.0, 1.0, 1.001)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), leg)
def test_nowhere_along_a_leg_climbs_the_ground_more_than_its_steepest(seed: int, one: Leg) -> None:
    terrain = rough(seed)
    inside: Leg = (one[0] * 0.8, one[1] * 0.8, one[2] * 0.8, one[3] * 0.8)
    length = hypot(inside[2] - inside[0], inside[3] - inside[1])
    assume(length > 0.1)
    shares = np.linspace(0.0, 1.0, 4001)
    spots = [(inside[0] + (inside[2] - inside[0]) * at, inside[1] + (inside[3] - inside[1]) * at) for at in shares]
    climbs = np.abs(np.diff([terrain.height(spot) for spot in spots])) / (length / 4000)

    found = steepest(ground_for(ROVER, terrain), inside)

    assert climbs.max() <= found + 1e-6
    # Where an end lies on a line between cells, the ground beyond it counts, too.
    ends = [(inside[0] + (inside[2] - inside[0]) * at, inside[1] + (inside[3] - inside[1]) * at) for at in _BEYOND]
    beyond = np.abs(np.diff([terrain.height(spot) for spot in ends]))[::2] / (length * 1e-3)
    assert found <= max(climbs.max(), beyond.max()) + 0.02 * length / 5.0 + 1e-3


def test_a_drive_over_too_steep_a_climb_has_no_time() -> None:
    heights = np.tile(np.arange(21) * 1.5, (21, 1)).astype(np.float32)
    ground = ground_for(ROVER, Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0)))

    assert drive(ground, (0.0, 0.0, 10.0, 0.0), 0.29)[0] == inf
    assert drive(ground, (0.0, 0.0, 10.0, 0.0), 0.31)[0] < inf
    assert drive(ground, (0.0, 0.0, 0.0, 0.0), 0.31) == (0.0, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_lanes_are_those_that_shapely_would_lay(seed: int) -> None:
    terrain = rough(seed)
    roadmap = Roadmap.over(terrain, ROVER, spacing=7.0)
    points, forbidden = roadmap.waypoints, terrain.forbidden(ROVER)

    gaps = np.array([forbidden.distance(shapely.Point(point)) for point in points])
    legs = [(points[a], points[b]) for a, b in roadmap.graph.edges]

    assert (gaps[roadmap.free] >= roadmap.ground.room - 1e-6).all()
    assert (gaps[~roadmap.free] <= roadmap.ground.room + 0.2).all()
    assert (shapely.distance(forbidden, shapely.linestrings(legs)) >= roadmap.ground.room - 1e-6).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_rock_found_leaves_the_roadmap_that_one_known_before_would_have_given(seed: int) -> None:
    bare, known = rough(seed, rocks=0), rough(seed, rocks=12)
    roadmap = Roadmap.over(bare, ROVER, spacing=4.0)

    grown = roadmap.with_found([rock for rock in known.rocks if rock.radius > ROVER.clearance])

    fresh = Roadmap.over(known, ROVER, spacing=4.0)
    assert np.array_equal(grown.free, fresh.free)
    for name in ("start", "to", "length", "climb", "seconds", "joules"):
        assert np.array_equal(getattr(grown.lanes, name), getattr(fresh.lanes, name)), name
    assert not np.array_equal(grown.free, roadmap.free)


@pytest.mark.parametrize("seed", range(6))
def test_searches_cost_what_networkx_says(seed: int) -> None:
    roadmap = Roadmap.over(rough(seed), ROVER, spacing=5.0)
    graph = roadmap.graph
    free = np.flatnonzero(roadmap.free)
    start, goal = int(free[3]), int(free[-5])
    truth = nx.single_source_dijkstra_path_length(graph, start, weight="time")
    origin, target = np.array([start], np.int32), np.array([goal], np.int32)
    x, y = roadmap.waypoints[goal]

    costs = roadmap.costs_from((origin, np.zeros((1, 2))))
    way, _ = roadmap.way(
        (origin, np.zeros(1), target, np.zeros(1), float(x), float(y)), weights_of(QUICKEST, roadmap.ground)
    )

    reached = np.flatnonzero(np.isfinite(costs[:, 0]))
    assert reached.tolist() == sorted(truth)
    assert costs[reached, 0] == pytest.approx([truth[node] for node in reached.tolist()])
    if goal in truth:
        assert way is not None
        numbers = [int(np.abs(roadmap.waypoints - point).sum(axis=1).argmin()) for point in way]
        assert nx.path_weight(graph, numbers, "time") == pytest.approx(truth[goal])
    else:
        assert way is None


def test_lanes_in_compressed_rows_are_the_graph() -> None:
    roadmap = Roadmap.over(rough(1), ROVER, spacing=5.0)
    lanes, graph = roadmap.lanes, roadmap.graph

    some = [node for node in range(len(roadmap)) if lanes.start[node + 1] > lanes.start[node]][7]
    row = slice(lanes.start[some], lanes.start[some + 1])

    assert sorted(lanes.to[row].tolist()) == sorted(graph.successors(some))
    first = int(lanes.to[row][0])
    assert graph[some][first]["time"] == lanes.seconds[row][0]
    assert graph[some][first]["climb"] == -graph[first][some]["climb"]
