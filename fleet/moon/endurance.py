"""How long a machine that stands lasts on its charge, and whether the Sun comes before that."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, floor
from typing import Final

from fleet.core import MissionTime, Point, Pose, Tick, distance
from fleet.moon.almanac import Almanac
from fleet.vehicles import VehicleClass, drive_power, heat

STEP: Final = 1800.0  #: Seconds between looks ahead.
HORIZON: Final = 5 * 86400.0  #: Seconds looked ahead at most: what lies beyond is not said to come.
_SOLAR: Final = 1361.0  # W/m2 at one astronomical unit.
_DETOUR: Final = 1.3  # Driven metres a straight metre, on rough ground.
_GRADE: Final = 1.5  # Power of driving on rough ground, over that on level ground.


class Endurance:
    """Forecasts for one machine, from its almanac and the figures of its class.

    Notes
    -----
    The same laws of power and heat as the world's, in steps of half an hour, the light as it is at the beginning of
    each. Louvres are left out: who is too warm does not freeze.
    """

    def __init__(self, vehicle: VehicleClass, almanac: Almanac, time: MissionTime) -> None:
        self._vehicle = vehicle
        self._almanac = almanac
        self._time = time
        self._step = max(1, time.tick(STEP))
        self._steps = max(1, int(HORIZON / (self._step * time.dt)))
        seconds = self._step * time.dt
        self._warming = seconds / vehicle.heat_capacity
        self._loss = self._warming * vehicle.heat_loss
        self._seconds = seconds

    def income(self, pose: Pose, tick: Tick) -> float:
        """Return the watts that the panels give to a machine that stands so."""
        light = self._almanac.light(pose.point, tick)
        if light <= 0.0:
            return 0.0
        sun = self._almanac.sun(tick)
        area = 0.0
        for panel in self._vehicle.panels:
            off = 0.0 if panel.offset is None else sun.heading - pose.heading - panel.offset
            area += panel.area * max(0.0, cos(off))
        sunlight = _SOLAR * self._almanac.flux(tick) * light
        return sunlight * self._vehicle.panel_efficiency * area * cos(sun.elevation)

    def end(
        self, pose: Pose, tick: Tick, charge: float, temperature: float = heat.AT_START, *, asleep: bool = False
    ) -> Tick | None:
        """Return when the charge is used up; None when the Sun comes to the rescue, or not before long.

        Parameters
        ----------
        charge
            Joules that may be used: less than there are, to keep a reserve.
        temperature
            Kelvin now.
        asleep
            Asleep from now on, instead of awake and idle.
        """
        vehicle, now = self._vehicle, tick
        base = vehicle.sleep_power if asleep else vehicle.hotel_power
        for _ in range(self._steps):
            if charge <= 0.0:
                return now
            light = self._almanac.light(pose.point, now)
            is_cool = asleep and light < 0.5
            keep = heat.SLEEP_HEATER_ON if is_cool else heat.HEATER_ON
            cold = temperature + self._warming * (base + vehicle.rhu_power) + self._loss * heat.surroundings(light)
            # An implicit step, as the world's; the heater gives what keeps the box at its lower mark.
            heater = min(vehicle.heater_power, max(0.0, (keep * (1.0 + self._loss) - cold) / self._warming))
            temperature = (cold + self._warming * heater) / (1.0 + self._loss)
            net = self.income(pose, now) - base - heater
            if net > 0.0:
                return None
            if temperature < heat.DISCHARGE_FROM:
                return now + self._step
            if charge + net * self._seconds <= 0.0:
                return now + floor(charge / -net / self._time.dt)
            charge += net * self._seconds
            now += self._step
        return None

    def reaches(self, start: Point, places: Sequence[Point], charge: float) -> bool:
        """Whether the machine can drive to the nearest of these places on its charge, by rough reckoning."""
        vehicle = self._vehicle
        if not places or not vehicle.can_drive:
            return False
        seconds = min(distance(start, place) for place in places) * _DETOUR / vehicle.max_speed
        load = vehicle.hotel_power + heat.warm_power(vehicle, 0.0) + _GRADE * drive_power(vehicle, 0.0)
        return seconds * load < charge
