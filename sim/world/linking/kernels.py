"""Who hears whom.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

from __future__ import annotations

from fleet.core.compiled import compiled
from fleet.moon.kernels import line_of_sight
from sim.world import columns as at
from sim.world.arrays import Bodies, Sky


@compiled
def look_at_links(world: Bodies, sky: Sky, everywhere: bool) -> bool:
    """Look again at the pairs of which one moved, fell silent or came back; return whether a link came or went.

    Parameters
    ----------
    everywhere
        Look at all pairs.
    """
    body, status, linked = world.body, world.status, world.linked
    changed = False
    rovers = body.shape[0]
    for i in range(rovers):
        for j in range(i + 1, rovers):
            if not (everywhere or status[i, at.MOVED] == 1 or status[j, at.MOVED] == 1):
                continue
            link = max(status[i, at.ACTIVITY], status[j, at.ACTIVITY]) < at.LOST
            if link:
                dx = body[j, at.X] - body[i, at.X]
                dy = body[j, at.Y] - body[i, at.Y]
                limit = min(body[i, at.RADIO], body[j, at.RADIO])
                link = dx * dx + dy * dy <= limit * limit and line_of_sight(
                    sky.heights,
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
