"""What an agent knows of machines: its own figures, who else there is, where to charge, and how long charge lasts."""

from fleet.core import MissionTime
from fleet.messages import Dock, RosterEntry
from fleet.moon import Almanac, Endurance
from fleet.vehicles import VehicleClass
from fleet.vehicles.heat import warm_power
from fleet.vehicles.mobility import drive_power, drive_time, ground_speed

__all__ = [
    "Almanac",
    "Dock",
    "Endurance",
    "MissionTime",
    "RosterEntry",
    "VehicleClass",
    "drive_power",
    "drive_time",
    "ground_speed",
    "warm_power",
]
