"""How high the Sun ever stands, over a full turn of the Moon's nodes, and which ground it therefore never reaches."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from math import cos, pi, sin
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import stored
from fleet.moon.ephemeris import subsolar_latitudes
from fleet.moon.horizon import UNIT, Headings, Heights, Surroundings, ground_digest, horizon_of
from fleet.moon.kernels import SUN_RADIUS

FloatArray: TypeAlias = NDArray[np.float64]

PRECESSION_DAYS: Final = 6_798.4  #: In which the Moon's nodes go round once: 18.6 years.
CENTURIES: Final = 1.0e-4  #: Radians by which other precessions from 1900 to 2100 may exceed the one looked at.
#: Radians that ground must stand higher than the Sun ever does: the horizon's unit, and what linear tables leave out. A
#: fiftieth of the Sun's radius.
MARGIN: Final = 1.0e-4
_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_BATCH = 24  # Headings whose horizon is in memory at a time.


def sun_limits() -> tuple[float, float]:
    """Return the southernmost and northernmost latitude over which the Sun stands in a precession, radians.

    Notes
    -----
    From the ephemeris, every six hours from 2020 on; kept on disk.

    Examples
    --------
    >>> from math import degrees
    >>> [round(degrees(limit), 2) for limit in sun_limits()]
    [-1.59, 1.59]
    """

    def compute() -> FloatArray:
        latitudes = subsolar_latitudes(_FROM, np.arange(0.0, PRECESSION_DAYS, 0.25))
        return np.array([latitudes.min(), latitudes.max()])

    names = ("season.py", "ephemeris.py", "rotation.py")
    south, north = stored("season", b"".join(Path(__file__).with_name(name).read_bytes() for name in names), compute)
    return float(south), float(north)


def highest_sun(latitude: float, azimuths: FloatArray) -> FloatArray:
    """Return how high the Sun's centre ever stands in some directions, seen from a latitude.

    Parameters
    ----------
    latitude
        Radians.
    azimuths
        ``(N,)``, clockwise from north.

    Returns
    -------
    numpy.ndarray
        ``(N,)``, elevation; minus infinity where the Sun never is.

    Notes
    -----
    Every place between `sun_limits`, a little widened by `CENTURIES`, counts: in time the Sun comes near each. With b
    the Sun's latitude, f the site's and e its elevation in azimuth a, ``sin b = sin f sin e + cos f cos e cos a``; the
    highest e belongs to the limit on the site's side.
    """
    south, north = sun_limits()
    south, north = south - CENTURIES, north + CENTURIES
    if south <= latitude <= north:
        return np.full(azimuths.shape, pi / 2.0)
    limit = sin(south if latitude < south else north)
    along, across = cos(latitude) * np.cos(azimuths), np.full(azimuths.shape, sin(latitude))
    reach = np.hypot(along, across)
    crest = np.arctan2(across, along)
    with np.errstate(invalid="ignore"):
        half = np.arccos(limit / reach)
    found = np.stack([crest + half, crest - half])
    found = (found + pi) % (2.0 * pi) - pi
    found[~(np.abs(found) <= pi / 2.0 + 1e-12)] = -np.inf
    highest: FloatArray = found.max(axis=0)
    return highest


def permanent_shadow(
    heights: Heights,
    pixel: float,
    *,
    latitude: float,
    north: float,
    surroundings: Surroundings | None = None,
) -> NDArray[np.bool_]:
    """Return which cells no part of the Sun's disc ever shines on, ``(H, W) bool``.

    Parameters
    ----------
    heights, pixel, surroundings
        As for `fleet.moon.horizon.horizon_of`.
    latitude
        Of the map's centre, radians.
    north
        Heading of true north, radians.

    Notes
    -----
    A cell is in permanent shadow when in every heading its horizon stands above the upper edge of the Sun where that is
    highest. Between headings the horizon is linear; what the Sun's way bulges over that is added. A few headings are
    worked on at a time, and the result is kept on disk.

    Source
    ------
    Mazarico et al., "Illumination conditions of the lunar polar regions using LOLA topography", Icarus 211, 2011: the
    horizon method and what permanent shadow means.
    """
    circle = Headings.full_circle()

    def sun_over(headings: FloatArray) -> FloatArray:
        return highest_sun(latitude, north - headings)

    fine = sun_over(np.arange(circle.count * 8, dtype=np.float64) * circle.step / 8.0).reshape(circle.count, 8)
    low, high = fine[:, :1], np.roll(fine[:, 0], -1)[:, None]
    with np.errstate(invalid="ignore"):
        bulge = np.nan_to_num(fine - (low + (high - low) * np.arange(8) / 8.0)).max()
    needed = (fine[:, 0] + bulge + SUN_RADIUS + MARGIN) / UNIT

    def compute() -> NDArray[np.bool_]:
        dark = np.ones(heights.shape, dtype=np.bool_)
        for first in range(0, circle.count, _BATCH):
            count = min(_BATCH, circle.count - first)
            batch = Headings(first=first * circle.step, step=circle.step, count=count)
            for offset, layer in enumerate(horizon_of(heights, pixel, batch, surroundings)):
                dark &= layer >= needed[first + offset]
            if not dark.any():
                break
        return dark

    code = Path(__file__).read_bytes()
    made_from = ground_digest(heights, pixel, surroundings) + needed.tobytes() + sha256(code).digest()
    return stored("shadow", made_from, compute)
