"""The almanac as a rover uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from math import degrees, nan, pi, radians
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import MissionTime, array_stream, wrap_angle
from fleet.moon import Almanac, covered_share, places_over, sun_and_earth, warm
from fleet.moon.horizon import Heights
from fleet.moon.horizon.surroundings import lowest_border

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

    month, days = almanac(flat, days=30).field(), almanac(flat).field()

    assert month.horizon.shape == (360, 5, 5)
    assert days.horizon.shape[0] < 50
    assert days.horizon.dtype == np.int16
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


@pytest.fixture(scope="module")
def month() -> Almanac:
    """Return 40 days in minutes over a pit, with nights and the total eclipse of 20 December 2029."""
    start = datetime(2029, 12, 1, tzinfo=UTC)
    return almanac(pit(), time=MissionTime(start=start, dt=60.0), end=40 * 1440)


def test_sunrises_and_sunsets_alternate_and_agree_with_a_scan(month: Almanac) -> None:
    point, end = (-20.0, 12.0), 40 * 1440

    edges: list[int] = []
    tick = 0
    while True:
        found = month.sunset(point, tick, end) if len(edges) % 2 == 0 else month.sunrise(point, tick, end)
        if found is None:
            break
        edges.append(found)
        tick = found

    lit = np.array([month.light(point, tick) >= 0.5 for tick in range(end + 1)])
    first = int(lit.argmax())
    changes = (np.flatnonzero(lit[first + 1 :] != lit[first:-1]) + first + 1).tolist()
    assert len(edges) > 2
    assert edges == changes


def test_spells_hours_and_the_longest_dark_agree_with_a_scan(month: Almanac) -> None:
    point, begin, end = (-20.0, 12.0), 3_000, 40_000
    lit = [month.light(point, tick) >= 0.5 for tick in range(begin, end + 1)]

    spells = month.lit_spells(point, begin, end)

    assert sum(last - first + 1 for first, last in spells) == sum(lit) == month.lit_ticks(point, begin, end)
    dark = "".join("." if each else "x" for each in lit).split(".")
    longest = month.longest_dark(point, begin, end)
    assert longest is not None
    assert longest[1] - longest[0] + 1 == max(map(len, dark))
    assert not any(lit[longest[0] - begin : longest[1] + 1 - begin])


def test_the_longest_dark_may_be_all_or_nothing() -> None:
    made = almanac(pit())

    assert made.longest_dark((0.0, 0.0), 0, 3 * DAY) == (0, 3 * DAY)
    assert made.longest_dark((90.0, 90.0), 0, 3 * DAY) is None
    assert made.sunrise((90.0, 90.0), 0, 3 * DAY) is None
    assert made.sunset((0.0, 0.0), 0, 3 * DAY) is None


def test_in_a_total_eclipse_nothing_is_lit(month: Almanac) -> None:
    middle = int((datetime(2029, 12, 20, 22, 40, tzinfo=UTC) - datetime(2029, 12, 1, tzinfo=UTC)).total_seconds() / 60)

    assert month.uncovered(middle) == 0.0
    assert not month.light_map(middle).any()
    assert month.light((90.0, 90.0), middle - 240) == 1.0
    assert month.uncovered(middle - 240) == 1.0
    sunset = month.sunset((90.0, 90.0), middle - 240, middle)
    assert sunset is not None
    assert abs(month.uncovered(sunset) - 0.5) < 0.02


def test_a_table_of_ten_minutes_is_near_what_the_earth_covers(month: Almanac) -> None:
    start = datetime(2029, 12, 1, tzinfo=UTC)
    seconds = np.arange(19.8 * DAY, 20.1 * DAY, 60.0)
    exact = 1.0 - covered_share(*places_over(start, seconds, **SITE))

    table = [month.uncovered(round(second / 60.0)) for second in seconds.tolist()]

    assert np.abs(np.array(table) - exact).max() < 0.02


def test_sunlight_in_december_is_stronger_than_at_one_astronomical_unit(month: Almanac) -> None:
    assert month.flux(20 * 1440) == pytest.approx(1.0277, abs=0.0005)


def test_the_mean_of_light_is_between_the_darkest_and_the_brightest(month: Almanac) -> None:
    mean = month.mean_light_map(0, 1440)

    assert mean[20, 20] == 0.0
    assert mean[0, 0] == pytest.approx(np.mean([month.light((-100.0, -100.0), tick) for tick in range(0, 1441, 10)]))


@settings(max_examples=25, deadline=None)
@given(row=st.integers(0, 20), column=st.integers(0, 20), more=st.floats(1.0, 60.0), tick=st.integers(0, 3 * DAY))
def test_raising_ground_between_a_place_and_the_sun_never_brings_more_light(
    row: int, column: int, more: float, tick: int
) -> None:
    ground = (array_stream(3, "raise").random((21, 21)) * 4.0).astype(np.float32)
    raised = ground.copy()
    raised[row, column] += np.float32(more)

    before, after = (almanac(heights, pixel=20.0).light_map(tick) for heights in (ground, raised))

    others = np.ones(ground.shape, dtype=np.bool_)
    others[row, column] = False
    # The sphere around the map lies as low as the lowest border in both, or a border cell that rose was the lowest.
    if lowest_border(raised) == lowest_border(ground):
        assert (after <= before + 0.01)[others].all()
    assert ((after >= 0.0) & (after <= 1.0)).all()
