"""Where the relay satellite stands, and when it is in view."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import asin, atan2, cos, degrees, pi, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import MissionTime
from fleet.moon import Almanac, relay_over, relay_passes
from fleet.moon.relay import EPOCH, FARTHEST, INCLINATION, LEAST_ELEVATION, NEAREST, PERIOD, TURN
from fleet.terrain.sphere import MOON_RADIUS

START = datetime(2029, 10, 24, tzinfo=UTC)
SITE = (radians(-84.6), radians(31.0))


def _looked_up(since: float, latitude: float, longitude: float) -> tuple[float, float]:
    """Return azimuth and elevation by plain trigonometry and halving."""
    half, eccentricity = (NEAREST + FARTHEST) / 2, (FARTHEST - NEAREST) / (FARTHEST + NEAREST)
    mean = 2 * pi * (since / PERIOD % 1.0)
    low, high = 0.0, 2 * pi
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if middle - eccentricity * sin(middle) < mean else (low, middle)
    distance = half * (1 - eccentricity * cos(low))
    along = atan2(half * sqrt(1 - eccentricity**2) * sin(low), half * (cos(low) - eccentricity)) + pi / 2
    south = asin(sin(INCLINATION) * sin(along))
    east = atan2(cos(INCLINATION) * sin(along), cos(along)) - TURN * since
    x, y, z = (distance * v for v in (cos(south) * cos(east), cos(south) * sin(east), sin(south)))
    to_east = -sin(longitude) * x + cos(longitude) * y
    to_north = -sin(latitude) * (cos(longitude) * x + sin(longitude) * y) + cos(latitude) * z
    upward = cos(latitude) * (cos(longitude) * x + sin(longitude) * y) + sin(latitude) * z - MOON_RADIUS
    return atan2(to_east, to_north) % (2 * pi), atan2(upward, sqrt(to_east**2 + to_north**2))


@given(seconds=st.floats(0.0, 1e9), latitude=st.floats(-1.55, 1.55), longitude=st.floats(-3.1, 3.1))
def test_it_stands_where_kepler_says(seconds: float, latitude: float, longitude: float) -> None:
    azimuth, elevation = relay_over(EPOCH, [seconds], latitude, longitude)[0].tolist()

    expected = _looked_up(seconds, latitude, longitude)

    assert elevation == pytest.approx(expected[1], abs=1e-5)
    assert cos(elevation) * abs((azimuth - expected[0] + pi) % (2 * pi) - pi) < 1e-5


def test_the_orbit_takes_a_day() -> None:
    assert pytest.approx(24.3 * 3600.0, rel=0.01) == PERIOD


def test_the_south_sees_it_most_of_the_day_and_the_north_hardly() -> None:
    end = START + timedelta(days=14)

    south = relay_passes(START, end, *SITE)
    north = relay_passes(START, end, radians(84.6), SITE[1])

    gaps = [(later.rise - sooner.set).total_seconds() / 3600.0 for sooner, later in pairwise(south)]
    assert all(2.0 < gap < 4.0 for gap in gaps)
    assert len(gaps) >= 13
    assert all(degrees(one.highest) > 45.0 for one in south[1:-1])
    assert sum((one.set - one.rise).total_seconds() for one in north) < 0.1 * 14 * 86_400.0


def test_passes_are_when_it_stands_over_five_degrees() -> None:
    passes = relay_passes(START, START + timedelta(days=3), *SITE)
    seconds = np.arange(0.0, 3 * 86_400.0, 600.0)

    elevations = relay_over(START, seconds, *SITE)[:, 1]

    for at, elevation in zip(seconds.tolist(), elevations.tolist(), strict=True):
        within = any(one.rise <= START + timedelta(seconds=at) <= one.set for one in passes)
        assert within == (elevation > LEAST_ELEVATION)


def test_dates_without_a_zone_or_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="two dates"):
        relay_passes(START, START, *SITE)
    with pytest.raises(ValueError, match="time zone"):
        relay_over(START.replace(tzinfo=None), [0.0], *SITE)


def _almanac(heights: np.ndarray) -> Almanac:
    time = MissionTime(start=START, dt=1.0)
    return Almanac(
        latitude=SITE[0], longitude=SITE[1], north=0.4, time=time, end=2 * 86_400, heights=heights, pixel=5.0
    )


def test_the_almanac_has_the_same_directions() -> None:
    almanac = _almanac(np.zeros((9, 9), np.float32))

    seen = almanac.relay(45_030)

    azimuth, elevation = relay_over(START, [45_030.0], *SITE)[0].tolist()
    assert seen.azimuth == pytest.approx(azimuth, abs=1e-4)
    assert seen.elevation == pytest.approx(elevation, abs=1e-4)
    assert (0.4 - seen.heading) % (2 * pi) == pytest.approx(azimuth, abs=1e-4)


def test_the_almanac_says_beforehand_when_contact_comes_back() -> None:
    almanac = _almanac(np.zeros((9, 9), np.float32))
    first, second = relay_passes(START, START + timedelta(days=1.5), *SITE)[:2]
    gone, back = ((edge - START).total_seconds() for edge in (first.set, second.rise))

    found = almanac.relay_from((0.0, 0.0), round(gone) + 90, 86_400, 0.3)

    assert found is not None
    assert abs(found - back) <= 120.0
    assert almanac.relay_from((0.0, 0.0), round(gone) + 90, round(back) - 120, 0.3) is None
    assert almanac.relay_from((0.0, 0.0), 60, 86_400, 0.3) == 60


def test_deep_in_a_shaft_neither_earth_nor_relay_is_in_view() -> None:
    shaft = np.full((9, 9), 400.0, np.float32)
    shaft[4, 4] = 0.0

    deep, level = _almanac(shaft), _almanac(np.zeros((9, 9), np.float32))

    assert level.is_relay_in_view((0.0, 0.0), 3600, 1.0)
    assert level.is_earth_in_view((0.0, 0.0), 3600, 1.0)
    assert not deep.is_relay_in_view((0.0, 0.0), 3600, 1.0)
    assert not deep.is_earth_in_view((0.0, 0.0), 3600, 1.0)
