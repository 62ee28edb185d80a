"""How instruments live, step by step in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from fleet.core import Tick
from fleet.moon.kernels import light_at, sun_at
from fleet.vehicles import heat
from sim.scenario.instrument import InstrumentSpec
from sim.world.arrays import Sky
from sim.world.columns import SOLAR_CONSTANT
from sim.world.instruments import columns as at


@dataclass(slots=True)
class Station:
    """One instrument on the ground."""

    spec: InstrumentSpec
    charge: float
    temperature: float
    light: float
    state: int
    is_heating: bool = False

    def step(self, tick: Tick, dt: float, sky: Sky) -> bool:
        """Live for one step that ends at a tick; return whether the state changed."""
        if self.state == at.DEAD:
            return False
        heading, elevation = sun_at(tick, sky.sun, sky.every)
        uncovered, _ = sun_at(tick, sky.sunshine, sky.every)
        sun_x, sun_y = sun_at(tick, sky.sun_vector, sky.every)
        x, y = self.spec.place
        self.light = light_at(x, y, heading, elevation, uncovered, *sky.light_field)
        before = self.state
        self.live(sqrt(sun_x * sun_x + sun_y * sun_y), dt)
        return self.state != before

    def live(self, sunshine: float, dt: float) -> None:
        """Live for one step in this light, with this share of the Sun's power on an upright panel."""
        figures = self.spec.figures
        solar = SOLAR_CONSTANT * figures.panel_efficiency * figures.panel * sunshine * self.light
        load = figures.power if self.state == at.ALIVE else figures.sleep_power
        load += figures.heater_power if self.is_heating else 0.0
        stored = 0.0 if self.temperature < heat.DISCHARGE_FROM else self.charge / dt
        supply = solar + stored
        is_short = load > supply
        load = min(load, supply)
        is_charged = load > solar or not self.temperature < heat.CHARGE_FROM
        self._warm(load, dt)
        if is_charged:
            self.charge += (solar - load) * dt
        self.charge = max(0.0, min(self.charge, figures.battery))
        if self.temperature < figures.survival:
            self.state = at.DEAD
        elif self.state == at.ALIVE and (is_short or self.charge < at.SLEEPS_BELOW * figures.battery):
            self.state = at.ASLEEP
        elif self.state == at.ASLEEP and supply >= figures.power and self.charge >= at.WAKES_ABOVE * figures.battery:
            self.state = at.ALIVE
        if self.temperature < heat.SLEEP_HEATER_ON:
            self.is_heating = True
        elif self.temperature > heat.SLEEP_HEATER_OFF:
            self.is_heating = False

    def _warm(self, load: float, dt: float) -> None:
        figures = self.spec.figures
        warming = dt / figures.heat_capacity
        loss = warming * figures.heat_loss
        gain = warming * (load + figures.rhu_power) + loss * heat.surroundings(self.light)
        shut = (self.temperature + gain) * (1.0 / (1.0 + loss))
        if shut > heat.LOUVRE_OPENS:
            louvres = warming * figures.radiator
            gain += louvres * heat.LOUVRE_OPENS
            self.temperature = (self.temperature + gain) * (1.0 / (1.0 + loss + louvres))
        else:
            self.temperature = shut
