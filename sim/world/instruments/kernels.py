"""How instruments live, compiled.

Only + - * / sqrt and comparisons, in the order in which `sim.world.instruments.reference` has them: both give the same
bits.
"""

from __future__ import annotations

from math import sqrt

from fleet.core.compiled import compiled
from fleet.moon.kernels import sun_at
from fleet.vehicles import heat
from sim.world.arrays import FloatArray, IntArray, Sky
from sim.world.instruments import columns as at
from sim.world.power.kernels import light_on


@compiled
def live(row: FloatArray, status: IntArray, sunshine: float, dt: float) -> None:
    """Let an instrument that is not dead live on its panel and battery for one step of `dt` seconds.

    Parameters
    ----------
    sunshine
        Share of the Sun's power that falls on an upright panel that faces it.
    """
    solar = row[at.GAIN] * sunshine * row[at.LIGHT]
    load = row[at.POWER] if status[at.STATE] == at.ALIVE else row[at.SLEEP]
    if status[at.HEATING] == 1:
        load += row[at.HEATER]
    is_cold = row[at.TEMPERATURE] < heat.CHARGE_FROM
    stored = 0.0 if row[at.TEMPERATURE] < heat.DISCHARGE_FROM else row[at.CHARGE] / dt
    supply = solar + stored
    is_short = load > supply
    if is_short:
        load = supply
    surroundings = heat.DARK_SURROUNDINGS + (heat.LIT_SURROUNDINGS - heat.DARK_SURROUNDINGS) * row[at.LIGHT]
    gain = row[at.WARMING] * (load + row[at.RHU]) + row[at.LOSS] * surroundings
    shut = (row[at.TEMPERATURE] + gain) * row[at.KEEP]
    if shut > heat.LOUVRE_OPENS:
        row[at.TEMPERATURE] = (row[at.TEMPERATURE] + (gain + row[at.OPEN_GAIN])) * row[at.OPEN_KEEP]
    else:
        row[at.TEMPERATURE] = shut
    if load > solar or not is_cold:
        row[at.CHARGE] += (solar - load) * dt
    if row[at.CHARGE] > row[at.CAPACITY]:
        row[at.CHARGE] = row[at.CAPACITY]
    elif row[at.CHARGE] < 0.0:
        row[at.CHARGE] = 0.0
    if row[at.TEMPERATURE] < row[at.SURVIVAL]:
        status[at.STATE] = at.DEAD
    elif status[at.STATE] == at.ALIVE and (is_short or row[at.CHARGE] < row[at.SLEEPY]):
        status[at.STATE] = at.ASLEEP
    elif status[at.STATE] == at.ASLEEP and supply >= row[at.POWER] and row[at.CHARGE] >= row[at.FRESH]:
        status[at.STATE] = at.ALIVE
    on, off = heat.SLEEP_HEATER_ON, heat.SLEEP_HEATER_OFF
    if row[at.TEMPERATURE] < on:
        status[at.HEATING] = 1
    elif row[at.TEMPERATURE] > off:
        status[at.HEATING] = 0


@compiled
def run(row: FloatArray, status: IntArray, samples: FloatArray, steps: tuple[int, int, int, float], sky: Sky) -> int:
    """Let an instrument live until its state changes; return the number of the step in which it does, -1 for none.

    Parameters
    ----------
    samples
        ``(steps to come, 3) float64``, to be filled with joules, kelvin and light after each step.
    steps
        The last step that lies behind, the last one to come, and ticks and seconds a step.
    """
    done, last, every, dt = steps
    for step in range(done + 1, last + 1):
        if status[at.STATE] == at.DEAD:
            return -1
        tick = step * every
        heading, elevation = sun_at(tick, sky.sun, sky.every)
        uncovered, _ = sun_at(tick, sky.sunshine, sky.every)
        sun_x, sun_y = sun_at(tick, sky.sun_vector, sky.every)
        row[at.LIGHT] = light_on(row[at.X], row[at.Y], (heading, elevation, uncovered), sky)
        before = status[at.STATE]
        live(row, status, sqrt(sun_x * sun_x + sun_y * sun_y), dt)
        sample = samples[step - done - 1]
        sample[0] = row[at.CHARGE]
        sample[1] = row[at.TEMPERATURE]
        sample[2] = row[at.LIGHT]
        if status[at.STATE] != before:
            return step
    return -1
