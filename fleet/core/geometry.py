"""Points, poses and paths on the ground, in metres and radians of the site frame.

The site frame is the map plane of the terrain (polar stereographic at the poles) with its origin at the terrain's
centre: x to the right of the map, y up, headings counter-clockwise from x.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from math import atan2, ceil, hypot, inf, isfinite, pi, tau

import msgspec

Point = tuple[float, float]
Path = tuple[Point, ...]


class Pose(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """Where a body stands and which way it looks.

    >>> Pose(x=1.0, y=2.0, heading=0.0).point
    (1.0, 2.0)
    """

    x: float
    y: float
    heading: float  #: Radians, counter-clockwise from x, in (-pi, pi].

    def __post_init__(self) -> None:
        if not (isfinite(self.x) and isfinite(self.y) and isfinite(self.heading)):
            raise ValueError(f"Pose must be finite, got {self.x!r}, {self.y!r}, {self.heading!r}")

    @property
    def point(self) -> Point:
        """The pose without its heading."""
        return (self.x, self.y)


def is_finite(path: Path) -> bool:
    """Return whether all coordinates of a path are finite.

    >>> is_finite(((0.0, 1.0), (2.0, 3.0))), is_finite(((0.0, 1.0), (inf, 3.0))), is_finite(((1e308, 1e308),))
    (True, False, True)
    """
    # A sum is finite only if all parts are, and paths are checked wherever they are heard.
    return isfinite(sum(chain.from_iterable(path))) or all(map(isfinite, chain.from_iterable(path)))


class Disc(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A round piece of ground."""

    x: float
    y: float
    radius: float

    def __post_init__(self) -> None:
        if not (isfinite(self.x) and isfinite(self.y) and isfinite(self.radius) and self.radius >= 0.0):
            raise ValueError(f"Disc must be finite with radius >= 0, got {self.x!r}, {self.y!r}, {self.radius!r}")


def wrap_angle(angle: float) -> float:
    """Return `angle` in (-pi, pi].

    >>> wrap_angle(-pi) == pi
    True
    """
    wrapped = angle % tau
    return wrapped - tau if wrapped > pi else wrapped


def distance(a: Point, b: Point) -> float:
    """Return the straight distance between two points."""
    return hypot(b[0] - a[0], b[1] - a[1])


def bearing(a: Point, b: Point) -> float:
    """Return the heading that leads from `a` to `b`."""
    return atan2(b[1] - a[1], b[0] - a[0])


def path_length(path: Sequence[Point]) -> float:
    """Return the length of a path.

    >>> path_length([(0.0, 0.0), (3.0, 4.0), (3.0, 5.0)])
    6.0
    """
    return sum(distance(a, b) for a, b in pairwise(path))


def distance_to_path(point: Point, path: Sequence[Point]) -> float:
    """Return how near a path comes to a point; infinite for an empty path.

    >>> distance_to_path((1.0, 2.0), [(0.0, 0.0), (3.0, 0.0)])
    2.0
    """
    nearest = distance(point, path[0]) if path else inf
    for a, b in pairwise(path):
        dx, dy = b[0] - a[0], b[1] - a[1]
        squared = dx * dx + dy * dy
        along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / squared if squared > 0.0 else 0.0
        along = min(1.0, max(0.0, along))
        nearest = min(nearest, distance(point, (a[0] + along * dx, a[1] + along * dy)))
    return nearest


def densify(path: Sequence[Point], spacing: float) -> Path:
    """Return the same way with waypoints no further apart than `spacing`.

    >>> densify([(0.0, 0.0), (3.0, 0.0)], 2.0)
    ((0.0, 0.0), (1.5, 0.0), (3.0, 0.0))
    """
    dense: list[Point] = list(path[:1])
    for a, b in pairwise(path):
        pieces = max(1, ceil(distance(a, b) / spacing))
        dense += [(a[0] + (b[0] - a[0]) * i / pieces, a[1] + (b[1] - a[1]) * i / pieces) for i in range(1, pieces)]
        dense.append(b)
    return tuple(dense)
