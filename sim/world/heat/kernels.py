"""What cold does to a body, and when one that sleeps or is down wakes.

Only + - * / and comparisons, in the order in which `sim.world.heat.reference` has them: both give the same bits.
"""

# ruff: noqa: PLR0917 - arrays one by one: taking them out of a tuple in every call would count references

from __future__ import annotations

from fleet.core.compiled import compiled
from fleet.vehicles import heat
from sim.world import columns as at
from sim.world.arrays import FloatArray, IntArray
from sim.world.records.kernels import note


@compiled(inline="always")
def thermostat(i: int, status: IntArray) -> tuple[float, float]:
    """Return below which temperature a rover's heater goes on, and above which off."""
    if status[i, at.ACTIVITY] == at.ASLEEP and status[i, at.LIT] == 0:
        return heat.SLEEP_HEATER_ON, heat.SLEEP_HEATER_OFF
    return heat.HEATER_ON, heat.HEATER_OFF


@compiled
def check_heat(i: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Switch the heater, and record what cold does to a rover; return how many records there are."""
    temperature = body[i, at.TEMPERATURE]
    on, off = thermostat(i, status)
    if status[i, at.HEATING] == 0 and temperature < on:
        status[i, at.HEATING] = 1
    elif status[i, at.HEATING] == 1 and temperature > off:
        status[i, at.HEATING] = 0
    if temperature < heat.SURVIVAL:
        status[i, at.ACTIVITY] = at.LOST
        status[i, at.MOVED] = 1
        body[i, at.POWER] = 0.0
        body[i, at.SOLAR] = 0.0
        return note(records, count, (at.FROZEN, i, 0, 0))
    if status[i, at.ACTIVITY] != at.DOWN:
        if temperature < heat.DISCHARGE_FROM:
            status[i, at.ACTIVITY] = at.DOWN
            status[i, at.MOVED] = 1
            return note(records, count, (at.TOO_COLD, i, 0, 0))
    elif temperature >= heat.REVIVE_FROM and body[i, at.BATTERY] >= body[i, at.REVIVE]:
        status[i, at.ACTIVITY] = at.IDLE
        status[i, at.MOVED] = 1
        return note(records, count, (at.REVIVED, i, 0, 0))
    return count


@compiled
def wake(i: int, tick: int, body: FloatArray, status: IntArray, records: IntArray, count: int) -> int:
    """Wake a sleeping rover when what it waits for has come; return how many records there are."""
    if tick >= status[i, at.WAKE_AT]:
        code = at.WOKE_TIME
    elif status[i, at.WAKE_LIGHT] == 1 and status[i, at.LIT] == 1:
        code = at.WOKE_LIGHT
    elif body[i, at.BATTERY] >= body[i, at.WAKE_CHARGE]:
        code = at.WOKE_CHARGE
    else:
        return count
    status[i, at.ACTIVITY] = at.IDLE
    status[i, at.MOVED] = 1
    return note(records, count, (code, i, 0, 0))
