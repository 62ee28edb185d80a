"""From shapes to outlines: obstacles that touch are united; those that a boundary cuts are taken from its ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from fleet.core import ConfigError
from fleet.planning.visibility.arrays import Floats, Outlines, Squares
from fleet.planning.visibility.exact import turn
from fleet.planning.visibility.kernels import bends, fill_squares

Shape = Polygon | MultiPolygon
FARTHEST = 1e9  #: Metres from the origin that places may lie.
_EDGES_A_SQUARE = 2.0
_MOST_A_SIDE = 2000


@dataclass(frozen=True, slots=True)
class Group:
    """Obstacles that touch one another, or the boundary."""

    members: tuple[int, ...]  #: Numbers of obstacles.
    ground: Shape  #: What they cover together; for the boundary's group what they leave free.
    is_boundary: bool = False


def checked(place: str, shape: object) -> Shape:
    """Return a shape without heights.

    Raises
    ------
    ConfigError
        When it is no polygon, has no area, crosses itself or lies at infinity or nearly so.
    """
    if not isinstance(shape, Polygon | MultiPolygon):
        raise ConfigError(place, f"{type(shape).__name__} is no polygon", "give a shapely Polygon or MultiPolygon")
    flat: Shape = shapely.force_2d(shape)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise ConfigError(place, "has coordinates that are not finite", "leave them out")
    if np.abs(shapely.get_coordinates(flat)).max(initial=0.0) > FARTHEST:
        raise ConfigError(place, f"lies more than {FARTHEST:g} m from the origin", "give coordinates near the origin")
    if not flat.is_valid:
        why = shapely.is_valid_reason(flat)
        raise ConfigError(place, f"is no simple polygon: {why}", "shapely.make_valid gives one that is")
    if not flat.area > 0.0:
        raise ConfigError(place, "has no area", "leave it out, or give it a width with buffer")
    return flat


def group(
    shapes: Sequence[Shape], boundary: Shape | None, known: Mapping[tuple[Shape, ...], Group]
) -> dict[tuple[Shape, ...], Group]:
    """Return all groups by the shapes of their members; those that are known are not united anew."""
    import networkx as nx  # noqa: PLC0415 - takes a tenth of a second to load, and few get here

    touching: nx.Graph[int] = nx.Graph()
    touching.add_nodes_from(range(len(shapes)))
    if shapes:
        touching.add_edges_from(STRtree(list(shapes)).query(list(shapes), predicate="intersects").T.tolist())
    found: dict[tuple[Shape, ...], Group] = {}
    if boundary is not None:
        shapely.prepare(boundary)
        inside = shapely.contains_properly(boundary, np.array(shapes, object)) if shapes else np.empty(0, bool)
        touching.add_edges_from((-1, index) for index in np.flatnonzero(~inside).tolist())
        touching.add_node(-1)
    for component in nx.connected_components(touching):
        members = tuple(sorted(component - {-1}))
        framed = -1 in component
        parts = tuple(shapes[index] for index in members)
        key = (boundary, *parts) if framed and boundary is not None else parts
        if key in known:
            found[key] = Group(members, known[key].ground, framed)
        elif framed and boundary is not None:
            found[key] = Group(members, _polygonal(boundary.difference(shapely.union_all(parts))), True)
        else:
            found[key] = Group(members, parts[0] if len(parts) == 1 else _polygonal(shapely.union_all(parts)))
    return found


def _polygonal(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area > 0.0])


def outlines_of(groups: Sequence[Group]) -> Outlines:
    """Return the rings of all groups as arrays."""
    rings: list[LinearRing] = []
    turns: list[bool] = []
    for each in groups:
        for part in shapely.get_parts(each.ground):
            rings += [part.exterior, *part.interiors]
            # Forbidden ground lies left: obstacles run counter-clockwise, holes and the boundary clockwise.
            turns += [not each.is_boundary, *([each.is_boundary] * len(part.interiors))]
    array = shapely.remove_repeated_points(np.array(rings, object), 0.0)
    wrong = shapely.is_ccw(array) != np.array(turns, bool)
    array[wrong] = shapely.reverse(array[wrong])
    points, ring = shapely.get_coordinates(array, return_index=True)
    closing = np.append(ring[1:] != ring[:-1], True) if len(ring) else np.empty(0, bool)
    return _indexed(points[~closing], ring[~closing], any(each.is_boundary for each in groups))


def _indexed(points: Floats, ring: NDArray[np.int64], enclosed: bool) -> Outlines:
    count = len(points)
    starts = np.searchsorted(ring, ring, "left")
    ends = np.searchsorted(ring, ring, "right")
    numbers = np.arange(count)
    after = np.where(numbers + 1 < ends, numbers + 1, starts)
    before = np.where(numbers > starts, numbers - 1, ends - 1)
    vertices = np.hstack([points, points[_beside_one_ground(points, before, after)], points[after]])
    low = points.min(axis=0) if count else np.zeros(2)
    wide, tall = points.max(axis=0) - low if count else np.ones(2)
    side = float(max(sqrt(wide * tall * _EDGES_A_SQUARE / max(count, 1)), max(wide, tall) / _MOST_A_SIDE))
    squares = Squares(float(low[0]), float(low[1]), side, max(1, ceil(tall / side)), max(1, ceil(wide / side)))
    square_start, square_edges = fill_squares(vertices, squares)
    return Outlines(
        vertices=vertices,
        corners=vertices[bends(vertices) > 0],
        enclosed=int(enclosed),
        squares=squares,
        square_start=square_start,
        square_edges=square_edges,
    )


def _beside_one_ground(points: Floats, before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which vertex comes before each, so that nothing but forbidden ground lies between its two edges.

    Where outlines touch in a point, rings may run on from one piece of ground to the other, and the free ground that
    ends there would seem to lie within a corner.
    """
    _, place, count = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True, return_counts=True)
    own = before.copy()
    for shared in np.flatnonzero(count > 1).tolist():
        meeting = np.flatnonzero(place == shared).tolist()
        for vertex in meeting:
            # Ground lies left of the edge ahead, up to the first edge that comes in.
            own[vertex] = before[meeting[0]]
            for other in meeting[1:]:
                if _is_sooner_left(points[vertex], points[after[vertex]], points[before[other]], points[own[vertex]]):
                    own[vertex] = before[other]
    return own


def _is_sooner_left(at: Floats, ahead: Floats, one: Floats, other: Floats) -> bool:
    """Whether, turning left from what is ahead, one comes into sight before the other."""
    first, second = _quarter(at, ahead, one), _quarter(at, ahead, other)
    return first < second if first != second else turn(*at, *one, *other) > 0.0


def _quarter(at: Floats, ahead: Floats, point: Floats) -> int:
    """Return 0 for what is left, 1 behind, 2 right, 3 ahead."""
    side = turn(*at, *ahead, *point)
    if side != 0.0:
        return 0 if side > 0.0 else 2
    return 3 if float(np.dot(ahead - at, point - at)) > 0.0 else 1
