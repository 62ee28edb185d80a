"""A way over the lattice made into one for a rover: fewer corners, never slower."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, inf

import numpy as np

from fleet.core import bearing, wrap_angle
from fleet.planning.ground import Floats, Ground, drive
from fleet.planning.ground.pace import idle_power
from fleet.planning.weighing import Weights, seconds_at_risk, shorten, weights_of
from fleet.sdk.planning import QUICKEST
from fleet.vehicles import VehicleClass, drive_power

_POINTS = 48  # Between so many points all straight drives are tried at once.
_ROUNDS = 4
_WORTH = 1e-3  # Another round must have made the way cheaper by this share.


def turning(points: Floats) -> float:
    """Return the radians turned on the spot along ``(n, 2)`` points.

    >>> round(turning(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])), 4)
    1.5708
    """
    corners = [(float(x), float(y)) for x, y in points]
    headings = [bearing(a, b) for a, b in pairwise(corners) if a != b]
    return sum(abs(wrap_angle(b - a)) for a, b in pairwise(headings))


def tally(vehicle: VehicleClass, ground: Ground, points: Floats) -> tuple[float, float]:
    """Return seconds and joules of driving along ``(n, 2)`` points, turns on the spot and hotel load included."""
    legs = zip(points[:-1].tolist(), points[1:].tolist(), strict=True)
    costs = [drive(ground, (*a, *b), inf) for a, b in legs]
    turns = turning(points) / vehicle.turn_rate if vehicle.turn_rate > 0.0 else 0.0
    power = drive_power(vehicle, 0.0) + idle_power(vehicle)
    return sum(seconds for seconds, _ in costs) + turns, sum(joules for _, joules in costs) + turns * power


def risk_along(ground: Ground, points: Floats) -> float:
    """Return the seconds at risk along ``(n, 2)`` points."""
    legs = zip(points[:-1].tolist(), points[1:].tolist(), strict=True)
    return float(sum(seconds_at_risk(ground, (*a, *b)) for a, b in legs))


def weigh(vehicle: VehicleClass, ground: Ground, weights: Weights, points: Floats) -> float:
    """Return what a way along ``(n, 2)`` points comes to, turns on the spot included."""
    seconds, joules = tally(vehicle, ground, points)
    cost = weights.time * seconds + weights.energy * joules
    return cost + weights.risk * risk_along(ground, points) if weights.risk > 0.0 else cost


def straighten(
    vehicle: VehicleClass,
    ground: Ground,
    avoid: Floats,
    way: Floats,
    rooms: tuple[float, float],
    *,
    weights: Weights | None = None,
) -> Floats:
    """Return a way from the same start to the same goal that costs no more, with straight drives where free.

    Parameters
    ----------
    way
        ``(n, 2)`` points, every leg of which can be driven.
    rooms
        What the first and the last leg keep clear; 0 for a first leg that must stay as it is.
    weights
        By which ways cost; time when nothing is said.
    """
    weights = weights or weights_of(QUICKEST, ground)
    if rooms[0] <= 0.0:
        rest = straighten(vehicle, ground, avoid, way[1:], (ground.room, rooms[1]), weights=weights)
        return np.vstack([way[:1], rest])
    best = _corners(way)
    cost = weigh(vehicle, ground, weights, best)
    for _ in range(_ROUNDS):
        shorter = [
            _shorten_piece(
                ground, weights, avoid, piece, (rooms[0] if first else ground.room, rooms[1] if last else ground.room)
            )
            for piece, first, last in _pieces(best)
        ]
        trial = np.vstack([shorter[0], *(piece[1:] for piece in shorter[1:])])
        now = weigh(vehicle, ground, weights, trial)
        if not now <= cost:
            break
        worth = now < cost * (1.0 - _WORTH)
        best, cost = trial, now
        if not worth:
            break
    return best


def _corners(way: Floats) -> Floats:
    """Return the points at which a way changes its heading, and its ends."""
    steps = np.diff(way, axis=0)
    cross = steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]
    along = (steps[:-1] * steps[1:]).sum(axis=1)
    turns = (np.abs(cross) > 1e-9 * np.abs(along)) | (along <= 0.0)
    corners: Floats = way[np.concatenate([[True], turns, [True]])]
    return corners


def _pieces(points: Floats) -> list[tuple[Floats, bool, bool]]:
    """Return runs of at most half `_POINTS` points that overlap by one, and whether each is the first and the last."""
    run = _POINTS // 2
    starts = range(0, max(1, len(points) - 1), run - 1)
    return [(points[start : start + run], start == 0, start + run >= len(points)) for start in starts]


def _shorten_piece(
    ground: Ground, weights: Weights, avoid: Floats, points: Floats, rooms: tuple[float, float]
) -> Floats:
    """Return a run of points with corners cut, after putting more points on its long legs to cut them at."""
    lengths = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
    spacing = float(lengths.sum()) / (_POINTS - len(points))
    dense = [points[:1]]
    for a, b, length in zip(points[:-1], points[1:], lengths, strict=True):
        parts = max(1, ceil(float(length) / spacing)) if spacing > 0.0 else 1
        dense.append(a + (b - a) * (np.arange(1, parts + 1) / parts)[:, None])
    candidates = np.vstack(dense)
    candidates[-1] = points[-1]
    kept: Floats = candidates[shorten(ground, weights, weights.risk or None, avoid, candidates, *rooms)]
    return kept
