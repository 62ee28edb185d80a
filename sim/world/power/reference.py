"""Light, what is used and charged, and what batteries tell, tick by tick in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.core import Tick
from fleet.moon.kernels import light_at, sun_at
from fleet.vehicles import heat
from sim.world import columns as at
from sim.world.arrays import Sky
from sim.world.engine import Record
from sim.world.heat.reference import warm
from sim.world.reference_body import Body, square_between


def sample_light(bodies: Sequence[Body], sky: Sky, tick: Tick) -> list[Record]:
    """Sample the light of every body that is not lost; return what changed."""
    records: list[Record] = []
    heading, elevation = sun_at(tick, sky.sun, sky.every)
    uncovered, _ = sun_at(tick, sky.sunshine, sky.every)
    sun = sun_at(tick, sky.sun_vector, sky.every)
    for i, body in enumerate(bodies):
        if body.activity == at.LOST:
            continue
        body.light = light_at(body.x, body.y, heading, elevation, uncovered, *sky.light_field)
        body.sun = sun
        body.surroundings = heat.surroundings(body.light)
        if body.is_lit and body.light < at.DARK_FROM:
            body.is_lit = False
            records.append((at.LIGHT_OFF, i, 0, 0))
        elif not body.is_lit and body.light > at.LIT_FROM:
            body.is_lit = True
            records.append((at.LIGHT_ON, i, 0, 0))
    return records


def consume(body: Body, dt: float) -> None:
    """Let a body live on its panels and battery for one tick."""
    vehicle, solar = body.vehicle, body.solar()
    load = {at.ASLEEP: vehicle.sleep_power, at.DOWN: 0.0}.get(body.activity, vehicle.hotel_power)
    if body.activity == at.WORKING:
        load += vehicle.work_power
    if body.is_heating:
        load += vehicle.heater_power
    if body.activity == at.DOWN:
        load = min(load, solar)
    driving, body.drive_power = body.drive_power, 0.0
    is_cold = body.temperature < heat.CHARGE_FROM
    warm(body, load, driving, dt)
    load += driving
    body.power = solar - load
    body.solar_in += solar * dt
    body.used += load * dt
    if is_cold and solar > load:
        body.spilled += (solar - load) * dt
        return
    body.battery += (solar - load) * dt
    if body.battery > body.capacity:
        body.spilled += body.battery - body.capacity
        body.battery = body.capacity
    elif body.battery < 0.0:
        body.used += body.battery
        body.battery = 0.0


def charge(bodies: Sequence[Body], i: int, dt: float) -> list[Record]:
    """Pass energy from its source to a body; return what ended."""
    body = bodies[i]
    source = bodies[body.source]
    reserve = source.share_to_joules(0.20)
    limit = body.vehicle.radius + source.vehicle.radius + at.CABLE
    over: int | None = None
    if source.activity >= at.LOST or source.battery <= reserve:
        over = at.CHARGE_SOURCE
    elif square_between(body, source) > limit * limit:
        over = at.CHARGE_FAR
    else:
        room = body.capacity - body.battery
        amount = min(source.vehicle.charge_power * dt, room, source.battery - reserve)
        if body.temperature < heat.CHARGE_FROM:
            amount = 0.0
        body.battery += amount
        source.battery -= amount
        body.charge_in += amount
        source.charge_out += amount
        body.power += amount / dt
        source.power -= amount / dt
        if body.battery >= min(0.999 * body.capacity, body.aim):
            over = at.CHARGE_FULL
    if over is None:
        return []
    body.activity = at.IDLE
    return [(over, i, 0, 0)]


def check_battery(body: Body, i: int) -> list[Record]:
    """Return the thresholds that the charge of body `i` went through."""
    body.least = min(body.least, body.battery)
    if body.battery <= 0.0 and body.activity != at.DOWN:
        body.activity = at.DOWN
        return [(at.BATTERY_EMPTY, i, 0, 0)]
    records: list[Record] = []
    for name, share, over, code in (
        ("low", 0.30, 0.32, at.BATTERY_LOW),
        ("critical", 0.15, 0.17, at.BATTERY_CRITICAL),
    ):
        if not body.flags[name] and body.battery < body.share_to_joules(share):
            body.flags[name] = True
            records.append((code, i, 0, 0))
        elif body.flags[name] and body.battery > body.share_to_joules(over):
            body.flags[name] = False
    if not body.flags["full"] and body.battery >= 0.999 * body.capacity:
        body.flags["full"] = True
        records.append((at.BATTERY_FULL, i, 0, 0))
    elif body.flags["full"] and body.battery < 0.979 * body.capacity:
        body.flags["full"] = False
    return records
