"""Values everyone shares, and the two impure things one injects: a clock and chance."""

from fleet.core.clock import Clock, ManualClock, MissionTime, Tick, WallClock, format_elapsed, parse_duration
from fleet.core.errors import ConfigError, FleetError, MessageError, PluginError, TransitionError
from fleet.core.freezing import Freezer, FreezingError
from fleet.core.garbage import searching_rarely, settle_memory
from fleet.core.geometry import (
    Disc,
    Path,
    Point,
    Pose,
    bearing,
    densify,
    distance,
    distance_to_path,
    is_finite,
    path_length,
    wrap_angle,
)
from fleet.core.ids import EVERYONE, GROUND, AgencyId, RoverId, TaskId
from fleet.core.parentage import environment_of_child, is_orphan, live_and_die_with, name_process
from fleet.core.precedence import give_way
from fleet.core.rng import ArrayRng, Rng, array_stream, stream
from fleet.core.store import store_folder, stored

__all__ = [
    "EVERYONE",
    "GROUND",
    "AgencyId",
    "ArrayRng",
    "Clock",
    "ConfigError",
    "Disc",
    "FleetError",
    "Freezer",
    "FreezingError",
    "ManualClock",
    "MessageError",
    "MissionTime",
    "Path",
    "PluginError",
    "Point",
    "Pose",
    "Rng",
    "RoverId",
    "TaskId",
    "Tick",
    "TransitionError",
    "WallClock",
    "array_stream",
    "bearing",
    "densify",
    "distance",
    "distance_to_path",
    "environment_of_child",
    "format_elapsed",
    "give_way",
    "is_finite",
    "is_orphan",
    "live_and_die_with",
    "name_process",
    "parse_duration",
    "path_length",
    "searching_rarely",
    "settle_memory",
    "store_folder",
    "stored",
    "stream",
    "wrap_angle",
]
