"""Shortest ways around polygons, exact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import Polygon

from fleet.core import Path, Point
from fleet.planning.reasons import spell
from fleet.planning.visibility.arrays import Bytes, Floats, Outlines, Sights
from fleet.planning.visibility.kernels import find_sights, is_free, legs_meet_boxes, where
from fleet.planning.visibility.obstacles import FARTHEST, Group, Shape, checked, group, outlines_of
from fleet.planning.visibility.search import shortest_way
from fleet.sdk import NoPlan

if TYPE_CHECKING:
    import networkx as nx  # loaded by those only who look at the graph

BUDGET: Final = 1_000_000  #: Corners that a search takes up before it gives up.
_NAMED = 3  # Obstacles named in a reason.
_NOWHERE = np.empty((0, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortestWay:
    """The shortest way between two places."""

    path: Path  #: From start to goal, bending at corners of obstacles only.
    length: float  #: Metres.


class VisibilityRoadmap:
    """Corners of obstacles and which see each other; it never changes, a change gives another.

    Notes
    -----
    Ground is forbidden inside of obstacles and outside of the boundary; a way may touch and follow borders, and pass
    where two obstacles touch in a point. For a body with a size, give obstacles buffered by its radius. The shortest
    way is a polyline through corners (Lozano-Perez and Wesley, "An Algorithm for Planning Collision-Free Paths Among
    Polyhedral Obstacles", CACM 22(10), 1979), over legs tangent to the obstacles at both ends. Lengths are exact but
    for the rounding of square roots and sums.

    All pairs are looked at once by `whole`; without it a search looks only for the legs that its answer depends on.

    Examples
    --------
    >>> roadmap = VisibilityRoadmap.around([shapely.box(3, 3, 7, 7), shapely.box(7, 0, 8, 4)])
    >>> roadmap.way((1.0, 5.0), (9.0, 5.0)).path
    ((1.0, 5.0), (3.0, 7.0), (7.0, 7.0), (9.0, 5.0))
    >>> roadmap.way((1.0, 5.0), (4.0, 7.0)).reason
    'goal (4.0, 7.0) lies on the border of obstacle 0'
    >>> fewer = roadmap.without_obstacles([0])
    >>> fewer.way((1.0, 5.0), (9.0, 5.0)).length
    8.0
    """

    def __init__(
        self, obstacles: tuple[Shape, ...], boundary: Shape | None, groups: dict[tuple[Shape, ...], Group]
    ) -> None:
        self.obstacles = obstacles
        self.boundary = boundary
        self.outlines: Outlines = outlines_of(list(groups.values()))
        self._groups = groups
        self._sights: Sights | None = None

    @classmethod
    def around(cls, obstacles: Sequence[Shape], boundary: Shape | None = None) -> VisibilityRoadmap:
        """Return the roadmap around obstacles, within a boundary if there is one.

        Raises
        ------
        ConfigError
            When a shape is no simple polygon with an area.
        """
        shapes = tuple(checked(f"obstacle {index}", shape) for index, shape in enumerate(obstacles))
        frame = None if boundary is None else checked("boundary", boundary)
        return cls(shapes, frame, group(shapes, frame, {}))

    def with_obstacles(self, obstacles: Iterable[Shape]) -> VisibilityRoadmap:
        """Return the roadmap with more obstacles, after those it has; what they do not touch is kept."""
        count = len(self.obstacles)
        added = tuple(checked(f"obstacle {index}", shape) for index, shape in enumerate(obstacles, count))
        return self._changed((*self.obstacles, *added), added)

    def without_obstacles(self, numbers: Collection[int]) -> VisibilityRoadmap:
        """Return the roadmap without some obstacles; the others move up."""
        gone = {range(len(self.obstacles))[number] for number in numbers}
        left = tuple(shape for index, shape in enumerate(self.obstacles) if index not in gone)
        return self._changed(left, [self.obstacles[index] for index in sorted(gone)])

    def _changed(self, obstacles: tuple[Shape, ...], changes: Sequence[Shape]) -> VisibilityRoadmap:
        changed = VisibilityRoadmap(obstacles, self.boundary, group(obstacles, self.boundary, self._groups))
        if self._sights is not None:
            changed._sights = _renewed(self.outlines, self._sights, changed.outlines, shapely.bounds(list(changes)))
        return changed

    @property
    def whole(self) -> VisibilityRoadmap:
        """This roadmap, after all pairs of corners were looked at; searches that follow are faster."""
        if self._sights is None:
            count = len(self.outlines.corners)
            pairs = find_sights(self.outlines, _lone(self.outlines), np.ones(count, np.uint8), _NOWHERE)
            self._sights = _sorted(self.outlines.corners, np.stack(pairs, axis=1))
        return self

    @cached_property
    def graph(self) -> nx.Graph[int]:
        """The corners (``x``, ``y``) and the legs between them (``length``) as a graph."""
        import networkx as nx  # noqa: PLC0415 - see above

        graph: nx.Graph[int] = nx.Graph()
        sights = self.whole._sights
        assert sights is not None
        for corner, (x, y) in enumerate(self.outlines.corners[:, :2].tolist()):
            graph.add_node(corner, x=x, y=y)
        origins = np.repeat(np.arange(len(sights.start) - 1), np.diff(sights.start))
        for one, other, length in zip(origins.tolist(), sights.to.tolist(), sights.length.tolist(), strict=True):
            graph.add_edge(one, other, length=length)
        return graph

    def is_free(self, a: Point, b: Point) -> bool:
        """Whether the straight leg between two places meets no inner point of forbidden ground."""
        ends = (*_place(a), *_place(b))
        return min(where(self.outlines, *ends[:2]), where(self.outlines, *ends[2:])) >= 0 and is_free(
            self.outlines, *ends
        )

    def way(self, start: Point, goal: Point, *, budget: int = BUDGET) -> ShortestWay | NoPlan:
        """Return the shortest way, or why there is none.

        Parameters
        ----------
        budget
            How many corners may be taken up.
        """
        ends = _place(start), _place(goal)
        for name, place in zip(("start", "goal"), ends, strict=True):
            if not all(abs(value) <= FARTHEST for value in place):
                return NoPlan(reason=f"{spell(name, place)} is no place")
            if where(self.outlines, *place) <= 0:
                return NoPlan(reason=self._why_not_there(name, place))
        known = self._sights is not None
        sights = self._sights or Sights(np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0))
        length, corners, taken = shortest_way(self.outlines, sights, *ends, known, budget)
        if taken < 0:
            return NoPlan(reason=f"no way was found within a budget of {budget} corners")
        if not np.isfinite(length):
            return NoPlan(reason=self._why_no_way(*ends))
        bends = [(x, y) for x, y in self.outlines.corners[corners, :2].tolist()]
        return ShortestWay(path=(ends[0], *bends, ends[1]), length=float(length))

    def _why_not_there(self, name: str, place: Point) -> str:
        spot = shapely.Point(place)
        if self.boundary is not None and not self.boundary.covers(spot):
            return f"{spell(name, place)} lies outside the boundary"
        inside = [index for index, shape in enumerate(self.obstacles) if shape.contains(spot)]
        if inside:
            return f"{spell(name, place)} lies inside obstacle {inside[0]}"
        touched = [f"obstacle {index}" for index, shape in enumerate(self.obstacles) if shape.distance(spot) <= 0.0]
        return f"{spell(name, place)} lies on the border of {(*touched, 'the boundary')[0]}"

    def _why_no_way(self, start: Point, goal: Point) -> str:
        spots = shapely.points([start, goal])
        for each in self._groups.values():
            closed = [Polygon(ring) for part in shapely.get_parts(each.ground) for ring in part.interiors]
            if each.is_boundary:
                closed = list(shapely.get_parts(each.ground))
            for pen in closed:
                first, last = shapely.contains(pen, spots)
                if first != last and each.members:
                    name, place = ("start", start) if first else ("goal", goal)
                    return f"{spell(name, place)} is closed in by {_spell_members(each.members)}"
        return f"no way from {spell('start', start)} to {spell('goal', goal)}: obstacles lie between"


def _lone(outlines: Outlines) -> Bytes:
    """Return which corners share their place with no other vertex."""
    places, counts = np.unique(outlines.vertices[:, 0] + 1j * outlines.vertices[:, 1], return_counts=True)
    spots = np.searchsorted(places, outlines.corners[:, 0] + 1j * outlines.corners[:, 1])
    lone: Bytes = (counts[spots] == 1).astype(np.uint8)
    return lone


def _place(point: Point) -> Point:
    """Return a point of floats: compiled code is made anew for other numbers."""
    return (float(point[0]), float(point[1]))


def _spell_members(members: tuple[int, ...]) -> str:
    """Return obstacles for people.

    >>> _spell_members((4,)), _spell_members((1, 2, 3, 5))
    ('obstacle 4', 'obstacles 1, 2, 3 and others')
    """
    named = ", ".join(str(member) for member in members[:_NAMED])
    return f"obstacle{'s' if len(members) > 1 else ''} {named}" + (" and others" if len(members) > _NAMED else "")


def _sorted(corners: Floats, pairs: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> Sights:
    """Return both directions of ``(n, 2)`` pairs in compressed rows."""
    both = np.vstack([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    steps = corners[both[:, 1], :2] - corners[both[:, 0], :2]
    return Sights(
        start=np.searchsorted(both[:, 0], np.arange(len(corners) + 1)).astype(np.int32),
        to=np.ascontiguousarray(both[:, 1], np.int32),
        length=np.sqrt((steps * steps).sum(axis=1)),
    )


def _renewed(old: Outlines, sights: Sights, new: Outlines, boxes: Floats) -> Sights:
    """Return the sights after a change within boxes: those elsewhere, between corners that are the same, are kept."""
    known = {row.tobytes(): index for index, row in enumerate(new.corners)}
    moved = np.array([known.get(row.tobytes(), -1) for row in old.corners], np.int32)
    fresh = np.ones(len(new.corners), np.uint8)
    fresh[moved[moved >= 0]] = 0
    slack = 1e-9 * new.squares.side
    reach = boxes + np.array([-slack, -slack, slack, slack])
    origins = np.repeat(np.arange(len(old.corners)), np.diff(sights.start))
    pairs = np.stack([moved[origins], moved[sights.to]], axis=1)[origins < sights.to]
    pairs = np.sort(pairs[(pairs >= 0).all(axis=1)], axis=1)
    legs = np.hstack([new.corners[pairs[:, 0], :2], new.corners[pairs[:, 1], :2]])
    kept = pairs[legs_meet_boxes(legs, reach) == 0]
    return _sorted(new.corners, np.vstack([kept, np.stack(find_sights(new, _lone(new), fresh, reach), axis=1)]))
