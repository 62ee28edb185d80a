"""Which part of a raster becomes ground, on which plane and how finely."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Final, Literal, TypeAlias

import numpy as np

from fleet.core import ConfigError, Point
from fleet.terrain.geotiff.raster import Raster
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import NORTH_POLAR, SOUTH_POLAR

Resampling: TypeAlias = Literal["nearest", "bilinear", "cubic", "average"]

FEWEST: Final = 16  #: Heights a side.
MOST: Final = 4096  #: Heights a side.
_STEPS: Final = 1024  #: Points along each side of a raster's outline.
_COARSER: Final = 2.0  #: From so many of the file's pixels in one, their mean is a truer height than one between them.
_REMEDY: Final = "Give a smaller --size or a larger --pixel."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a person asks for; what is None follows from the file."""

    at: Point | None = None  #: Latitude and longitude of the centre, radians.
    centre: Point | None = None  #: Or its place in the polar plane, metres.
    size: float | None = None  #: Side of the square, metres.
    pixel: float | None = None  #: Metres between heights.
    resampling: Resampling | None = None  #: None: the mean where many pixels become one, else bilinear.
    smooth_steps: bool = False  #: Whether to take the steps out of heights in whole numbers, as `without_steps` does.

    def __post_init__(self) -> None:
        if self.at is not None and self.centre is not None:
            raise ConfigError("centre", "is given twice: as latitude and longitude, and in metres")
        for name, values in (
            ("centre", self.at or self.centre or ()),
            ("size", (self.size,)),
            ("pixel", (self.pixel,)),
        ):
            for value in values:
                if value is not None and not (isfinite(value) and (name == "centre" or value > 0.0)):
                    raise ConfigError(name, f"{value!r} is no {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A grid of pixels in a map plane."""

    plane: MapPlane
    west: float  #: Left edge of the first column, metres.
    north: float  #: Upper edge of the first row.
    pixel: float
    columns: int
    rows: int
    first: (
        tuple[int, int] | None
    )  #: Column and row of the file that is its first pixel, when its pixels are the file's.
    resampling: Resampling


def frame_of(raster: Raster, cut: Cut) -> Frame:
    """Return the grid that a cut asks for.

    Raises
    ------
    ConfigError
        When it would have too few or too many heights, or lies outside of the file.

    Notes
    -----
    It lies in the polar stereographic plane of the hemisphere that its centre is in. Where the file is in that plane
    and no other pixel is asked for, the file's own pixels are kept and the centre moves by at most half of one.
    """
    middle = raster.point(raster.width / 2.0, raster.height / 2.0)
    spot = raster.plane.locate(middle)
    latitude = cut.at[0] if cut.at is not None else spot.latitude
    plane = MapPlane(SOUTH_POLAR if latitude <= 0.0 else NORTH_POLAR, str(raster.file))
    same = plane.name == raster.plane.name
    if cut.at is not None:
        centre = plane.point(*cut.at)
    else:
        centre = cut.centre or (middle if same else plane.point(spot.latitude, spot.longitude))
    own = own_pixel(raster, plane, middle, same=same)
    pixel = own if cut.pixel is None else cut.pixel
    kept = same and abs(pixel - own) <= 1e-9 * own and abs(raster.grid.a + raster.grid.e) <= 1e-6 * own
    if cut.size is not None:
        columns = rows = _cells(raster, cut.size / pixel)
    elif same and cut.at is None and cut.centre is None:
        columns = _cells(raster, raster.width * raster.grid.a / pixel + 1e-6)
        rows = _cells(raster, -raster.height * raster.grid.e / pixel + 1e-6)
    else:
        columns = rows = _cells(raster, 2.0 * room_around(raster, plane, centre) / pixel - 0.5 + 1e-6)
    west, north = centre[0] - columns * pixel / 2.0, centre[1] + rows * pixel / 2.0
    first = None
    if kept:
        left, top = raster.point(0.0, 0.0)
        first = (floor((west - left) / pixel + 0.5), floor((top - north) / pixel + 0.5))
        west, north = raster.point(*first)
        if min(first) < 0 or first[0] + columns > raster.width or first[1] + rows > raster.height:
            bounds = ", ".join(f"{value:.0f}" for value in raster.dataset.bounds)
            what = f"{columns * pixel:g} m around {centre[0]:.0f}, {centre[1]:.0f} is not all inside it ({bounds})"
            raise ConfigError(str(raster.file), what)
    means = pixel >= _COARSER * own
    return Frame(
        plane=plane,
        west=west,
        north=north,
        pixel=pixel,
        columns=columns,
        rows=rows,
        first=first,
        resampling=cut.resampling or ("average" if means else "bilinear"),
    )


def _cells(raster: Raster, count: float) -> int:
    cells = floor(min(count, 1e12) + 0.5)
    if cells < FEWEST:
        raise ConfigError(
            str(raster.file),
            f"{cells} heights a side are fewer than {FEWEST}",
            "Give a larger size or a smaller pixel.",
        )
    if cells > MOST:
        raise ConfigError(str(raster.file), f"{cells:,} heights a side are more than {MOST:,}", _REMEDY)
    return cells


def own_pixel(raster: Raster, plane: MapPlane, middle: Point, *, same: bool) -> float:
    """Return the distance between heights of the file in metres of the plane; of other planes, the coarser one."""
    grid = raster.grid
    if same:
        return float(grid.a)
    x, y = raster.plane.convert(
        plane,
        np.array([middle[0], middle[0] + grid.a, middle[0]]),
        np.array([middle[1], middle[1], middle[1] + grid.e]),
    )
    step = float(np.hypot(x[1:] - x[0], y[1:] - y[0]).max())
    if not (isfinite(step) and step > 0.0):
        raise ConfigError(str(raster.file), "its middle lies nowhere on the polar plane", "Give a centre and a pixel.")
    digits = 10.0 ** (2 - floor(log10(step)))
    return round(step * digits) / digits


def room_around(raster: Raster, plane: MapPlane, centre: Point) -> float:
    """Return half the side of the largest square around a place that the raster's outline does not cut."""
    share = np.linspace(0.0, 1.0, _STEPS)
    across, down = share * raster.width, share * raster.height
    ends = [
        (across, 0.0 * down),
        (across, 0.0 * down + raster.height),
        (0.0 * across, down),
        (0.0 * across + raster.width, down),
    ]
    columns, rows = (np.concatenate([end[axis] for end in ends]) for axis in (0, 1))
    xs, ys = raster.grid.c + columns * raster.grid.a, raster.grid.f + rows * raster.grid.e
    x, y = raster.plane.convert(plane, xs, ys)
    away = np.maximum(np.abs(x - centre[0]), np.abs(y - centre[1]))
    away = away[np.isfinite(away)]
    return float(away.min()) if away.size else 0.0
