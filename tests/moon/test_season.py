"""How high the Sun ever stands, and permanent shadow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import degrees, inf, pi, radians
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import MissionTime, array_stream
from fleet.moon import Almanac, angles_over, permanent_shadow
from fleet.moon.ephemeris import subsolar_latitudes
from fleet.moon.horizon import Heights, Surroundings
from fleet.moon.season import CENTURIES, PRECESSION_DAYS, highest_sun, sun_limits

LATITUDE, LONGITUDE, NORTH = radians(-84.6), radians(31.0), radians(59.0)


def craters(seed: int) -> Heights:
    """Return rough ground with three bowls, 29 x 29 cells of 20 m."""
    rng = array_stream(seed, "craters")
    row, column = np.mgrid[0:29, 0:29]
    ground = rng.random((29, 29)) * 2.0
    for _ in range(3):
        away = np.hypot(row - rng.random() * 29.0, column - rng.random() * 29.0) * 20.0
        ground -= 40.0 * rng.random() * np.clip(1.0 - away / (60.0 + 120.0 * rng.random()), 0.0, 1.0)
    shaped: Heights = ground.astype(np.float32)
    return shaped


def test_the_sun_goes_as_far_south_and_north_as_the_moons_axis_lets_it() -> None:
    south, north = sun_limits()

    assert degrees(south) == pytest.approx(-1.59, abs=0.01)
    assert degrees(north) == pytest.approx(1.59, abs=0.01)


@pytest.mark.parametrize("year", [1905, 1940, 1975, 2010, 2045, 2079])
def test_no_other_precession_takes_the_sun_much_further(year: int) -> None:
    latitudes = subsolar_latitudes(datetime(year, 1, 1, tzinfo=UTC), np.arange(0.0, PRECESSION_DAYS, 0.5))

    south, north = sun_limits()
    assert latitudes.min() > south - CENTURIES
    assert latitudes.max() < north + CENTURIES
    assert latitudes.max() > north - 0.001


@pytest.mark.parametrize("latitude", [-89.9, -84.6, -60.0, -20.0, 5.0, 45.0, 88.0])
def test_the_sun_never_stands_higher_than_it_ever_does(latitude: float) -> None:
    hours = np.arange(0.0, 6 * 365.25 * 24.0, 5.0) * 3600.0
    angles = angles_over(datetime(2031, 1, 1, tzinfo=UTC), hours, radians(latitude), LONGITUDE)

    highest = highest_sun(radians(latitude), angles[:, 0])

    assert (angles[:, 1] <= highest + 1e-9).all()
    assert (highest - angles[:, 1]).min() < radians(0.05)


def test_near_the_equator_the_sun_stands_overhead() -> None:
    assert highest_sun(0.01, np.array([0.0, 2.0])).tolist() == [pi / 2, pi / 2]


def test_the_pole_sees_the_sun_as_high_in_every_direction() -> None:
    highest = highest_sun(-pi / 2, np.linspace(0.0, 2 * pi, 50))

    assert highest == pytest.approx(-sun_limits()[0], abs=2e-4)
    assert highest.max() < inf


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 50),
    day=st.integers(0, 150 * 365),
    length=st.integers(1, 40),
    latitude=st.sampled_from([-89.5, -86.0, -84.6, 83.0]),
)
def test_a_place_in_permanent_shadow_is_never_lit_in_any_almanac_of_any_date(
    seed: int, day: int, length: int, latitude: float
) -> None:
    ground = craters(seed)
    site: dict[str, Any] = {"latitude": radians(latitude), "north": NORTH}
    dark = permanent_shadow(ground, 20.0, **site)

    start = datetime(1930, 1, 1, tzinfo=UTC) + timedelta(days=day)
    almanac = Almanac(
        **site,
        longitude=LONGITUDE,
        time=MissionTime(start=start, dt=600.0),
        end=length * 144,
        heights=ground,
        pixel=20.0,
    )
    for tick in range(0, length * 144, 7):
        assert not almanac.light_map(tick)[dark].any()


def test_a_deep_bowl_is_in_permanent_shadow_and_level_ground_is_not() -> None:
    row, column = np.mgrid[-20:21, -20:21]
    ground = (-12.0 * np.clip(1.0 - np.hypot(row, column) * 5.0 / 30.0, 0.0, 1.0)).astype(np.float32)

    dark = permanent_shadow(ground, 5.0, latitude=LATITUDE, north=NORTH)

    assert dark[20, 20]
    assert not dark[0].any()
    assert 0 < dark.sum() < 60


def test_a_mountain_range_around_the_map_can_keep_all_of_it_dark() -> None:
    ground = np.zeros((9, 9), np.float32)
    far = np.zeros((21, 21), np.float32)
    row, column = np.mgrid[-10:11, -10:11]
    far[np.maximum(abs(row), abs(column)) > 5] = 600.0
    around = Surroundings(heights=far, pixel=100.0, west=-1000.0, south=-1000.0)

    dark = permanent_shadow(ground, 5.0, latitude=LATITUDE, north=NORTH, surroundings=around)

    assert dark.all()
    assert not permanent_shadow(ground, 5.0, latitude=LATITUDE, north=NORTH).any()


def test_an_almanac_knows_permanent_shadow() -> None:
    ground = craters(7)
    time = MissionTime(start=datetime(2029, 1, 1, tzinfo=UTC), dt=1.0)
    almanac = Almanac(
        latitude=LATITUDE, longitude=LONGITUDE, north=NORTH, time=time, end=100, heights=ground, pixel=20.0
    )

    shadow = almanac.permanent_shadow()

    assert (shadow == permanent_shadow(ground, 20.0, latitude=LATITUDE, north=NORTH)).all()
