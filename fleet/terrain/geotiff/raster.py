"""A lunar raster, opened and checked: where its pixels lie, and what their numbers mean."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite, pi
from pathlib import Path as FilePath
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.shutil import copy, delete
from rasterio.transform import Affine

from fleet.core import ConfigError, Point
from fleet.terrain.geotiff.label import read_label
from fleet.terrain.place import MapPlane, check_on_moon
from fleet.terrain.sphere import MOON_RADIUS

_TALLEST = 20_000.0  # No place of the Moon is this far above or below its sphere.
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_KILOMETRES = ("km", "kilometer", "kilometre", "kilometers", "kilometres")
_METRES = ("", "m", "meter", "metre", "meters", "metres")
_UNITS: Final = dict.fromkeys(_METRES, 1.0) | dict.fromkeys(_KILOMETRES, 1000.0)
_CACHE: Final = 64  #: Megabytes of pixels that GDAL keeps.


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """A raster of heights in a map plane in metres."""

    file: FilePath
    dataset: Any
    plane: MapPlane
    unit: str  #: Of the heights, as the file names it.

    @property
    def grid(self) -> Affine:
        """From column and row, counted from the upper left corner, to metres in the plane."""
        return self.dataset.transform

    @property
    def width(self) -> int:
        """Pixels along a row."""
        return int(self.dataset.width)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.dataset.height)

    @property
    def nodata(self) -> float | None:
        """What stands for no height, beside what is not finite."""
        value, kind = self.dataset.nodata, np.dtype(self.dataset.dtypes[0])
        if value is None or (kind.kind in "iu" and not np.iinfo(kind).min <= value <= np.iinfo(kind).max):
            return None
        return float(value)

    @property
    def _unit(self) -> float:
        """Return metres in a unit of the heights; an offset of 1737.4 says that an unnamed one is the kilometre."""
        off = self.dataset.offsets[0] - MOON_RADIUS / 1000.0
        return 1000.0 if self.unit == "" and abs(off) < _TALLEST / 1000.0 else _UNITS[self.unit]

    @property
    def step(self) -> float:
        """Metres between two heights that its whole numbers can tell; 0 when they are real numbers."""
        if np.dtype(self.dataset.dtypes[0]).kind == "f":
            return 0.0
        return abs(float(self.dataset.scales[0])) * self._unit

    def point(self, column: float, row: float) -> Point:
        """Return the plane's coordinates of a place counted in pixels from the upper left corner."""
        return (float(self.grid.c + column * self.grid.a), float(self.grid.f + row * self.grid.e))

    def check_upright(self, *, square: bool) -> None:
        """Refuse pixels that are turned, or not square."""
        grid, slack = self.grid, 1e-6 * abs(self.grid.a)
        oblong = square and abs(grid.a + grid.e) > slack
        if oblong or grid.a <= 0.0 or grid.e >= 0.0 or abs(grid.b) > slack or abs(grid.d) > slack:
            what = "upright squares" if square else "upright"
            raise ConfigError(
                str(self.file),
                f"its pixels are not {what}: {grid.a:g} by {-grid.e:g} m, shear {grid.b:g}, {grid.d:g}",
                "Bring it to a map plane first, for example with gdalwarp -t_srs IAU_2015:30135.",
            )

    def heights(self, band: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return metres above the sphere for the numbers of the file, where they are not missing.

        Raises
        ------
        ConfigError
            When there is none, or they cannot be heights on the Moon.
        """
        if missing.all():
            raise ConfigError(str(self.file), "it has no height at all, only missing ones")
        heights: NDArray[np.float64] = (band * self.dataset.scales[0] + self.dataset.offsets[0]) * self._unit
        known = heights[~missing]
        if abs(float(known.mean()) - MOON_RADIUS) < _TALLEST:
            heights -= MOON_RADIUS
            known = known - MOON_RADIUS
        low, high = float(known.min()), float(known.max())
        if max(-low, high) > _TALLEST:
            raise ConfigError(
                str(self.file),
                f"{low:g} to {high:g} are no heights in metres above 1737.4 km",
                "Check its unit, scale and offset, for example with gdal_edit -units, -scale and -offset.",
            )
        return heights


@contextmanager
def opened(file: FilePath, *, degrees: bool = False) -> Iterator[Raster]:
    """Open a GeoTIFF or what is behind a PDS3 label.

    Parameters
    ----------
    degrees
        Whether a grid of longitudes and latitudes will do.

    Raises
    ------
    ConfigError
        When the file is no raster of one band on the Moon, now or when what is read later turns out to be broken.
    """
    if not file.is_file():
        raise ConfigError(str(file), "there is no such file")
    driver = _driver(file)
    unit = read_label(file).unit if driver == "PDS" else ""
    with trouble(file), rasterio.open(file, driver=driver) as dataset:
        if degrees and dataset.crs is not None and dataset.crs.is_geographic:
            with _in_metres(file, dataset) as flat:
                yield _checked(file, flat, unit)
        else:
            yield _checked(file, dataset, unit)


@contextmanager
def _in_metres(file: FilePath, dataset: Any) -> Iterator[Any]:
    """Look at a grid of longitudes and latitudes as one in the equidistant cylindrical plane around its own middle.

    Only so does the transformation to another plane know no seam within the grid, wherever its longitudes begin.
    """
    radius = check_on_moon(CRS.from_wkt(dataset.crs.to_wkt()), str(file))
    grid = dataset.transform
    middle = grid.c + grid.a * dataset.width / 2.0
    view = f"/vsimem/moonfleet-{sha256(str(file).encode()).hexdigest()}.vrt"
    copy(dataset, view, driver="VRT")
    try:
        with rasterio.open(view, "r+", driver="VRT") as flat:
            flat.crs = rasterio.CRS.from_user_input(f"+proj=eqc +lon_0={middle!r} +R={radius!r} +units=m +type=crs")
            metres = radius * pi / 180.0
            flat.transform = Affine(
                metres * grid.a, metres * grid.b, metres * (grid.c - middle),
                metres * grid.d, metres * grid.e, metres * grid.f,
            )  # fmt: skip
            yield flat
    finally:
        delete(view, driver="VRT")


@contextmanager
def trouble(file: FilePath) -> Iterator[None]:
    """Turn GDAL's complaints into a person's, and keep its asides to itself."""
    log = logging.getLogger("rasterio")
    level = log.level
    with warnings.catch_warnings(), rasterio.Env(GDAL_CACHEMAX=_CACHE):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        log.setLevel(logging.CRITICAL + 1)
        try:
            yield
        except (RasterioError, OSError) as error:
            detail = str(error.__cause__ or error)
            raise ConfigError(str(file), f"it cannot be used as a raster: {detail}") from None
        finally:
            log.setLevel(level)


def _driver(file: FilePath) -> str:
    """Return which of GDAL's readers the file is for; it must not choose by itself, some of them follow links."""
    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be read: {error.strerror}") from None
    if head[:4] in _TIFF_HEADS:
        return "GTiff"
    if b"PDS_VERSION_ID" in head:
        return "PDS"
    label = next((file.with_suffix(end) for end in (".LBL", ".lbl") if file.with_suffix(end).is_file()), None)
    remedy = f"Give its label, {label}." if label is not None else ""
    raise ConfigError(str(file), "it is neither a GeoTIFF nor a PDS3 label (.LBL)", remedy)


def _checked(file: FilePath, dataset: Any, unit: str) -> Raster:
    place = str(file)
    if dataset.count != 1:
        raise ConfigError(
            place, f"it has {dataset.count} bands; heights are one band", "Take one out: gdal_translate -b 1."
        )
    if np.dtype(dataset.dtypes[0] if dataset.dtypes[0] != "complex_int16" else "complex64").kind not in "iuf":
        raise ConfigError(place, f"its pixels are {dataset.dtypes[0]}, not heights")
    if dataset.crs is None:
        raise ConfigError(place, "it has no coordinate system", "Assign one, for example with gdal_edit -a_srs.")
    unit = (dataset.units[0] or unit).strip().lower()
    if unit not in _UNITS:
        raise ConfigError(
            place,
            f"its heights are in {unit}, not in metres or kilometres",
            "Convert them, and name the unit with gdal_edit -units m.",
        )
    grid = dataset.transform
    if not all(isfinite(value) for value in (grid.a, grid.b, grid.c, grid.d, grid.e, grid.f)) or grid.a == 0.0:
        raise ConfigError(place, "its pixels lie nowhere: it has no georeference")
    plane = MapPlane(dataset.crs.to_wkt(), place, unit_is_metre=dataset.driver == "PDS")
    return Raster(file=file, dataset=dataset, plane=plane, unit=unit)
