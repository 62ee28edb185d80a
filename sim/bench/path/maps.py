"""Ground to find ways over, made from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from fleet.core import Point, array_stream

_SEED = 8
_GROUND = 20.0  # Metres: each obstacle has a square of so much to itself on average.
_GAP = 0.2  # Metres between obstacles, at least.
_ASIDE = 1.0  # Metres from start and goal to obstacles, at least.
_LEVELS = 4.0  # Costs are whole numbers of such parts, so that all sums of them are exact.
_DEAREST = 8.0
_BLOCKED = 0.08  # Share of cells.


@dataclass(frozen=True, slots=True)
class PolygonMap:
    """Obstacles without contact, and places to go between."""

    obstacles: tuple[Polygon, ...]
    boundary: Polygon
    trips: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True, slots=True)
class GridMap:
    """What cells cost, and cells to go between."""

    costs: NDArray[np.float64]  #: ``(N, N)`` from 1 to 8 in quarters.
    blocked: NDArray[np.bool_]
    trip: tuple[tuple[int, int], tuple[int, int]]


def polygon_map(count: int, trips: int) -> PolygonMap:
    """Return star-shaped obstacles of 5 to 10 corners, concave for the most part, at random places.

    >>> made = polygon_map(20, 3)
    >>> len(made.obstacles), len(made.trips), shapely.union_all(made.obstacles).geom_type
    (20, 3, 'MultiPolygon')
    """
    rng = array_stream(_SEED, f"polygons/{count}")
    side = _GROUND * count**0.5
    discs = np.empty((0, 3))
    obstacles: list[Polygon] = []
    while len(obstacles) < count:
        reach = rng.uniform(3.0, 7.0)
        x, y = rng.uniform(reach, side - reach, 2)
        if (np.hypot(discs[:, 0] - x, discs[:, 1] - y) < discs[:, 2] + reach + _GAP).any():
            continue
        corners = int(rng.integers(5, 11))
        # One corner in each sector, so that the outline goes around its centre.
        angles = (np.arange(corners) + rng.uniform(0.1, 0.9, corners)) * 2.0 * pi / corners
        radii = reach * rng.uniform(0.4, 1.0, corners)
        discs = np.vstack([discs, (x, y, reach)])
        obstacles.append(Polygon(np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], axis=1)))
    ground = shapely.union_all(obstacles)
    shapely.prepare(ground)
    places: list[Point] = []
    while len(places) < 2 * trips:
        x, y = rng.uniform(0.0, side, 2).tolist()
        if not ground.dwithin(shapely.Point(x, y), _ASIDE):
            places.append((x, y))
    boundary = shapely.box(-_GROUND, -_GROUND, side + _GROUND, side + _GROUND)
    return PolygonMap(tuple(obstacles), boundary, tuple(zip(places[::2], places[1::2], strict=True)))


def grid_map(size: int) -> GridMap:
    """Return ground of hills at all scales with patches that are blocked, and a trip nearly from corner to corner.

    >>> made = grid_map(64)
    >>> made.costs.shape, float(made.costs.min()), float(made.costs.max()), bool(made.blocked[made.trip[1]])
    ((64, 64), 1.0, 8.0, False)
    """
    rng = array_stream(_SEED, f"grid/{size}")
    relief = np.zeros((size, size))
    waves = 4
    while waves <= size // 4:
        relief += _swells(rng.normal(size=(waves + 1, waves + 1)), size) / waves
        waves *= 2
    relief = (relief - relief.min()) / (relief.max() - relief.min())
    patches = _swells(rng.normal(size=(size // 8 + 1, size // 8 + 1)), size)
    blocked = patches > np.quantile(patches, 1.0 - _BLOCKED)
    start, goal = (size // 10, size // 10), (size - size // 8, size - size // 9)
    for row, column in (start, goal):
        blocked[row - 2 : row + 3, column - 2 : column + 3] = False
    return GridMap(np.round((1.0 + (_DEAREST - 1.0) * relief) * _LEVELS) / _LEVELS, blocked, (start, goal))


def _swells(heights: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return ``(size, size)`` values between those of a coarse square grid, linear each way."""
    at = np.linspace(0.0, len(heights) - 1.0, size)
    low = np.minimum(at.astype(int), len(heights) - 2)
    share = at - low
    rows = heights[low] * (1.0 - share)[:, None] + heights[low + 1] * share[:, None]
    swells: NDArray[np.float64] = rows[:, low] * (1.0 - share) + rows[:, low + 1] * share
    return swells
