"""Markers that would hide each other, moved apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin
from typing import Final

import numpy as np

from fleet.core import Point

_ROUNDS: Final = 12
_MOST: Final = 80  # with more markers than these the picture is a swarm anyway
_GOLDEN_ANGLE: Final = 2.399963


def spread(points: Sequence[Point], gap: float) -> list[Point]:
    """Return places near the points, at least about `gap` apart.

    Notes
    -----
    Neighbours push each other away in a few rounds, so that markers glide, not jump, while their rovers move. Points
    in one spot leave it in directions that follow from their order.

    Examples
    --------
    >>> spread([(0.0, 0.0), (100.0, 0.0)], 10.0)
    [(0.0, 0.0), (100.0, 0.0)]
    >>> (ax, ay), (bx, by) = spread([(0.0, 0.0), (0.0, 0.0)], 10.0)
    >>> (ax - bx) ** 2 + (ay - by) ** 2 > 80.0
    True
    """
    if not 1 < len(points) <= _MOST:
        return list(points)
    places = np.array(points, np.float64)
    places += [(0.01 * cos(_GOLDEN_ANGLE * index), 0.01 * sin(_GOLDEN_ANGLE * index)) for index in range(len(points))]
    moved = False
    for _ in range(_ROUNDS):
        between = places[:, None, :] - places[None, :, :]
        apart = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(apart, np.inf)
        push = np.clip(gap - apart, 0.0, None) / apart * 0.55
        if not push.any():
            break
        moved = True
        places += (between * push[..., None]).sum(axis=1)
    return [(float(x), float(y)) for x, y in places] if moved else list(points)
