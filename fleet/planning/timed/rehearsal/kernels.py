"""What a plan does to charge and temperature, minute by minute, by the laws that the world has.

Only + - * / floor and comparisons on float64: what a mind decides by it is the same on every machine.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.compiled import compiled
from fleet.moon.kernels import light_at, sun_at
from fleet.planning.ground.arrays import Floats
from fleet.planning.timed.rehearsal.arrays import ASLEEP, DRIVING, WORKING, Machine, Sunlight
from fleet.vehicles import heat


@compiled
def rehearse(
    parts: Floats, step: int, charge: float, temperature: float, sunlight: Sunlight, machine: Machine
) -> Floats:
    """Return ``(n, 6)`` tick, x, y, share of the Sun's disc, joules and kelvin, at most `step` ticks between rows.

    Parameters
    ----------
    parts
        ``(S, 10)``: first and last tick, x and y at both, cosine and sine of the heading, watts for driving, and what
        the vehicle does; in order, without gaps.

    Notes
    -----
    Where the charge would be used up it stays at nothing. Light is that at the beginning of each step.
    """
    size = 1
    for part in range(len(parts)):
        size += (int(parts[part, 1]) - int(parts[part, 0])) // step + 1
    rows = np.empty((size, 6))
    count, heating = 0, False
    for part in range(len(parts)):
        begin, end = int(parts[part, 0]), int(parts[part, 1])
        doing = int(parts[part, 9])
        tick = begin
        while tick < end:
            share = (tick - begin) / (end - begin)
            x = parts[part, 2] + (parts[part, 4] - parts[part, 2]) * share
            y = parts[part, 3] + (parts[part, 5] - parts[part, 3]) * share
            light = light_of(tick, x, y, sunlight)
            note(rows, count, tick, x, y, light, charge, temperature)
            count += 1
            until = min(end, tick + step)
            seconds = (until - tick) * sunlight.dt
            sun_x, sun_y = sun_at(tick, sunlight.vector, sunlight.every)
            solar = light * gain_of(sun_x, sun_y, parts[part, 6], parts[part, 7], machine)
            load = machine.sleep if doing == ASLEEP else machine.hotel
            if doing == WORKING:
                load += machine.work
            keep_on, keep_off = heat.HEATER_ON, heat.HEATER_OFF
            if doing == ASLEEP and light < 0.5:
                keep_on, keep_off = heat.SLEEP_HEATER_ON, heat.SLEEP_HEATER_OFF
            if temperature < keep_on:
                heating = True
            elif temperature > keep_off:
                heating = False
            if heating:
                load += machine.heater
            driving = parts[part, 8] if doing == DRIVING else 0.0
            around = heat.DARK_SURROUNDINGS + (heat.LIT_SURROUNDINGS - heat.DARK_SURROUNDINGS) * light
            warming, loss = seconds / machine.capacity, seconds / machine.capacity * machine.loss
            warm = temperature + warming * (load + machine.rhu + heat.DRIVE_HEAT * driving) + loss * around
            is_cold = temperature < heat.CHARGE_FROM
            temperature = warm / (1.0 + loss)
            if temperature > heat.LOUVRE_OPENS:
                vent = warming * machine.radiator
                temperature = (warm + vent * heat.LOUVRE_OPENS) / (1.0 + loss + vent)
            net = solar - load - driving
            if not (is_cold and net > 0.0):
                charge = min(machine.battery, max(0.0, charge + net * seconds))
            tick = until
    if len(parts) > 0:
        last = parts[len(parts) - 1]
        light = light_of(int(last[1]), last[4], last[5], sunlight)
        note(rows, count, int(last[1]), last[4], last[5], light, charge, temperature)
        count += 1
    return rows[:count]


@compiled
def note(
    rows: Floats, row: int, tick: int, x: float, y: float, light: float, charge: float, temperature: float
) -> None:
    """Write a row."""
    rows[row, 0], rows[row, 1], rows[row, 2] = tick, x, y
    rows[row, 3], rows[row, 4], rows[row, 5] = light, charge, temperature


@compiled
def light_of(tick: int, x: float, y: float, sunlight: Sunlight) -> float:
    """Return the share of the Sun's disc that shines on a point."""
    heading, elevation = sun_at(tick, sunlight.sun, sunlight.every)
    uncovered, _ = sun_at(tick, sunlight.sunshine, sunlight.every)
    share: float = light_at(
        x, y, heading, elevation, uncovered, sunlight.horizon, sunlight.first_heading, sunlight.heading_step,
        sunlight.disc, sunlight.west, sunlight.south, sunlight.pixel
    )  # fmt: skip
    return share


@compiled
def gain_of(sun_x: float, sun_y: float, cosine: float, sine: float, machine: Machine) -> float:
    """Return the watts of all panels with the whole disc in view, given the Sun's strength as a vector."""
    watts: float = machine.tracking * np.sqrt(sun_x * sun_x + sun_y * sun_y)
    for panel in range(len(machine.panels)):
        gain, across, along = machine.panels[panel, 0], machine.panels[panel, 1], machine.panels[panel, 2]
        facing = sun_x * (cosine * across - sine * along) + sun_y * (sine * across + cosine * along)
        if facing > 0.0:
            watts += gain * facing
    return watts
