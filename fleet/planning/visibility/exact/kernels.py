"""The sign of a turn, exact for all finite coordinates that neither overflow nor underflow when multiplied.

Source
------
Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", Discrete & Computational
Geometry 18, 1997: the error bound of ORIENT2D, Two-Sum, Split, Two-Product and Grow-Expansion. Where the bound does not
decide, all is added up exactly at once.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.compiled import compiled

_ROUNDING = 2.0**-53
_BOUND = (3.0 + 16.0 * _ROUNDING) * _ROUNDING
_SPLITTER = 2.0**27 + 1.0


@compiled
def turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    """Return a number above 0 when a, b, c turn left, below 0 when they turn right, and 0 when they are in a line."""
    left = (bx - ax) * (cy - ay)
    right = (by - ay) * (cx - ax)
    area = left - right
    bound = _BOUND * (abs(left) + abs(right))
    if area > bound or -area > bound or bound == 0.0:
        return area
    return _exact_turn(ax, ay, bx, by, cx, cy)


@compiled
def _exact_turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    parts = np.zeros(12)
    count = 0
    for one, other in ((ax, by), (ay, -bx), (bx, cy), (by, -cx), (cx, ay), (cy, -ax)):
        product = one * other
        shifted = _SPLITTER * one
        one_high = shifted - (shifted - one)
        one_low = one - one_high
        shifted = _SPLITTER * other
        other_high = shifted - (shifted - other)
        other_low = other - other_high
        rest = one_low * other_low - (((product - one_high * other_high) - one_low * other_high) - one_high * other_low)
        for addend in (rest, product):
            total = addend
            for index in range(count):
                part = parts[index]
                added = total + part
                virtual = added - total
                parts[index] = (total - (added - virtual)) + (part - virtual)
                total = added
            parts[count] = total
            count += 1
    # The parts do not overlap and grow, so that the last that is not 0 has the sign of their sum.
    for index in range(count - 1, -1, -1):
        if parts[index] != 0.0:
            sign: float = parts[index]
            return sign
    return 0.0
