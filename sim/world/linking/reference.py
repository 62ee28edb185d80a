"""Who hears whom, every pair looked at, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fleet.core import Tick
from fleet.moon.sight.kernels import RELAY_OVER, is_earth_up, line_of_sight, sky_in_view, sky_over_far
from sim.world import columns as at
from sim.world.arrays import FloatArray, Sky
from sim.world.reference_body import Body, square_between


def pairs_linked(bodies: Sequence[Body], sky: Sky, reach: Mapping[tuple[int, int], float]) -> set[tuple[int, int]]:
    """Return the pairs of bodies that hear each other directly, each in ascending order.

    Parameters
    ----------
    reach
        Metres that the radios of each pair bridge.
    """
    linked = set()
    for i, a in enumerate(bodies):
        for j in range(i + 1, len(bodies)):
            b = bodies[j]
            limit = reach[i, j]
            is_alive = max(a.activity, b.activity) < at.LOST
            if is_alive and square_between(a, b) <= limit * limit and _is_in_sight(a, b, sky):
                linked.add((i, j))
    return linked


def contact_of(bodies: Sequence[Body], sky: Sky, tick: Tick) -> list[tuple[bool, bool]]:
    """Return for each body whether its own radio reaches the Earth, and the relay satellite."""
    minute = tick - tick % sky.relay_every  # They stand where they stood when the minute began.
    earth = _between(sky.earth, minute / sky.every)
    relay = _between(sky.relay, minute / sky.relay_every)
    return [
        (
            body.vehicle.earth_rate > 0.0 and bool(is_earth_up(earth[2], sky.far)) and _is_in_view(body, sky, earth),
            body.vehicle.relay_rate > 0.0 and relay[2] > RELAY_OVER and _is_in_view(body, sky, relay),
        )
        for body in bodies
    ]


def _between(rows: FloatArray, place: float) -> tuple[float, float, float]:
    """Return a table's row at a place between two, held beyond the last."""
    place = min(place, len(rows) - 1.0)
    row = min(int(place), len(rows) - 2)
    pairs = zip(rows[row].tolist(), rows[row + 1].tolist(), strict=True)
    x, y, z = (a + (b - a) * (place - row) for a, b in pairs)
    return x, y, z


def _is_in_view(body: Body, sky: Sky, towards: tuple[float, float, float]) -> bool:
    frame = (sky.west, sky.south, sky.pixel)
    look = (body.x, body.y, body.vehicle.antenna, *towards)
    return body.activity < at.LOST and bool(
        sky_in_view(sky.heights, sky.tops, sky.highest, *frame, *look)
        and sky_over_far(sky.heights, *frame, sky.far, *look)
    )


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
