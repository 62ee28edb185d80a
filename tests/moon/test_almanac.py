"""The almanac as a rover uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from math import degrees, nan, pi, radians
from typing import Any

import numpy as np
import pytest

from fleet.core import MissionTime, wrap_angle
from fleet.moon import Almanac, sun_and_earth, warm
from fleet.moon.horizon import Heights

START = datetime(2029, 10, 18, 12, tzinfo=UTC)
SITE = {"latitude": radians(-84.6), "longitude": radians(31.0)}
NORTH = radians(59.0)
DAY = 86_400


def almanac(heights: Heights | None = None, *, days: int = 3, dt: float = 1.0, **more: Any) -> Almanac:
    ground = np.zeros((21, 21), np.float32) if heights is None else heights
    given = {**SITE, "north": NORTH, "time": MissionTime(start=START, dt=dt), "end": int(days * DAY / dt)}
    return Almanac(**{**given, "heights": ground, "pixel": 5.0, **more})


def pit() -> Heights:
    """Return a bowl 60 m across and 12 m deep in level ground: its middle sees 21 degrees of wall."""
    row, column = np.mgrid[-20:21, -20:21]
    away = np.hypot(row, column) * 5.0
    bowl: Heights = (-12.0 * np.clip(1.0 - away / 30.0, 0.0, 1.0)).astype(np.float32)
    return bowl


@pytest.mark.parametrize("tick", [0, 100_000, 3 * DAY])
def test_sun_and_earth_stand_where_the_ephemeris_has_them(tick: int) -> None:
    made = almanac()

    sun, earth = made.sun(tick), made.earth(tick)

    time = MissionTime(start=START, dt=1.0)
    found = (sun.azimuth, sun.elevation, earth.azimuth, earth.elevation)
    assert found == pytest.approx(sun_and_earth(time.utc(tick), **SITE), abs=1e-6)


def test_headings_turn_against_azimuths_from_north() -> None:
    sun = almanac().sun(1_000)

    assert sun.heading == pytest.approx(wrap_angle(NORTH - sun.azimuth))
    assert 0.0 <= sun.azimuth < 2 * pi


def test_a_tick_of_another_length_is_the_same_sky() -> None:
    coarse, fine = almanac(dt=10.0), almanac(dt=1.0)

    assert coarse.sun(5_000).elevation == pytest.approx(fine.sun(50_000).elevation, abs=1e-7)


def test_level_ground_is_lit_and_a_pit_is_always_dark() -> None:
    made = almanac(pit())

    assert degrees(made.sun(0).elevation) > 6.0
    assert made.light((90.0, 90.0), 0) == 1.0
    assert made.light((0.0, 0.0), 0) == 0.0
    assert made.always_dark((0.0, 0.0))
    assert not made.always_dark((90.0, 90.0))
    assert made.lit_from((0.0, 0.0), 0, 3 * DAY) is None
    assert made.lit_from((90.0, 90.0), 500, 3 * DAY) == 500


def test_first_light_is_the_first_tick_with_half_the_disc() -> None:
    made = almanac(pit(), days=40, dt=60.0)
    point = (-17.0, -17.0)
    night = next(tick for tick in range(0, 40 * 1440, 60) if made.light(point, tick) < 0.5)

    first = made.lit_from(point, night, 40 * 1440)

    assert first is not None
    assert made.light(point, first) >= 0.5 > made.light(point, first - 1)
    assert all(made.light(point, tick) < 0.5 for tick in range(night, first, 7))


def test_a_month_needs_the_horizon_all_round_and_three_days_a_part_of_it() -> None:
    flat = np.zeros((5, 5), np.float32)

    month, days = almanac(flat, days=29).field(), almanac(flat).field()

    assert month.horizon.shape == (180, 5, 5)
    assert days.horizon.shape[0] < 26
    assert days.horizon.dtype == np.float32
    assert days.sun.shape == (3 * 144 + 2, 2)
    assert (days.every, days.west, days.south, days.pixel) == (600, -10.0, -10.0, 5.0)


def test_the_map_of_light_agrees_with_single_points() -> None:
    made = almanac(pit())

    light = made.light_map(3_600)

    assert light.shape == (41, 41)
    for row, column in ((0, 0), (20, 20), (23, 17), (40, 12)):
        point = ((column - 20) * 5.0, (row - 20) * 5.0)
        assert light[row, column] == np.float32(made.light(point, 3_600))


def test_no_light_is_looked_for_outside_the_mission() -> None:
    made = almanac(days=1)

    assert made.lit_from((0.0, 0.0), DAY + 1, DAY + 100) is None
    assert made.lit_from((0.0, 0.0), -50, DAY) == 0
    assert made.sun(2 * DAY) == made.sun(DAY + 1200)


def test_a_mission_of_no_ticks_has_a_sky() -> None:
    made = almanac(days=0)

    assert made.light((0.0, 0.0), 0) == 1.0


def test_two_almanacs_of_one_mission_are_the_same_to_the_bit() -> None:
    one, other = almanac(pit()).field(), almanac(pit()).field()

    assert one.horizon.tobytes() == other.horizon.tobytes()
    assert one.sun.tobytes() == other.sun.tobytes()


@pytest.mark.parametrize("wrong", [{"latitude": 2.0}, {"longitude": nan}, {"north": nan}, {"end": -1}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        almanac(**wrong)


def test_warming_up_can_be_done_twice() -> None:
    warm()
    warm()
