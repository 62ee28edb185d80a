"""What the Sun gives in a tick, what is used, how warm that keeps a body, and what one machine passes to another.

Only + - * / sqrt floor and comparisons, in the order in which `sim.world.reference` has them, so that both give the
same bits.
"""

# ruff: noqa: PLR0917 - arrays one by one: taking them out of a tuple in every call would count references

from __future__ import annotations

from math import sqrt

from fleet.core.compiled import compiled
from fleet.moon.kernels import light_at, sun_at
from fleet.vehicles import heat
from sim.world import columns as at
from sim.world.arrays import Bodies, FloatArray, IntArray, Sky
from sim.world.records.kernels import note


@compiled
def turn_panels(i: int, body: FloatArray, status: IntArray, panels: FloatArray) -> None:
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


@compiled
def light_on(x: float, y: float, sun: tuple[float, float, float], sky: Sky) -> float:
    """Return the share of the Sun's disc seen from a place, given heading, elevation and what the Earth leaves free."""
    heading, elevation, uncovered = sun
    share: float = light_at(
        x,
        y,
        heading,
        elevation,
        uncovered,
        sky.horizon,
        sky.first_heading,
        sky.heading_step,
        sky.disc,
        sky.west,
        sky.south,
        sky.pixel,
    )
    return share


@compiled
def look_at_light(tick: int, world: Bodies, sky: Sky, count: int) -> int:
    """Sample the light of every rover that is not lost; return how many records there are."""
    body, status, panels, records = world.body, world.status, world.panels, world.records
    heading, elevation = sun_at(tick, sky.sun, sky.every)
    uncovered, _ = sun_at(tick, sky.sunshine, sky.every)
    sun_x, sun_y = sun_at(tick, sky.sun_vector, sky.every)
    for i in range(body.shape[0]):
        if status[i, at.ACTIVITY] == at.LOST:
            continue
        light = light_on(body[i, at.X], body[i, at.Y], (heading, elevation, uncovered), sky)
        body[i, at.LIGHT] = light
        body[i, at.SUN_X] = sun_x
        body[i, at.SUN_Y] = sun_y
        body[i, at.SURROUNDINGS] = heat.DARK_SURROUNDINGS + (heat.LIT_SURROUNDINGS - heat.DARK_SURROUNDINGS) * light
        turn_panels(i, body, status, panels)
        if status[i, at.LIT] == 0 and light > at.LIT_FROM:
            status[i, at.LIT] = 1
            count = note(records, count, (at.LIGHT_ON, i, 0, 0))
        elif status[i, at.LIT] == 1 and light < at.DARK_FROM:
            status[i, at.LIT] = 0
            count = note(records, count, (at.LIGHT_OFF, i, 0, 0))
    return count


@compiled(inline="always")
def standing_load(i: int, body: FloatArray, status: IntArray) -> float:
    """Return the watts that a rover uses beside driving; one that is down uses no more than the Sun gives."""
    activity = status[i, at.ACTIVITY]
    load: float = body[i, at.HOTEL]
    if activity == at.ASLEEP:
        load = body[i, at.SLEEP]
    elif activity == at.DOWN:
        load = 0.0
    if activity == at.WORKING:
        load += body[i, at.WORK]
    if status[i, at.HEATING] == 1:
        load += body[i, at.HEATER]
    if activity == at.DOWN:
        load = min(load, body[i, at.SOLAR])
    return load


@compiled(inline="always")
def heat_of(i: int, load: float, driving: float, body: FloatArray) -> tuple[float, float]:
    """Return what is added to a rover's temperature in a tick, and by what the sum is multiplied then.

    Notes
    -----
    An implicit Euler step of ``C dT/dt = P - G (T - T_around) - R (T - T_open)``, the last term while louvres are
    open: stable for a tick of any length. With louvres open the step ends above `T_open` if it does so with them shut.
    """
    gain = body[i, at.WARMING] * (load + body[i, at.RHU] + heat.DRIVE_HEAT * driving)
    gain += body[i, at.LOSS] * body[i, at.SURROUNDINGS]
    if (body[i, at.TEMPERATURE] + gain) * body[i, at.KEEP] > heat.LOUVRE_OPENS:
        return gain + body[i, at.OPEN_GAIN], body[i, at.OPEN_KEEP]
    return gain, body[i, at.KEEP]


@compiled(inline="always")
def consume(i: int, dt: float, body: FloatArray, status: IntArray) -> None:
    """Let a rover live on its panels and battery for one tick."""
    solar = body[i, at.SOLAR]
    load = standing_load(i, body, status)
    driving = body[i, at.DRIVE]
    body[i, at.DRIVE] = 0.0
    gain, keep = heat_of(i, load, driving, body)
    load += driving
    body[i, at.POWER] = solar - load
    body[i, at.SOLAR_IN] += solar * dt
    body[i, at.USED] += load * dt
    if solar > load and body[i, at.TEMPERATURE] < heat.CHARGE_FROM:
        body[i, at.SPILLED] += (solar - load) * dt
    else:
        battery = body[i, at.BATTERY] + (solar - load) * dt
        if battery > body[i, at.CAPACITY]:
            body[i, at.SPILLED] += battery - body[i, at.CAPACITY]
            battery = body[i, at.CAPACITY]
        elif battery < 0.0:
            body[i, at.USED] += battery
            battery = 0.0
        body[i, at.BATTERY] = battery
    body[i, at.TEMPERATURE] = (body[i, at.TEMPERATURE] + gain) * keep


@compiled
def charge(i: int, dt: float, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Pass energy from a source to rover `i`; return how many records there are."""
    j = status[i, at.SOURCE]
    dx = body[j, at.X] - body[i, at.X]
    dy = body[j, at.Y] - body[i, at.Y]
    limit = body[i, at.RADIUS] + body[j, at.RADIUS] + at.CABLE
    if status[j, at.ACTIVITY] >= at.LOST or body[j, at.BATTERY] <= body[j, at.RESERVE]:
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.CHARGE_SOURCE, i, 0, 0))
    if dx * dx + dy * dy > limit * limit:
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.CHARGE_FAR, i, 0, 0))
    amount = min(body[j, at.CHARGE] * dt, body[i, at.CAPACITY] - body[i, at.BATTERY])
    amount = min(amount, body[j, at.BATTERY] - body[j, at.RESERVE])
    if body[i, at.TEMPERATURE] < heat.CHARGE_FROM:
        amount = 0.0
    body[i, at.BATTERY] += amount
    body[j, at.BATTERY] -= amount
    body[i, at.CHARGE_IN] += amount
    body[j, at.CHARGE_OUT] += amount
    body[i, at.POWER] += amount / dt
    body[j, at.POWER] -= amount / dt
    if body[i, at.BATTERY] >= min(body[i, at.FULL], body[i, at.AIM]):
        status[i, at.ACTIVITY] = at.IDLE
        return note(records, count, (at.CHARGE_FULL, i, 0, 0))
    return count


@compiled(inline="always")
def check_battery(i: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Record the thresholds that a rover's charge went through; return how many records there are."""
    battery = body[i, at.BATTERY]
    body[i, at.LEAST] = min(body[i, at.LEAST], battery)
    if battery <= 0.0 and status[i, at.ACTIVITY] != at.DOWN:
        status[i, at.ACTIVITY] = at.DOWN
        status[i, at.MOVED] = 1
        return note(records, count, (at.BATTERY_EMPTY, i, 0, 0))
    if status[i, at.IS_LOW] == 0 and battery < body[i, at.LOW]:
        status[i, at.IS_LOW] = 1
        count = note(records, count, (at.BATTERY_LOW, i, 0, 0))
    elif status[i, at.IS_LOW] == 1 and battery > body[i, at.LOW_OVER]:
        status[i, at.IS_LOW] = 0
    if status[i, at.IS_CRITICAL] == 0 and battery < body[i, at.CRITICAL]:
        status[i, at.IS_CRITICAL] = 1
        count = note(records, count, (at.BATTERY_CRITICAL, i, 0, 0))
    elif status[i, at.IS_CRITICAL] == 1 and battery > body[i, at.CRITICAL_OVER]:
        status[i, at.IS_CRITICAL] = 0
    if status[i, at.IS_FULL] == 0 and battery >= body[i, at.FULL]:
        status[i, at.IS_FULL] = 1
        count = note(records, count, (at.BATTERY_FULL, i, 0, 0))
    elif status[i, at.IS_FULL] == 1 and battery < body[i, at.FULL_OVER]:
        status[i, at.IS_FULL] = 0
    return count
