"""Where on the polar map planes of the Moon a latitude and longitude lie."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, pi, sin, tan

from fleet.core import Point
from fleet.terrain.sphere import MOON_RADIUS, NORTH_POLAR, SOUTH_POLAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a map plane."""

    crs: str
    point: Point  #: Metres in that plane.
    north: float  #: Heading of true north there.


def polar_spot(latitude: float, longitude: float) -> Spot:
    """Return a place in the stereographic plane of the nearer pole.

    Parameters
    ----------
    latitude, longitude
        Radians.

    Notes
    -----
    Distances in that plane are ``2 / (1 + sin |latitude|)`` times those on the sphere: 0.2 % more at 84.6 degrees, 7 %
    at 60. Synthetic ground is made in the plane's metres.

    Source
    ------
    Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395, 1987, equations 21-5 to 21-12, sphere.

    Examples
    --------
    >>> from math import radians
    >>> spot = polar_spot(radians(-84.6), radians(31.0))
    >>> spot.crs, round(spot.point[0]), round(spot.point[1])
    ('IAU_2015:30135', 84398, 140462)
    """
    rho = 2.0 * MOON_RADIUS * tan(pi / 4.0 - abs(latitude) / 2.0)
    outward = 1.0 if latitude < 0.0 else -1.0
    point = (rho * sin(longitude), outward * rho * cos(longitude))
    north = atan2(cos(longitude), outward * sin(longitude))
    return Spot(crs=SOUTH_POLAR if latitude < 0.0 else NORTH_POLAR, point=point, north=north)
