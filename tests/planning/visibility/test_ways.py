"""Ways around polygons against a plain reference: shapely tells what is free, networkx the shortest."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import inf

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from fleet.core import ConfigError, Point, array_stream, distance, path_length
from fleet.planning.visibility import ShortestWay, VisibilityRoadmap
from fleet.planning.visibility.exact import turn
from fleet.sdk import NoPlan

Shape = Polygon | MultiPolygon
whole_number = st.integers(0, 12)
spot = st.tuples(whole_number, whole_number)


@st.composite
def boxes(draw: st.DrawFn) -> Shape:
    """Boxes on whole numbers: they overlap, touch in edges and in points, and have collinear sides."""
    x, y = draw(spot)
    return shapely.box(x, y, x + draw(st.integers(1, 4)), y + draw(st.integers(1, 4)))


@st.composite
def pens(draw: st.DrawFn) -> Shape:
    """Boxes with a hole, open to one side or closed."""
    x, y = draw(spot)
    pen = shapely.box(x, y, x + 5, y + 5) - shapely.box(x + 1, y + 1, x + 4, y + 4)
    shape = pen - shapely.box(x + 2, y, x + 3, y + 1) if draw(st.booleans()) else pen
    assert isinstance(shape, Polygon)
    return shape


@st.composite
def triangles(draw: st.DrawFn) -> Shape:
    shape = Polygon([draw(spot) for _ in range(3)])
    assume(shape.is_valid and shape.area > 0.5)
    return shape


@st.composite
def stars(draw: st.DrawFn) -> Shape:
    """Concave outlines with corners at odd places."""
    rng = array_stream(draw(st.integers(0, 10_000)), "star")
    count = int(rng.integers(4, 10))
    angles = np.sort(rng.uniform(0.0, 2.0 * np.pi, count))
    reach = rng.uniform(0.5, 3.0, count)
    centre = rng.uniform(0.0, 12.0, 2)
    shape = Polygon(centre + reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assume(shape.is_valid and shape.area > 0.1)
    return shape


obstacles = st.lists(st.one_of(boxes(), pens(), triangles(), stars()), max_size=6)
tame = st.lists(st.one_of(boxes(), pens(), stars()), max_size=6)
place = st.tuples(st.integers(-20, 150), st.integers(-20, 150)).map(lambda at: (at[0] / 9.73, at[1] / 9.73))
BOUNDARY = Polygon([(-1.0, -1.0), (14.0, -2.0), (15.0, 13.0), (7.0, 10.0), (-1.5, 14.0)])


def forbidden_ground(shapes: list[Shape], boundary: Polygon | None) -> BaseGeometry:
    ground: BaseGeometry = shapely.union_all(shapes)
    return ground if boundary is None else ground.union(shapely.box(-99, -99, 99, 99).difference(boundary))


def slow_length(shapes: list[Shape], boundary: Polygon | None, start: Point, goal: Point) -> float:
    """Return the shortest length over all vertices that shapely finds free of crossings, infinite when there is none.

    Legs may dip into forbidden ground by a hair, as vertices where edges cross are rounded.
    """
    ground = forbidden_ground(shapes, boundary).buffer(-1e-9, join_style="mitre")
    shapely.prepare(ground)
    corners = shapely.get_coordinates(forbidden_ground(shapes, boundary))
    points = [start, goal, *(tuple(corner) for corner in np.unique(corners, axis=0).tolist())]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from([0, 1])
    pairs = list(combinations(range(len(points)), 2))
    legs = shapely.linestrings([(points[a], points[b]) for a, b in pairs])
    for (a, b), leg, stopped in zip(pairs, legs, shapely.intersects(ground, legs), strict=True):
        if not stopped:
            graph.add_edge(a, b, length=leg.length)
    return nx.dijkstra_path_length(graph, 0, 1, "length") if nx.has_path(graph, 0, 1) else inf


def length(answer: ShortestWay | NoPlan) -> float:
    return inf if isinstance(answer, NoPlan) else answer.length


@pytest.mark.parametrize("goal", [(5.04, 3.08), (5.5, 4.5), (5.9, 3.05)])
def test_a_way_passes_between_two_obstacles_that_touch_in_a_point(goal: Point) -> None:
    hook = Polygon([(4, 7), (9, 7), (9, 2), (7, 2), (7, 3), (8, 3), (8, 6), (5, 6), (5, 3), (6, 3), (6, 2), (4, 2)])
    frame = shapely.box(6, 3, 11, 8) - shapely.box(7, 4, 10, 7)
    assert isinstance(frame, Polygon)
    roadmap = VisibilityRoadmap.around([hook, frame])

    expected = slow_length([hook, frame], None, (0.0, 0.0), goal)

    assert expected < inf
    assert length(roadmap.way((0.0, 0.0), goal)) == pytest.approx(expected, rel=1e-9)
    assert length(roadmap.whole.way(goal, (0.0, 0.0))) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(tame, st.sampled_from([None, BOUNDARY]), place, place)
def test_ways_are_as_long_as_the_references(
    shapes: list[Shape], boundary: Polygon | None, start: Point, goal: Point
) -> None:
    borders = forbidden_ground(shapes, boundary).boundary or shapely.Point(1e9, 1e9)
    assume(borders.distance(shapely.Point(start)) > 1e-6)
    assume(borders.distance(shapely.Point(goal)) > 1e-6)
    roadmap = VisibilityRoadmap.around(shapes, boundary)

    lazy = length(roadmap.way(start, goal))
    known = length(roadmap.whole.way(start, goal))

    assert lazy == pytest.approx(slow_length(shapes, boundary, start, goal), rel=1e-9)
    assert known == pytest.approx(lazy, rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(obstacles, st.sampled_from([None, BOUNDARY]), place, place)
def test_ways_are_free_and_the_same_both_ways(
    shapes: list[Shape], boundary: Polygon | None, start: Point, goal: Point
) -> None:
    roadmap = VisibilityRoadmap.around(shapes, boundary)

    there, back = roadmap.way(start, goal), roadmap.way(goal, start)

    assert length(there) == pytest.approx(length(back), rel=1e-12)
    if isinstance(there, ShortestWay):
        ground = forbidden_ground(shapes, boundary).buffer(-1e-9, join_style="mitre")
        assert not ground.intersects(shapely.LineString(there.path))
        assert (there.path[0], there.path[-1]) == (start, goal)
        assert path_length(there.path) == pytest.approx(there.length, rel=1e-12)
        assert all(a != b for a, b in pairwise(there.path)) or start == goal


@settings(max_examples=40, deadline=None)
@given(obstacles, st.one_of(boxes(), stars()), st.sampled_from([None, BOUNDARY]), place, place)
def test_another_obstacle_never_shortens_and_leaves_the_roadmap_that_is_made_with_it(
    shapes: list[Shape], more: Shape, boundary: Polygon | None, start: Point, goal: Point
) -> None:
    before = VisibilityRoadmap.around(shapes, boundary).whole

    after = before.with_obstacles([more])

    fresh = VisibilityRoadmap.around([*shapes, more], boundary)
    assert length(after.way(start, goal)) >= length(before.way(start, goal)) * (1.0 - 1e-12)
    assert length(after.way(start, goal)) == pytest.approx(length(fresh.whole.way(start, goal)), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(obstacles.filter(len), st.integers(0, 5), st.sampled_from([None, BOUNDARY]), place, place)
def test_an_obstacle_taken_away_leaves_the_roadmap_that_is_made_without_it(
    shapes: list[Shape], number: int, boundary: Polygon | None, start: Point, goal: Point
) -> None:
    number %= len(shapes)
    left = [shape for index, shape in enumerate(shapes) if index != number]

    after = VisibilityRoadmap.around(shapes, boundary).whole.without_obstacles([number])

    fresh = VisibilityRoadmap.around(left, boundary).whole
    assert length(after.way(start, goal)) == pytest.approx(length(fresh.way(start, goal)), rel=1e-9)


def scattered(count: int, seed: int = 3) -> list[Shape]:
    """Return discs of 12 corners, some of which overlap, at 10 m for each."""
    rng = array_stream(seed, "scattered")
    side = 10.0 * count**0.5
    return [
        shapely.Point(x, y).buffer(float(reach), quad_segs=3)
        for (x, y), reach in zip(rng.uniform(0.0, side, (count, 2)), rng.uniform(1.0, 4.0, count), strict=True)
    ]


def legs_of(roadmap: VisibilityRoadmap) -> dict[tuple[Point, Point], float]:
    places = {node: (data["x"], data["y"]) for node, data in roadmap.graph.nodes(data=True)}
    lengths = nx.get_edge_attributes(roadmap.graph, "length")
    return {(min(places[a], places[b]), max(places[a], places[b])): round(lengths[a, b], 9) for a, b in lengths}


@pytest.mark.parametrize("seed", range(3))
def test_changes_give_the_very_graph_that_is_made_anew(seed: int) -> None:
    shapes = scattered(60, seed)
    roadmap = VisibilityRoadmap.around(shapes[:55]).whole

    changed = roadmap.with_obstacles(shapes[55:]).without_obstacles([3, 17, 57])

    left = [shape for index, shape in enumerate(shapes) if index not in (3, 17, 57)]
    assert legs_of(changed) == legs_of(VisibilityRoadmap.around(left))
    assert legs_of(changed) != legs_of(roadmap)


def test_the_graph_gives_the_same_lengths_as_the_search() -> None:
    roadmap = VisibilityRoadmap.around(scattered(40))
    graph, places = roadmap.graph.copy(), roadmap.outlines.corners[:, :2].tolist()
    ends = ((-5.0, 30.0), (70.0, 31.0))
    for name, end in zip((-1, -2), ends, strict=True):
        for node, (x, y) in enumerate(places):
            if roadmap.is_free(end, (x, y)):
                graph.add_edge(name, node, length=distance(end, (x, y)))

    way = roadmap.way(*ends)

    assert length(way) == pytest.approx(nx.dijkstra_path_length(graph, -1, -2, "length"), rel=1e-12)


def test_ways_pass_where_two_obstacles_touch_in_a_point() -> None:
    roadmap = VisibilityRoadmap.around([shapely.box(0, 0, 5, 5), shapely.box(5, 5, 10, 10)])

    way = roadmap.way((4.0, 6.0), (6.0, 4.0))

    assert length(way) == pytest.approx(8.0**0.5)


def test_ways_do_not_pass_where_two_obstacles_share_an_edge() -> None:
    roadmap = VisibilityRoadmap.around([shapely.box(0, 0, 5, 5), shapely.box(5, 0, 10, 5)])

    way = roadmap.way((5.0, -1.0), (5.0, 6.0))

    assert length(way) == pytest.approx(2.0 * 26.0**0.5 + 5.0)


def test_collinear_and_repeated_vertices_change_nothing() -> None:
    plain = shapely.box(0, 0, 6, 6)
    odd = Polygon([(0, 0), (2, 0), (2, 0), (6, 0), (6, 3), (6, 6), (6, 6), (3, 6), (0, 6), (0, 3)])

    ways = [VisibilityRoadmap.around([shape]).way((-1.0, 1.0), (8.0, 1.5)) for shape in (plain, odd)]

    assert length(ways[0]) == length(ways[1])


PEN = shapely.box(0, 0, 9, 9) - shapely.box(3, 3, 6, 6)
WALL = shapely.box(3, -9, 4, 20)


@pytest.mark.parametrize(
    ("ground", "start", "goal", "reason"),
    [
        (([PEN], None), (1.0, 1.0), (20.0, 0.0), "start (1.0, 1.0) lies inside obstacle 0"),
        (([WALL, PEN], None), (20.0, 0.0), (7.0, 1.0), "goal (7.0, 1.0) lies inside obstacle 1"),
        (([PEN], None), (9.0, 4.0), (20.0, 0.0), "start (9.0, 4.0) lies on the border of obstacle 0"),
        (([PEN], None), (20.0, 0.0), (9.0, 9.0), "goal (9.0, 9.0) lies on the border of obstacle 0"),
        (([PEN], None), (20.0, 0.0), (4.0, 4.0), "goal (4.0, 4.0) is closed in by obstacle 0"),
        (([PEN], None), (4.0, 4.0), (20.0, 0.0), "start (4.0, 4.0) is closed in by obstacle 0"),
        (([WALL], BOUNDARY), (0.0, 0.0), (7.0, 1.0), "start (0.0, 0.0) is closed in by obstacle 0"),
        (([], BOUNDARY), (-9.0, 0.0), (7.0, 1.0), "start (-9.0, 0.0) lies outside the boundary"),
        (([], BOUNDARY), (-1.0, -1.0), (7.0, 1.0), "start (-1.0, -1.0) lies on the border of the boundary"),
        (([], None), (float("nan"), 0.0), (7.0, 1.0), "start (nan, 0.0) is no place"),
        (([], None), (0.0, 0.0), (float("inf"), 1.0), "goal (inf, 1.0) is no place"),
    ],
)
def test_where_there_is_no_way_the_reason_says_why(
    ground: tuple[list[Shape], Polygon | None], start: Point, goal: Point, reason: str
) -> None:
    answer = VisibilityRoadmap.around(*ground).way(start, goal)

    assert isinstance(answer, NoPlan)
    assert answer.reason == reason


def test_a_search_ends_at_its_budget() -> None:
    answer = VisibilityRoadmap.around(scattered(100)).way((-5.0, 30.0), (130.0, 31.0), budget=1)

    assert isinstance(answer, NoPlan)
    assert answer.reason == "no way was found within a budget of 1 corners"


def test_without_obstacles_ways_are_straight() -> None:
    way = VisibilityRoadmap.around([]).whole.way((0.0, 0.0), (3.0, 4.0))

    assert way == ShortestWay(path=((0.0, 0.0), (3.0, 4.0)), length=5.0)


def test_ground_that_obstacles_cover_wholly_has_no_place() -> None:
    answer = VisibilityRoadmap.around([shapely.box(-99, -99, 99, 99)], BOUNDARY).way((0.0, 0.0), (1.0, 1.0))

    assert isinstance(answer, NoPlan)
    assert answer.reason == "start (0.0, 0.0) lies inside obstacle 0"


@pytest.mark.parametrize(
    ("shape", "fact"),
    [
        (Polygon([(0, 0), (4, 4), (4, 0), (0, 4)]), "Self-intersection"),
        (Polygon(), "no area"),
        (shapely.box(0.0, 0.0, float("inf"), 1.0), "not finite"),
        (shapely.LineString([(0, 0), (1, 1)]), "LineString is no polygon"),
        (None, "NoneType is no polygon"),
    ],
    ids=["crosses-itself", "empty", "no-number", "line", "nothing"],
)
def test_a_shape_that_is_no_obstacle_is_refused_by_its_number(shape: Shape, fact: str) -> None:
    with pytest.raises(ConfigError) as caught:
        VisibilityRoadmap.around([shapely.box(0, 0, 1, 1), shape])

    assert caught.value.place == "obstacle 1"
    assert fact in caught.value.fact
    assert caught.value.remedy


number = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda value: value == 0.0 or abs(value) > 1e-100)


@settings(max_examples=300, deadline=None)
@given(st.tuples(number, number), st.tuples(number, number), st.floats(0.0, 1.0), st.sampled_from([0.0, 1e-9, -1e-9]))
def test_turns_have_the_sign_that_fractions_give(a: Point, b: Point, share: float, aside: float) -> None:
    c = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share + aside)
    assume(all(value == 0.0 or abs(value) > 1e-100 for value in c))
    (ax, ay), (bx, by), (cx, cy) = ((Fraction(x), Fraction(y)) for x, y in (a, b, c))
    truth = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    found = turn(*a, *b, *c)

    assert (found > 0.0, found < 0.0) == (truth > 0, truth < 0)
