"""Compiled weighing of straight drives: seconds at risk, what a leg comes to, and which legs a way needs.

Arguments as in `fleet.planning.ground.kernels`.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import ceil, floor, inf, sqrt

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Floats, Ground, Indices, Leg
from fleet.planning.ground.kernels import drive, gap2, is_clear, is_on_map, steepest
from fleet.planning.ground.sand.kernels import softness
from fleet.planning.weighing.arrays import Weights

_SAME = 1.0 - 1e-9
NEAR = 2.0  # Metres from the body within which hazards count.


@compiled
def danger(ground: Ground, x: float, y: float) -> float:
    """Return how near a place of the map is to what the vehicle may not take, 0 to 1.

    The sum of three squares, at most 1: the steepness there by the steepest that the vehicle may take; the share of
    wheel travel that is lost; and how much of `NEAR` metres beside the body a hazard takes away.
    """
    rows, columns = ground.heights.shape
    across, up = (x - ground.west) / ground.pixel, (y - ground.south) / ground.pixel
    left, low = min(max(0, floor(across)), columns - 2), min(max(0, floor(up)), rows - 2)
    right_share, up_share = across - left, up - low
    a, b = np.float64(ground.heights[low, left]), np.float64(ground.heights[low, left + 1])
    c, d = np.float64(ground.heights[low + 1, left]), np.float64(ground.heights[low + 1, left + 1])
    east = ((b - a) * (1.0 - up_share) + (d - c) * up_share) / ground.pixel
    north = ((c - a) * (1.0 - right_share) + (d - b) * right_share) / ground.pixel
    steep = (east * east + north * north) / (ground.tilt * ground.tilt)
    soft = softness(ground, x, y)
    beside = max(0.0, sqrt(gap2(ground, (x, y, x, y), ground.radius + NEAR)) - ground.radius)
    near = max(0.0, 1.0 - beside / NEAR)
    total: float = steep + soft * soft + near * near
    return min(1.0, total)


@compiled
def seconds_at_risk(ground: Ground, leg: Leg) -> float:
    """Return the seconds of a drive, each by the danger where it is spent; infinite where it cannot be driven.

    In the pieces of `drive`, each by the danger of its middle.
    """
    if not is_on_map(ground, leg):
        return inf
    ax, ay, bx, by = leg
    dx, dy = bx - ax, by - ay
    pieces = max(1, ceil(sqrt(dx * dx + dy * dy) / ground.pixel))
    total = 0.0
    for piece in range(pieces):
        start, end, middle = piece / pieces, (piece + 1) / pieces, (piece + 0.5) / pieces
        part = (ax + dx * start, ay + dy * start, ax + dx * end, ay + dy * end)
        seconds, _ = drive(ground, part, inf)
        if seconds == inf:
            return inf
        total += seconds * danger(ground, ax + dx * middle, ay + dy * middle)
    return total


@compiled
def leg_cost(ground: Ground, weights: Weights, risk: float | None, leg: Leg) -> float:
    """Return what a leg comes to by its weights, however steep; infinite where it cannot be driven at all.

    `risk` is the weight of risk, None where it does not count: then nothing that it needs is compiled.
    """
    seconds, joules = drive(ground, leg, inf)
    if seconds == inf:
        return inf
    cost = weights.time * seconds + weights.energy * joules
    if risk is not None:
        cost += risk * seconds_at_risk(ground, leg)
    return cost


@compiled
def shorten(
    ground: Ground,
    weights: Weights,
    risk: float | None,
    avoid: Floats,
    points: Floats,
    first_room: float,
    last_room: float,
) -> Indices:
    """Return which of ``(K, 2)`` points of a way to keep, so that straight drives between them cost least.

    `risk` is as in `leg_cost`; `first_room` and `last_room` are what the legs from the first and to the last point keep
    clear. Legs that are given are taken as they are, since they were found good.
    """
    count = len(points)
    best = np.full(count, inf)
    before = np.zeros(count, np.int32)
    best[0] = 0.0
    for end in range(1, count):
        for start in range(end):
            leg = (points[start, 0], points[start, 1], points[end, 0], points[end, 1])
            dx, dy = leg[2] - leg[0], leg[3] - leg[1]
            # No leg costs less than its length on the best of ground.
            if best[start] + sqrt(dx * dx + dy * dy) * weights.least >= best[end] * _SAME:
                continue
            cost = leg_cost(ground, weights, risk, leg)
            if not best[start] + cost < best[end] * _SAME:
                continue
            room = ground.room
            if start == 0:
                room = min(room, first_room)
            if end == count - 1:
                room = min(room, last_room)
            given = start == end - 1
            if given or (steepest(ground, leg) <= ground.limit and is_clear(ground, avoid, leg, room)):
                best[end] = best[start] + cost
                before[end] = start
    kept = np.empty(count, np.int32)
    kept[0], length = count - 1, 1
    while kept[length - 1] > 0:
        kept[length] = before[kept[length - 1]]
        length += 1
    return kept[:length][::-1].copy()
