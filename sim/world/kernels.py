"""The compiled advance of the world.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

from __future__ import annotations

import numpy as np

from fleet.core.compiled import compiled
from sim.world import columns as at
from sim.world.arrays import Bodies, FloatArray, IntArray, Sky
from sim.world.heat.kernels import check_heat, wake
from sim.world.linking.kernels import look_at_links
from sim.world.moving.kernels import drive, touch
from sim.world.power.kernels import charge, check_battery, consume, look_at_light
from sim.world.quiet.kernels import pass_quietly, quiet_ticks
from sim.world.records.kernels import note


@compiled
def work(i: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Let a rover work for one tick; return how many records there are."""
    need = status[i, at.WORK_LIGHT]
    is_lit = body[i, at.LIGHT] >= at.LIT_HALF
    if (need == at.LIGHT_LIT and not is_lit) or (need == at.LIGHT_DARK and is_lit):
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.WORK_WRONG_LIGHT, i, 0, 0))
    if status[i, at.WORK_WAITS] == 1:
        return count
    status[i, at.WORK_LEFT] -= 1
    if status[i, at.WORK_LEFT] == 0:
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.WORK_DONE, i, 0, 0))
    return count


@compiled
def _is_any(status: IntArray, activity: int) -> bool:
    """Return whether any rover is at this activity."""
    for i in range(status.shape[0]):  # noqa: SIM110 - numba compiles no generators
        if status[i, at.ACTIVITY] == activity:
            return True
    return False


@compiled
def advance(tick: int, until: int, world: Bodies, sky: Sky, rhythm: tuple[float, int, int]) -> tuple[int, int]:
    """Return the first later tick at which something is recorded, at most `until`, and the number of records.

    Parameters
    ----------
    rhythm
        Seconds a tick, ticks between samples of light, ticks between looks at the links.
    """
    dt, light_every, link_every = rhythm
    body, status, pieces, marks, panels, contacts, records = (
        world.body,
        world.status,
        world.pieces,
        world.marks,
        world.panels,
        world.contacts,
        world.records,
    )
    rovers = status.shape[0]
    near = np.zeros(rovers, np.bool_)
    # Nobody begins anything within this call.
    is_driven = _is_any(status, at.DRIVING)
    is_charged = _is_any(status, at.CHARGING)
    is_worked = _is_any(status, at.WORKING)
    for i in range(rovers):
        status[i, at.CALM_UNTIL] = 0
    count = 0
    while tick < until and count == 0:
        tick += 1
        if is_driven:
            is_near = False
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.DRIVING:
                    near[i] = tick >= status[i, at.NEAR_AT]
                    is_near = is_near or near[i]
                    count = drive(i, tick, body, status, pieces, marks, panels, records, count)
            if is_near:
                for i in range(rovers):
                    if near[i]:
                        near[i] = False
                        count = touch(i, body, contacts, records, count)
        if tick % light_every == 0:
            count = look_at_light(tick, world, sky, count)
        for i in range(rovers):
            if status[i, at.ACTIVITY] != at.LOST:
                consume(i, dt, body, status)
        if is_charged:
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.CHARGING:
                    count = charge(i, dt, body, status, records, count)
        for i in range(rovers):
            if status[i, at.ACTIVITY] != at.LOST:
                count = check_battery(i, body, status, records, count)
                count = check_heat(i, body, status, records, count)
                if status[i, at.ACTIVITY] == at.ASLEEP:
                    count = wake(i, tick, body, status, records, count)
        if is_worked:
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.WORKING:
                    count = work(i, body, status, records, count)
        # A rover that stops or passes a waypoint decides by what it hears there and then.
        is_due = count > 0 or tick % link_every == 0
        if is_due and look_at_links(tick, world, sky, False):
            count = note(records, count, (at.LINKS, 0, 0, 0))
        if count == 0:
            # Light and links are looked at in a tick of their own, and so is what begins with a command.
            quiet = min(light_every - tick % light_every, link_every - tick % link_every) - 1
            quiet = min(quiet, until - tick)
            for i in range(rovers):
                if quiet > 0:
                    quiet = min(quiet, quiet_ticks(i, tick, quiet, body, status, pieces, marks))
            if quiet > 0:
                for i in range(rovers):
                    pass_quietly(i, tick, quiet, dt, body, status, pieces)
                tick += quiet
    return tick, count
