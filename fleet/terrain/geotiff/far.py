"""Ground around a map out of a larger product, in the map's own frame, as coarse as distance allows."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, degrees, floor, isfinite
from pathlib import Path as FilePath
from typing import Final

import numpy as np

from fleet.core import ConfigError, Point
from fleet.terrain.far_ground import MOST, FarGround, far_ground_from_heights, far_heights_of
from fleet.terrain.geotiff.cut import Frame, own_pixel, room_around
from fleet.terrain.geotiff.product import filled, pixels_on
from fleet.terrain.geotiff.raster import Raster, opened
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import height_between, heights_of
from fleet.terrain.place import MapPlane

FINEST: Final = 100.0  #: Metres between heights where a file has them nearer and nobody asks for it.
COARSEST: Final = 2000.0  #: Metres: a hill that shades has shrunk to nothing in coarser heights.
WIDEST: Final = 300_000.0  #: Metres a side: 150 km away, a mountain of 6.5 km has sunk under the level plane.
_USUAL: Final = 1024  #: Heights a side at the most, where nobody asks for a pixel.
_BEYOND: Final = 8  #: Heights on each side of the map, at the least.
_MOST_HOLES: Final = 0.01
_STEP_OFF: Final = 20.0  #: Metres by which the mean of both may differ where they are the same ground,
_PIXEL_OFF: Final = 0.1  #: and what share of the far pixel beside.
_LOOKS: Final = 9  #: Places along a side of the map at which both are compared.


@dataclass(frozen=True, slots=True, kw_only=True)
class FarCut:
    """How much of a file is wanted around a map; what is None follows from file and map."""

    size: float | None = None  #: Side of the square around the map's centre, metres.
    pixel: float | None = None  #: Metres between heights.

    def __post_init__(self) -> None:
        for name, value in (("size", self.size), ("pixel", self.pixel)):
            if value is not None and not (isfinite(value) and value > 0.0):
                raise ConfigError(name, f"{value!r} is no {name}")


def read_far(file: FilePath, ground: GroundMap, cut: FarCut) -> FarGround:
    """Return the ground around a map that a larger raster shows.

    Parameters
    ----------
    file
        A GeoTIFF or a PDS3 label, as for `import_ground`: any lunar map projection, or degrees.
    ground
        The map, with its map plane.

    Raises
    ------
    ConfigError
        When the file cannot be used, does not reach around the map, is coarser than useful, or shows other ground
        than the map where the map is; it names the file, the fact and what to do.

    Notes
    -----
    A file larger than memory is fine. Where many of its pixels become one, that is their mean. Heights are kept in
    steps of half a metre.
    """
    if not ground.crs:
        raise ConfigError(str(file), "the map that it is to lie around has no map plane", "Take a map with a place.")
    with opened(file, degrees=True) as raster:
        raster.check_upright(square=False)
        frame = _frame(raster, ground, cut)
        band, missing = pixels_on(raster, frame, lambda _: None)
        share = float(missing.mean())
        if share > _MOST_HOLES:
            raise ConfigError(
                str(file),
                f"it lacks {share:.0%} of the {_km(frame.columns * frame.pixel)} km around the map",
                "Take a smaller size, or a file that reaches further.",
            )
        heights = raster.heights(band, missing)
    far = far_ground_from_heights(
        filled(file, heights, missing),
        frame.pixel,
        west=frame.west + frame.pixel / 2.0 - ground.origin[0],
        south=frame.north - (frame.rows - 0.5) * frame.pixel - ground.origin[1],
        source=file.name,
    )
    _check_same_ground(file, far, ground)
    return far


def _frame(raster: Raster, ground: GroundMap, cut: FarCut) -> Frame:
    """Return the grid around a map that is wanted of a file."""
    file, plane = str(raster.file), MapPlane(ground.crs, str(raster.file))
    there = _place_in(raster, plane, ground)
    own = own_pixel(raster, plane, there, same=plane.name == raster.plane.name)
    room = 2.0 * room_around(raster, plane, ground.origin)
    size = cut.size if cut.size is not None else min(WIDEST, room)
    pixel = cut.pixel if cut.pixel is not None else _round_up(max(own, FINEST, size / _USUAL))
    map_size = max(ground.columns, ground.rows) * ground.pixel
    if max(own, pixel) > COARSEST:
        raise ConfigError(
            file,
            f"a height every {max(own, pixel):.4g} m is too coarse: beyond {COARSEST:g} m no hill is left in it",
            "Take a finer file, or name a smaller pixel.",
        )
    cells = floor(min(size / pixel, 1e9) + 1e-6)
    if cells > MOST:
        raise ConfigError(
            file, f"{cells:,} heights a side are more than {MOST:,}", "Take a smaller size or a larger pixel."
        )
    if (cells - 1) * pixel < map_size + 2 * _BEYOND * pixel:
        raise ConfigError(
            file,
            f"{_km(size)} km a side do not reach {_BEYOND} heights of {pixel:g} m beyond the map's {_km(map_size)} km",
            "Take a larger size, or a file that reaches further around the map.",
        )
    return Frame(
        plane=plane,
        west=ground.origin[0] - cells * pixel / 2.0,
        north=ground.origin[1] + cells * pixel / 2.0,
        pixel=pixel,
        columns=cells,
        rows=cells,
        first=None,
        resampling="average" if pixel >= 2.0 * own else "bilinear",
    )


def _place_in(raster: Raster, plane: MapPlane, ground: GroundMap) -> Point:
    """Return the map's centre in the file's plane, after checking that the file shows it."""
    x, y = plane.convert(raster.plane, *(np.array([value]) for value in ground.origin))
    there = (float(x[0]), float(y[0]))
    column, row = (there[0] - raster.grid.c) / raster.grid.a, (there[1] - raster.grid.f) / raster.grid.e
    if not (0.0 <= column <= raster.width and 0.0 <= row <= raster.height):
        raise ConfigError(
            str(raster.file),
            f"it does not show the map's place, {degrees(ground.latitude):.3f}, {degrees(ground.longitude):.3f}",
            "Take a file of the ground around it.",
        )
    return there


def _check_same_ground(file: FilePath, far: FarGround, ground: GroundMap) -> None:
    """Refuse ground that lies over or under the map: its step would stand around the map as a wall or a pit."""
    heights, near = far_heights_of(far), heights_of(ground)
    share = (np.arange(_LOOKS) - (_LOOKS - 1) / 2.0) / _LOOKS
    xs, ys = share * ground.columns * ground.pixel, share * ground.rows * ground.pixel
    theirs = [
        height_between(heights, (x - far.west) / far.pixel, (y - far.south) / far.pixel)
        for x in xs.tolist()
        for y in ys.tolist()
    ]
    off = float(np.mean(theirs)) - float(near.mean(dtype=np.float64))
    if abs(off) > _STEP_OFF + _PIXEL_OFF * far.pixel:
        raise ConfigError(
            str(file),
            f"its ground lies {abs(off):.0f} m {'over' if off > 0.0 else 'under'} the map's where both are",
            f"Take heights over the same sphere; a generated map needs a base of about {float(np.mean(theirs)):.0f} m.",
        )


def _round_up(pixel: float) -> float:
    """Return a pixel in whole ten metres."""
    return ceil(pixel / 10.0 - 1e-9) * 10.0


def _km(metres: float) -> str:
    return f"{metres / 1000.0:.3g}"
