"""Where on the Moon a map plane lies: its latitude, longitude and true north."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, isfinite, radians

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from fleet.core import ConfigError, Point
from fleet.terrain.sphere import MOON_RADIUS, NORTH_POLAR, SOUTH_POLAR

_RADIUS_SLACK = 2_000.0  # Older files use 1738.0 km.
_PROBES = ((75_360.0, 38_360.0), (-10_000.0, 250_000.0), (130_000.0, -40_000.0))
_NORTHWARD = 1e-4  # Degrees to step for the direction of north; about 3 m.


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point of a map plane on the Moon, radians."""

    latitude: float
    longitude: float
    north: float  #: Heading of true north in the map plane.


class MapPlane:
    """A lunar map projection in metres.

    Parameters
    ----------
    text
        Whatever pyproj reads: an authority's code, WKT, a PROJ string.
    place
        Named in errors: the file or the key that the text comes from.
    unit_is_metre
        Take a unit that the file does not name to be the metre, as PDS3 labels mean it.

    Raises
    ------
    ConfigError
        When it is no projection, not in metres or not of the Moon.

    Examples
    --------
    >>> spot = MapPlane(SOUTH_POLAR, "example").locate((84_397.954, 140_461.784))
    >>> round(spot.latitude, 4), round(spot.longitude, 4)  # 84.6 S, 31 E
    (-1.4765, 0.5411)
    """

    def __init__(self, text: str, place: str, *, unit_is_metre: bool = False) -> None:
        self._place = place
        try:
            crs = CRS.from_user_input(text)
        except CRSError as error:
            raise ConfigError(place, f"its coordinate system is not understood: {error}") from None
        _check(crs, place, unit_is_metre)
        assert crs.geodetic_crs is not None
        self._to_sphere = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        self._to_plane = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
        self.name = self._short_name() or text  #: The authority's code for the polar planes, else as given.

    def _short_name(self) -> str | None:
        """Return the code of the polar plane that this is whatever it is called, by comparing where it puts points."""
        for code in (SOUTH_POLAR, NORTH_POLAR):
            polar = CRS.from_user_input(code)
            there = Transformer.from_crs(polar, polar.geodetic_crs, always_xy=True)
            mine = [self._to_sphere.transform(*probe) for probe in _PROBES]
            theirs = [there.transform(*probe) for probe in _PROBES]
            if all(
                abs(a - b) < 1e-9
                for here, other in zip(mine, theirs, strict=True)
                for a, b in zip(here, other, strict=True)
            ):
                return code
        return None

    def point(self, latitude: float, longitude: float) -> Point:
        """Return where in the plane a place of the Moon lies; its latitude and longitude are in radians.

        Raises
        ------
        ConfigError
            When the plane does not show that place.
        """
        spot: Point = self._to_plane.transform(degrees(longitude), degrees(latitude))
        if not all(isfinite(value) for value in spot):
            fact = f"{degrees(latitude):g}, {degrees(longitude):g} is not on its map plane"
            raise ConfigError(self._place, fact)
        return spot

    def convert(
        self, other: MapPlane, xs: NDArray[np.float64], ys: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where points of this plane lie in another; infinite where they do not."""
        longitudes, latitudes = self._to_sphere.transform(xs, ys)
        x, y = other._to_plane.transform(longitudes, latitudes)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def locate(self, point: Point) -> Place:
        """Return latitude, longitude and north at a point of the plane.

        Raises
        ------
        ConfigError
            When the point lies on no place of the Moon.
        """
        try:
            longitude, latitude = self._to_sphere.transform(*point, errcheck=True)
            step = _NORTHWARD if latitude < 0.0 else -_NORTHWARD
            ahead = self._to_plane.transform(longitude, latitude + step, errcheck=True)
        except ProjError as error:
            raise ConfigError(self._place, f"its centre {point} lies nowhere on the Moon: {error}") from None
        if not all(isfinite(value) for value in (longitude, latitude, *ahead)):
            raise ConfigError(self._place, f"its centre {point} lies nowhere on the Moon")
        sign = 1.0 if step > 0.0 else -1.0
        north = atan2(sign * (ahead[1] - point[1]), sign * (ahead[0] - point[0]))
        return Place(latitude=radians(latitude), longitude=radians(longitude), north=north)


def check_on_moon(crs: CRS, place: str) -> float:
    """Return the radius of a coordinate system's sphere, metres, after checking that it is the Moon's.

    Raises
    ------
    ConfigError
        When it is another body's, or none.
    """
    radius = crs.ellipsoid.semi_major_metre if crs.ellipsoid is not None else float("nan")
    if not abs(radius - MOON_RADIUS) <= _RADIUS_SLACK:
        raise ConfigError(
            place,
            f"it is not on the Moon: its sphere has a radius of {radius / 1000.0:.1f} km",
            "A lunar file with a wrong coordinate system is given the right one with gdal_edit -a_srs.",
        )
    return float(radius)


def _check(crs: CRS, place: str, unit_is_metre: bool) -> None:
    check_on_moon(crs, place)
    if not crs.is_projected:
        raise ConfigError(
            place,
            f"its coordinate system {crs.name!r} is not a map projection",
            f"Bring it to {SOUTH_POLAR} with `moonfleet terrain import`.",
        )
    for axis in crs.axis_info[:2]:
        named = axis.unit_name.lower() in ("metre", "meter", "m") or (unit_is_metre and axis.unit_name == "unknown")
        if not named or axis.unit_conversion_factor != 1.0:
            raise ConfigError(
                place, f"its coordinates are in {axis.unit_name}, not in metres", f"Bring it to {SOUTH_POLAR}."
            )
