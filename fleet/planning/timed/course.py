"""Parts of a plan as rows for a rehearsal, and what the rehearsal says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, cos, inf, sin
from typing import Final

import numpy as np

from fleet.core import Path, Point, Tick, bearing, wrap_angle
from fleet.planning.ground import Ground, drive, idle_power
from fleet.planning.timed.rehearsal.arrays import ASLEEP, DRIVING, WORKING, Machine, Sunlight
from fleet.planning.timed.rehearsal.kernels import rehearse
from fleet.sdk.timed import Outset, Sample
from fleet.vehicles import VehicleClass, drive_power

_DIGITS: Final = 9
_STEP: Final = 60.0  # Seconds between samples, at the most.
_HERE: Final = 1e-9

Row = tuple[float, ...]


class Course:
    """What a vehicle does, part after part, from a tick on."""

    def __init__(self, vehicle: VehicleClass, ground: Ground, tick: Tick, dt: float) -> None:
        self._vehicle, self._ground, self._dt = vehicle, ground, dt
        self._now = tick
        self._heading: float | None = None
        self._rows: list[Row] = []
        self.used = 0.0  #: Joules for driving so far.

    @property
    def now(self) -> Tick:
        """When what was added so far has been done."""
        return self._now

    def drive(self, path: Path) -> None:
        """Drive along a path, with turns on the spot."""
        vehicle, since = self._vehicle, (self._now, 0.0)
        for start, end in pairwise(path):
            if abs(end[0] - start[0]) + abs(end[1] - start[1]) <= _HERE:
                continue
            heading = bearing(start, end)
            if self._heading is not None and vehicle.turn_rate > 0.0:
                turn = abs(wrap_angle(heading - self._heading)) / vehicle.turn_rate
                since = self._move(since, turn, (*start, *start, *_unit(heading)), drive_power(vehicle, 0.0))
            self._heading = heading
            seconds, joules = drive(self._ground, (*start, *end), inf)
            watts = max(0.0, joules / seconds - idle_power(vehicle)) if seconds > 0.0 else 0.0
            since = self._move(since, seconds, (*start, *end, *_unit(heading)), watts)

    def _move(self, since: tuple[Tick, float], seconds: float, leg: Row, watts: float) -> tuple[Tick, float]:
        """Move for so long, after so many seconds of driving since a tick; return these after it."""
        begin, gone = since[0], since[1] + seconds
        until = begin + ceil(gone / self._dt - 1e-9)
        if until > self._now:
            self._rows.append((self._now, until, *leg, watts, DRIVING))
        self.used += watts * seconds
        self._now = until
        return begin, gone

    def sleep(self, place: Point, until: Tick, heading: float) -> None:
        """Stand asleep."""
        self._stand(place, until, heading, ASLEEP)

    def work(self, place: Point, until: Tick, heading: float) -> None:
        """Work."""
        self._stand(place, until, heading, WORKING)

    def _stand(self, place: Point, until: Tick, heading: float, doing: int) -> None:
        if until > self._now:
            self._rows.append((self._now, until, *place, *place, *_unit(heading), 0.0, doing))
            self._now, self._heading = until, heading

    def rehearsed(self, outset: Outset, sunlight: Sunlight, machine: Machine) -> tuple[Sample, ...]:
        """Return what all this does to charge and temperature."""
        rows = np.array(self._rows, np.float64).reshape(-1, 10)
        step = max(1, ceil(_STEP / self._dt))
        table = rehearse(rows, step, float(outset.charge), float(outset.temperature), sunlight, machine)
        return tuple(
            Sample(tick=int(tick), point=(x, y), light=light, charge=charge, temperature=kelvin)
            for tick, x, y, light, charge, kelvin in table.tolist()
        )


def _unit(heading: float) -> tuple[float, float]:
    return (round(cos(heading), _DIGITS), round(sin(heading), _DIGITS))


def charge_at(samples: Sequence[Sample], tick: Tick) -> float:
    """Return the charge in the last sample up to a tick."""
    charge = samples[0].charge
    for sample in samples:
        if sample.tick > tick:
            break
        charge = sample.charge
    return charge
