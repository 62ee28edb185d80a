"""Where the relay satellite stands, seen from a site: a Kepler ellipse about the Moon.

The size and tilt of the orbit are Queqiao-2's as published; where the ellipse is turned to, and when the satellite is
where on it, is not published and assumed. It tells how long passes and gaps are, not at which minute they begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, pi, radians, sin, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.moon.ephemeris import azimuth_elevation
from fleet.terrain.sphere import MOON_RADIUS

FloatArray: TypeAlias = NDArray[np.float64]

GRAVITY: Final = 4.9028e12  #: Of the Moon, m3/s2.
NEAREST: Final = MOON_RADIUS + 200e3  #: Metres from the Moon's centre; known.
FARTHEST: Final = MOON_RADIUS + 16_000e3  #: Known.
INCLINATION: Final = radians(62.4)  #: To the Moon's equator; known.
NEAREST_AFTER_NODE: Final = radians(90.0)  #: Farthest over the south, as a relay there needs it; derived.
NODE: Final = 0.0  #: Longitude of the ascending node at `EPOCH`; assumed. Fixed among the stars.
EPOCH: Final = datetime(2024, 4, 2, tzinfo=UTC)  #: Nearest to the Moon at that instant; assumed.
PERIOD: Final = 2.0 * pi * sqrt(((NEAREST + FARTHEST) / 2.0) ** 3 / GRAVITY)  #: Seconds: 24.3 hours; derived.
TURN: Final = radians(13.17635815) / 86_400.0  #: Radians a second that the Moon turns; libration is left out.
LEAST_ELEVATION: Final = radians(5.0)  #: From which on a satellite is spoken to; assumed.
_ITERATIONS = 30
_STEP = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A time during which the relay satellite can be spoken to from level ground."""

    rise: datetime
    set: datetime
    highest: float  #: Elevation, radians.


def relay_over(start: datetime, seconds: Sequence[float] | FloatArray, latitude: float, longitude: float) -> FloatArray:
    """Return azimuth and elevation of the relay satellite for many instants.

    Parameters
    ----------
    start
        With its time zone.
    seconds
        After `start`.
    latitude, longitude
        Of the site, radians, planetocentric, east.

    Returns
    -------
    numpy.ndarray
        ``(N, 2) float64``, radians: azimuth clockwise from true north in [0, 2 pi), elevation over the sphere's level.

    Source
    ------
    200 x 16 000 km, 62.4 degrees, 24 hours: China National Space Administration, 2024. Kepler's equation by Newton's
    method.
    """
    if start.tzinfo is None:
        raise ValueError("a date needs a time zone")
    since = (start - EPOCH).total_seconds() + np.asarray(seconds, dtype=np.float64)
    eccentricity = (FARTHEST - NEAREST) / (FARTHEST + NEAREST)
    mean = 2.0 * pi * (since / PERIOD % 1.0)
    angle = np.full_like(mean, pi)
    for _ in range(_ITERATIONS):  # From pi it comes nearer with every step, whatever the ellipse.
        angle -= (angle - eccentricity * np.sin(angle) - mean) / (1.0 - eccentricity * np.cos(angle))
    half = (NEAREST + FARTHEST) / 2.0
    ahead = half * (np.cos(angle) - eccentricity)
    aside = half * sqrt(1.0 - eccentricity**2) * np.sin(angle)
    along = ahead * cos(NEAREST_AFTER_NODE) - aside * sin(NEAREST_AFTER_NODE)
    across = ahead * sin(NEAREST_AFTER_NODE) + aside * cos(NEAREST_AFTER_NODE)
    node = NODE - TURN * since
    level = across * cos(INCLINATION)
    placed = np.stack(
        [
            along * np.cos(node) - level * np.sin(node),
            along * np.sin(node) + level * np.cos(node),
            across * sin(INCLINATION),
        ],
        axis=1,
    )
    angles: FloatArray = azimuth_elevation(placed, latitude, longitude, MOON_RADIUS)[:, :2]
    return angles


def relay_passes(start: datetime, end: datetime, latitude: float, longitude: float) -> tuple[Pass, ...]:
    """Return the passes over a site between two dates, to a few seconds; one under way is cut at `start` or `end`.

    Raises
    ------
    ValueError
        When a date has no time zone, or `end` is not after `start`.
    """
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise ValueError("passes need two dates with time zones, the second after the first")
    last = (end - start).total_seconds()
    seconds = np.append(np.arange(0.0, last, _STEP), last)
    elevation = relay_over(start, seconds, latitude, longitude)[:, 1]
    over = elevation - LEAST_ELEVATION
    is_up = over > 0.0
    changes = np.flatnonzero(is_up[1:] != is_up[:-1])
    times = seconds[changes] + np.diff(seconds)[changes] * over[changes] / (over[changes] - over[changes + 1])
    edges = [*([0.0] if is_up[0] else []), *times.tolist(), *([last] if is_up[-1] else [])]
    found = []
    for rise, fall in zip(edges[::2], edges[1::2], strict=True):
        within = elevation[(seconds >= rise) & (seconds <= fall)]
        found.append(
            Pass(
                rise=start + timedelta(seconds=rise),
                set=start + timedelta(seconds=fall),
                highest=float(within.max()) if within.size else LEAST_ELEVATION,
            )
        )
    return tuple(found)
