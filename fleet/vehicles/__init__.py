"""Vehicle classes and their laws: speed on a slope, slip, power, heat."""

from fleet.vehicles import heat
from fleet.vehicles.catalogue import FIGURES, Sourced, catalogue, sources
from fleet.vehicles.mobility import MOON_GRAVITY, STUCK_SLOPE_DEG, drive_power, drive_time, ground_speed, slip
from fleet.vehicles.model import Panel, VehicleClass

__all__ = [
    "FIGURES",
    "MOON_GRAVITY",
    "STUCK_SLOPE_DEG",
    "Panel",
    "Sourced",
    "VehicleClass",
    "catalogue",
    "drive_power",
    "drive_time",
    "ground_speed",
    "heat",
    "slip",
    "sources",
]
