"""How warm a vehicle's electronics and battery keep, and what that costs.

One temperature a vehicle: the box that holds electronics and battery. It gains what is used inside it, half of what the
drives use, and the heat of a radioisotope unit; it loses to surroundings whose temperature goes with the light. Louvres
give off more from `LOUVRE_OPENS` on. Temperatures are kelvin.
"""

from __future__ import annotations

from typing import Final

from fleet.vehicles.model import VehicleClass

DARK_SURROUNDINGS: Final = 93.15  #: Sky and ground in shadow: the -180 degC of a night, as Yutu-2 reported it.
LIT_SURROUNDINGS: Final = 223.15  #: Sky and ground around a rover in full Sun; assumed.
CHARGE_FROM: Final = 273.15  #: A colder battery takes no charge.
DISCHARGE_FROM: Final = 253.15  #: A colder battery gives nothing: the rover is down.
REVIVE_FROM: Final = 258.15  #: A rover that is down comes back when it is so warm again,
REVIVE_CHARGE: Final = 0.10  #: and has this share of its charge.
SURVIVAL: Final = 233.15  #: Colder than this a rover never comes back.
LOUVRE_OPENS: Final = 293.15
AT_START: Final = 293.15  #: Of every rover at tick 0.
HEATER_ON: Final = 275.15  #: Of a rover that is awake, or lies in the Sun and so could charge;
HEATER_OFF: Final = 280.15
SLEEP_HEATER_ON: Final = 258.15  #: of one that sleeps in the dark.
SLEEP_HEATER_OFF: Final = 263.15
DRIVE_HEAT: Final = (
    0.5  #: Share of the driving power that warms the box: what the drives lose, at an efficiency of 0.5.
)


def surroundings(light: float) -> float:
    """Return the kelvin that a vehicle loses its heat to, given the share of the Sun's disc that it sees.

    >>> surroundings(0.0), surroundings(1.0)
    (93.15, 223.15)
    """
    return DARK_SURROUNDINGS + (LIT_SURROUNDINGS - DARK_SURROUNDINGS) * light


def warm_power(vehicle: VehicleClass, light: float, *, asleep: bool = False) -> float:
    """Return the watts that the heater draws on average to keep the vehicle warm, at most what it has.

    >>> from fleet.vehicles import catalogue
    >>> micro = catalogue()["metu-micro"]
    >>> warm_power(micro, 0.0), round(warm_power(micro, 0.0, asleep=True), 2)
    (0.0, 1.51)
    """
    keep = (SLEEP_HEATER_ON + SLEEP_HEATER_OFF) / 2.0 if asleep else (HEATER_ON + HEATER_OFF) / 2.0
    inside = (vehicle.sleep_power if asleep else vehicle.hotel_power) + vehicle.rhu_power
    return min(vehicle.heater_power, max(0.0, vehicle.heat_loss * (keep - surroundings(light)) - inside))
