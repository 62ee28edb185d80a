"""When bodies that move uniformly along lanes touch each other, in closed form, and what ground lies near what."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from fleet.core.arrays import Floats, Indices
from fleet.core.compiled import compiled

_LEVEL = 1e-12  # Squared speeds and cross products below that are none.
_EDGE = 1e-9  # Seconds that a touch at an edge of both motions' time may lie outside of it.


@compiled
def when_near(
    apart_x: float, apart_y: float, speed_x: float, speed_y: float, begins: float, ends: float, room: float
) -> tuple[float, float]:
    """Return from when until when a moving body is nearer than `room` to one at rest; the first is later for never.

    `apart` is from the one at rest to where the other is when it begins.
    """
    speed2 = speed_x * speed_x + speed_y * speed_y
    beyond = apart_x * apart_x + apart_y * apart_y - room * room
    if speed2 < _LEVEL:
        return (begins, ends) if beyond < 0.0 else (inf, -inf)
    along = apart_x * speed_x + apart_y * speed_y
    under = along * along - speed2 * beyond
    if under <= 0.0:
        return inf, -inf
    half = sqrt(under)
    return max(begins, begins + (-along - half) / speed2), min(ends, begins + (half - along) / speed2)


@compiled
def _widen(span: tuple[float, float], x: float, y: float, last_x: float, last_y: float) -> tuple[float, float]:
    """Take in a departure, when its times on both ways are within both motions."""
    if -_EDGE <= x <= last_x + _EDGE and -_EDGE <= y <= last_y + _EDGE:
        return min(span[0], y - x), max(span[1], y - x)
    return span


@compiled
def unsafe_departures(
    apart_x: float,
    apart_y: float,
    mine_x: float,
    mine_y: float,
    takes: float,
    other_x: float,
    other_y: float,
    lasts: float,
    room: float,
) -> tuple[float, float]:
    """Return between which departures a drive comes nearer than `room` to another motion; the first is later for none.

    Departures count from the begin of the other motion. `apart` is from where the other begins to where the drive
    begins, `mine` and `other` are velocities, `takes` and `lasts` seconds.

    Notes
    -----
    After x seconds of the drive and y of the other motion they are ``apart + mine x - other y`` away from each other, a
    linear map, so the pairs (x, y) that are too near form a convex piece of a rectangle, and the departures ``y - x``
    of a convex piece form one interval. Its ends lie at corners of the rectangle, where the piece's rim crosses its
    sides, or where the rim runs along a line of equal departure.
    """
    span = (inf, -inf)
    room2 = room * room
    for corner in range(4):
        x, y = takes if corner & 1 else 0.0, lasts if corner & 2 else 0.0
        if y == inf:
            y = 1e12
        gap_x, gap_y = apart_x + mine_x * x - other_x * y, apart_y + mine_y * x - other_y * y
        if gap_x * gap_x + gap_y * gap_y < room2:
            span = _widen(span, x, y, takes, lasts)
    speed2 = mine_x * mine_x + mine_y * mine_y
    if speed2 > _LEVEL:
        for side in range(2):
            y = lasts if side else 0.0
            if y == inf:
                y = 1e12
            gap_x, gap_y = apart_x - other_x * y, apart_y - other_y * y
            along = gap_x * mine_x + gap_y * mine_y
            under = along * along - speed2 * (gap_x * gap_x + gap_y * gap_y - room2)
            if under > 0.0:
                half = sqrt(under)
                span = _widen(span, (-along - half) / speed2, y, takes, lasts)
                span = _widen(span, (half - along) / speed2, y, takes, lasts)
    speed2 = other_x * other_x + other_y * other_y
    if speed2 > _LEVEL:
        for side in range(2):
            x = takes if side else 0.0
            gap_x, gap_y = apart_x + mine_x * x, apart_y + mine_y * x
            along = -(gap_x * other_x + gap_y * other_y)
            under = along * along - speed2 * (gap_x * gap_x + gap_y * gap_y - room2)
            if under > 0.0:
                half = sqrt(under)
                span = _widen(span, x, (-along - half) / speed2, takes, lasts)
                span = _widen(span, x, (half - along) / speed2, takes, lasts)
    cross = other_x * mine_y - other_y * mine_x
    drift_x, drift_y = mine_x - other_x, mine_y - other_y
    drift = sqrt(drift_x * drift_x + drift_y * drift_y)
    if abs(cross) > _LEVEL and drift > 1e-9:
        for side in range(2):
            # The rim touches a line of equal departure where the gap stands square on the drift.
            reach = room if side else -room
            gap_x = -drift_y / drift * reach - apart_x
            gap_y = drift_x / drift * reach - apart_y
            x = (gap_y * other_x - gap_x * other_y) / cross
            y = (gap_y * mine_x - gap_x * mine_y) / cross
            span = _widen(span, x, y, takes, lasts)
    return span


@compiled
def _point_gap2(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    along_x, along_y = bx - ax, by - ay
    length2 = along_x * along_x + along_y * along_y
    share = 0.0
    if length2 > 0.0:
        share = min(1.0, max(0.0, ((x - ax) * along_x + (y - ay) * along_y) / length2))
    gap_x, gap_y = ax + share * along_x - x, ay + share * along_y - y
    return float(gap_x * gap_x + gap_y * gap_y)


@compiled
def _cross(piece: Floats, x: float, y: float) -> float:
    return float((piece[2] - piece[0]) * (y - piece[1]) - (piece[3] - piece[1]) * (x - piece[0]))


@compiled
def _gap2(one: Floats, other: Floats) -> float:
    """Return the squared distance of two straight pieces ``x, y, x, y``."""
    if (
        _cross(one, other[0], other[1]) * _cross(one, other[2], other[3]) < 0.0
        and _cross(other, one[0], one[1]) * _cross(other, one[2], one[3]) < 0.0
    ):
        return 0.0
    return min(
        _point_gap2(one[0], one[1], other[0], other[1], other[2], other[3]),
        _point_gap2(one[2], one[3], other[0], other[1], other[2], other[3]),
        _point_gap2(other[0], other[1], one[0], one[1], one[2], one[3]),
        _point_gap2(other[2], other[3], one[0], one[1], one[2], one[3]),
    )


@compiled
def near_ground(pieces: Floats, room: float) -> tuple[Indices, Indices]:
    """Return rows of the pieces that come nearer than `room` to each of ``(G, 4)`` straight pieces, itself included."""
    count = len(pieces)
    left, right = np.minimum(pieces[:, 0], pieces[:, 2]), np.maximum(pieces[:, 0], pieces[:, 2])
    low, high = np.minimum(pieces[:, 1], pieces[:, 3]), np.maximum(pieces[:, 1], pieces[:, 3])
    order = np.argsort(left, kind="mergesort")
    pairs = np.empty((1024, 2), np.int32)
    number = 0
    for rank in range(count):
        one = order[rank]
        for other_rank in range(rank, count):
            other = order[other_rank]
            if left[other] > right[one] + room:
                break
            if low[other] > high[one] + room or low[one] > high[other] + room:
                continue
            if other != one and _gap2(pieces[one], pieces[other]) >= room * room:
                continue
            if number == len(pairs):
                larger = np.empty((2 * number, 2), np.int32)
                larger[:number] = pairs
                pairs = larger
            pairs[number, 0], pairs[number, 1] = one, other
            number += 1
    first = np.zeros(count + 1, np.int32)
    for index in range(number):
        first[pairs[index, 0] + 1] += 1
        if pairs[index, 0] != pairs[index, 1]:
            first[pairs[index, 1] + 1] += 1
    for piece in range(count):
        first[piece + 1] += first[piece]
    filled = first[:-1].copy()
    near = np.empty(first[count], np.int32)
    for index in range(number):
        one, other = pairs[index, 0], pairs[index, 1]
        near[filled[one]] = other
        filled[one] += 1
        if one != other:
            near[filled[other]] = one
            filled[other] += 1
    return first, near
