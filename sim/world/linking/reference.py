"""Who hears whom, every pair looked at, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.moon.kernels import line_of_sight
from sim.world import columns as at
from sim.world.arrays import Sky
from sim.world.reference_body import Body, square_between


def pairs_linked(bodies: Sequence[Body], sky: Sky) -> set[tuple[int, int]]:
    """Return the pairs of bodies that hear each other directly, each in ascending order."""
    linked = set()
    for i, a in enumerate(bodies):
        for j in range(i + 1, len(bodies)):
            b = bodies[j]
            limit = min(a.vehicle.radio_range, b.vehicle.radio_range)
            is_alive = max(a.activity, b.activity) < at.LOST
            if is_alive and square_between(a, b) <= limit * limit and _is_in_sight(a, b, sky):
                linked.add((i, j))
    return linked


def _is_in_sight(a: Body, b: Body, sky: Sky) -> bool:
    return bool(
        line_of_sight(
            sky.heights,
            sky.west,
            sky.south,
            sky.pixel,
            a.x,
            a.y,
            a.vehicle.antenna,
            b.x,
            b.y,
            b.vehicle.antenna,
        )
    )
