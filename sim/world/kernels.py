"""The compiled advance of the world.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

# ruff: noqa: PLR0917 - arrays one by one: taking them out of a tuple in every call would count references

from __future__ import annotations

from math import floor, sqrt

import numpy as np
from numba import njit

from fleet.moon.kernels import light_at, line_of_sight, sun_at
from sim.world import columns as at
from sim.world.arrays import Bodies, BoolArray, FloatArray, IntArray, Sky


@njit(cache=True)
def _record(records: IntArray, count: int, record: tuple[int, int, int, int]) -> int:
    """Note what happened: code, rover, first, second; return how many records there are."""
    for column in range(4):
        records[count, column] = record[column]
    return count + 1


@njit(cache=True)
def _turn_panels(i: int, body: FloatArray, status: IntArray, panels: FloatArray) -> None:
    """Set the solar power of a rover from its heading and the light and Sun last sampled."""
    sx = body[i, at.SUN_X]
    sy = body[i, at.SUN_Y]
    c = body[i, at.COS]
    s = body[i, at.SIN]
    watts = body[i, at.TRACKING] * sqrt(sx * sx + sy * sy)
    for p in range(status[i, at.FIRST_PANEL], status[i, at.END_PANEL]):
        co = panels[p, at.PANEL_COS]
        so = panels[p, at.PANEL_SIN]
        facing = sx * (c * co - s * so) + sy * (s * co + c * so)
        if facing > 0.0:
            watts += panels[p, at.PANEL_GAIN] * facing
    body[i, at.SOLAR] = watts * body[i, at.LIGHT]


@njit(cache=True)
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


@njit(cache=True, inline="always")
def _drive(
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
        return _record(records, count, (at.BODY_AHEAD, i, 0, 0))
    body[i, at.X] = x
    body[i, at.Y] = y
    body[i, at.HEADING] = pieces[k, at.P_HEADING] + pieces[k, at.P_SPIN] * since
    body[i, at.DISTANCE] = body[i, at.DISTANCE_BEFORE] + (pieces[k, at.P_DISTANCE] + pieces[k, at.P_SPEED] * since)
    status[i, at.MOVED] = 1
    if k != piece or elapsed == 1:
        body[i, at.COS] = pieces[k, at.P_COS]
        body[i, at.SIN] = pieces[k, at.P_SIN]
        status[i, at.PIECE] = k - base
        _turn_panels(i, body, status, panels)
    if mark > passed:
        count = _record(records, count, (at.MARKS, i, passed, mark))
        status[i, at.MARK] = mark
        if mark == end:
            status[i, at.ACTIVITY] = at.IDLE
    return count


@njit(cache=True)
def _touch(i: int, body: FloatArray, contacts: BoolArray, records: IntArray, count: int) -> int:
    """Record the bodies that rover `i` has begun to touch; return how many records there are."""
    for j in range(body.shape[0]):
        if j == i:
            continue
        dx = body[j, at.X] - body[i, at.X]
        dy = body[j, at.Y] - body[i, at.Y]
        limit = body[i, at.RADIUS] + body[j, at.RADIUS]
        touching = dx * dx + dy * dy < limit * limit
        if touching and not contacts[i, j]:
            count = _record(records, count, (at.CONTACT, min(i, j), max(i, j), 0))
        contacts[i, j] = touching
        contacts[j, i] = touching
    return count


@njit(cache=True)
def _light_on(i: int, heading: float, elevation: float, body: FloatArray, sky: Sky) -> float:
    """Return the share of the Sun's disc that a rover sees."""
    share: float = light_at(
        body[i, at.X],
        body[i, at.Y],
        heading,
        elevation,
        sky.horizon,
        sky.first_heading,
        sky.heading_step,
        sky.disc,
        sky.west,
        sky.south,
        sky.pixel,
    )
    return share


@njit(cache=True)
def look_at_light(tick: int, world: Bodies, sky: Sky, count: int) -> int:
    """Sample the light of every rover that is not lost; return how many records there are."""
    body, status, panels, records = world.body, world.status, world.panels, world.records
    heading, elevation = sun_at(tick, sky.sun, sky.every)
    sun_x, sun_y = sun_at(tick, sky.sun_vector, sky.every)
    for i in range(body.shape[0]):
        if status[i, at.ACTIVITY] == at.LOST:
            continue
        light = _light_on(i, heading, elevation, body, sky)
        body[i, at.LIGHT] = light
        body[i, at.SUN_X] = sun_x
        body[i, at.SUN_Y] = sun_y
        _turn_panels(i, body, status, panels)
        if status[i, at.LIT] == 0 and light > at.LIT_FROM:
            status[i, at.LIT] = 1
            count = _record(records, count, (at.LIGHT_ON, i, 0, 0))
        elif status[i, at.LIT] == 1 and light < at.DARK_FROM:
            status[i, at.LIT] = 0
            count = _record(records, count, (at.LIGHT_OFF, i, 0, 0))
    return count


@njit(cache=True, inline="always")
def _consume(i: int, dt: float, body: FloatArray, status: IntArray) -> None:
    """Let a rover live on its panels and battery for one tick."""
    solar = body[i, at.SOLAR]
    load = body[i, at.HOTEL]
    if body[i, at.LIGHT] < at.LIT_HALF:
        load += body[i, at.HEATER]
    load += body[i, at.DRIVE]
    if status[i, at.ACTIVITY] == at.WORKING:
        load += body[i, at.WORK]
    body[i, at.DRIVE] = 0.0
    body[i, at.POWER] = solar - load
    body[i, at.SOLAR_IN] += solar * dt
    body[i, at.USED] += load * dt
    battery = body[i, at.BATTERY] + (solar - load) * dt
    if battery > body[i, at.CAPACITY]:
        body[i, at.SPILLED] += battery - body[i, at.CAPACITY]
        battery = body[i, at.CAPACITY]
    elif battery < 0.0:
        body[i, at.USED] += battery
        battery = 0.0
    body[i, at.BATTERY] = battery


@njit(cache=True)
def _charge(i: int, dt: float, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Pass energy from a source to rover `i`; return how many records there are."""
    j = status[i, at.SOURCE]
    dx = body[j, at.X] - body[i, at.X]
    dy = body[j, at.Y] - body[i, at.Y]
    limit = body[i, at.RADIUS] + body[j, at.RADIUS] + at.CABLE
    if status[j, at.ACTIVITY] == at.LOST or body[j, at.BATTERY] <= body[j, at.RESERVE]:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, (at.CHARGE_SOURCE, i, 0, 0))
    if dx * dx + dy * dy > limit * limit:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, (at.CHARGE_FAR, i, 0, 0))
    amount = min(body[j, at.CHARGE] * dt, body[i, at.CAPACITY] - body[i, at.BATTERY])
    amount = min(amount, body[j, at.BATTERY] - body[j, at.RESERVE])
    body[i, at.BATTERY] += amount
    body[j, at.BATTERY] -= amount
    body[i, at.CHARGE_IN] += amount
    body[j, at.CHARGE_OUT] += amount
    body[i, at.POWER] += amount / dt
    body[j, at.POWER] -= amount / dt
    if body[i, at.BATTERY] >= body[i, at.FULL]:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, (at.CHARGE_FULL, i, 0, 0))
    return count


@njit(cache=True, inline="always")
def _check_battery(i: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Record the thresholds that a rover's charge went through; return how many records there are."""
    battery = body[i, at.BATTERY]
    body[i, at.LEAST] = min(body[i, at.LEAST], battery)
    if battery <= 0.0:
        status[i, at.ACTIVITY] = at.LOST
        status[i, at.MOVED] = 1
        body[i, at.POWER] = 0.0
        body[i, at.SOLAR] = 0.0
        return _record(records, count, (at.BATTERY_EMPTY, i, 0, 0))
    if status[i, at.IS_LOW] == 0 and battery < body[i, at.LOW]:
        status[i, at.IS_LOW] = 1
        count = _record(records, count, (at.BATTERY_LOW, i, 0, 0))
    elif status[i, at.IS_LOW] == 1 and battery > body[i, at.LOW_OVER]:
        status[i, at.IS_LOW] = 0
    if status[i, at.IS_CRITICAL] == 0 and battery < body[i, at.CRITICAL]:
        status[i, at.IS_CRITICAL] = 1
        count = _record(records, count, (at.BATTERY_CRITICAL, i, 0, 0))
    elif status[i, at.IS_CRITICAL] == 1 and battery > body[i, at.CRITICAL_OVER]:
        status[i, at.IS_CRITICAL] = 0
    if status[i, at.IS_FULL] == 0 and battery >= body[i, at.FULL]:
        status[i, at.IS_FULL] = 1
        count = _record(records, count, (at.BATTERY_FULL, i, 0, 0))
    elif status[i, at.IS_FULL] == 1 and battery < body[i, at.FULL_OVER]:
        status[i, at.IS_FULL] = 0
    return count


@njit(cache=True)
def _work(i: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Let a rover work for one tick; return how many records there are."""
    need = status[i, at.WORK_LIGHT]
    is_lit = body[i, at.LIGHT] >= at.LIT_HALF
    if (need == at.LIGHT_LIT and not is_lit) or (need == at.LIGHT_DARK and is_lit):
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, (at.WORK_WRONG_LIGHT, i, 0, 0))
    status[i, at.WORK_LEFT] -= 1
    if status[i, at.WORK_LEFT] == 0:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, (at.WORK_DONE, i, 0, 0))
    return count


@njit(cache=True)
def look_at_links(world: Bodies, sky: Sky, everywhere: bool) -> bool:
    """Look again at the pairs of which one moved or was lost; return whether a link came or went.

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
            link = status[i, at.ACTIVITY] != at.LOST and status[j, at.ACTIVITY] != at.LOST
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


@njit(cache=True)
def _is_any(status: IntArray, activity: int) -> bool:
    """Return whether any rover is at this activity."""
    for i in range(status.shape[0]):  # noqa: SIM110 - numba compiles no generators
        if status[i, at.ACTIVITY] == activity:
            return True
    return False


@njit(cache=True)
def advance(tick: int, until: int, world: Bodies, sky: Sky, rhythm: tuple[float, int, int]) -> tuple[int, int]:
    """Return the first later tick at which something is recorded, at most `until`, and the number of records.

    Parameters
    ----------
    rhythm
        Seconds a tick, ticks between samples of light, ticks between looks at the links.
    """
    dt, light_every, link_every = rhythm
    body, status, pieces, marks, panels, contacts, _, records = world
    rovers = status.shape[0]
    near = np.zeros(rovers, np.bool_)
    # Nobody begins anything within this call.
    is_driven = _is_any(status, at.DRIVING)
    is_charged = _is_any(status, at.CHARGING)
    is_worked = _is_any(status, at.WORKING)
    count = 0
    while tick < until and count == 0:
        tick += 1
        if is_driven:
            is_near = False
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.DRIVING:
                    near[i] = tick >= status[i, at.NEAR_AT]
                    is_near = is_near or near[i]
                    count = _drive(i, tick, body, status, pieces, marks, panels, records, count)
            if is_near:
                for i in range(rovers):
                    if near[i]:
                        near[i] = False
                        count = _touch(i, body, contacts, records, count)
        if tick % light_every == 0:
            count = look_at_light(tick, world, sky, count)
        for i in range(rovers):
            if status[i, at.ACTIVITY] != at.LOST:
                _consume(i, dt, body, status)
                if not is_charged:
                    count = _check_battery(i, body, status, records, count)
        if is_charged:
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.CHARGING:
                    count = _charge(i, dt, body, status, records, count)
            for i in range(rovers):
                if status[i, at.ACTIVITY] != at.LOST:
                    count = _check_battery(i, body, status, records, count)
        if is_worked:
            for i in range(rovers):
                if status[i, at.ACTIVITY] == at.WORKING:
                    count = _work(i, body, status, records, count)
        # A rover that stops or passes a waypoint decides by what it hears there and then.
        is_due = count > 0 or tick % link_every == 0
        if is_due and look_at_links(world, sky, False):
            count = _record(records, count, (at.LINKS, 0, 0, 0))
    return tick, count
