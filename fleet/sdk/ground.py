"""The ground as a rover believes it to be (`context.terrain`), and shapes on it: metres in the site frame, radians.

Examples
--------
>>> round(bearing((0.0, 0.0), (0.0, 5.0)), 4)
1.5708
>>> distance_to_path((0.0, 2.0), ((-5.0, 0.0), (5.0, 0.0)))
2.0
"""

from fleet.core import Disc, Path, Point, Pose, bearing, distance, distance_to_path, path_length
from fleet.terrain import Hazard, KnownHazard, Sighting, Terrain, Zone

__all__ = [
    "Disc",
    "Hazard",
    "KnownHazard",
    "Path",
    "Point",
    "Pose",
    "Sighting",
    "Terrain",
    "Zone",
    "bearing",
    "distance",
    "distance_to_path",
    "path_length",
]
