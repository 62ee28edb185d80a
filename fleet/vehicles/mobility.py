"""How fast a vehicle drives on a slope, and what that costs."""

from __future__ import annotations

from itertools import pairwise
from math import cos, degrees, inf, sin

from fleet.vehicles.model import VehicleClass

MOON_GRAVITY = 1.62  #: m/s2.
ROLLING_RESISTANCE = 0.15  #: Derived from the LRV: 8.7 kWh for 92 km at 697 kg bounds f/eta at 0.30.
DRIVE_EFFICIENCY = 0.5  #: See ROLLING_RESISTANCE.
STUCK_SLOPE_DEG = 25.0
# Degrees uphill and slip there; assumed, between published single-wheel tests.
_SLIP = ((0.0, 0.05), (5.0, 0.10), (10.0, 0.20), (15.0, 0.35), (20.0, 0.60), (STUCK_SLOPE_DEG, 1.0))


def slip(climb: float) -> float:
    """Return the share of wheel travel lost when climbing.

    Parameters
    ----------
    climb
        Slope along the direction of travel, radians, uphill positive; downhill slips like level ground.

    >>> slip(0.0), round(slip(0.13089969389957), 3), slip(0.6)
    (0.05, 0.15, 1.0)
    """
    slope = degrees(climb)
    if slope <= 0.0:
        return _SLIP[0][1]
    for (low, low_slip), (high, high_slip) in pairwise(_SLIP):
        if slope < high:
            return low_slip + (high_slip - low_slip) * (slope - low) / (high - low)
    return 1.0


def ground_speed(vehicle: VehicleClass, climb: float) -> float:
    """Return metres a second over ground that climbs so; 0 when stuck."""
    return vehicle.max_speed * (1.0 - slip(climb))


def drive_power(vehicle: VehicleClass, climb: float) -> float:
    """Return the watts that driving at full wheel speed takes, over the hotel load.

    Notes
    -----
    ``P = m g v (f cos a + sin a) / (eta (1 - s))`` with ground speed ``v = v_wheel (1 - s)``; downhill never gives
    energy back.

    Source
    ------
    Standard form; Apollo LRV traverse figures bound f/eta.
    """
    force = vehicle.mass * MOON_GRAVITY * (ROLLING_RESISTANCE * cos(climb) + sin(climb))
    return max(0.0, force * vehicle.max_speed / DRIVE_EFFICIENCY)


def drive_time(vehicle: VehicleClass, length: float, climb: float) -> float:
    """Return the seconds that `length` metres take; infinite when stuck."""
    speed = ground_speed(vehicle, climb)
    return length / speed if speed > 0.0 else inf
