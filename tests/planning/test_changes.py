"""What is found since, or taken back, touches few lanes, and leaves what a roadmap made afresh would have."""

from heapq import heappop, heappush
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from fleet.core import Disc, RoverId, array_stream
from fleet.planning import RoadmapPlanner, validate_plan
from fleet.planning.lattice import Lattice, Roadmap
from fleet.planning.lattice.kernels import RIGHT, UP
from fleet.planning.lattice.search import spread
from fleet.planning.weighing import weights_of
from fleet.sdk import NoPlan, Plan
from fleet.sdk.planning import SAFEST
from fleet.terrain import Hazard, MapZone, Sighting, Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

ROVER = catalogue()["cnsa-rover"]
NEAR_HERE = 8 * 8 * 8  # Lanes of eight by eight waypoints, which is more than a rock of some metres reaches.


def wavy(zones: tuple[MapZone, ...] = ()) -> Terrain:
    """Return 400 m of bumpy ground at 5 m; its roadmap has 100 by 100 waypoints."""
    heights = array_stream(5, "waves").normal(0.0, 0.1, (81, 81)).astype(np.float32)
    return Terrain(ground_map_from_heights(heights, 5.0, latitude=-1.5, longitude=0.5, north=0.0, zones=zones))


def lanes_of(roadmap: Roadmap) -> list[object]:
    """Return all that tells roadmaps apart."""
    weights = weights_of(SAFEST, roadmap.ground)
    lanes = roadmap.lanes
    return [roadmap.free.tolist(), lanes.to.tolist(), lanes.seconds.tolist(), roadmap.weighed(weights).tolist()]


ROCK = Disc(x=31.0, y=-47.0, radius=2.0)
SOFT = Hazard(disc=Disc(x=-60.0, y=80.0, radius=4.0), kind="soft", slip=0.1)
CLOSED = Polygon([(-20.0, 0.0), (-8.0, 0.0), (-12.0, 9.0)])


@pytest.mark.parametrize(
    ("rocks", "soft", "closed"),
    [
        pytest.param([ROCK], [], [], id="rock"),
        pytest.param([], [SOFT], [], id="soft"),
        pytest.param([], [], [CLOSED], id="no-go"),
        pytest.param([ROCK], [SOFT], [CLOSED], id="all"),
    ],
)
def test_what_is_found_and_taken_back_touches_what_is_near_it(
    rocks: list[Disc], soft: list[Hazard], closed: list[Polygon]
) -> None:
    terrain = wavy()
    before = Roadmap.over(terrain, ROVER, spacing=4.0)
    before.weighed(weights_of(SAFEST, before.ground))  # So that risks are laid, and have to be laid anew.

    found = before.with_found(rocks, soft, closed)
    again = found.with_found()

    fresh = Roadmap.over(terrain, ROVER, spacing=4.0).with_found(rocks, soft, closed)
    changes = len(rocks) + len(soft) + len(closed)
    assert before.looked_at >= 75_000
    assert 0 < found.looked_at <= changes * NEAR_HERE
    assert 0 < again.looked_at <= changes * NEAR_HERE
    assert lanes_of(found) == lanes_of(fresh) != lanes_of(before)
    assert lanes_of(again) == lanes_of(before)


def test_one_more_hazard_among_many_touches_what_is_near_it() -> None:
    rng = array_stream(3, "rocks")
    many = [Disc(x=x, y=y, radius=1.0) for x, y in rng.uniform(-190.0, 190.0, (40, 2)).tolist()]
    roadmap = Roadmap.over(wavy(), ROVER, spacing=4.0).with_found(many)

    more, fewer = roadmap.with_found([*many, ROCK]), roadmap.with_found(many[1:])

    assert 0 < more.looked_at <= NEAR_HERE
    assert 0 < fewer.looked_at <= NEAR_HERE
    assert lanes_of(fewer) == lanes_of(Roadmap.over(wavy(), ROVER, spacing=4.0).with_found(many[1:]))


def test_a_no_go_zone_is_as_a_keep_out_zone_of_the_map() -> None:
    corners = ((-20.0, -30.0), (-8.0, -30.0), (-12.0, 9.0))
    beside = MapZone(id="b", kind="keep-out", outline=((-15.0, -40.0), (-9.0, -40.0), (-9.0, -20.0)))
    mapped = Roadmap.over(wavy((beside, MapZone(id="a", kind="keep-out", outline=corners))), ROVER, spacing=4.0)

    closed = Roadmap.over(wavy((beside,)), ROVER, spacing=4.0).with_found(closed=[Polygon(corners)])

    assert lanes_of(closed) == lanes_of(mapped)


def test_a_planner_keeps_out_of_a_no_go_zone_as_long_as_it_stands() -> None:
    terrain = wavy()
    planner = RoadmapPlanner(ROVER, terrain)
    ends = ((-60.0, 0.0), (60.0, 0.0))
    zone = box(-10.0, -40.0, 10.0, 30.0)
    before = planner.plan(*ends)

    planner.close([zone])
    around, inside = planner.plan(*ends), planner.plan(ends[0], (0.0, 0.0))
    costs = planner.costs(ends[0], [(0.0, 0.0), ends[1]])
    planner.close([])
    after = planner.plan(*ends)

    assert isinstance(around, Plan)
    assert isinstance(before, Plan)
    assert validate_plan(around.path, ROVER, terrain, *ends) == ()
    assert zone.distance(LineString(around.path)) >= ROVER.radius
    assert around.length > before.length + 5.0
    assert isinstance(inside, NoPlan)
    assert inside.reason == "goal (0.0, 0.0) lies in a no-go zone, or too near to one"
    assert costs[0] is None
    assert after == before


def test_a_hazard_that_was_an_error_leaves_the_plan_as_it_was() -> None:
    terrain = wavy()
    planner = RoadmapPlanner(ROVER, terrain)
    ends = ((-60.0, 0.0), (60.0, 0.0))
    hazard = Hazard(disc=Disc(x=0.0, y=0.0, radius=6.0))
    before = planner.plan(*ends)

    terrain.note(hazard, Sighting(by=RoverId("a"), tick=1))
    around = planner.plan(*ends)
    for rover in "bcdefgh":
        terrain.note(hazard, Sighting(by=RoverId(rover), tick=2, there=False))

    assert around != before
    assert planner.plan(*ends) == before
    assert 0 < planner.roadmap().looked_at <= NEAR_HERE


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12), st.sampled_from(["ties", "real", "wide"]))
def test_spreading_is_dijkstra_with_the_first_way_where_several_are_as_quick(seed: int, side: int, kind: str) -> None:
    rng = array_stream(seed, "lanes")
    lattice = Lattice(west=0.0, south=0.0, spacing=1.0, rows=side, columns=side)
    count = side * side
    values = {
        "ties": rng.choice([1.0, 1.5, 2.0], (count, 8)),
        "real": rng.uniform(1.0, 9.0, (count, 8)),
        "wide": 10.0 ** rng.uniform(-4.0, 6.0, (count, 8)),
    }[kind]
    row, column = np.divmod(np.arange(count), side)
    seconds, joules = np.full((count, 8), np.inf, np.float32), rng.random((count, 8)).astype(np.float32)
    for direction in range(8):
        to_row, to_column = row + UP[direction], column + RIGHT[direction]
        there = (to_row >= 0) & (to_row < side) & (to_column >= 0) & (to_column < side) & (rng.random(count) < 0.8)
        seconds[there, direction] = values[there, direction]
    starts = np.unique(rng.integers(0, count, 3)).astype(np.int32)
    first = rng.choice([0.0, 1.0, 2.5, 90.0], (len(starts), 2))

    costs = spread(lattice, seconds, joules, starts, first)

    assert costs.tolist() == plain_spread(lattice, seconds, joules, starts.tolist(), first.tolist())


def plain_spread(
    lattice: Lattice, seconds: np.ndarray, joules: np.ndarray, starts: list[int], first: list[list[float]]
) -> list[list[float]]:
    count = len(seconds)
    best, energy = [inf] * count, [inf] * count
    queue: list[tuple[float, int]] = []
    for node, (time, spent) in zip(starts, first, strict=True):
        best[node], energy[node] = time, spent
        heappush(queue, (time, node))
    done: set[int] = set()
    while queue:
        _, node = heappop(queue)
        if node in done:
            continue
        done.add(node)
        for direction in range(8):
            time = float(seconds[node, direction])
            there = node + int(UP[direction]) * lattice.columns + int(RIGHT[direction])
            if time < inf and best[node] + time < best[there]:
                best[there], energy[there] = best[node] + time, energy[node] + float(joules[node, direction])
                heappush(queue, (best[there], there))
    return [[a, b] for a, b in zip(best, energy, strict=True)]
