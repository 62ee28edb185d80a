"""Whether and how fast one vehicle drives straight over the ground."""

from fleet.planning.ground.arrays import Bytes, Floats, Ground, Indices, Leg
from fleet.planning.ground.kernels import clearance, drive, heights_at, is_clear
from fleet.planning.ground.making import MARGIN, discs_array, ground_for, with_closed, with_rocks, with_soft
from fleet.planning.ground.pace import STEEPEST, idle_power

__all__ = [
    "MARGIN",
    "STEEPEST",
    "Bytes",
    "Floats",
    "Ground",
    "Indices",
    "Leg",
    "clearance",
    "discs_array",
    "drive",
    "ground_for",
    "heights_at",
    "idle_power",
    "is_clear",
    "with_closed",
    "with_rocks",
    "with_soft",
]
