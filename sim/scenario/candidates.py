"""Points to choose from: rings, discs, lattices, the flattest ground. Rounded to centimetres."""

from __future__ import annotations

from math import cos, floor, radians, sin, sqrt, tau

import numpy as np
import shapely

from fleet.core import Point, Rng, distance
from fleet.terrain import Terrain
from sim.scenario.place_schema import Level, Near


def _rounded(x: float, y: float) -> Point:
    return (round(x, 2), round(y, 2))


def ring(middle: Point, rule: Near, rng: Rng, count: int) -> list[Point]:
    """Return `count` points drawn evenly from the ring, or the sector of it, that a rule asks for."""
    first, width = 0.0, tau
    if rule.bearing_deg is not None:
        width = min(tau, 2.0 * radians(rule.tolerance_deg))
        first = radians(rule.bearing_deg) - width / 2.0
    points = []
    for _ in range(count):
        angle = first + width * rng.random()
        away = sqrt(rule.min_m**2 + (rule.max_m**2 - rule.min_m**2) * rng.random())
        points.append(_rounded(middle[0] + away * cos(angle), middle[1] + away * sin(angle)))
    return points


def around(middle: Point, away: float, count: int, turn: float = 0.0) -> list[Point]:
    """Return points at equal angles around a middle, the first at `turn` radians from x.

    >>> around((0.0, 0.0), 8.0, 4)
    [(8.0, 0.0), (0.0, 8.0), (-8.0, 0.0), (-0.0, -8.0)]
    """
    angles = [turn + tau * index / count for index in range(count)]
    return [_rounded(middle[0] + away * cos(angle), middle[1] + away * sin(angle)) for angle in angles]


def stations(shape: shapely.Polygon, spacing: float) -> list[Point]:
    """Return a square lattice over a shape, row by row from the lowest y, every second row backwards.

    A station stands for the square of one spacing around it.

    >>> stations(shapely.box(0, 0, 4, 3), 2.0)
    [(1.0, 0.5), (3.0, 0.5), (3.0, 2.5), (1.0, 2.5)]
    """
    xmin, ymin, xmax, ymax = shape.bounds
    columns, rows = (max(1, floor(side / spacing + 0.5)) for side in (xmax - xmin, ymax - ymin))
    west = (xmin + xmax - (columns - 1) * spacing) / 2.0
    south = (ymin + ymax - (rows - 1) * spacing) / 2.0
    found: list[Point] = []
    shapely.prepare(shape)
    for row in range(rows):
        line = [_rounded(west + spacing * column, south + spacing * row) for column in range(columns)]
        inside = shapely.covers(shape, shapely.points(line))
        kept = [point for point, is_inside in zip(line, inside.tolist(), strict=True) if is_inside]
        found += reversed(kept) if row % 2 else kept
    return found


def along(line: shapely.LineString, spacing: float) -> list[Point]:
    """Return stations at equal distances, about one spacing, from a line's beginning to its end.

    >>> along(shapely.LineString([(0, 0), (3, 0), (3, 3)]), 2.0)
    [(0.0, 0.0), (2.0, 0.0), (3.0, 1.0), (3.0, 3.0)]
    """
    count = max(1, floor(line.length / spacing + 0.5))
    found = (line.interpolate(step / count, normalized=True) for step in range(count + 1))
    return [_rounded(point.x, point.y) for point in found]


def lattice(shape: shapely.Polygon, most: int = 400) -> list[Point]:
    """Return about `most` points all over a shape, nearest to its middle first."""
    spacing = max(0.5, sqrt(shape.area / most))
    middle = (shape.centroid.x, shape.centroid.y)
    return sorted(stations(shape, spacing), key=lambda point: (round(distance(point, middle), 2), point))


def flattest(terrain: Terrain, rule: Level) -> list[Point]:
    """Return middles of pads that are level enough, the flattest first, equal ones nearest to the rule's middle first.

    Notes
    -----
    A pad is as steep as the steepest cell in it; steepness counts in steps of a hundredth of a radian.
    """
    tilts, pixel = terrain.tilts, terrain.pixel
    reach = floor(rule.pad_m / pixel)
    cells = [
        (row, column)
        for row in range(-reach, reach + 1)
        for column in range(-reach, reach + 1)
        if (row * row + column * column) * pixel * pixel <= rule.pad_m**2
    ]
    rows, columns = tilts.shape
    if min(rows, columns) <= 2 * reach:
        return []
    steepest = np.zeros((rows - 2 * reach, columns - 2 * reach), dtype=np.float32)
    for row, column in cells:
        window = tilts[reach + row : rows - reach + row, reach + column : columns - reach + column]
        np.maximum(steepest, window, out=steepest)
    ys = terrain.south + pixel * (np.arange(steepest.shape[0]) + reach)
    xs = terrain.west + pixel * (np.arange(steepest.shape[1]) + reach)
    away = np.hypot(xs[None, :] - rule.centre_m[0], ys[:, None] - rule.centre_m[1])
    at_row, at_column = np.nonzero((away <= rule.within_m) & (steepest <= radians(rule.max_tilt_deg)))
    steps = np.floor(steepest[at_row, at_column] * 100.0)
    order = np.lexsort((at_column, at_row, np.round(away[at_row, at_column], 2), steps))
    return [_rounded(float(xs[at_column[index]]), float(ys[at_row[index]])) for index in order]
