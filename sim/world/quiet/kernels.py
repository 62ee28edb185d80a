"""Many ticks of a rover at once, while nothing can happen to it but that it drives on, works on, charges and cools.

The same sums in the same order as tick by tick, kept in registers: the same bits.
"""

# ruff: noqa: PLR0917 - arrays one by one: taking them out of a tuple in every call would count references

from __future__ import annotations

from math import floor

from fleet.core.compiled import compiled
from fleet.vehicles import heat
from sim.world import columns as at
from sim.world.arrays import FloatArray, IntArray
from sim.world.heat.kernels import thermostat
from sim.world.power.kernels import heat_of, standing_load

_LITTLE = 1.0e-12  # so that nothing is divided by nothing


@compiled(inline="always")
def _steps(gap: float, step: float) -> float:
    """Return how many steps surely stay within a gap, one less for rounding; below 0 when it is used up."""
    return floor(gap / step) - 1.0


@compiled(inline="always")
def _driving(i: int, status: IntArray, pieces: FloatArray) -> float:
    """Return the watts that a rover drives with."""
    if status[i, at.ACTIVITY] != at.DRIVING:
        return 0.0
    power: float = pieces[status[i, at.FIRST_PIECE] + status[i, at.PIECE], at.P_POWER]
    return power


@compiled
def _quiet_drive(i: int, tick: int, status: IntArray, pieces: FloatArray, marks: FloatArray) -> float:
    """Return for how many ticks a drive surely stays within its piece, without a mark and away from other bodies."""
    if status[i, at.HELD] == 1:
        return 1.0e9
    elapsed = tick - status[i, at.STARTED]
    if elapsed < 1:
        return 0.0
    piece = status[i, at.FIRST_PIECE] + status[i, at.PIECE]
    quiet = _steps(marks[status[i, at.FIRST_MARK] + status[i, at.MARK], 0] - elapsed, 1.0)
    if status[i, at.PIECE] < status[i, at.LAST_PIECE]:
        quiet = min(quiet, _steps(pieces[piece + 1, at.P_START] - elapsed, 1.0))
    if pieces[piece, at.P_SPEED] > 0.0:
        quiet = min(quiet, status[i, at.NEAR_AT] - tick - 1.0)
    return quiet


@compiled
def _battery_gaps(i: int, body: FloatArray, status: IntArray) -> tuple[float, float]:
    """Return the joules down to the next threshold of the charge, and up to it."""
    battery = body[i, at.BATTERY]
    activity = status[i, at.ACTIVITY]
    lowest = 0.0
    highest = 1.0e300
    if status[i, at.IS_FULL] == 1:
        lowest = body[i, at.FULL_OVER]
    elif status[i, at.IS_LOW] == 0:
        lowest = body[i, at.LOW]
        highest = body[i, at.FULL]
    elif status[i, at.IS_CRITICAL] == 0:
        lowest = body[i, at.CRITICAL]
        highest = body[i, at.LOW_OVER]
    else:
        highest = body[i, at.CRITICAL_OVER]
    if activity == at.DOWN:
        lowest = -1.0e300
        if battery < body[i, at.REVIVE]:
            highest = min(highest, body[i, at.REVIVE])
    elif activity == at.ASLEEP:
        highest = min(highest, body[i, at.WAKE_CHARGE])
    return battery - lowest, highest - battery


@compiled
def _heat_gaps(i: int, body: FloatArray, status: IntArray) -> tuple[float, float]:
    """Return the kelvin down to the next threshold of the temperature, and up to it."""
    temperature = body[i, at.TEMPERATURE]
    on, off = thermostat(i, status)
    lowest = heat.SURVIVAL
    highest = at.HOT
    if temperature > heat.LOUVRE_OPENS:
        lowest = heat.LOUVRE_OPENS
    else:
        highest = heat.LOUVRE_OPENS
        if temperature >= heat.CHARGE_FROM:
            lowest = heat.CHARGE_FROM
        else:
            highest = heat.CHARGE_FROM
            if status[i, at.ACTIVITY] != at.DOWN:
                lowest = heat.DISCHARGE_FROM
            elif temperature < heat.REVIVE_FROM:
                highest = heat.REVIVE_FROM
    if status[i, at.HEATING] == 0:
        lowest = max(lowest, on)
    else:
        highest = min(highest, off)
    return temperature - lowest, highest - temperature


@compiled
def _calm_ticks(i: int, body: FloatArray, status: IntArray) -> int:
    """Return for how many ticks a rover surely meets no threshold, whatever it does and however the light changes."""
    down, up = _battery_gaps(i, body, status)
    cool, warm = _heat_gaps(i, body, status)
    calm = min(down / (body[i, at.DRAIN_MOST] + _LITTLE), up / (body[i, at.GAIN_MOST] + _LITTLE))
    calm = min(calm, cool / (body[i, at.COOL_MOST] + _LITTLE), warm / (body[i, at.WARM_MOST] + _LITTLE))
    return int(min(1.0e9, max(0.0, floor(calm) - 1.0)))


@compiled
def quiet_ticks(
    i: int,
    tick: int,
    most: int,
    body: FloatArray,
    status: IntArray,
    pieces: FloatArray,
    marks: FloatArray,
) -> int:
    """Return for how many ticks after this one, at most `most`, surely nothing happens to a rover by itself.

    Light, radio and other rovers aside. Too few are no harm; one too many would be.
    """
    activity = status[i, at.ACTIVITY]
    if activity == at.LOST:
        return most
    if activity == at.CHARGING:
        return 0
    quiet = float(most)
    if activity == at.DRIVING:
        quiet = min(quiet, _quiet_drive(i, tick, status, pieces, marks))
    elif activity == at.WORKING:
        if status[i, at.WORK_WAITS] == 0:
            quiet = min(quiet, status[i, at.WORK_LEFT] - 1.0)
    elif activity == at.ASLEEP:
        quiet = min(quiet, status[i, at.WAKE_AT] - tick - 1.0)
    if quiet < 1.0:
        return 0
    last = tick + int(quiet)
    if last >= status[i, at.CALM_UNTIL]:
        status[i, at.CALM_UNTIL] = tick + 1 + _calm_ticks(i, body, status)
        last = min(last, status[i, at.CALM_UNTIL] - 1)
    return last - tick


@compiled
def pass_quietly(
    i: int, tick: int, ticks: int, dt: float, body: FloatArray, status: IntArray, pieces: FloatArray
) -> None:
    """Let a rover live for so many ticks after this one, in which nothing happens to it."""
    activity = status[i, at.ACTIVITY]
    if activity == at.LOST:
        return
    if activity == at.WORKING and status[i, at.WORK_WAITS] == 0:
        status[i, at.WORK_LEFT] -= ticks
    load = standing_load(i, body, status)
    driving = _driving(i, status, pieces)
    gain, keep = heat_of(i, load, driving, body)
    load += driving
    solar = body[i, at.SOLAR]
    body[i, at.POWER] = solar - load
    income = solar * dt
    use = load * dt
    net = (solar - load) * dt
    temperature = body[i, at.TEMPERATURE]
    is_refused = solar > load and temperature < heat.CHARGE_FROM
    solar_in = body[i, at.SOLAR_IN]
    used = body[i, at.USED]
    spilled = body[i, at.SPILLED]
    battery = body[i, at.BATTERY]
    capacity = body[i, at.CAPACITY]
    for _ in range(ticks):
        solar_in += income
        used += use
        if is_refused:
            spilled += net
        else:
            battery += net
            if battery > capacity:
                spilled += battery - capacity
                battery = capacity
        temperature = (temperature + gain) * keep
    body[i, at.SOLAR_IN] = solar_in
    body[i, at.USED] = used
    body[i, at.SPILLED] = spilled
    body[i, at.BATTERY] = battery
    body[i, at.TEMPERATURE] = temperature
    body[i, at.LEAST] = min(body[i, at.LEAST], battery)
    if activity == at.DRIVING and status[i, at.HELD] == 1:
        status[i, at.STARTED] += ticks
    elif activity == at.DRIVING:
        _drive_on(i, tick + ticks, body, status, pieces)


@compiled
def _drive_on(i: int, tick: int, body: FloatArray, status: IntArray, pieces: FloatArray) -> None:
    """Set where a rover is at this tick of the piece that it drives."""
    k = status[i, at.FIRST_PIECE] + status[i, at.PIECE]
    since = tick - status[i, at.STARTED] - pieces[k, at.P_START]
    if status[i, at.PIECE] == status[i, at.LAST_PIECE]:
        since = 0.0
    body[i, at.X] = pieces[k, at.P_X] + pieces[k, at.P_VX] * since
    body[i, at.Y] = pieces[k, at.P_Y] + pieces[k, at.P_VY] * since
    body[i, at.HEADING] = pieces[k, at.P_HEADING] + pieces[k, at.P_SPIN] * since
    body[i, at.DISTANCE] = body[i, at.DISTANCE_BEFORE] + (pieces[k, at.P_DISTANCE] + pieces[k, at.P_SPEED] * since)
    status[i, at.MOVED] = 1
