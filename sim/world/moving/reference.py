"""How bodies move in a tick, and whether they meet, tick by tick in plain Python."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from fleet.core import Tick
from sim.world import columns as at
from sim.world.engine import Record
from sim.world.reference_body import Body, square_between


def move(bodies: Sequence[Body], i: int, tick: Tick) -> list[Record]:
    """Move a driving body by one tick; return what happened."""
    body = bodies[i]
    motion = body.motion
    assert motion is not None  # it drives
    elapsed = tick - motion.started
    body.drive_power = motion.pieces[motion.piece].power
    if body.is_held:
        motion.started += 1
        return []
    marks = bisect_right(motion.marks, elapsed)
    is_over = marks == len(motion.marks)
    index = max(motion.piece, bisect_right(motion.starts, elapsed) - 1)
    if is_over:
        index = len(motion.pieces) - 1
    piece = motion.pieces[index]
    since = 0.0 if piece is motion.pieces[-1] else elapsed - piece.start
    x = piece.point[0] + piece.velocity[0] * since
    y = piece.point[1] + piece.velocity[1] * since
    if (x != body.x or y != body.y) and _is_in_the_way(bodies, i, x, y):
        body.drive_power = 0.0
        body.activity = at.IDLE
        return [(at.BODY_AHEAD, i, 0, 0)]
    body.x, body.y = x, y
    body.heading = piece.heading + piece.spin * since
    body.distance = motion.before + (piece.distance + piece.speed * since)
    body.facing = piece.facing
    motion.piece = index
    records: list[Record] = []
    if marks > motion.passed:
        records.append((at.MARKS, i, motion.passed, marks))
        motion.passed = marks
    if is_over:
        body.activity = at.IDLE
    return records


def _is_in_the_way(bodies: Sequence[Body], i: int, x: float, y: float) -> bool:
    """Return whether a straight move of body `i` to x, y would come too near to another while getting closer."""
    body = bodies[i]
    mx, my = x - body.x, y - body.y
    square = mx * mx + my * my
    for j, other in enumerate(bodies):
        wx, wy = other.x - body.x, other.y - body.y
        along = wx * mx + wy * my
        if j != i and along > 0.0:
            share = min(1.0, along / square)
            dx, dy = wx - mx * share, wy - my * share
            limit = body.vehicle.radius + other.vehicle.radius + at.BODY_GAP
            if dx * dx + dy * dy < limit * limit:
                return True
    return False


def pairs_touching(bodies: Sequence[Body]) -> set[tuple[int, int]]:
    """Return the pairs of bodies that touch, each in ascending order."""
    touching = set()
    for i, a in enumerate(bodies):
        for j, b in enumerate(bodies[:i]):
            limit = a.vehicle.radius + b.vehicle.radius
            if square_between(a, b) < limit * limit:
                touching.add((j, i))
    return touching
