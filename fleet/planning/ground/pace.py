"""What a metre takes, by how steeply it climbs: the laws of `fleet.vehicles` as a table."""

from __future__ import annotations

from math import atan, radians, tan
from typing import Final

import numpy as np

from fleet.planning.ground.arrays import Floats
from fleet.vehicles import STUCK_SLOPE_DEG, VehicleClass, drive_power, ground_speed

_ENTRIES: Final = 2049
#: Metres up a metre that anything climbs at all; a little below where it is stuck and a metre would take for ever.
STEEPEST: Final = tan(radians(STUCK_SLOPE_DEG - 0.5))


def idle_power(vehicle: VehicleClass) -> float:
    """Return the watts that pass while driving, whatever the ground: hotel load, and heaters as if in shadow."""
    return vehicle.hotel_power + vehicle.heater_power


def pace_table(vehicle: VehicleClass) -> Floats:
    """Return ``(K, 2)`` seconds and joules a metre for climbs evenly from ``-STEEPEST`` to ``STEEPEST``.

    >>> from fleet.vehicles import catalogue
    >>> middle = pace_table(catalogue()["suparco-rover"])[1024]
    >>> round(float(middle[0]) * 0.02 * 0.95, 9)
    1.0
    """
    table = np.empty((_ENTRIES, 2))
    for entry in range(_ENTRIES):
        climb = atan(STEEPEST * (2.0 * entry / (_ENTRIES - 1) - 1.0))
        seconds = 1.0 / ground_speed(vehicle, climb)
        table[entry] = seconds, seconds * (drive_power(vehicle, climb) + idle_power(vehicle))
    return table
