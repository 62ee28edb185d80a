"""A* over corners, with sights that are known, or looked for only when a way depends on them."""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.visibility.arrays import Floats, Indices, Outlines, Sights
from fleet.planning.visibility.exact.kernels import turn
from fleet.planning.visibility.kernels import is_free, side_of

_START, _GOAL = -1, -2
_MOST_LEGS = 1 << 26  # Two gigabytes of them; a search over more is given up.


@compiled
def push(keys: Floats, entries: Indices, size: int, key: float, entry: int) -> None:
    """Put an entry into a heap of four children each that has `size` entries; equal keys stand by number."""
    spot = size
    while spot > 0:
        above = (spot - 1) >> 2
        if keys[above] < key or (keys[above] == key and entries[above] < entry):
            break
        keys[spot], entries[spot] = keys[above], entries[above]
        spot = above
    keys[spot], entries[spot] = key, entry


@compiled
def sink(keys: Floats, entries: Indices, size: int, spot: int, key: float, entry: int) -> None:
    """Put an entry at a spot of a heap of `size` entries, or below it where it belongs."""
    while True:
        child = 4 * spot + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < keys[least] or (keys[other] == keys[least] and entries[other] < entries[least]):
                least = other
        if key < keys[least] or (key == keys[least] and entry < entries[least]):
            break
        keys[spot], entries[spot] = keys[least], entries[least]
        spot = least
    keys[spot], entries[spot] = key, entry


@compiled
def shortest_way(
    outlines: Outlines, sights: Sights, start: tuple[float, float], goal: tuple[float, float], whole: bool, budget: int
) -> tuple[float, Indices, int]:
    """Return the length of the shortest way, the corners that it bends around, and how many were taken up.

    `start` and `goal` lie on free ground; `whole` says whether `sights` are known. No way has infinite length; -1 for
    how many means that more than `budget` would have been needed, or more legs than there is room for.

    An entry of the queue is a leg, at the length of the way that it ends; whether it is free is found out when it is
    first in the queue, unless it is a known sight. Ways bend only towards the obstacle that they bend around.
    """
    corners = outlines.corners
    count = len(corners)
    sx, sy = start
    gx, gy = goal
    lengths = np.full(count, inf)
    parents = np.full(count, _START, np.int32)
    closed = np.zeros(count, np.uint8)
    # Entries are numbers of legs: where from, where to, and the length until its end.
    room = max(64, 2 * count)
    keys, entries = np.empty(room), np.empty(room, np.int32)
    froms, tos, reached = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    size, legs, taken = 0, 0, 0
    here, hx, hy, length = _START, sx, sy, 0.0
    px, py = sx, sy
    while True:
        # All legs from where the way has come to.
        last = 0
        if here >= 0:
            parent = parents[here]
            px, py = (sx, sy) if parent == _START else (corners[parent, 0], corners[parent, 1])
            last = side_of(corners, here, px, py)
        known = whole and here >= 0
        first, end = (sights.start[here], sights.start[here + 1]) if known else (0, count)
        for item in range(first - 1, end):
            if item < first:
                to, tx, ty = _GOAL, gx, gy
                if here >= 0 and side_of(corners, here, gx, gy) == 0:
                    continue
            else:
                to = sights.to[item] if known else item
                if closed[to] or to == here:
                    continue
                tx, ty = corners[to, 0], corners[to, 1]
            if here >= 0:
                bend = turn(px, py, hx, hy, tx, ty)
                if bend * last < 0.0:
                    continue
            if to >= 0 and not known:
                if side_of(corners, to, hx, hy) == 0 or (tx == hx and ty == hy):
                    continue
                if here >= 0 and side_of(corners, here, tx, ty) == 0:
                    continue
            step = sqrt((tx - hx) * (tx - hx) + (ty - hy) * (ty - hy))
            total = length + step
            if to >= 0:
                if not total < lengths[to]:
                    continue
                if known:
                    lengths[to] = total
            if legs == _MOST_LEGS:
                return inf, np.empty(0, np.int32), -1
            if legs == len(keys):
                keys, entries = np.concatenate((keys, keys)), np.concatenate((entries, entries))
                froms, tos = np.concatenate((froms, froms)), np.concatenate((tos, tos))
                reached = np.concatenate((reached, reached))
            froms[legs], tos[legs], reached[legs] = here, to, total
            push(keys, entries, size, total + sqrt((gx - tx) * (gx - tx) + (gy - ty) * (gy - ty)), legs)
            size += 1
            legs += 1
        # The leg of the shortest way that is not looked at yet.
        while True:
            if size == 0:
                return inf, np.empty(0, np.int32), taken
            leg = entries[0]
            size -= 1
            sink(keys, entries, size, 0, keys[size], entries[size])
            origin, to = froms[leg], tos[leg]
            if to >= 0 and closed[to]:
                continue
            ox, oy = (sx, sy) if origin == _START else (corners[origin, 0], corners[origin, 1])
            tx, ty = (gx, gy) if to == _GOAL else (corners[to, 0], corners[to, 1])
            if (whole and origin >= 0 and to >= 0) or is_free(outlines, ox, oy, tx, ty):
                break
        if to == _GOAL:
            return reached[leg], corners_back_from(origin, parents), taken
        if taken >= budget:
            return inf, np.empty(0, np.int32), -1
        taken += 1
        closed[to], parents[to], lengths[to] = 1, origin, reached[leg]
        here, hx, hy, length = to, tx, ty, reached[leg]


@compiled
def corners_back_from(corner: int, parents: Indices) -> Indices:
    """Return the corners from the start to one that was reached."""
    count, here = 0, corner
    while here >= 0:
        count += 1
        here = parents[here]
    way = np.empty(count, np.int32)
    here = corner
    for spot in range(count - 1, -1, -1):
        way[spot] = here
        here = parents[here]
    return way
