"""Real products become ground: cut out, brought to the polar plane, resampled, strip by strip."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from pathlib import Path as FilePath
from typing import Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.warp import reproject
from rasterio.windows import Window

from fleet.core import ConfigError
from fleet.terrain.geotiff.cut import Cut, Frame, frame_of
from fleet.terrain.geotiff.raster import Raster, opened
from fleet.terrain.geotiff.tags import Origin, with_tags
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import ground_map_from_heights
from fleet.terrain.holes import fill_holes
from fleet.terrain.steps import without_steps

_log = logging.getLogger(__name__)

_STRIP: Final = 64  #: Rows of the ground that are read at once.
_MEMORY: Final = 64  #: Megabytes that GDAL may use for the pixels behind a strip.
_MOST_HOLES = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Ground from a product, and where it comes from."""

    ground: GroundMap
    origin: Origin


def import_ground(file: FilePath, cut: Cut, progress: Callable[[float], None] = lambda _: None) -> Imported:
    """Return a part of a lunar raster as ground in the polar stereographic plane of its hemisphere.

    Parameters
    ----------
    file
        A GeoTIFF or a PDS3 label: one band of heights on pixels of any size, in a lunar map projection or in degrees.
    progress
        Is told the share that is done.

    Raises
    ------
    ConfigError
        When the file cannot be used, or the cut is not all in it; it names the file and the fact.

    Notes
    -----
    A file larger than memory is fine: no more is read at a time than a strip of the ground needs. Heights are metres
    above 1737.4 km; radii and kilometres are turned into them. Up to 1 % of missing heights are filled from their
    neighbours. Rocks and zones of a terrain file come along.
    """
    with opened(file, degrees=True) as raster:
        raster.check_upright(square=False)
        frame = frame_of(raster, cut)
        band, missing = pixels_on(raster, frame, progress)
        share = float(missing.mean())
        heights = raster.heights(band, missing)
        tags = raster.dataset.tags() if raster.plane.name == frame.plane.name else {}
        middle = raster.point(raster.width / 2.0, raster.height / 2.0)
        origin = Origin(
            source=file.name,
            crs=raster.plane.name if len(raster.plane.name) < 40 else "",
            pixel=abs(float(raster.grid.a)),
            resampling="none" if frame.first is not None else frame.resampling,
            missing=share,
            step=raster.step,
            smoothed=cut.smooth_steps,
        )
    grid = filled(file, heights, missing)
    if cut.smooth_steps:
        grid = _without_steps(file, grid, origin)
    ground = _ground(frame, grid)
    shift = (middle[0] - ground.origin[0], middle[1] - ground.origin[1])
    return Imported(ground=with_tags(ground, file, tags, shift), origin=origin)


def _without_steps(file: FilePath, heights: NDArray[np.float32], origin: Origin) -> NDArray[np.float32]:
    if origin.step <= 0.0:
        raise ConfigError(str(file), "its heights are real numbers; there are no steps to smooth")
    if origin.resampling != "none":
        raise ConfigError(
            str(file),
            "steps can be smoothed on its own pixels only, and these are resampled",
            "Leave --pixel and --resample out, or import twice: smoothed first, then resampled.",
        )
    return without_steps(heights, origin.step)


def filled(file: FilePath, heights: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return heights from the top row down as ``(H, W) float32`` from the lowest y up, without their holes.

    Raises
    ------
    ConfigError
        When too much is missing.
    """
    share = float(missing.mean())
    if share > _MOST_HOLES:
        raise ConfigError(
            str(file),
            f"{share:.1%} of its heights are missing",
            "Choose another part of it, or fill it first, for example with gdal_fillnodata.",
        )
    if share > 0.0:
        _log.warning("%s: %d missing heights filled from their neighbours", file, int(missing.sum()))
    return np.ascontiguousarray(np.flipud(fill_holes(heights, missing)), dtype=np.float32)


def pixels_on(
    raster: Raster, frame: Frame, progress: Callable[[float], None]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the file's numbers on the frame, the top row first, and where there are none."""
    band = np.full((frame.rows, frame.columns), nan)
    # Pixels of 1 m from 0, 0 are taken for those of a raster without a place; a tenth of a millimetre tells them apart.
    west = frame.west if abs(frame.west) > 1e-4 else 1e-4
    for row in range(0, frame.rows, _STRIP):
        strip = band[row : row + _STRIP]
        if frame.first is not None:
            left, top = frame.first
            window = Window(left, top + row, frame.columns, len(strip))
            strip[:] = raster.dataset.read(1, window=window)
        else:
            reproject(
                rasterio.band(raster.dataset, 1),
                strip,
                src_nodata=raster.nodata,
                dst_nodata=nan,
                dst_crs=rasterio.CRS.from_user_input(frame.plane.name),
                dst_transform=Affine(frame.pixel, 0.0, west, 0.0, -frame.pixel, frame.north - row * frame.pixel),
                resampling=Resampling[frame.resampling],
                warp_mem_limit=_MEMORY,
                # Exact, and the whole strip is looked at, since a pole within it lies on none of its edges.
                tolerance=0.0,
                SAMPLE_GRID="YES",
            )
        progress(min(1.0, (row + _STRIP) / frame.rows))
    missing = ~np.isfinite(band)
    if frame.first is not None and raster.nodata is not None:
        missing |= band == raster.nodata
    return band, missing


def _ground(frame: Frame, heights: NDArray[np.float32]) -> GroundMap:
    centre = (frame.west + frame.columns * frame.pixel / 2.0, frame.north - frame.rows * frame.pixel / 2.0)
    spot = frame.plane.locate(centre)
    return ground_map_from_heights(
        heights,
        frame.pixel,
        latitude=spot.latitude,
        longitude=spot.longitude,
        north=spot.north,
        crs=frame.plane.name,
        origin=centre,
    )
