"""Ground that a vehicle must not touch, as shapes that can be asked quickly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import cos, pi, sin

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon, STRtree

from fleet.core import Disc
from fleet.core import Point as Place

_CORNERS = 16
#: A rock's polygon goes around its disc, so its corners lie so many radii from the centre.
ROCK_REACH = 1.0 / cos(pi / _CORNERS)
_TOUCH = 1e-9  # A body may touch forbidden ground: what is nearer by less than this touches.


def rock_shape(disc: Disc) -> Polygon:
    """Return the 16-gon around a rock, which never lets a body nearer than the truth.

    >>> round(rock_shape(Disc(x=0.0, y=0.0, radius=1.0)).exterior.distance(Point(0.0, 0.0)), 12)
    1.0
    """
    reach = disc.radius * ROCK_REACH
    angles = [(corner + 0.5) * 2.0 * pi / _CORNERS for corner in range(_CORNERS)]
    return Polygon([(disc.x + reach * cos(angle), disc.y + reach * sin(angle)) for angle in angles])


def cell_shapes(mask: NDArray[np.bool_], pixel: float, west: float, south: float) -> tuple[Polygon, ...]:
    """Return disjoint polygons of the cells that are set; each cell is a square of one pixel around its centre.

    >>> [shape.area for shape in cell_shapes(np.array([[True, True, False]]), 5.0, 0.0, 0.0)]
    [50.0]
    """
    rows, columns = np.nonzero(mask)
    if len(rows) == 0:
        return ()
    xs = west + (np.arange(mask.shape[1] + 1) - 0.5) * pixel
    ys = south + (np.arange(mask.shape[0] + 1) - 0.5) * pixel
    # Neighbours share the very numbers of their corners, which is what a coverage union asks for.
    squares = shapely.box(xs[columns], ys[rows], xs[columns + 1], ys[rows + 1])
    return _parts(shapely.coverage_union_all(squares))


def _parts(shape: shapely.Geometry) -> tuple[Polygon, ...]:
    return tuple(part for part in shapely.get_parts(shape) if isinstance(part, Polygon))


def _groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the numbers below `count` in groups that pairs hold together, by their least members.

    >>> _groups(4, [(3, 1), (2, 2)])
    [[0], [1, 3], [2]]
    """
    least = list(range(count))

    def root(index: int) -> int:
        while least[index] != index:
            least[index] = least[least[index]]
            index = least[index]
        return index

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        least[high] = low
    groups: dict[int, list[int]] = {}
    for index in range(count):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())


class ForbiddenGround:
    """Disjoint polygons that a body's disc must not overlap; a change gives a new one.

    >>> ground = ForbiddenGround([rock_shape(Disc(x=0.0, y=0.0, radius=1.0))])
    >>> more = ground.with_shapes([rock_shape(Disc(x=4.5, y=0.0, radius=1.0))])
    >>> ground.lets((3.0, 0.0), 1.0), more.lets((3.0, 0.0), 1.0)
    (True, False)
    """

    def __init__(self, parts: Sequence[Polygon]) -> None:
        self._parts = tuple(parts)
        shapely.prepare(self._parts)

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree(self._parts)

    @property
    def parts(self) -> tuple[Polygon, ...]:
        """The polygons."""
        return self._parts

    @cached_property
    def shape(self) -> MultiPolygon:
        """All of it."""
        return MultiPolygon(self._parts)

    def with_shapes(self, shapes: Sequence[Polygon]) -> ForbiddenGround:
        """Return this ground and any shapes; only what touches them is united anew."""
        if not shapes:
            return self
        parts = [*self._parts, *shapes]
        known = len(self._parts)
        pairs: list[tuple[int, int]] = []
        for tree, offset in ((self._tree, 0), (STRtree(list(shapes)), known)):
            new, other = tree.query(list(shapes), predicate="intersects")
            pairs += zip((new + known).tolist(), (other + offset).tolist(), strict=True)
        groups = _groups(len(parts), pairs)
        united: list[Polygon] = []
        for group in groups:
            members = [parts[index] for index in group]
            united += members if len(members) == 1 else _parts(shapely.union_all(members))
        return ForbiddenGround(united)

    def lets_many(self, points: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
        """Whether a disc at each of ``(N, 2)`` points overlaps none of it, ``(N,)``.

        >>> ForbiddenGround([rock_shape(Disc(x=0.0, y=0.0, radius=1.0))]).lets_many(np.array([[3.0, 0], [1, 1]]), 1.0)
        array([ True, False])
        """
        places = np.asarray(shapely.points(points), dtype=object)
        if radius <= _TOUCH:
            hit, _ = self._tree.query(places, predicate="within")
        else:
            hit, _ = self._tree.query(places, predicate="dwithin", distance=radius - _TOUCH)
        free = np.ones(len(places), np.bool_)
        free[hit] = False
        return free

    def lets_along(self, legs: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
        """Whether a disc that moves straight along each of ``(N, 4)`` legs overlaps none of it, ``(N,)``.

        >>> ground = ForbiddenGround([rock_shape(Disc(x=0.0, y=0.0, radius=1.0))])
        >>> ground.lets_along(np.array([[-9.0, 0, 9, 0], [-9, 3, 9, 3]]), 1.0)
        array([False,  True])
        """
        lines = np.asarray(shapely.linestrings(legs.reshape(-1, 2, 2)), dtype=object)
        hit, _ = self._tree.query(lines, predicate="dwithin", distance=max(0.0, radius - _TOUCH))
        free = np.ones(len(lines), np.bool_)
        free[hit] = False
        return free

    def lets(self, place: Place, radius: float) -> bool:
        """Whether a disc at `place` overlaps none of it."""
        point = Point(place)
        x, y = place
        near = np.sort(self._tree.query(shapely.box(x - radius, y - radius, x + radius, y + radius)))
        if radius <= _TOUCH:
            return not any(self._parts[index].contains(point) for index in near)
        return not any(self._parts[index].dwithin(point, radius - _TOUCH) for index in near)
