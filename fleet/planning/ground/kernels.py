"""Compiled tests of straight drives against the ground.

A capsule is a segment with a radius: a rock is one of no length, an edge of a keep-out zone one of no radius. `avoid`
is ``(A, 3)``: x, y and radius of further discs. Metres, seconds, joules.
"""

from __future__ import annotations

from math import ceil, floor, inf, sqrt

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Floats, Ground, Indices, Leg
from fleet.planning.ground.sand.kernels import slipping

_SAME = 1.0 - 1e-9


@compiled
def index_of(place: float, count: int) -> int:
    """Return the index below `count` that is nearest to the floor of a place, whatever that is: 0 for no number."""
    return floor(min(count - 1.0, max(0.0, place)))


@compiled
def is_on_map(ground: Ground, leg: Leg) -> bool:
    """Whether the ground has heights at both ends of a leg; no number is nowhere."""
    ax, ay, bx, by = leg
    return abs(ax) <= -ground.west and abs(bx) <= -ground.west and abs(ay) <= -ground.south and abs(by) <= -ground.south


@compiled
def point_gap2(x: float, y: float, leg: Leg) -> float:
    """Return the squared distance of a point from a segment."""
    ax, ay, bx, by = leg
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0.0:
        share = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / square))
    gx, gy = ax + share * dx - x, ay + share * dy - y
    return gx * gx + gy * gy


@compiled
def legs_gap2(leg: Leg, other: Leg) -> float:
    """Return the squared distance of two segments, 0 when they cross."""
    ax, ay, bx, by = leg
    cx, cy, dx, dy = other
    side_c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    side_d = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    side_a = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    side_b = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    if side_c * side_d < 0.0 and side_a * side_b < 0.0:
        return 0.0
    return min(point_gap2(ax, ay, other), point_gap2(bx, by, other), point_gap2(cx, cy, leg), point_gap2(dx, dy, leg))


@compiled
def box_gap2(leg: Leg, box: Leg) -> float:
    """Return the squared distance of a segment from an upright box, 0 when they touch.

    `box` is least x and y, greatest x and y.
    """
    ax, ay, bx, by = leg
    x0, y0, x1, y1 = box
    enter, leave = 0.0, 1.0
    for origin, step, low, high in ((ax, bx - ax, x0, x1), (ay, by - ay, y0, y1)):
        if step == 0.0:
            if origin < low or origin > high:
                leave = -1.0
        else:
            first, second = (low - origin) / step, (high - origin) / step
            enter = max(enter, min(first, second))
            leave = min(leave, max(first, second))
    if enter <= leave:
        return 0.0
    gap = min(point_gap2(x0, y0, leg), point_gap2(x1, y0, leg), point_gap2(x0, y1, leg), point_gap2(x1, y1, leg))
    for x, y in ((ax, ay), (bx, by)):
        gx, gy = max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)
        gap = min(gap, gx * gx + gy * gy)
    return gap


@compiled
def steep_gap2(ground: Ground, leg: Leg, reach: float) -> float:
    """Return the squared distance of a short leg from steep cells; at most reach squared."""
    ax, ay, bx, by = leg
    rows, columns = ground.steep.shape
    pixel = ground.pixel
    left = index_of((min(ax, bx) - reach - ground.west) / pixel + 0.5, columns)
    right = index_of((max(ax, bx) + reach - ground.west) / pixel + 0.5, columns)
    low = index_of((min(ay, by) - reach - ground.south) / pixel + 0.5, rows)
    high = index_of((max(ay, by) + reach - ground.south) / pixel + 0.5, rows)
    sums, least = ground.steep_sums, reach * reach
    if sums[high + 1, right + 1] - sums[low, right + 1] - sums[high + 1, left] + sums[low, left] == 0:
        return least
    for row in range(low, high + 1):
        y = ground.south + row * pixel
        for column in range(left, right + 1):
            if ground.steep[row, column]:
                x = ground.west + column * pixel
                cell = (x - 0.5 * pixel, y - 0.5 * pixel, x + 0.5 * pixel, y + 0.5 * pixel)
                least = min(least, box_gap2(leg, cell))
    return least


@compiled
def gap2(ground: Ground, leg: Leg, reach: float) -> float:
    """Return the squared distance of a short leg from steep ground, rocks and zone edges; at most reach squared.

    A leg that cuts steep ground, a rock or an edge has no distance; one wholly inside a zone is far from its edges.
    """
    ax, ay, bx, by = leg
    least = steep_gap2(ground, leg, reach)
    rows, columns = ground.bucket_rows, ground.bucket_columns
    first = index_of((min(ax, bx) - reach - ground.west) / ground.bucket, columns)
    last = index_of((max(ax, bx) + reach - ground.west) / ground.bucket, columns)
    low = index_of((min(ay, by) - reach - ground.south) / ground.bucket, rows)
    high = index_of((max(ay, by) + reach - ground.south) / ground.bucket, rows)
    for row in range(low, high + 1):
        for column in range(first, last + 1):
            cell = row * columns + column
            for item in range(ground.bucket_start[cell], ground.bucket_start[cell + 1]):
                cx, cy, dx, dy, radius = ground.capsules[ground.bucket_items[item]]
                square = legs_gap2(leg, (cx, cy, dx, dy))
                near = radius + sqrt(least)
                if square < near * near:
                    left_over = max(0.0, sqrt(square) - radius)
                    least = left_over * left_over
    return least


@compiled
def in_zone(ground: Ground, x: float, y: float) -> bool:
    """Whether a point lies in a keep-out zone, by crossings of their edges."""
    inside = False
    for edge in range(len(ground.edges)):
        ax, ay, bx, by = ground.edges[edge]
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


@compiled
def is_clear(ground: Ground, avoid: Floats, leg: Leg, room: float) -> bool:
    """Whether a disc of radius `room` can be driven along a leg; its first end must not lie inside a zone."""
    ax, ay, bx, by = leg
    room = room * _SAME
    wide, tall = -ground.west - room, -ground.south - room
    if not (abs(ax) <= wide and abs(bx) <= wide and abs(ay) <= tall and abs(by) <= tall):
        return False
    for index in range(len(avoid)):
        near = avoid[index, 2] + room
        if point_gap2(avoid[index, 0], avoid[index, 1], leg) < near * near:
            return False
    dx, dy = bx - ax, by - ay
    pieces = max(1, ceil(sqrt(dx * dx + dy * dy) / ground.bucket))
    for piece in range(pieces):
        start, end = piece / pieces, (piece + 1) / pieces
        if gap2(ground, (ax + dx * start, ay + dy * start, ax + dx * end, ay + dy * end), room) < room * room:
            return False
    return True


@compiled
def clearance(ground: Ground, avoid: Floats, x: float, y: float, reach: float) -> float:
    """Return how far a point is from all that stops, at most `reach`; below 0 inside discs, zones and off the map."""
    if not is_on_map(ground, (x, y, x, y)) or in_zone(ground, x, y):
        return -1e6
    least = min(reach, -ground.west - abs(x), -ground.south - abs(y))
    least = min(least, sqrt(gap2(ground, (x, y, x, y), reach)))
    for index in range(len(avoid)):
        gx, gy = avoid[index, 0] - x, avoid[index, 1] - y
        least = min(least, sqrt(gx * gx + gy * gy) - avoid[index, 2])
    if least <= 0.0:
        # Inside something: for rocks the depth counts, so that driving out of one can be told from driving through.
        for index in range(len(ground.capsules)):
            cx, cy, _, _, radius = ground.capsules[index]
            if radius > 0.0:
                gx, gy = cx - x, cy - y
                least = min(least, sqrt(gx * gx + gy * gy) - radius)
    return least


@compiled
def height(ground: Ground, x: float, y: float) -> float:
    """Return the bilinear height of the ground; off the map that of its border."""
    rows, columns = ground.heights.shape
    across = min(max(0.0, (x - ground.west) / ground.pixel), columns - 1.0)  # 0 for no number
    up = min(max(0.0, (y - ground.south) / ground.pixel), rows - 1.0)
    left, low = min(floor(across), columns - 2), min(floor(up), rows - 2)
    right_share, up_share = across - left, up - low
    heights = ground.heights
    below = heights[low, left] * (1.0 - right_share) + heights[low, left + 1] * right_share
    above = heights[low + 1, left] * (1.0 - right_share) + heights[low + 1, left + 1] * right_share
    between: float = below * (1.0 - up_share) + above * up_share
    return between


@compiled
def heights_at(ground: Ground, points: Floats) -> Floats:
    """Return ``(n,)`` bilinear heights at ``(n, 2)`` points."""
    heights = np.empty(len(points))
    for index in range(len(points)):
        heights[index] = height(ground, points[index, 0], points[index, 1])
    return heights


@compiled
def steepest(ground: Ground, leg: Leg) -> float:
    """Return the most that the ground climbs or falls anywhere along a leg, metres a metre; infinite off the map.

    Exact for the bilinear surface: within a cell the slope along a straight line is linear, so its ends decide.
    """
    if not is_on_map(ground, leg):
        return inf
    ax, ay, bx, by = leg
    u, v = (ax - ground.west) / ground.pixel, (ay - ground.south) / ground.pixel
    du, dv = (bx - ax) / ground.pixel, (by - ay) / ground.pixel
    length = sqrt(du * du + dv * dv) * ground.pixel
    rows, columns = ground.heights.shape
    # The next grid line in each direction, and at which share of the leg it is crossed.
    line_u, line_v = (floor(u) + 1 if du > 0.0 else ceil(u) - 1), (floor(v) + 1 if dv > 0.0 else ceil(v) - 1)
    here, worst = 0.0, 0.0
    # Ends: each turn crosses one of the grid's lines, of which there are few on the map, or comes to the end.
    while here < 1.0 and length > 0.0:
        cross_u = (line_u - u) / du if du != 0.0 else inf
        cross_v = (line_v - v) / dv if dv != 0.0 else inf
        there = min(1.0, cross_u, cross_v)
        middle = 0.5 * (here + there)
        left = min(columns - 2, max(0, floor(u + du * middle)))
        low = min(rows - 2, max(0, floor(v + dv * middle)))
        a, b = ground.heights[low, left], ground.heights[low, left + 1]
        c, d = ground.heights[low + 1, left], ground.heights[low + 1, left + 1]
        for share in (here, there):
            right_share, up_share = u + du * share - left, v + dv * share - low
            climb = du * ((b - a) * (1.0 - up_share) + (d - c) * up_share)
            climb += dv * ((c - a) * (1.0 - right_share) + (d - b) * right_share)
            worst = max(worst, abs(climb) / length)
        if cross_u <= there:
            line_u += 1 if du > 0.0 else -1
        if cross_v <= there:
            line_v += 1 if dv > 0.0 else -1
        here = there
    return worst


@compiled
def drive(ground: Ground, leg: Leg, limit: float) -> tuple[float, float]:
    """Return seconds and joules of a leg, cut in pieces of at most one pixel.

    Infinite off the map, when the ground climbs or falls more than `limit` metres a metre anywhere, or when a piece is
    too steep to climb at all.
    """
    if not is_on_map(ground, leg):
        return inf, inf
    ax, ay, bx, by = leg
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    if length == 0.0:
        return 0.0, 0.0
    if limit < inf and steepest(ground, leg) > limit:
        return inf, inf
    pieces = max(1, ceil(length / ground.pixel))
    run = length / pieces
    table, top = ground.pace, ground.steepest
    last = len(table) - 1
    scale = last / (2.0 * top)
    seconds, joules = 0.0, 0.0
    before = height(ground, ax, ay)
    for piece in range(1, pieces + 1):
        share = piece / pieces
        now = height(ground, ax + dx * share, ay + dy * share)
        climb = (now - before) / run
        before = now
        if climb > top:
            return inf, inf
        # What falls steeper than the table goes like its steepest fall: the laws do not change there.
        place = max(0.0, (climb + top) * scale)
        low = min(floor(place), last - 1)
        rest = place - low
        first = (piece - 1) / pieces
        wheels = run * slipping(ground, (ax + dx * first, ay + dy * first, ax + dx * share, ay + dy * share))
        seconds += wheels * (table[low, 0] * (1.0 - rest) + table[low + 1, 0] * rest)
        joules += wheels * (table[low, 1] * (1.0 - rest) + table[low + 1, 1] * rest)
    return seconds, joules


@compiled
def leads_out(ground: Ground, avoid: Floats, leg: Leg) -> bool:
    """Whether a body that stands too near to something drives straight away from it, to where it has room."""
    if not is_on_map(ground, leg):
        return False
    ax, ay, bx, by = leg
    dx, dy, room = bx - ax, by - ay, ground.room
    pieces = max(1, ceil(sqrt(dx * dx + dy * dy) / (0.05 * ground.pixel)))
    before = clearance(ground, avoid, ax, ay, room)
    for piece in range(1, pieces + 1):
        x, y = ax + dx * (piece / pieces), ay + dy * (piece / pieces)
        now = clearance(ground, avoid, x, y, room)
        if now < before - 1e-9:
            return False
        before = now
        if now >= room * _SAME:
            rest = (x, y, bx, by)
            return is_clear(ground, avoid, rest, room) and drive(ground, rest, ground.limit)[0] < inf
    return False


@compiled
def fill_buckets(
    capsules: Floats, corner: tuple[float, float], bucket: float, shape: tuple[int, int]
) -> tuple[Indices, Indices]:
    """Return where each bucket's capsules start in a list, and the list; a capsule is in all that its box meets."""
    west, south = corner
    rows, columns = shape
    starts = np.zeros(rows * columns + 1, np.int32)
    items = np.empty(0, np.int32)
    for turn in range(2):
        if turn == 1:
            for cell in range(rows * columns):
                starts[cell + 1] += starts[cell]
            items = np.empty(starts[-1], np.int32)
        filled = starts.copy()
        for index in range(len(capsules)):
            ax, ay, bx, by, radius = capsules[index]
            first = index_of((min(ax, bx) - radius - west) / bucket, columns)
            last = index_of((max(ax, bx) + radius - west) / bucket, columns)
            low = index_of((min(ay, by) - radius - south) / bucket, rows)
            high = index_of((max(ay, by) + radius - south) / bucket, rows)
            for row in range(low, high + 1):
                for column in range(first, last + 1):
                    cell = row * columns + column
                    if turn == 0:
                        starts[cell + 1] += 1
                    else:
                        items[filled[cell]] = index
                        filled[cell] += 1
    return starts, items
