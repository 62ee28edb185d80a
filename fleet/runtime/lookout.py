"""A rover's look ahead at its own charge: it says when it sees its end coming."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.core import Point, format_elapsed
from fleet.messages import Distress, Observation
from fleet.moon import Endurance
from fleet.vehicles import VehicleClass


class Lookout:
    """Looks ahead for one rover, and has it call when neither Sun nor charger will come in time.

    Parameters
    ----------
    dt
        Seconds a tick.
    docks
        Where it could charge.

    Notes
    -----
    It calls when its charge would be used up even if it slept from now on. While nobody hears that, it calls again at
    every look.
    """

    def __init__(self, endurance: Endurance, vehicle: VehicleClass, dt: float, docks: Sequence[Point]) -> None:
        self._endurance = endurance
        self._vehicle = vehicle
        self._dt = dt
        self._docks = tuple(docks)
        self._has_called = False

    def look(self, seen: Observation) -> Distress | None:
        """Return what is to be said now, if anything."""
        charge = seen.battery * self._vehicle.battery
        if seen.activity == "charging" or self._endurance.reaches(seen.pose.point, self._docks, charge):
            self._has_called = False
            return None
        end = self._endurance.end(seen.pose, seen.tick, charge, seen.temperature, asleep=True)
        if end is None:
            self._has_called = False
            return None
        if self._has_called:
            return None
        self._has_called = bool(seen.links)
        chargers = "no charger in reach" if self._docks else "there is no charger"
        left = format_elapsed((end - seen.tick) * self._dt)
        reason = f"no Sun within {left}, {chargers}"
        return Distress(pose=seen.pose, battery=seen.battery, empty=end, reason=reason)
