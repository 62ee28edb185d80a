"""Ground as a file: a GeoTIFF with rocks and zones in its tags; other lunar rasters are read as they are."""

from __future__ import annotations

from math import degrees, floor
from pathlib import Path as FilePath

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine
from rasterio.windows import Window

from fleet.core import ConfigError, Point
from fleet.terrain.geotiff.cut import FEWEST, MOST
from fleet.terrain.geotiff.product import filled
from fleet.terrain.geotiff.raster import Raster, opened, trouble
from fleet.terrain.geotiff.tags import Origin, tags_of, with_tags
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import ground_map_from_heights, heights_of
from fleet.terrain.sphere import MOON_RADIUS


def read_ground(file: FilePath, *, centre: Point | None = None, size: float | None = None) -> GroundMap:
    """Return the map in a GeoTIFF or behind a PDS3 label, as it is or cropped; nothing is resampled.

    Parameters
    ----------
    file
        One band of heights on square pixels, in a lunar map projection in metres.
    centre, size
        Crop to a square: its centre in the file's map coordinates (None: the file's own) and its side in metres, both
        rounded to whole pixels.

    Raises
    ------
    ConfigError
        When the file cannot be used; it names the file and the fact.

    Notes
    -----
    Heights are metres above 1737.4 km; radii are turned into heights. Up to 1 % of missing heights are filled from
    their neighbours, with a warning in the log.
    """
    with opened(file) as raster:
        raster.check_upright(square=True)
        window = _window(raster, centre, size)
        band = raster.dataset.read(1, window=window).astype(np.float64)
        missing = ~np.isfinite(band)
        if raster.nodata is not None:
            missing |= band == raster.nodata
        heights = filled(file, raster.heights(band, missing), missing)
        tags = raster.dataset.tags()
        pixel = float(raster.grid.a)
        left, top = raster.point(window.col_off, window.row_off)
        middle = raster.point(raster.width / 2.0, raster.height / 2.0)
        plane = raster.plane
    origin = (left + window.width * pixel / 2.0, top - window.height * pixel / 2.0)
    spot = plane.locate(origin)
    ground = ground_map_from_heights(
        heights,
        pixel,
        latitude=spot.latitude,
        longitude=spot.longitude,
        north=spot.north,
        crs=plane.name,
        origin=origin,
    )
    return with_tags(ground, file, tags, (middle[0] - origin[0], middle[1] - origin[1]))


def write_ground(ground: GroundMap, file: FilePath, origin: Origin | None = None) -> None:
    """Write a map as a GeoTIFF that `read_ground` gives back.

    Parameters
    ----------
    origin
        Where its heights come from, when that is to be kept.

    Raises
    ------
    ConfigError
        When the file cannot be written.

    Notes
    -----
    A map without a coordinate system is written on the plane that touches the Moon at its latitude and longitude.
    """
    crs = ground.crs or (
        f"+proj=stere +lat_0={degrees(ground.latitude)!r} +lon_0={degrees(ground.longitude)!r} "
        f"+R={MOON_RADIUS} +units=m +type=crs"
    )
    half_width, half_height = ground.columns * ground.pixel / 2.0, ground.rows * ground.pixel / 2.0
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "width": ground.columns,
        "height": ground.rows,
        "transform": Affine(
            ground.pixel, 0.0, ground.origin[0] - half_width, 0.0, -ground.pixel, ground.origin[1] + half_height
        ),
        "compress": "deflate",
        "predictor": 3,
    }
    with trouble(file), rasterio.open(file, "w", crs=CRS.from_user_input(crs), **profile) as dataset:
        dataset.write(np.flipud(heights_of(ground)), 1)
        dataset.units = ("m",)
        dataset.update_tags(**tags_of(ground, origin))


def _window(raster: Raster, centre: Point | None, size: float | None) -> Window:
    """Return which pixels to read."""
    file, width, height = str(raster.file), raster.width, raster.height
    left, top = 0, 0
    if size is None and centre is not None:
        raise ConfigError(file, "a centre to crop around needs a size")
    if size is not None:
        x, y = centre or raster.point(width / 2.0, height / 2.0)
        grid = raster.grid
        side = floor(size / grid.a + 0.5)
        left = floor((x - grid.c) / grid.a - side / 2.0 + 0.5)
        top = floor((y - grid.f) / grid.e - side / 2.0 + 0.5)
        if left < 0 or top < 0 or left + side > width or top + side > height:
            bounds = ", ".join(f"{value:.0f}" for value in raster.dataset.bounds)
            raise ConfigError(file, f"{size:g} m around {x:.0f}, {y:.0f} is not all inside it ({bounds})")
        width = height = side
    if min(width, height) < FEWEST:
        raise ConfigError(file, f"{width} x {height} heights are fewer than {FEWEST} x {FEWEST}")
    if max(width, height) > MOST:
        raise ConfigError(
            file,
            f"{width} x {height} heights are more than {MOST} x {MOST}",
            "Cut a part out of it with `moonfleet terrain import --centre LAT,LON --size M`.",
        )
    return Window(left, top, width, height)
