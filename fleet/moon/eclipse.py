"""Eclipses of the Sun by the Earth, and how strong sunlight is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.moon.ephemeris import AU, places_over

FloatArray: TypeAlias = NDArray[np.float64]

SOLAR_CONSTANT: Final = 1361.0  #: W/m2 at 1 AU.
SUN_METRES: Final = 695_700_000.0  #: Nominal radius; IAU 2015 resolution B3.
EARTH_METRES: Final = 6_371_008.8  #: Mean radius of the ellipsoid WGS 84, without an atmosphere.

_SCAN = 1_800.0  # Seconds between looks for an eclipse; the Earth passes the Sun at half a degree an hour.
_STEP = 10.0  # Seconds between looks at one.
_NEAR = 0.03  # Radians from centre to centre within which an eclipse may be; discs touch at 0.021.
_AROUND = 6 * 3_600.0  # Seconds before and after; longer than an eclipse.
_YEAR = 365.25 * 86_400.0  # Searched at a time, so that memory does not grow with the span.


@dataclass(frozen=True, slots=True, kw_only=True)
class Eclipse:
    """The Earth passes before the Sun, seen from a site; UTC."""

    begin: datetime
    end: datetime
    greatest: datetime
    covered: float  #: Share of the Sun's disc at the greatest moment, 0 to 1.
    total: tuple[datetime, datetime] | None  #: From when until when nothing of the Sun is seen.
    sun_elevation: float  #: Of the centre at the greatest moment, radians; below 0 the Moon itself is in the way.


def apparent_radius(metres: float, distance: FloatArray) -> FloatArray:
    """Return the half-angle of a sphere, radians."""
    half: FloatArray = np.arcsin(metres / distance)
    return half


def relative_flux(distance: FloatArray) -> FloatArray:
    """Return how strong sunlight is, in units of that at 1 AU.

    >>> round(float(relative_flux(np.array([0.983 * AU]))[0]), 3)
    1.035
    """
    flux: FloatArray = (AU / distance) ** 2
    return flux


def covered_share(sun: FloatArray, earth: FloatArray) -> FloatArray:
    """Return the share of the Sun's disc that the Earth covers, 0 to 1.

    Parameters
    ----------
    sun, earth
        ``(N, 3)`` of `places_over`.

    Notes
    -----
    Geometry of two discs, as flat as they are small. In truth the Earth's atmosphere covers a percent or two more of
    the disc at the edge, and bends a faint red light into the shadow.
    """
    r = apparent_radius(SUN_METRES, sun[:, 2])
    big = apparent_radius(EARTH_METRES, earth[:, 2])
    apart = separation(sun, earth)
    share = np.zeros(len(apart))
    share[apart <= np.abs(big - r)] = 1.0
    smaller = (apart <= np.abs(big - r)) & (big < r)
    share[smaller] = (big[smaller] / r[smaller]) ** 2
    cut = (apart > np.abs(big - r)) & (apart < big + r)
    d, a, b = apart[cut], r[cut], big[cut]
    # Two circular segments on the common chord.
    x = (d * d + a * a - b * b) / (2.0 * d)
    y = d - x
    lens = a * a * np.arccos(np.clip(x / a, -1.0, 1.0)) - x * np.sqrt(np.maximum(a * a - x * x, 0.0))
    lens += b * b * np.arccos(np.clip(y / b, -1.0, 1.0)) - y * np.sqrt(np.maximum(b * b - y * y, 0.0))
    share[cut] = np.clip(lens / (np.pi * a * a), 0.0, 1.0)
    return share


def separation(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the angle between directions, radians; azimuth and elevation in the first two columns."""
    half_up = np.sin((other[:, 1] - one[:, 1]) / 2.0) ** 2
    half_across = np.sin((other[:, 0] - one[:, 0]) / 2.0) ** 2
    apart: FloatArray = 2.0 * np.arcsin(
        np.sqrt(np.clip(half_up + np.cos(one[:, 1]) * np.cos(other[:, 1]) * half_across, 0.0, 1.0))
    )
    return apart


def eclipses(
    start: datetime, end: datetime, latitude: float, longitude: float, *, height: float = 0.0
) -> tuple[Eclipse, ...]:
    """Return the eclipses of the Sun by the Earth that a site has between two dates, in order.

    Parameters
    ----------
    latitude, longitude, height
        As for `fleet.moon.sun_and_earth`.

    Raises
    ------
    ValueError
        When an angle, the height or a date is out of range.

    Notes
    -----
    Those in which the Sun stands below the horizon are among them: `Eclipse.sun_elevation` tells.

    Examples
    --------
    >>> from datetime import UTC
    >>> from math import radians
    >>> january = datetime(2028, 1, 1, tzinfo=UTC), datetime(2028, 2, 1, tzinfo=UTC)
    >>> found = eclipses(*january, radians(-84.6), radians(31.0))
    >>> [(f"{eclipse.greatest:%d %H:%M}", eclipse.covered) for eclipse in found]
    [('12 04:11', 1.0)]
    """
    site = (latitude, longitude)
    found: list[Eclipse] = []
    span = (end - start).total_seconds()
    begin = 0.0
    while begin < span:
        stop = min(begin + _YEAR, span)
        after = np.append(np.arange(begin, stop, _SCAN), stop)
        near = after[separation(*places_over(start, after, *site, height=height)) < _NEAR]
        for first, last in _runs(near, _SCAN):
            window = (max(first - _AROUND, 0.0), min(last + _AROUND, span))
            eclipse = _look_at(start, window, site, height)
            # A search that ends within an eclipse and the next one both find it.
            if eclipse and not (found and found[-1].greatest >= eclipse.greatest - timedelta(days=1)):
                found.append(eclipse)
        begin = stop
    return tuple(found)


def _runs(times: FloatArray, step: float) -> list[tuple[float, float]]:
    """Return first and last of each run of times that are a step apart."""
    if times.size == 0:
        return []
    cuts = [0, *(np.flatnonzero(np.diff(times) > 1.5 * step) + 1).tolist(), times.size]
    return [(float(times[low]), float(times[high - 1])) for low, high in pairwise(cuts)]


def _look_at(start: datetime, window: tuple[float, float], site: tuple[float, float], height: float) -> Eclipse | None:
    """Return the eclipse within a window of seconds after `start`, if there is one."""
    after = np.append(np.arange(window[0], window[1], _STEP), window[1])
    sun, earth = places_over(start, after, *site, height=height)
    apart = separation(sun, earth)
    r, big = apparent_radius(SUN_METRES, sun[:, 2]), apparent_radius(EARTH_METRES, earth[:, 2])
    touching = after[apart < big + r]
    if touching.size == 0:
        return None
    inside = after[apart < big - r]
    middle = int(np.argmin(apart))

    def utc(seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    return Eclipse(
        begin=utc(float(touching[0])),
        end=utc(float(touching[-1])),
        greatest=utc(float(after[middle])),
        covered=float(covered_share(sun[middle : middle + 1], earth[middle : middle + 1])[0]),
        total=(utc(float(inside[0])), utc(float(inside[-1]))) if inside.size else None,
        sun_elevation=float(sun[middle, 1]),
    )
