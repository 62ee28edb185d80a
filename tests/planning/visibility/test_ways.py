"""Ways around polygons against a plain reference: shapely tells what is free, networkx the shortest."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import inf

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from fleet.core import ConfigError, Point, array_stream, path_length
from fleet.planning.visibility import VisibilityRoadmap
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
    return pen - shapely.box(x + 2, y, x + 3, y + 1) if draw(st.booleans()) else pen


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
place = st.tuples(st.integers(-20, 150), st.integers(-20, 150)).map(lambda at: (at[0] / 9.7, at[1] / 9.7))
BOUNDARY = Polygon([(-1.0, -1.0), (14.0, -2.0), (15.0, 13.0), (7.0, 10.0), (-1.5, 14.0)])


def forbidden_ground(shapes: list[Shape], boundary: Polygon | None) -> shapely.Geometry:
    ground = shapely.union_all(shapes)
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


def length(answer: object) -> float:
    return inf if isinstance(answer, NoPlan) else answer.length  # type: ignore[attr-defined,no-any-return]


@settings(max_examples=150, deadline=None)
@given(tame, st.sampled_from([None, BOUNDARY]), place, place)
def test_ways_are_as_long_as_the_references(
    shapes: list[Shape], boundary: Polygon | None, start: Point, goal: Point
) -> None:
    ground = forbidden_ground(shapes, boundary)
    assume(ground.distance(shapely.points([start, goal])).min() > 1e-6)
    roadmap = VisibilityRoadmap.around(shapes, boundary)

    lazy = length(roadmap.way(start, goal))
    known = length(roadmap.whole.way(start, goal))

    assert lazy == pytest.approx(slow_length(shapes, boundary, start, goal), rel=1e-9)
    assert known == pytest.approx(lazy, rel=1e-12)
