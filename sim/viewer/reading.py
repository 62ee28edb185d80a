"""What the ground is at one point: place, height, slope and light."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, pi, sin
from typing import Final

from fleet.core import Point
from fleet.terrain import GroundMap

_MOON: Final = 1737400.0  # metres, radius of the sphere that latitudes refer to


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Of the ground under a pointer; radians and metres."""

    point: Point
    latitude: float
    longitude: float
    height: float
    slope: float
    light: float | None  #: Share of the Sun's disc; None where it is not known.

    def text(self) -> str:
        """Return it in one line.

        >>> Reading(point=(1.0, -2.0), latitude=-1.4765, longitude=0.541, height=3.2, slope=0.1, light=None).text()
        'x 1.0  y -2.0 m   84.5972° S  30.9970° E   height 3.2 m   slope 5.7°'
        """
        south, west = self.latitude < 0.0, self.longitude < 0.0
        place = f"{abs(degrees(self.latitude)):.4f}° {'S' if south else 'N'}"
        place += f"  {abs(degrees(self.longitude)):.4f}° {'W' if west else 'E'}"
        light = "" if self.light is None else f"   Sun {self.light * 100.0:.0f} %"
        ground = f"height {self.height:.1f} m   slope {degrees(self.slope):.1f}°{light}"
        return f"x {self.point[0]:.1f}  y {self.point[1]:.1f} m   {place}   {ground}"


def on_sphere(ground: GroundMap, point: Point) -> tuple[float, float]:
    """Return latitude and longitude of a point of the site frame, radians.

    Notes
    -----
    The point is carried from the site's origin along the great circle that leaves it in the point's direction: exact on
    the sphere, and within centimetres of the map plane over a few kilometres.
    """
    x, y = point
    far = hypot(x, y) / _MOON
    north = x * cos(ground.north) + y * sin(ground.north)
    east = x * sin(ground.north) - y * cos(ground.north)
    bearing = atan2(east, north)
    latitude = asin(sin(ground.latitude) * cos(far) + cos(ground.latitude) * sin(far) * cos(bearing))
    along = atan2(sin(bearing) * sin(far) * cos(ground.latitude), cos(far) - sin(ground.latitude) * sin(latitude))
    return latitude, (ground.longitude + along + pi) % (2.0 * pi) - pi
