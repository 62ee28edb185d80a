"""Real ground: GeoTIFF and PDS3 files in, GeoTIFF out. The only module that knows GDAL."""

from __future__ import annotations

from pathlib import Path as FilePath

from fleet.core import Point
from fleet.terrain.ground_map import GroundMap


def read_ground(file: FilePath, *, centre: Point | None = None, size: tuple[float, float] | None = None) -> GroundMap:
    """Return the map in a GeoTIFF or a PDS3 label."""
    raise NotImplementedError


def write_ground(ground: GroundMap, file: FilePath) -> None:
    """Write a map as a GeoTIFF."""
    raise NotImplementedError
