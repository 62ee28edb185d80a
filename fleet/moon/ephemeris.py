"""Where Sun and Earth stand, seen from a site on the Moon; offline, without data files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import cos, isfinite, pi, sin
from typing import Final, TypeAlias

import ephem
import numpy as np
from numpy.typing import NDArray

from fleet.moon.rotation import to_body_fixed
from fleet.terrain.sphere import MOON_RADIUS

FloatArray: TypeAlias = NDArray[np.float64]

FIRST_YEAR: Final = 1900  #: The theories behind are good for these years.
LAST_YEAR: Final = 2100
AU: Final = 149_597_870_700.0  #: Metres.
_DAY = 86_400.0
_J2000 = 2_451_545.0 - 2_415_020.0  # In ephem's days, which count from JD 2415020.
_TDB_AHEAD = 69.184  # Seconds that TDB is ahead of UTC since 2017; a second more or less is nothing here.
_SUN_LIGHT_TIME = 499.0
_EARTH_LIGHT_TIME = 1.28
_NODE = 10_800.0  # Seconds between computed positions; cubic between, within 1e-7 rad of computing each.


def sun_and_earth(
    utc: datetime, latitude: float, longitude: float, height: float = 0.0
) -> tuple[float, float, float, float]:
    """Return azimuth and elevation of the Sun, then of the Earth.

    Parameters
    ----------
    utc
        An instant, with its time zone, in the years 1900 to 2100.
    latitude, longitude
        Of the site, radians, planetocentric, east.
    height
        Of the site over the sphere of 1737.4 km.

    Returns
    -------
    tuple
        Radians. Azimuth clockwise from true north in [0, 2 pi), elevation over the level of the sphere.

    Raises
    ------
    ValueError
        When an angle, the height or the date is out of range.

    Notes
    -----
    Within 0.004 degrees of SPICE (DE421, MOON_ME, LT+S). Aberration and light time are counted together: a body is seen
    where it stood, relative to the Moon, when its light left it.

    Source
    ------
    Positions: PyEphem (VSOP87 and Chapront's lunar theory). Rotation: `fleet.moon.rotation`.

    Examples
    --------
    >>> from math import degrees, radians
    >>> angles = sun_and_earth(datetime(2028, 11, 1, 6, tzinfo=UTC), radians(-84.6), radians(31.0))
    >>> [round(degrees(angle), 1) for angle in angles]
    [339.4, 6.5, 326.3, 10.8]
    """
    table = angles_over(utc, [0.0], latitude, longitude, height=height)
    sun_azimuth, sun_elevation, earth_azimuth, earth_elevation = table[0].tolist()
    return sun_azimuth, sun_elevation, earth_azimuth, earth_elevation


def angles_over(
    start: datetime, seconds: Sequence[float] | FloatArray, latitude: float, longitude: float, *, height: float = 0.0
) -> FloatArray:
    """Return the angles of `sun_and_earth` for many instants at once.

    Parameters
    ----------
    start, latitude, longitude, height
        As for `sun_and_earth`.
    seconds
        After `start`, ascending.

    Returns
    -------
    numpy.ndarray
        ``(N, 4) float64``: Sun's azimuth and elevation, Earth's azimuth and elevation.

    Raises
    ------
    ValueError
        When an angle, the height or a date is out of range.
    """
    sun, earth = places_over(start, seconds, latitude, longitude, height=height)
    return np.hstack([sun[:, :2], earth[:, :2]])


def places_over(
    start: datetime, seconds: Sequence[float] | FloatArray, latitude: float, longitude: float, *, height: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return where the Sun and where the Earth stand, for many instants at once, and how far away.

    Parameters
    ----------
    start, seconds, latitude, longitude, height
        As for `angles_over`.

    Returns
    -------
    tuple
        Sun and Earth, each ``(N, 3) float64``: azimuth, elevation, and metres from the site to the centre.

    Raises
    ------
    ValueError
        When an angle, the height or a date is out of range.

    Examples
    --------
    >>> sun, _ = places_over(datetime(2028, 11, 1, 6, tzinfo=UTC), [0.0], -1.4765, 0.5411)
    >>> round(float(sun[0, 2] / AU), 3)
    0.995
    """
    after = np.asarray(seconds, dtype=np.float64)
    _check_site(latitude, longitude, height)
    begin = _days(start)
    _check_dates(begin + after / _DAY)
    days = begin + after / _DAY
    since_j2000 = days + _TDB_AHEAD / _DAY - _J2000
    sun_days = days - _SUN_LIGHT_TIME / _DAY
    to_sun = _geocentric(ephem.Sun, sun_days) - _geocentric(ephem.Moon, sun_days)
    to_earth = -_geocentric(ephem.Moon, days - _EARTH_LIGHT_TIME / _DAY)
    site = (latitude, longitude, MOON_RADIUS + height)
    return (
        azimuth_elevation(to_body_fixed(to_sun, since_j2000), *site),
        azimuth_elevation(to_body_fixed(to_earth, since_j2000), *site),
    )


def subsolar_latitudes(start: datetime, days: FloatArray) -> FloatArray:
    """Return the latitudes at which the Sun stands overhead, radians, on many days after a date.

    Raises
    ------
    ValueError
        When a date is out of range.

    Source
    ------
    As for `sun_and_earth`. Positions are computed once a day: the Moon's is small beside the Sun's distance.
    """
    when = _days(start) + days
    _check_dates(when)
    sun_days = when - _SUN_LIGHT_TIME / _DAY
    to_sun = _geocentric(ephem.Sun, sun_days, _DAY) - _geocentric(ephem.Moon, sun_days, _DAY)
    fixed = to_body_fixed(to_sun, when + _TDB_AHEAD / _DAY - _J2000)
    latitudes: FloatArray = np.arcsin(fixed[:, 2] / np.sqrt((fixed * fixed).sum(axis=1)))
    return latitudes


def _check_site(latitude: float, longitude: float, height: float) -> None:
    if not (isfinite(latitude) and abs(latitude) <= pi / 2 + 1e-12):
        raise ValueError(f"latitude must be between -pi/2 and pi/2 radians, got {latitude!r}")
    if not (isfinite(longitude) and abs(longitude) <= 2 * pi + 1e-12):
        raise ValueError(f"longitude must be between -2 pi and 2 pi radians, got {longitude!r}")
    if not (isfinite(height) and abs(height) <= 20_000.0):
        raise ValueError(f"height must be within 20 km of the sphere, got {height!r}")


def _days(utc: datetime) -> float:
    """Return a date as ephem counts days."""
    if utc.tzinfo is None:
        raise ValueError("a date needs a time zone")
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(f"the almanac covers the years {FIRST_YEAR} to {LAST_YEAR}, got {utc.year}")
    return float(ephem.Date(utc.astimezone(UTC).replace(tzinfo=None)))


def _check_dates(days: FloatArray) -> None:
    """Raise for instants that the first date does not show."""
    limits = [float(ephem.Date(f"{year}/1/1")) for year in (FIRST_YEAR - 1, LAST_YEAR + 2)]
    if days.size and not (limits[0] <= days.min() and days.max() <= limits[1]):
        raise ValueError(f"the almanac covers the years {FIRST_YEAR} to {LAST_YEAR}")


def _geocentric(body: type[ephem.Body], days: FloatArray, node: float = _NODE) -> FloatArray:
    """Return positions ``(N, 3)``, metres, in the frame of J2000; cubic between nodes where that is less work."""
    step = node / _DAY
    if days.size == 0:
        return np.zeros((0, 3))
    count = int((days.max() - days.min()) / step) + 4
    if days.size <= count:
        return _positions(body, days)
    first = days.min() - step
    nodes = _positions(body, first + step * np.arange(count + 1))
    place = (days - first) / step
    index = np.clip(np.floor(place).astype(np.int64), 1, count - 2)
    u = (place - index)[:, None]
    before, here, after, beyond = (nodes[index + k] for k in (-1, 0, 1, 2))
    blended: FloatArray = (
        before * (-u * (u - 1.0) * (u - 2.0) / 6.0)
        + here * ((u + 1.0) * (u - 1.0) * (u - 2.0) / 2.0)
        + after * (-u * (u + 1.0) * (u - 2.0) / 2.0)
        + beyond * (u * (u + 1.0) * (u - 1.0) / 6.0)
    )
    return blended


def _positions(body: type[ephem.Body], days: FloatArray) -> FloatArray:
    found = np.empty((days.size, 3))
    star = body()
    for row, day in enumerate(days.tolist()):
        star.compute(day, epoch="2000")
        distance = star.earth_distance * AU
        ascension, declination = float(star.a_ra), float(star.a_dec)
        found[row] = (
            distance * cos(declination) * cos(ascension),
            distance * cos(declination) * sin(ascension),
            distance * sin(declination),
        )
    return found


def azimuth_elevation(body: FloatArray, latitude: float, longitude: float, radius: float) -> FloatArray:
    """Return azimuth, elevation and distance ``(N, 3)`` of body-fixed positions ``(N, 3)`` seen from a site."""
    up = np.array([cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)])
    north = np.array([-sin(latitude) * cos(longitude), -sin(latitude) * sin(longitude), cos(latitude)])
    east = np.array([-sin(longitude), cos(longitude), 0.0])
    seen = body - radius * up
    azimuth = np.arctan2(seen @ east, seen @ north) % (2 * pi)
    distance = np.sqrt((seen * seen).sum(axis=1))
    return np.stack([azimuth, np.arcsin(seen @ up / distance), distance], axis=1)
