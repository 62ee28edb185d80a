"""What a rover believes about the ground."""

from fleet.terrain.far_ground import FarGround, far_ground_from_heights
from fleet.terrain.forbidden import ROCK_REACH
from fleet.terrain.ground_map import GroundMap, MapZone
from fleet.terrain.hazard import BELIEVED, Hazard, HazardKind, KnownHazard, Sense, Sighting
from fleet.terrain.heights import ground_map_from_heights
from fleet.terrain.surface import hillshade, roughness, slope
from fleet.terrain.survey import Limit
from fleet.terrain.terrain import Terrain
from fleet.terrain.zone import CLOSED, KEEP_OUT, Zone

__all__ = [
    "BELIEVED",
    "CLOSED",
    "KEEP_OUT",
    "ROCK_REACH",
    "FarGround",
    "GroundMap",
    "Hazard",
    "HazardKind",
    "KnownHazard",
    "Limit",
    "MapZone",
    "Sense",
    "Sighting",
    "Terrain",
    "Zone",
    "far_ground_from_heights",
    "ground_map_from_heights",
    "hillshade",
    "roughness",
    "slope",
]
