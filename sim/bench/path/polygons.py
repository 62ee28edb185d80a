"""Shortest ways around polygons: ours and others'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from fleet.core import Point, path_length
from fleet.planning import ShortestWay, VisibilityRoadmap
from sim.bench.path import peers
from sim.bench.path.maps import PolygonMap, polygon_map
from sim.bench.path.measure import TURNS, Measure
from sim.bench.rows import Row

_TRIPS = 10
_SAME = 1e-6  # Lengths may differ so much, relative to one another.
_ROUNDING = 1e-9  # Metres that a leg may dip into an obstacle for the rounding of the judge.
_PEERS: Final[Mapping[str, Callable[[PolygonMap], peers.Finder]]] = {
    "extremitypathfinder": peers.extremitypathfinder,
    "pyvisgraph": peers.pyvisgraph,
}
#: Up to how many obstacles a peer is asked at all, is asked only if thorough, and is asked in all turns.
_REACH: Final = {"extremitypathfinder": (200, 200, 50), "pyvisgraph": (200, 50, 0)}


def polygon_rows(measure: Measure, count: int, skipped: Mapping[str, str]) -> list[Row]:
    """Return the rows of one map."""
    measure.say(f"{count} obstacles ...")
    ground = polygon_map(count, _TRIPS)
    stops: BaseGeometry = shapely.union_all(ground.obstacles).buffer(-_ROUNDING, join_style="mitre")
    shapely.prepare(stops)

    def build() -> VisibilityRoadmap:
        return VisibilityRoadmap.around(ground.obstacles, ground.boundary).whole

    def ask(roadmap: VisibilityRoadmap) -> list[ShortestWay]:
        return [_way(roadmap, *trip) for trip in ground.trips]

    roadmap = build()
    ways = ask(roadmap)
    for way in ways:
        if not _is_free(stops, way.path) or abs(path_length(way.path) - way.length) > _SAME * way.length:
            raise RuntimeError(f"polygon-{count}: the way from {way.path[0]} to {way.path[-1]} is wrong")
    built: dict[str, float] = {}
    asked: dict[str, float] = {}
    differs: dict[str, float] = {}
    notes = []
    for peer, prepare in _PEERS.items():
        if peer in skipped:
            continue
        furthest, quick, quickest = _REACH[peer]
        if count > (furthest if measure.thorough else quick):
            notes.append(f"{peer} not asked: too slow" + ("" if count > furthest else ", but with --thorough"))
            continue
        measure.say(f"{count} obstacles with {peer} ...")
        turns = TURNS if measure.thorough or count <= quickest else 1
        built[peer], find = measure.in_turn(build, lambda prepare=prepare: prepare(ground), turns)  # type: ignore[misc]
        asked[peer], paths = measure.in_turn(
            lambda: ask(roadmap),
            lambda find=find: [find(*trip) for trip in ground.trips],  # type: ignore[misc]
            TURNS,
        )
        differs[peer] = max((_difference(stops, way, path) for way, path in zip(ways, paths, strict=True)), key=abs)
        notes.append(f"lengths as {peer} {peers.version_of(peer)} within {abs(differs[peer]):.0e}")
    fresh = VisibilityRoadmap.around(ground.obstacles, ground.boundary)
    lazy = measure.median(lambda: ask(fresh)) / _TRIPS
    arrays = measure.median(lambda: VisibilityRoadmap.around(ground.obstacles, ground.boundary))
    corners, sights = len(roadmap.outlines.corners), roadmap.graph.number_of_edges()
    unprepared = f"{arrays * 1e3:.3g} ms to prepare for lazy queries of {lazy * 1e3:.3g} ms"
    return [
        Row(
            name=f"polygon-{count}-build",
            value=measure.median(build) * 1e3,
            unit="ms",
            times_better_than=built,
            note=f"{corners} corners, {sights} legs; {unprepared}",
        ),
        Row(
            name=f"polygon-{count}-query",
            value=measure.median(lambda: ask(roadmap)) / _TRIPS * 1e3,
            unit="ms",
            times_better_than=asked,
            differs=differs,
            note="; ".join(notes),
        ),
    ]


def _way(roadmap: VisibilityRoadmap, start: Point, goal: Point) -> ShortestWay:
    answer = roadmap.way(start, goal)
    if not isinstance(answer, ShortestWay):
        raise RuntimeError(f"a way around polygons was not found: {answer.reason}")
    return answer


def _is_free(ground: BaseGeometry, path: tuple[Point, ...] | list[Point]) -> bool:
    return not ground.intersects(LineString(path))


def _difference(ground: BaseGeometry, way: ShortestWay, path: list[Point]) -> float:
    """Return how much longer ours is than a peer's, relative to it; wrong when a free way of theirs is shorter."""
    difference = way.length / path_length(path) - 1.0
    if difference > _SAME and _is_free(ground, path):
        raise RuntimeError(f"the way from {way.path[0]} to {way.path[-1]} is not the shortest: {difference:.2e} longer")
    return difference
