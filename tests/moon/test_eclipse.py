"""Eclipses of the Sun by the Earth, and how strong sunlight is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import degrees, pi, radians

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.moon import covered_share, eclipses, places_over, relative_flux
from fleet.moon.eclipse import EARTH_METRES, SUN_METRES, apparent_radius
from fleet.moon.ephemeris import AU

MONS_MOUTON = (radians(-84.6), radians(31.0))
START, END = datetime(2028, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)

# SPICE with DE421, looked at every ten minutes: first look at which discs touch, ten minutes after the last, minutes of
# the looks at which nothing of the Sun is seen.
SPICE = [
    ((2028, 1, 12, 2, 30), (2028, 1, 12, 6, 10), 40),
    ((2028, 7, 6, 17, 10), (2028, 7, 6, 19, 50), 0),
    ((2028, 12, 31, 14, 30), (2028, 12, 31, 19, 20), 150),
    ((2029, 6, 26, 1, 20), (2029, 6, 26, 5, 50), 150),
    ((2029, 12, 20, 20, 30), (2029, 12, 21, 1, 0), 70),
]


def discs(apart: float, sun: float = 0.00466, earth: float = 0.0166) -> tuple[np.ndarray, np.ndarray]:
    """Return Sun and Earth with these radii, that far from each other, radians."""
    one = np.array([[0.0, 0.0, SUN_METRES / np.sin(sun)]])
    other = np.array([[apart, 0.0, EARTH_METRES / np.sin(earth)]])
    return one, other


def test_two_years_have_the_eclipses_that_spice_has() -> None:
    found = eclipses(START, END, *MONS_MOUTON)

    assert len(found) == len(SPICE)
    for eclipse, (begin, end, total) in zip(found, SPICE, strict=True):
        first, last = datetime(*begin, tzinfo=UTC), datetime(*end, tzinfo=UTC)
        assert first - timedelta(minutes=10) <= eclipse.begin <= first
        assert last - timedelta(minutes=10) <= eclipse.end + timedelta(minutes=2) <= last + timedelta(minutes=2)
        length = (eclipse.total[1] - eclipse.total[0]).total_seconds() / 60.0 if eclipse.total else 0.0
        assert length == pytest.approx(total, abs=10.0)


def test_a_partial_eclipse_leaves_something_of_the_sun() -> None:
    found = eclipses(datetime(2028, 7, 1, tzinfo=UTC), datetime(2028, 8, 1, tzinfo=UTC), *MONS_MOUTON)

    assert [round(eclipse.covered, 1) for eclipse in found] == [0.3]
    assert found[0].total is None
    assert found[0].begin < found[0].greatest < found[0].end
    assert degrees(found[0].sun_elevation) == pytest.approx(4.6, abs=0.1)


@pytest.mark.parametrize("cut", [datetime(2028, 12, 31, 16, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)])
def test_searches_that_end_within_an_eclipse_find_it_once_each_and_both_their_part(cut: datetime) -> None:
    before = eclipses(datetime(2028, 12, 1, tzinfo=UTC), cut, *MONS_MOUTON)
    after = eclipses(cut, datetime(2029, 2, 1, tzinfo=UTC), *MONS_MOUTON)

    assert len(before) == 1
    assert before[0].end <= cut
    assert len(after) == (1 if cut.month == 12 else 0)


def test_a_long_search_finds_what_short_ones_find() -> None:
    whole = eclipses(START, END, *MONS_MOUTON)

    parts = [
        eclipses(START + timedelta(days=100 * k), START + timedelta(days=100 * (k + 1)), *MONS_MOUTON) for k in range(8)
    ]
    assert [eclipse.greatest.date() for part in parts for eclipse in part][: len(whole)] == [
        eclipse.greatest.date() for eclipse in whole
    ]


def test_no_time_has_no_eclipse() -> None:
    assert eclipses(START, START, *MONS_MOUTON) == ()
    assert eclipses(END, START, *MONS_MOUTON) == ()


@pytest.mark.parametrize(
    ("apart", "share"), [(0.0, 1.0), (0.0166 - 0.00467, 1.0), (0.0166 + 0.00467, 0.0), (1.0, 0.0), (pi, 0.0)]
)
def test_the_earth_covers_all_or_nothing(apart: float, share: float) -> None:
    assert covered_share(*discs(apart))[0] == share


def test_a_small_earth_leaves_a_ring() -> None:
    assert covered_share(*discs(0.0, sun=0.0047, earth=0.0023))[0] == pytest.approx((0.0023 / 0.0047) ** 2, rel=1e-4)


@settings(max_examples=30)
@given(apart=st.floats(0.0, 0.025), earth=st.floats(0.003, 0.018))
def test_the_covered_share_is_what_points_of_the_disc_say(apart: float, earth: float) -> None:
    x, y = (axis / 200.0 for axis in np.mgrid[-200:201, -200:201])
    disc = np.hypot(x, y) <= 1.0
    covered = disc & (np.hypot(x * 0.00466 - apart, y * 0.00466) <= earth)

    share = covered_share(*discs(apart, earth=earth))[0]

    assert share == pytest.approx(covered.sum() / disc.sum(), abs=0.01)


def test_sunlight_is_stronger_when_the_sun_is_nearer() -> None:
    days = np.arange(0.0, 366.0) * 86_400.0
    sun, _ = places_over(START, days, *MONS_MOUTON)

    flux = relative_flux(sun[:, 2])

    # 1317 to 1408 at the Earth; the Moon's way around it adds half a per cent.
    assert (1361.0 * flux).min() == pytest.approx(1317.0 * (1.0 - 2 * 0.0026), abs=3.0)
    assert (1361.0 * flux).max() == pytest.approx(1408.0 * (1.0 + 2 * 0.0026), abs=3.0)
    assert relative_flux(np.array([AU]))[0] == 1.0


def test_apparent_radii_are_those_of_the_sky() -> None:
    sun, earth = places_over(START, np.arange(0.0, 366.0) * 86_400.0, *MONS_MOUTON)

    assert np.degrees(apparent_radius(SUN_METRES, sun[:, 2])).mean() == pytest.approx(0.267, abs=0.001)
    assert np.degrees(apparent_radius(EARTH_METRES, earth[:, 2])).mean() == pytest.approx(0.95, abs=0.02)
