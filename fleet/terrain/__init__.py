"""What a rover believes about the ground."""

from fleet.terrain.ground_map import GroundMap, MapZone

__all__ = ["GroundMap", "MapZone"]
