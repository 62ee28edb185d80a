"""Compiled work on outlines: what sees what, and shortest ways.

A straight leg is free when it meets no inner point of forbidden ground; it may touch and follow borders. All decisions
rest on the exact sign of turns, so that touching, collinear and repeated vertices are no special cases.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import floor, inf

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.visibility.arrays import Bytes, Floats, Indices, Outlines, Squares
from fleet.planning.visibility.exact.kernels import turn

_SECTORS = 256  # Directions from a corner.
_SLACK = 1e-9  # Of a square's side; edges are listed so much further than they reach, against rounding.


@compiled
def fill_squares(around: Floats, squares: Squares) -> tuple[Indices, Floats]:
    """Return where each square's edges start in a list, and the list ``(M, 6)``.

    `around` is ``(N, 6)``: x and y of every vertex, of the one before and of the one after. The edge from a vertex to
    the one after is in all squares that its box meets.
    """
    west, south, side, rows, columns = squares
    slack = _SLACK * side
    starts = np.zeros(rows * columns + 1, np.int32)
    edges = np.empty((0, 6))
    for again in range(2):
        if again == 1:
            for square in range(rows * columns):
                starts[square + 1] += starts[square]
            edges = np.empty((starts[-1], 6))
        filled = starts.copy()
        for edge in range(len(around)):
            ax, ay, bx, by = around[edge, 0], around[edge, 1], around[edge, 4], around[edge, 5]
            first = min(columns - 1, max(0, floor((min(ax, bx) - slack - west) / side)))
            last = min(columns - 1, max(0, floor((max(ax, bx) + slack - west) / side)))
            low = min(rows - 1, max(0, floor((min(ay, by) - slack - south) / side)))
            high = min(rows - 1, max(0, floor((max(ay, by) + slack - south) / side)))
            for row in range(low, high + 1):
                for column in range(first, last + 1):
                    square = row * columns + column
                    if again == 0:
                        starts[square + 1] += 1
                    else:
                        for part in range(6):
                            edges[filled[square], part] = around[edge, part]
                        filled[square] += 1
    return starts, edges


@compiled
def share_in_box(
    ax: float, ay: float, bx: float, by: float, box: tuple[float, float, float, float]
) -> tuple[float, float]:
    """Return from which to which share of a leg it is in a box of least x and y, greatest x and y; (1, 0) for never."""
    enter, leave = 0.0, 1.0
    for origin, step, low, high in ((ax, bx - ax, box[0], box[2]), (ay, by - ay, box[1], box[3])):
        if step == 0.0:
            if origin < low or origin > high:
                return 1.0, 0.0
        else:
            one, other = (low - origin) / step, (high - origin) / step
            enter = max(enter, min(one, other))
            leave = min(leave, max(one, other))
    return (enter, leave) if enter <= leave else (1.0, 0.0)


@compiled
def leads_inside(around: Floats, x: float, y: float) -> bool:
    """Whether the direction from a vertex to a point lies strictly within the forbidden ground beside the vertex.

    `around` is ``(6,)``: the vertex, the one before and the one after.
    """
    vx, vy, px, py, nx, ny = around[0], around[1], around[2], around[3], around[4], around[5]
    of_next, of_last = turn(vx, vy, nx, ny, x, y), turn(vx, vy, px, py, x, y)
    if turn(px, py, vx, vy, nx, ny) > 0.0:
        return of_next > 0.0 and of_last < 0.0
    return of_next > 0.0 or of_last < 0.0


@compiled
def edge_stops(around: Floats, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a leg crosses an edge, or enters or leaves forbidden ground at the vertex that the edge starts at.

    `around` is ``(6,)``: that vertex, the one before and the one after.
    """
    px, py, qx, qy = around[0], around[1], around[4], around[5]
    side_p = turn(ax, ay, bx, by, px, py)
    side_q = turn(ax, ay, bx, by, qx, qy)
    if side_p == 0.0:
        # In the line of the leg; the coordinate that changes more tells the order without rounding.
        if abs(bx - ax) >= abs(by - ay):
            here, low, high = px, min(ax, bx), max(ax, bx)
        else:
            here, low, high = py, min(ay, by), max(ay, by)
        if here < low or here > high:
            return False
        if not (px == bx and py == by) and leads_inside(around, bx, by):
            return True
        return not (px == ax and py == ay) and leads_inside(around, ax, ay)
    if side_q == 0.0 or (side_p > 0.0) == (side_q > 0.0):
        return False
    side_a = turn(px, py, qx, qy, ax, ay)
    side_b = turn(px, py, qx, qy, bx, by)
    # An end on the edge: forbidden ground is left of it, so what comes from or goes to there is stopped.
    return (side_a > 0.0 and side_b <= 0.0) or (side_b > 0.0 and side_a <= 0.0)


@compiled
def is_free(outlines: Outlines, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a leg meets no inner point of forbidden ground; its ends must not lie inside of it."""
    return stopper(outlines.squares, outlines.square_start, outlines.square_edges, ax, ay, bx, by, False) < 0


@compiled
def stopper(
    squares: Squares,
    square_start: Indices,
    square_edges: Floats,
    ax: float,
    ay: float,
    bx: float,
    by: float,
    tangent: bool,
) -> int:
    """Return the number of an edge where a leg enters or leaves forbidden ground, -1 when it does not.

    `tangent` says that the leg is known to cut no corner at its ends.
    """
    west, south, side, rows, columns = squares
    enter, leave = share_in_box(ax, ay, bx, by, (west, south, west + columns * side, south + rows * side))
    if enter > leave:
        return -1
    dx, dy = bx - ax, by - ay
    # Turns beyond this have the sign that they seem to have.
    doubt = 1e-15 * (abs(dx) + abs(dy)) * (abs(dx) + abs(dy) + (rows + columns) * side)
    across, up = (ax + dx * enter - west) / side, (ay + dy * enter - south) / side
    column = min(columns - 1, max(0, floor(across)))
    row = min(rows - 1, max(0, floor(up)))
    last_column = min(columns - 1, max(0, floor((ax + dx * leave - west) / side)))
    last_row = min(rows - 1, max(0, floor((ay + dy * leave - south) / side)))
    steps_across, steps_up = abs(last_column - column), abs(last_row - row)
    right, upward = (1 if dx > 0.0 else -1), (1 if dy > 0.0 else -1)
    # Shares of the leg from one line between squares to the next, and to the next ahead.
    pace_across = side / abs(dx) if dx != 0.0 else inf
    pace_up = side / abs(dy) if dy != 0.0 else inf
    next_across = abs(column + (1 if dx > 0.0 else 0) - across) * pace_across if steps_across > 0 else inf
    next_up = abs(row + (1 if dy > 0.0 else 0) - up) * pace_up if steps_up > 0 else inf
    while True:
        square = row * columns + column
        for item in range(square_start[square], square_start[square + 1]):
            px, py, qx, qy = square_edges[item, 0], square_edges[item, 1], square_edges[item, 4], square_edges[item, 5]
            side_p = dx * (py - ay) - dy * (px - ax)
            side_q = dx * (qy - ay) - dy * (qx - ax)
            if (side_p > doubt and side_q > doubt) or (side_p < -doubt and side_q < -doubt):
                continue
            if tangent:
                if (px == ax and py == ay) or (px == bx and py == by):
                    continue
                if abs(side_p) > doubt and ((qx == ax and qy == ay) or (qx == bx and qy == by)):
                    continue
            if edge_stops(square_edges[item], ax, ay, bx, by):
                return item
        if steps_across > 0 and (next_across <= next_up or steps_up == 0):
            column += right
            next_across += pace_across
            steps_across -= 1
        elif steps_up > 0:
            row += upward
            next_up += pace_up
            steps_up -= 1
        else:
            return -1


@compiled
def bends(vertices: Floats) -> Bytes:
    """Return which of ``(N, 6)`` vertices ways can bend around: those at which forbidden ground is a convex corner."""
    convex = np.zeros(len(vertices), np.uint8)
    for index in range(len(vertices)):
        x, y, px, py, nx, ny = vertices[index]
        convex[index] = turn(px, py, x, y, nx, ny) > 0.0
    return convex


@compiled
def where(outlines: Outlines, x: float, y: float) -> int:
    """Return 1 when a point lies on free ground, 0 when on a border, -1 when inside forbidden ground."""
    vertices = outlines.vertices
    around = outlines.enclosed
    for edge in range(len(vertices)):
        ax, ay, bx, by = vertices[edge, 0], vertices[edge, 1], vertices[edge, 4], vertices[edge, 5]
        if max(ay, by) < y or min(ay, by) > y:
            continue
        side = turn(ax, ay, bx, by, x, y)
        if side == 0.0 and min(ax, bx) <= x <= max(ax, bx):
            return 0
        if ay <= y < by and side > 0.0:
            around += 1
        elif by <= y < ay and side < 0.0:
            around -= 1
    return 1 if around == 0 else -1


@compiled
def side_of(corners: Floats, corner: int, x: float, y: float) -> int:
    """Return on which side of the line from a point to a corner its obstacle lies: 1 left, -1 right, 0 on both.

    Shortest ways touch a corner only on lines that have the whole of it on one side.
    """
    cx, cy = corners[corner, 0], corners[corner, 1]
    before = turn(x, y, cx, cy, corners[corner, 2], corners[corner, 3])
    after = turn(x, y, cx, cy, corners[corner, 4], corners[corner, 5])
    if (before > 0.0 and after < 0.0) or (before < 0.0 and after > 0.0):
        return 0
    return 1 if before > 0.0 or after > 0.0 else -1


@compiled
def sector(dx: float, dy: float) -> int:
    """Return in which of `_SECTORS` directions a step goes; no angle, but grows like one."""
    share = dy / (abs(dx) + abs(dy))
    around = 1.0 + share if dx >= 0.0 else 3.0 - share
    return min(_SECTORS - 1, floor(around * (0.25 * _SECTORS)))


@compiled
def find_sights(outlines: Outlines, lone: Bytes, fresh: Bytes, boxes: Floats) -> tuple[Indices, Indices]:
    """Return pairs of corners, the lower first, that a shortest way may join straight.

    `lone` corners ``(C,)`` share their place with no other vertex. Only pairs with a fresh corner are looked at, and
    those whose leg meets one of `boxes` ``(B, 4)``: where something has changed. What stopped the last leg from a
    corner in a direction mostly stops the next one, too, so that is asked first.
    """
    corners = outlines.corners
    squares, square_start, square_edges = outlines.squares, outlines.square_start, outlines.square_edges
    count = len(corners)
    ones, others = np.empty(1024, np.int32), np.empty(1024, np.int32)
    stoppers = np.empty(_SECTORS, np.int32)
    extent = (squares.rows + squares.columns) * squares.side
    found = 0
    for one in range(count):
        ax, ay = corners[one, 0], corners[one, 1]
        px, py, nx, ny = corners[one, 2] - ax, corners[one, 3] - ay, corners[one, 4] - ax, corners[one, 5] - ay
        stoppers[:] = -1
        for other in range(one + 1, count):
            bx, by = corners[other, 0], corners[other, 1]
            dx, dy = bx - ax, by - ay
            # Most legs clearly cut a corner at one of their ends; those in doubt are asked exactly below.
            doubt = 1e-15 * (abs(dx) + abs(dy)) * extent
            before, after = dx * py - dy * px, dx * ny - dy * nx
            if (before > doubt and after < -doubt) or (before < -doubt and after > doubt):
                continue
            before = dx * (corners[other, 3] - by) - dy * (corners[other, 2] - bx)
            after = dx * (corners[other, 5] - by) - dy * (corners[other, 4] - bx)
            if (before > doubt and after < -doubt) or (before < -doubt and after > doubt) or (dx == 0.0 and dy == 0.0):
                continue
            towards = sector(dx, dy)
            known = stoppers[towards]
            if known >= 0 and crosses(square_edges, known, ax, ay, bx, by):
                continue
            if side_of(corners, other, ax, ay) == 0 or side_of(corners, one, bx, by) == 0:
                continue
            if not (fresh[one] or fresh[other]) and not meets_boxes(ax, ay, bx, by, boxes):
                continue
            tangent = lone[one] == 1 and lone[other] == 1
            stopped = stopper(squares, square_start, square_edges, ax, ay, bx, by, tangent)
            if stopped >= 0:
                stoppers[towards] = stopped
                continue
            if found == len(ones):
                ones, others = np.concatenate((ones, ones)), np.concatenate((others, others))
            ones[found], others[found] = one, other
            found += 1
    return ones[:found].copy(), others[:found].copy()


@compiled
def crosses(edges: Floats, edge: int, ax: float, ay: float, bx: float, by: float) -> bool:
    """Whether a leg crosses an edge, each having an end well on either side of the other."""
    px, py, qx, qy = edges[edge, 0], edges[edge, 1], edges[edge, 4], edges[edge, 5]
    side_p, side_q = turn(ax, ay, bx, by, px, py), turn(ax, ay, bx, by, qx, qy)
    if not ((side_p > 0.0 and side_q < 0.0) or (side_p < 0.0 and side_q > 0.0)):
        return False
    side_a, side_b = turn(px, py, qx, qy, ax, ay), turn(px, py, qx, qy, bx, by)
    return (side_a > 0.0 and side_b < 0.0) or (side_a < 0.0 and side_b > 0.0)


@compiled
def meets_boxes(ax: float, ay: float, bx: float, by: float, boxes: Floats) -> bool:
    """Whether a leg meets one of ``(B, 4)`` boxes of least x and y, greatest x and y."""
    for index in range(len(boxes)):
        box = (boxes[index, 0], boxes[index, 1], boxes[index, 2], boxes[index, 3])
        enter, leave = share_in_box(ax, ay, bx, by, box)
        if enter <= leave:
            return True
    return False


@compiled
def legs_meet_boxes(legs: Floats, boxes: Floats) -> Bytes:
    """Return which of ``(n, 4)`` legs meet one of ``(B, 4)`` boxes."""
    met = np.zeros(len(legs), np.uint8)
    for index in range(len(legs)):
        met[index] = meets_boxes(legs[index, 0], legs[index, 1], legs[index, 2], legs[index, 3], boxes)
    return met
