"""What cold does to a body, and when one that sleeps or is down wakes, tick by tick in plain Python."""

from __future__ import annotations

from fleet.core import Tick
from fleet.vehicles import heat
from sim.world import columns as at
from sim.world.engine import Record
from sim.world.reference_body import Body


def warm(body: Body, load: float, driving: float, dt: float) -> None:
    """Let a body gain and lose heat for one tick."""
    vehicle = body.vehicle
    a = dt / vehicle.heat_capacity
    gain = a * (load + vehicle.rhu_power + heat.DRIVE_HEAT * driving) + a * vehicle.heat_loss * body.surroundings
    shut = (body.temperature + gain) * (1.0 / (1.0 + a * vehicle.heat_loss))
    if shut > heat.LOUVRE_OPENS:
        gain += a * vehicle.radiator * heat.LOUVRE_OPENS
        body.temperature = (body.temperature + gain) * (1.0 / (1.0 + a * vehicle.heat_loss + a * vehicle.radiator))
    else:
        body.temperature = shut


def check_heat(body: Body, i: int) -> list[Record]:
    """Switch the heater, and return what cold does to body `i`."""
    is_cool = body.activity == at.ASLEEP and not body.is_lit
    on = heat.SLEEP_HEATER_ON if is_cool else heat.HEATER_ON
    off = heat.SLEEP_HEATER_OFF if is_cool else heat.HEATER_OFF
    if body.temperature < on:
        body.is_heating = True
    elif body.temperature > off:
        body.is_heating = False
    if body.temperature < heat.SURVIVAL:
        body.activity = at.LOST
        body.power = 0.0
        return [(at.FROZEN, i, 0, 0)]
    if body.activity != at.DOWN and body.temperature < heat.DISCHARGE_FROM:
        body.activity = at.DOWN
        return [(at.TOO_COLD, i, 0, 0)]
    is_warm = body.temperature >= heat.REVIVE_FROM
    if body.activity == at.DOWN and is_warm and body.battery >= body.share_to_joules(heat.REVIVE_CHARGE):
        body.activity = at.IDLE
        return [(at.REVIVED, i, 0, 0)]
    return []


def wake(body: Body, i: int, tick: Tick) -> list[Record]:
    """Wake body `i` when what it waits for in its sleep has come."""
    if tick >= body.wake_at:
        code = at.WOKE_TIME
    elif body.wake_light and body.is_lit:
        code = at.WOKE_LIGHT
    elif body.battery >= body.wake_charge:
        code = at.WOKE_CHARGE
    else:
        return []
    body.activity = at.IDLE
    return [(code, i, 0, 0)]
