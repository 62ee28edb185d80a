"""Who hears whom.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

from __future__ import annotations

from fleet.core.compiled import compiled
from fleet.moon.sight.kernels import (
    RELAY_OVER,
    direction_at,
    is_earth_up,
    line_of_sight_over,
    sky_in_view,
    sky_over_far,
)
from sim.world import columns as at
from sim.world.arrays import Bodies, FloatArray, IntArray, Sky


@compiled(inline="always")
def _is_on_air(i: int, body: FloatArray, status: IntArray, jams: FloatArray) -> bool:
    """Return whether a body is awake, and stands where radios work."""
    if status[i, at.ACTIVITY] >= at.LOST:
        return False
    for j in range(jams.shape[0]):
        dx = body[i, at.X] - jams[j, 0]
        dy = body[i, at.Y] - jams[j, 1]
        if dx * dx + dy * dy <= jams[j, 2]:
            return False
    return True


@compiled
def look_at_sky(tick: int, world: Bodies, sky: Sky, everywhere: bool) -> bool:
    """Look which bodies reach the Earth and the relay satellite; return whether that changed.

    Notes
    -----
    They stand where they stood when the minute began, in which everybody is looked at; within it, only who moved, fell
    silent or came back.
    """
    minute = tick - tick % sky.relay_every
    everywhere = everywhere or tick == minute
    body, status, uplinks, contact = world.body, world.status, world.uplinks, world.contact
    is_far_known = sky.far.heights.shape[0] > 0
    changed = False
    for what in range(2):
        if what == 0:
            along_x, along_y, upward = direction_at(minute, sky.earth, sky.every)
            is_up = is_earth_up(upward, sky.far)
        else:
            along_x, along_y, upward = direction_at(minute, sky.relay, sky.relay_every)
            is_up = upward > RELAY_OVER
        for i in range(body.shape[0]):
            if not uplinks[i, what] or not (everywhere or status[i, at.MOVED] == 1):
                continue
            seen = (
                is_up
                and _is_on_air(i, body, status, world.jams)
                and sky_in_view(
                    sky.heights,
                    sky.tops,
                    sky.highest,
                    sky.west,
                    sky.south,
                    sky.pixel,
                    body[i, at.X],
                    body[i, at.Y],
                    body[i, at.ANTENNA],
                    along_x,
                    along_y,
                    upward,
                )
            )
            if seen and is_far_known:
                seen = sky_over_far(
                    sky.heights,
                    sky.west,
                    sky.south,
                    sky.pixel,
                    sky.far,
                    body[i, at.X],
                    body[i, at.Y],
                    body[i, at.ANTENNA],
                    along_x,
                    along_y,
                    upward,
                )
            if seen != contact[i, what]:
                contact[i, what] = seen
                changed = True
    return changed


@compiled
def look_at_links(tick: int, world: Bodies, sky: Sky, everywhere: bool) -> bool:
    """Look again at the sky and at the pairs of which one moved, fell silent or came back; return whether that changed.

    Parameters
    ----------
    everywhere
        Look at all pairs.
    """
    body, status, linked, reach = world.body, world.status, world.linked, world.reach
    changed = look_at_sky(tick, world, sky, everywhere)
    rovers = body.shape[0]
    for i in range(rovers):
        for j in range(i + 1, rovers):
            if not (everywhere or status[i, at.MOVED] == 1 or status[j, at.MOVED] == 1):
                continue
            link = _is_on_air(i, body, status, world.jams) and _is_on_air(j, body, status, world.jams)
            if link:
                dx = body[j, at.X] - body[i, at.X]
                dy = body[j, at.Y] - body[i, at.Y]
                link = dx * dx + dy * dy <= reach[i, j] and line_of_sight_over(
                    sky.heights,
                    sky.tops,
                    sky.west,
                    sky.south,
                    sky.pixel,
                    body[i, at.X],
                    body[i, at.Y],
                    body[i, at.ANTENNA],
                    body[j, at.X],
                    body[j, at.Y],
                    body[j, at.ANTENNA],
                )
            if link != linked[i, j]:
                linked[i, j] = link
                linked[j, i] = link
                changed = True
    for i in range(rovers):
        status[i, at.MOVED] = 0
    return changed
