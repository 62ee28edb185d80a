"""Compiled sums of wheel travel lost in soft ground."""

from __future__ import annotations

from math import sqrt

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Ground, Leg

_PARTS = 8  # of a leg that soft ground is near to


@compiled
def softness(ground: Ground, x: float, y: float) -> float:
    """Return the share of wheel travel lost at a point, 0 on firm ground; the softest counts."""
    lost = 0.0
    for index in range(len(ground.soft)):
        gx, gy = ground.soft[index, 0] - x, ground.soft[index, 1] - y
        if gx * gx + gy * gy <= ground.soft[index, 2] * ground.soft[index, 2]:
            lost = max(lost, ground.soft[index, 3])
    return lost


@compiled
def slipping(ground: Ground, leg: Leg) -> float:
    """Return how far wheels turn on a short leg for each metre of it: more in soft ground, by what is lost there.

    The mean over the middles of even parts of it.
    """
    ax, ay, bx, by = leg
    mx, my = 0.5 * (ax + bx), 0.5 * (ay + by)
    half = 0.5 * sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
    is_near = False
    for index in range(len(ground.soft)):
        gx, gy, reach = ground.soft[index, 0] - mx, ground.soft[index, 1] - my, ground.soft[index, 2] + half
        is_near = is_near or gx * gx + gy * gy <= reach * reach
    if not is_near:
        return 1.0
    total = 0.0
    for part in range(_PARTS):
        share = (part + 0.5) / _PARTS
        total += 1.0 / (1.0 - softness(ground, ax + (bx - ax) * share, ay + (by - ay) * share))
    return total / _PARTS
