"""Exact shortest ways around what a vehicle may not touch, as candidates for plans and as bounds for them."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi
from typing import Final

import shapely
from shapely import MultiPolygon, Polygon, STRtree

from fleet.core import Point
from fleet.planning.visibility import ShortestWay, VisibilityRoadmap
from fleet.sdk import NoPlan

_ROUNDS: Final = 64
_BUDGET: Final = 20_000  # Corners that one round takes up.
_SEGMENTS: Final = 3  # Of a quarter of a circle, around corners.
_OUTSIDE: Final = 1.0 / cos(pi / (4 * _SEGMENTS))  # Radius of a polygon around a circle of radius 1.
_SAME: Final = 1.0 - 1e-9


class ShortestWays:
    """Shortest ways of a disc among polygons on a map.

    Parameters
    ----------
    shapes
        What is not to be touched.
    extent
        Least x and y, greatest x and y that the disc may cover.
    room
        Radius of the disc.

    Notes
    -----
    Only shapes that a way comes too near to are looked at: the shortest way around some of them that keeps clear of the
    others is the shortest around all. Corners are rounded by polygons that lie around the circle, so that legs keep
    clear, or in it, for a bound that no way of the disc is shorter than.

    Examples
    --------
    >>> ways = ShortestWays([shapely.box(4, -5, 6, 1)], (-20.0, -20.0, 20.0, 20.0), 1.0)
    >>> way = ways.way((0.0, 0.0), (10.0, 0.0))
    >>> ways.bound((0.0, 0.0), (10.0, 0.0)) < way.length < 1.02 * ways.bound((0.0, 0.0), (10.0, 0.0))
    True
    """

    def __init__(self, shapes: Sequence[Polygon], extent: tuple[float, float, float, float], room: float) -> None:
        self._shapes, self._extent, self._room = list(shapes), extent, room
        self._tree = STRtree(self._shapes)
        self._grown: dict[tuple[int, float], Polygon | MultiPolygon] = {}

    def way(self, start: Point, goal: Point, others: Sequence[Polygon] = ()) -> ShortestWay | None:
        """Return the shortest way that keeps clear of everything, and of other shapes; None where none is found."""
        way, is_whole = self._among(start, goal, others, _OUTSIDE)
        return way if is_whole else None

    def bound(self, start: Point, goal: Point, others: Sequence[Polygon] = ()) -> float:
        """Return metres that no way is shorter than."""
        way, _ = self._among(start, goal, others, 1.0)
        return shapely.Point(start).distance(shapely.Point(goal)) if way is None else way.length * _SAME

    def _among(
        self, start: Point, goal: Point, others: Sequence[Polygon], stretch: float
    ) -> tuple[ShortestWay | None, bool]:
        """Return the shortest way around all that it comes near to, and whether it was found to be one around all."""
        least_x, least_y, most_x, most_y = self._extent
        room = self._room
        if most_x - least_x <= 2.0 * room or most_y - least_y <= 2.0 * room:
            return None, False
        boundary = shapely.box(least_x + room, least_y + room, most_x - room, most_y - room)
        grown = [other.buffer(room * stretch, quad_segs=_SEGMENTS) for other in others]
        known: set[int] = set()
        best: ShortestWay | None = None
        for _ in range(_ROUNDS):
            shapes = [*grown, *(self._around(one, stretch) for one in sorted(known))]
            roadmap = VisibilityRoadmap.around(shapes, boundary)
            way = roadmap.way(start, goal, budget=_BUDGET)
            if isinstance(way, NoPlan):
                return best, False
            best = way
            near = self._tree.query(shapely.LineString(way.path), predicate="dwithin", distance=room * _SAME)
            fresh = set(near.tolist()) - known
            if not fresh:
                return best, True
            known |= fresh
        return best, False

    def _around(self, index: int, stretch: float) -> Polygon | MultiPolygon:
        key = (index, stretch)
        if key not in self._grown:
            self._grown[key] = self._shapes[index].buffer(self._room * stretch, quad_segs=_SEGMENTS)
        return self._grown[key]
