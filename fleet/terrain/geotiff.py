"""Real ground: GeoTIFF and PDS3 files in, GeoTIFF out. The only module that knows GDAL.

Rocks and zones, which have no place in a raster, travel as JSON in the file's tags.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import floor
from pathlib import Path as FilePath
from typing import Any, Final

import msgspec
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine
from rasterio.windows import Window

from fleet.core import ConfigError, Disc, Point
from fleet.terrain.ground_map import GroundMap, MapZone
from fleet.terrain.heights import ground_map_from_heights, heights_of
from fleet.terrain.holes import fill_holes
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import MOON_RADIUS

_log = logging.getLogger(__name__)

FEWEST: Final = 16  #: Heights a side.
MOST: Final = 4096  #: Heights a side.
_ROCKS, _ZONES = "MOONFLEET_ROCKS", "MOONFLEET_ZONES"
_MOST_HOLES = 0.01
_TALLEST = 20_000.0  # No place of the Moon is this far above or below its sphere.
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_KILOMETRES = ("km", "kilometer", "kilometre", "kilometers", "kilometres")


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
    if not file.is_file():
        raise ConfigError(str(file), "there is no such file")
    with _trouble(file), rasterio.open(file, driver=_driver(file)) as dataset:
        plane = _plane_of(dataset, file)
        window = _window(dataset, file, centre, size)
        heights = _heights(dataset, file, window)
        tags = dataset.tags()
        pixel = float(dataset.transform.a)
        left, top = _point(dataset, window.col_off, window.row_off)
        middle = _point(dataset, dataset.width / 2.0, dataset.height / 2.0)
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
    return _with_tags(ground, file, tags, (middle[0] - origin[0], middle[1] - origin[1]))


def write_ground(ground: GroundMap, file: FilePath) -> None:
    """Write a map as a GeoTIFF that `read_ground` gives back.

    Raises
    ------
    ConfigError
        When the file cannot be written.

    Notes
    -----
    A map without a coordinate system is written on the plane that touches the Moon at its latitude and longitude.
    """
    crs = ground.crs or (
        f"+proj=stere +lat_0={np.degrees(ground.latitude)!s} +lon_0={np.degrees(ground.longitude)!s} "
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
    tags = {
        _ROCKS: msgspec.json.encode(ground.rocks).decode(),
        _ZONES: msgspec.json.encode(ground.zones).decode(),
    }
    with _trouble(file), rasterio.open(file, "w", crs=CRS.from_user_input(crs), **profile) as dataset:
        dataset.write(np.flipud(heights_of(ground)), 1)
        dataset.update_tags(**tags)


@contextmanager
def _trouble(file: FilePath) -> Iterator[None]:
    """Turn GDAL's complaints into a person's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            yield
        except (RasterioError, OSError) as error:
            detail = str(error.__cause__ or error)
            raise ConfigError(str(file), f"it cannot be used as a raster: {detail}") from None


def _driver(file: FilePath) -> str:
    """Return which of GDAL's readers the file is for; it must not choose by itself, some of them follow links."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    if head[:4] in _TIFF_HEADS:
        return "GTiff"
    if b"PDS_VERSION_ID" in head:
        return "PDS"
    raise ConfigError(str(file), "it is neither a GeoTIFF nor a PDS3 label (.LBL)")


def _plane_of(dataset: Any, file: FilePath) -> MapPlane:
    """Return the map plane of a raster after checking that its pixels are one band of squares."""
    place, grid = str(file), dataset.transform
    if dataset.count != 1:
        raise ConfigError(place, f"it has {dataset.count} bands; heights are one band")
    if dataset.crs is None:
        raise ConfigError(place, "it has no coordinate system", "Assign one, for example with gdal_edit -a_srs.")
    plane = MapPlane(dataset.crs.to_wkt(), place, unit_is_metre=dataset.driver == "PDS")
    slack = 1e-6 * abs(grid.a)
    if grid.a <= 0.0 or abs(grid.a + grid.e) > slack or abs(grid.b) > slack or abs(grid.d) > slack:
        raise ConfigError(
            place, f"its pixels are not upright squares: {grid.a:g} by {-grid.e:g} m, shear {grid.b:g}, {grid.d:g}"
        )
    return plane


def _point(dataset: Any, column: float, row: float) -> Point:
    """Return the map coordinates of a place in an upright raster, counted in pixels from its upper left corner."""
    grid = dataset.transform
    return (float(grid.c + column * grid.a), float(grid.f + row * grid.e))


def _window(dataset: Any, file: FilePath, centre: Point | None, size: float | None) -> Window:
    """Return which pixels to read."""
    width, height = dataset.width, dataset.height
    left, top = 0, 0
    if size is None and centre is not None:
        raise ConfigError(str(file), "a centre to crop around needs a size")
    if size is not None:
        x, y = centre or _point(dataset, width / 2.0, height / 2.0)
        grid = dataset.transform
        side = floor(size / grid.a + 0.5)
        left = floor((x - grid.c) / grid.a - side / 2.0 + 0.5)
        top = floor((y - grid.f) / grid.e - side / 2.0 + 0.5)
        if left < 0 or top < 0 or left + side > width or top + side > height:
            bounds = ", ".join(f"{value:.0f}" for value in dataset.bounds)
            raise ConfigError(str(file), f"{size:g} m around {x:.0f}, {y:.0f} is not all inside it ({bounds})")
        width = height = side
    if min(width, height) < FEWEST:
        raise ConfigError(str(file), f"{width} x {height} heights are fewer than {FEWEST} x {FEWEST}")
    if max(width, height) > MOST:
        raise ConfigError(
            str(file),
            f"{width} x {height} heights are more than {MOST} x {MOST}",
            "Crop it: give a centre in map coordinates and a size in metres.",
        )
    return Window(left, top, width, height)


def _heights(dataset: Any, file: FilePath, window: Window) -> NDArray[np.float32]:
    """Return metres above the sphere, rows from the lowest y up, without holes."""
    band = dataset.read(1, window=window)
    if band.dtype.kind not in "iuf":
        raise ConfigError(str(file), f"its pixels are {band.dtype}, not heights")
    raw = band.astype(np.float64)
    missing = ~np.isfinite(raw)
    if dataset.nodata is not None:
        missing |= raw == dataset.nodata
    unit = 1000.0 if (dataset.units[0] or "").strip().lower() in _KILOMETRES else 1.0
    scale, offset = dataset.scales[0], dataset.offsets[0]
    if abs(offset - MOON_RADIUS / 1000.0) < 10.0:
        unit = 1000.0
    heights = (raw * scale + offset) * unit
    share = float(missing.mean())
    if share == 1.0:
        raise ConfigError(str(file), "it has no height at all, only missing ones")
    if share > _MOST_HOLES:
        raise ConfigError(
            str(file), f"{share:.1%} of its heights are missing", "Fill them first, for example with gdal_fillnodata."
        )
    if abs(float(heights[~missing].mean()) - MOON_RADIUS) < _TALLEST:
        heights -= MOON_RADIUS
    low, high = float(heights[~missing].min()), float(heights[~missing].max())
    if max(-low, high) > _TALLEST:
        raise ConfigError(str(file), f"{low:g} to {high:g} are no heights in metres above 1737.4 km")
    if share > 0.0:
        _log.warning("%s: %d missing heights filled from their neighbours", file, int(missing.sum()))
    return np.ascontiguousarray(np.flipud(fill_holes(heights, missing)), dtype=np.float32)


def _with_tags(ground: GroundMap, file: FilePath, tags: dict[str, str], shift: Point) -> GroundMap:
    """Return the map with the rocks and zones in a file's tags, which count from the file's own centre."""
    try:
        rocks = msgspec.json.decode(tags.get(_ROCKS, "[]"), type=tuple[Disc, ...])
        zones = msgspec.json.decode(tags.get(_ZONES, "[]"), type=tuple[MapZone, ...])
    except msgspec.DecodeError as error:
        raise ConfigError(str(file), f"its rocks or zones are not readable: {error}") from None
    dx, dy = shift
    east, north = (ground.columns - 1) / 2.0 * ground.pixel, (ground.rows - 1) / 2.0 * ground.pixel
    moved = (Disc(x=rock.x + dx, y=rock.y + dy, radius=rock.radius) for rock in rocks)
    return msgspec.structs.replace(
        ground,
        rocks=tuple(rock for rock in moved if abs(rock.x) <= east + rock.radius and abs(rock.y) <= north + rock.radius),
        zones=tuple(
            msgspec.structs.replace(zone, outline=tuple((x + dx, y + dy) for x, y in zone.outline)) for zone in zones
        ),
    )
