"""Ground that a movement authority covers: exact distances between segments, and their shapes.

A segment of a plan is the piece between two consecutive waypoints; its ground is everything within the plan's radius
of it, round at both ends. Parked ground is a disc, which is a piece of no length. Whether two grounds cross is decided
on plain numbers; the shapely polygons are for those who draw or record.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from fleet.core import Disc, Path, Point, distance

CONTROL_MARGIN = 0.5  #: Metres of ground held around the body on every side: what its steering may be off.
TOUCH = 1e-6  #: Grounds that overlap by less than this, in metres, only touch.

Pieces: TypeAlias = NDArray[np.float64]  #: (N, 5) float64: both ends and the radius, ``ax, ay, bx, by, radius``.
Columns: TypeAlias = NDArray[np.float64]  #: Numbers one a piece, or (5, K) of them.


def segment_pieces(path: Path, radius: float) -> Pieces:
    """Return the ground of each segment of a path.

    >>> segment_pieces(((0.0, 0.0), (3.0, 0.0), (3.0, 4.0)), 1.0).tolist()
    [[0.0, 0.0, 3.0, 0.0, 1.0], [3.0, 0.0, 3.0, 4.0, 1.0]]
    """
    points = np.array(path, dtype=np.float64)
    return np.column_stack((points[:-1], points[1:], np.full(len(path) - 1, radius)))


def disc_pieces(discs: Sequence[Disc]) -> Pieces:
    """Return parked ground as pieces of no length."""
    return np.array([(disc.x, disc.y, disc.x, disc.y, disc.radius) for disc in discs], dtype=np.float64).reshape(-1, 5)


def crossings(first: Pieces, second: Pieces) -> NDArray[np.bool_]:
    """Return which grounds overlap by more than `TOUCH`.

    Returns
    -------
    (N, M) bool, row for a piece of `first`, column for a piece of `second`.

    Notes
    -----
    Only sums, products and comparisons of single numbers: the same bits on every machine.

    Examples
    --------
    >>> way = segment_pieces(((0.0, 0.0), (10.0, 0.0)), 1.0)
    >>> crossings(way, disc_pieces([Disc(x=5.0, y=1.5, radius=1.0), Disc(x=5.0, y=2.0, radius=1.0)])).tolist()
    [[True, False]]
    """
    reach = first[:, None, 4] + second[None, :, 4] - TOUCH
    near = np.ones(reach.shape, dtype=np.bool_)
    for axis in (0, 1):
        ends = first[:, (axis, axis + 2)], second[:, (axis, axis + 2)]
        (low, other_low), (high, other_high) = ([end.min(axis=1) for end in ends], [end.max(axis=1) for end in ends])
        near &= (other_low[None, :] - high[:, None] < reach) & (low[:, None] - other_high[None, :] < reach)
    rows, columns = np.nonzero(near)
    limit = reach[rows, columns]
    near[rows, columns] = (limit > 0.0) & (_gap_squared(first[rows].T, second[columns].T) < limit * limit)
    return near


def room(pieces: Pieces, place: Point) -> float:
    """Return the radius of the largest disc around `place` that lies in one piece; negative outside of all.

    >>> room(segment_pieces(((0.0, 0.0), (10.0, 0.0)), 1.5), (4.0, 1.0))
    0.5
    """
    x, y = (np.full(len(pieces), value) for value in place)
    return float(np.max(pieces[:, 4] - np.sqrt(_point_gap_squared(pieces.T, x, y))))


def footing(pieces: Pieces, place: Point, radius: float) -> Point:
    """Return where in the ground that it holds a body stands that believes to be at `place`.

    Parameters
    ----------
    radius
        Of the ground around a body on its line: its own and `CONTROL_MARGIN`.

    Notes
    -----
    Beside its line it may be because its steering left it there, or believe to be because what it believes of its pose
    has changed. Either way the body is within `CONTROL_MARGIN` of the line, and ground around the line has it inside.
    Ground around what it believes would have to be cut to fit, and the body might be outside of that.

    Examples
    --------
    >>> footing(segment_pieces(((0.0, 0.0), (10.0, 0.0)), 1.5), (4.0, 0.3), 1.5)
    (4.0, 0.0)
    """
    x, y = (np.full(len(pieces), value) for value in place)
    rooms = pieces[:, 4] - np.sqrt(_point_gap_squared(pieces.T, x, y))
    best = int(np.argmax(rooms))
    if rooms[best] >= radius - TOUCH:
        return place
    ax, ay, bx, by, _ = pieces[best].tolist()
    ux, uy = bx - ax, by - ay
    squared = ux * ux + uy * uy
    along = min(1.0, max(0.0, ((place[0] - ax) * ux + (place[1] - ay) * uy) / squared)) if squared > 0.0 else 0.0
    foot = (ax + along * ux, ay + along * uy)
    return foot if distance(place, foot) <= 2.0 * CONTROL_MARGIN else place


def clearance(pieces: Pieces, place: Point) -> float:
    """Return the radius of the largest disc around `place` that crosses no piece; negative inside of one.

    >>> clearance(segment_pieces(((0.0, 0.0), (10.0, 0.0)), 1.5), (4.0, 5.0))
    3.5
    """
    x, y = (np.full(len(pieces), value) for value in place)
    return float(np.min(np.sqrt(_point_gap_squared(pieces.T, x, y)) - pieces[:, 4]))


def covering_discs(pieces: Pieces) -> tuple[Disc, ...]:
    """Return discs that cover pieces of ground, a row of them along each.

    >>> [(disc.x, round(disc.radius, 2)) for disc in covering_discs(segment_pieces(((0.0, 0.0), (2.0, 0.0)), 1.0))]
    [(0.0, 1.12), (1.0, 1.12), (2.0, 1.12)]
    """
    discs: list[Disc] = []
    for ax, ay, bx, by, radius in pieces.tolist():
        length = sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
        steps = ceil(length / radius) if radius > 0.0 else 0
        half = length / steps / 2.0 if steps else 0.0
        wide = sqrt(radius * radius + half * half)
        for step in range(steps + 1):
            share = step / steps if steps else 0.0
            discs.append(Disc(x=ax + (bx - ax) * share, y=ay + (by - ay) * share, radius=wide))
    return tuple(discs)


def ground_shape(pieces: Pieces) -> shapely.Geometry:
    """Return pieces of ground as one shape; round ends become polygons with 32 corners to the circle.

    >>> shape = ground_shape(segment_pieces(((0.0, 0.0), (10.0, 0.0)), 1.0))
    >>> shape.covers(shapely.Point(-0.99, 0.0)), shape.covers(shapely.Point(5.0, 1.01))
    (True, False)
    """
    lines = shapely.linestrings(pieces[:, :4].reshape(-1, 2, 2))
    return shapely.union_all(shapely.buffer(lines, pieces[:, 4]))


def _gap_squared(first: Columns, second: Columns) -> Columns:
    """Return the squared distances of pairs of straight pieces, given as (5, K) columns each."""
    (ax, ay, bx, by, _), (cx, cy, dx, dy, _) = first, second
    sides_of_first = _side(first, cx, cy) * _side(first, dx, dy)
    sides_of_second = _side(second, ax, ay) * _side(second, bx, by)
    gaps = _point_gap_squared(first, cx, cy)
    gaps = np.minimum(gaps, _point_gap_squared(first, dx, dy))
    gaps = np.minimum(gaps, _point_gap_squared(second, ax, ay))
    gaps = np.minimum(gaps, _point_gap_squared(second, bx, by))
    gaps[(sides_of_first < 0.0) & (sides_of_second < 0.0)] = 0.0
    return gaps


def _side(pieces: Columns, x: Columns, y: Columns) -> Columns:
    """Return on which side of each piece a point lies, by sign."""
    ax, ay, bx, by, _ = pieces
    side: Columns = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    return side


def _point_gap_squared(pieces: Columns, x: Columns, y: Columns) -> Columns:
    """Return the squared distances of points from straight pieces."""
    ax, ay, bx, by, _ = pieces
    ux, uy = bx - ax, by - ay
    squared = ux * ux + uy * uy
    along = np.clip(((x - ax) * ux + (y - ay) * uy) / np.where(squared > 0.0, squared, 1.0), 0.0, 1.0)
    ex, ey = x - (ax + along * ux), y - (ay + along * uy)
    gaps: Columns = ex * ex + ey * ey
    return gaps
