"""How bodies move in a tick, and whether they meet.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

# ruff: noqa: PLR0917 - arrays one by one: taking them out of a tuple in every call would count references

from __future__ import annotations

from math import floor, sqrt

from fleet.core.compiled import compiled
from sim.world import columns as at
from sim.world.arrays import BoolArray, FloatArray, IntArray
from sim.world.power.kernels import turn_panels
from sim.world.records.kernels import note


@compiled
def _is_way_free(i: int, tick: int, x: float, y: float, body: FloatArray, status: IntArray) -> bool:
    """Return whether rover `i` may move to x, y without coming too near to a body; set when to look again."""
    old_x = body[i, at.X]
    old_y = body[i, at.Y]
    mx = x - old_x
    my = y - old_y
    square = mx * mx + my * my
    soonest = 1.0e9
    for j in range(body.shape[0]):
        if j == i:
            continue
        limit = body[i, at.RADIUS] + body[j, at.RADIUS] + at.BODY_GAP
        wx = body[j, at.X] - old_x
        wy = body[j, at.Y] - old_y
        along = wx * mx + wy * my
        if along > 0.0:
            share = min(1.0, along / square)
            dx = wx - mx * share
            dy = wy - my * share
            if dx * dx + dy * dy < limit * limit:
                status[i, at.NEAR_AT] = tick
                return False
        # Both may close in at full speed; one tick less, since j may still move in this one, and one for rounding.
        gap = sqrt(wx * wx + wy * wy) - sqrt(square) - limit
        soonest = min(soonest, gap / (body[i, at.REACH] + body[j, at.REACH]) - 2.0)
    status[i, at.NEAR_AT] = tick + 1 + max(0, floor(soonest))
    return True


@compiled(inline="always")
def drive(
    i: int,
    tick: int,
    body: FloatArray,
    status: IntArray,
    pieces: FloatArray,
    marks: FloatArray,
    panels: FloatArray,
    records: IntArray,
    count: int,
) -> int:
    """Move a driving rover by one tick; return how many records there are."""
    elapsed = tick - status[i, at.STARTED]
    base = status[i, at.FIRST_PIECE]
    piece = base + status[i, at.PIECE]
    last = base + status[i, at.LAST_PIECE]
    body[i, at.DRIVE] = pieces[piece, at.P_POWER]
    if status[i, at.HELD] == 1:
        status[i, at.STARTED] += 1
        return count
    k = piece
    while k < last and pieces[k + 1, at.P_START] <= elapsed:
        k += 1
    base_mark = status[i, at.FIRST_MARK]
    passed = status[i, at.MARK]
    mark = passed
    end = status[i, at.END_MARK]
    while mark < end and marks[base_mark + mark, 0] <= elapsed:
        mark += 1
    if mark == end:
        k = last
    since = elapsed - pieces[k, at.P_START]
    if k == last:
        since = 0.0
    x = pieces[k, at.P_X] + pieces[k, at.P_VX] * since
    y = pieces[k, at.P_Y] + pieces[k, at.P_VY] * since
    if (
        tick >= status[i, at.NEAR_AT]
        and (x != body[i, at.X] or y != body[i, at.Y])
        and not _is_way_free(i, tick, x, y, body, status)
    ):
        body[i, at.DRIVE] = 0.0
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.BODY_AHEAD, i, 0, 0))
    body[i, at.X] = x
    body[i, at.Y] = y
    body[i, at.HEADING] = pieces[k, at.P_HEADING] + pieces[k, at.P_SPIN] * since
    body[i, at.DISTANCE] = body[i, at.DISTANCE_BEFORE] + (pieces[k, at.P_DISTANCE] + pieces[k, at.P_SPEED] * since)
    status[i, at.MOVED] = 1
    if k != piece or elapsed == 1:
        body[i, at.COS] = pieces[k, at.P_COS]
        body[i, at.SIN] = pieces[k, at.P_SIN]
        status[i, at.PIECE] = k - base
        turn_panels(i, body, status, panels)
    if mark > passed:
        count = note(records, count, (at.MARKS, i, passed, mark))
        status[i, at.MARK] = mark
        if mark == end:
            status[i, at.ACTIVITY] = at.IDLE
    return count


@compiled
def touch(i: int, body: FloatArray, contacts: BoolArray, records: IntArray, count: int) -> int:
    """Record the bodies that rover `i` has begun to touch; return how many records there are."""
    for j in range(body.shape[0]):
        if j == i:
            continue
        dx = body[j, at.X] - body[i, at.X]
        dy = body[j, at.Y] - body[i, at.Y]
        limit = body[i, at.RADIUS] + body[j, at.RADIUS]
        touching = dx * dx + dy * dy < limit * limit
        if touching and not contacts[i, j]:
            count = note(records, count, (at.CONTACT, min(i, j), max(i, j), 0))
        contacts[i, j] = touching
        contacts[j, i] = touching
    return count
