"""Rasters in files: real ground in, ground out. The only room that knows GDAL."""

from fleet.terrain.geotiff.cut import FEWEST, MOST, Cut
from fleet.terrain.geotiff.far import FarCut, read_far
from fleet.terrain.geotiff.ground_file import read_ground, write_ground
from fleet.terrain.geotiff.product import Imported, import_ground
from fleet.terrain.geotiff.tags import Origin, read_origin

__all__ = [
    "FEWEST",
    "MOST",
    "Cut",
    "FarCut",
    "Imported",
    "Origin",
    "import_ground",
    "read_far",
    "read_ground",
    "read_origin",
    "write_ground",
]
