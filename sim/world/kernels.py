"""The compiled advance of the world, and the sampling of ground that drives are made of.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

from __future__ import annotations

from math import floor, inf, sqrt

import numpy as np
from numba import njit

from fleet.moon.kernels import light_at, line_of_sight, sun_at
from sim.world import columns as at


@njit(cache=True)
def sample_run(heights, tilts, west, south, pixel, x, y, to_x, to_y, pieces):  # type: ignore[no-untyped-def]
    """Return heights (pieces + 1,) and tilts (pieces + 1,) float64 at even points of a straight run.

    Heights are bilinear, tilts those of the nearest cell; outside the map the nearest inside counts.
    """
    rows, columns = heights.shape
    high = np.empty(pieces + 1)
    steep = np.empty(pieces + 1)
    for k in range(pieces + 1):
        share = k / pieces
        u = (x + (to_x - x) * share - west) / pixel
        v = (y + (to_y - y) * share - south) / pixel
        u = min(max(u, 0.0), columns - 1.0)
        v = min(max(v, 0.0), rows - 1.0)
        steep[k] = tilts[int(floor(v + 0.5)), int(floor(u + 0.5))]
        c = min(int(floor(u)), columns - 2)
        r = min(int(floor(v)), rows - 2)
        a = u - c
        b = v - r
        low = heights[r, c] * (1.0 - a) + heights[r, c + 1] * a
        top = heights[r + 1, c] * (1.0 - a) + heights[r + 1, c + 1] * a
        high[k] = low * (1.0 - b) + top * b
    return high, steep


@njit(cache=True)
def approach(rocks, x, y, ux, uy, length, reach):  # type: ignore[no-untyped-def]
    """Return how far along a straight run each rock's edge comes within `reach`, (R,) float64; inf where it never does.

    Parameters
    ----------
    rocks
        (R, 3) float64: x, y, radius.
    ux, uy
        Unit vector of the run. A rock that the run leads away from does not come nearer.
    """
    out = np.empty(rocks.shape[0])
    for k in range(rocks.shape[0]):
        wx = rocks[k, 0] - x
        wy = rocks[k, 1] - y
        limit = rocks[k, 2] + reach
        along = wx * ux + wy * uy
        out[k] = inf
        if along <= 0.0:
            continue
        outside = wx * wx + wy * wy - limit * limit
        if outside <= 0.0:
            out[k] = 0.0
            continue
        square = along * along - outside
        if square > 0.0:
            s = along - sqrt(square)
            if s <= length:
                out[k] = s
    return out


@njit(cache=True)
def _record(records, count, code, rover, first, second):  # type: ignore[no-untyped-def]
    records[count, 0] = code
    records[count, 1] = rover
    records[count, 2] = first
    records[count, 3] = second
    return count + 1


@njit(cache=True)
def _turn_panels(i, body, status, panels):  # type: ignore[no-untyped-def]
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
def _is_way_free(i, tick, x, y, body, status):  # type: ignore[no-untyped-def]
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
    status[i, at.NEAR_AT] = tick + 1 + max(0, int(floor(soonest)))
    return True


@njit(cache=True)
def _drive(i, tick, body, status, pieces, marks, panels, records, count):  # type: ignore[no-untyped-def]
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
        return _record(records, count, at.BODY_AHEAD, i, 0, 0)
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
        count = _record(records, count, at.MARKS, i, passed, mark)
        status[i, at.MARK] = mark
        if mark == end:
            status[i, at.ACTIVITY] = at.IDLE
    return count


@njit(cache=True)
def _touch(i, body, contacts, records, count):  # type: ignore[no-untyped-def]
    """Record the bodies that rover `i` has begun to touch; return how many records there are."""
    for j in range(body.shape[0]):
        if j == i:
            continue
        dx = body[j, at.X] - body[i, at.X]
        dy = body[j, at.Y] - body[i, at.Y]
        limit = body[i, at.RADIUS] + body[j, at.RADIUS]
        touching = dx * dx + dy * dy < limit * limit
        if touching and not contacts[i, j]:
            count = _record(records, count, at.CONTACT, min(i, j), max(i, j), 0)
        contacts[i, j] = touching
        contacts[j, i] = touching
    return count


@njit(cache=True)
def _look_at_sun(i, heading, elevation, sun_x, sun_y, body, status, panels, sky, records, count):  # type: ignore[no-untyped-def]
    """Sample the light where a rover is; return how many records there are."""
    light = light_at(
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
    body[i, at.LIGHT] = light
    body[i, at.SUN_X] = sun_x
    body[i, at.SUN_Y] = sun_y
    _turn_panels(i, body, status, panels)
    if status[i, at.LIT] == 0 and light > at.LIT_FROM:
        status[i, at.LIT] = 1
        return _record(records, count, at.LIGHT_ON, i, 0, 0)
    if status[i, at.LIT] == 1 and light < at.DARK_FROM:
        status[i, at.LIT] = 0
        return _record(records, count, at.LIGHT_OFF, i, 0, 0)
    return count


@njit(cache=True)
def _consume(i, dt, body, status):  # type: ignore[no-untyped-def]
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
def _charge(i, dt, body, status, records, count):  # type: ignore[no-untyped-def]
    """Pass energy from a source to rover `i`; return how many records there are."""
    j = status[i, at.SOURCE]
    dx = body[j, at.X] - body[i, at.X]
    dy = body[j, at.Y] - body[i, at.Y]
    limit = body[i, at.RADIUS] + body[j, at.RADIUS] + at.CABLE
    if status[j, at.ACTIVITY] == at.LOST or body[j, at.BATTERY] <= body[j, at.RESERVE]:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, at.CHARGE_SOURCE, i, 0, 0)
    if dx * dx + dy * dy > limit * limit:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, at.CHARGE_FAR, i, 0, 0)
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
        return _record(records, count, at.CHARGE_FULL, i, 0, 0)
    return count


@njit(cache=True)
def _check_battery(i, body, status, records, count):  # type: ignore[no-untyped-def]
    """Record the thresholds that a rover's charge went through; return how many records there are."""
    battery = body[i, at.BATTERY]
    if battery < body[i, at.LEAST]:
        body[i, at.LEAST] = battery
    if battery <= 0.0:
        status[i, at.ACTIVITY] = at.LOST
        status[i, at.MOVED] = 1
        body[i, at.POWER] = 0.0
        body[i, at.SOLAR] = 0.0
        return _record(records, count, at.BATTERY_EMPTY, i, 0, 0)
    if status[i, at.IS_LOW] == 0 and battery < body[i, at.LOW]:
        status[i, at.IS_LOW] = 1
        count = _record(records, count, at.BATTERY_LOW, i, 0, 0)
    elif status[i, at.IS_LOW] == 1 and battery > body[i, at.LOW_OVER]:
        status[i, at.IS_LOW] = 0
    if status[i, at.IS_CRITICAL] == 0 and battery < body[i, at.CRITICAL]:
        status[i, at.IS_CRITICAL] = 1
        count = _record(records, count, at.BATTERY_CRITICAL, i, 0, 0)
    elif status[i, at.IS_CRITICAL] == 1 and battery > body[i, at.CRITICAL_OVER]:
        status[i, at.IS_CRITICAL] = 0
    if status[i, at.IS_FULL] == 0 and battery >= body[i, at.FULL]:
        status[i, at.IS_FULL] = 1
        count = _record(records, count, at.BATTERY_FULL, i, 0, 0)
    elif status[i, at.IS_FULL] == 1 and battery < body[i, at.FULL_OVER]:
        status[i, at.IS_FULL] = 0
    return count


@njit(cache=True)
def _work(i, body, status, records, count):  # type: ignore[no-untyped-def]
    """Let a rover work for one tick; return how many records there are."""
    need = status[i, at.WORK_LIGHT]
    is_lit = body[i, at.LIGHT] >= at.LIT_HALF
    if (need == at.LIGHT_LIT and not is_lit) or (need == at.LIGHT_DARK and is_lit):
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, at.WORK_WRONG_LIGHT, i, 0, 0)
    status[i, at.WORK_LEFT] -= 1
    if status[i, at.WORK_LEFT] == 0:
        status[i, at.ACTIVITY] = at.IDLE
        return _record(records, count, at.WORK_DONE, i, 0, 0)
    return count


@njit(cache=True)
def look_at_links(body, status, linked, sky, everywhere):  # type: ignore[no-untyped-def]
    """Look again at the pairs of which one moved, or at all; return whether a link came or went.

    Parameters
    ----------
    linked
        (N, N) bool, symmetric; set here.
    """
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
def look_at_light(tick, body, status, panels, sky, records, count):  # type: ignore[no-untyped-def]
    """Sample the light of every rover that is not lost; return how many records there are."""
    heading, elevation = sun_at(tick, sky.sun, sky.every)
    sun_x, sun_y = sun_at(tick, sky.sun_vector, sky.every)
    for i in range(body.shape[0]):
        if status[i, at.ACTIVITY] != at.LOST:
            count = _look_at_sun(i, heading, elevation, sun_x, sun_y, body, status, panels, sky, records, count)
    return count


@njit(cache=True)
def advance(tick, until, body, status, pieces, marks, panels, contacts, linked, records, sky, rhythm):  # type: ignore[no-untyped-def]
    """Run from `tick` to the first later tick at which something is recorded, at most `until`.

    Parameters
    ----------
    body, status, pieces, panels
        The arrays that `sim.world.columns` describes; changed here.
    marks
        (M, 1) float64, ticks since the command, ascending within a drive.
    contacts, linked
        (N, N) bool, symmetric: who touches, who hears whom.
    records
        (R, 4) int64 to be filled with what happened: code, rover, first, second.
    sky
        A `sim.world.sky.Sky`.
    rhythm
        Seconds a tick, ticks between samples of light, ticks between looks at the links.

    Returns
    -------
    tuple
        The tick reached and the number of records.
    """
    dt, light_every, link_every = rhythm
    rovers = body.shape[0]
    near = np.zeros(rovers, np.bool_)
    count = 0
    while tick < until and count == 0:
        tick += 1
        any_near = False
        for i in range(rovers):
            if status[i, at.ACTIVITY] == at.DRIVING:
                near[i] = tick >= status[i, at.NEAR_AT]
                any_near = any_near or near[i]
                count = _drive(i, tick, body, status, pieces, marks, panels, records, count)
        if any_near:
            for i in range(rovers):
                if near[i]:
                    near[i] = False
                    count = _touch(i, body, contacts, records, count)
        if tick % light_every == 0:
            count = look_at_light(tick, body, status, panels, sky, records, count)
        for i in range(rovers):
            if status[i, at.ACTIVITY] != at.LOST:
                _consume(i, dt, body, status)
        for i in range(rovers):
            if status[i, at.ACTIVITY] == at.CHARGING:
                count = _charge(i, dt, body, status, records, count)
        is_one_lost = False
        for i in range(rovers):
            if status[i, at.ACTIVITY] != at.LOST:
                count = _check_battery(i, body, status, records, count)
                is_one_lost = is_one_lost or status[i, at.ACTIVITY] == at.LOST
        for i in range(rovers):
            if status[i, at.ACTIVITY] == at.WORKING:
                count = _work(i, body, status, records, count)
        if (tick % link_every == 0 or is_one_lost) and look_at_links(body, status, linked, sky, False):
            count = _record(records, count, at.LINKS, 0, 0, 0)
    return tick, count
