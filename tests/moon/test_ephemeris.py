"""Sun and Earth against SPICE, and against eclipses that were computed elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from math import acos, cos, degrees, inf, nan, pi, radians, sin
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.moon import angles_over, sun_and_earth

VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "sun_earth_vectors.json"
TOLERANCE = (0.012, 0.005, 0.006, 0.006)  # Degrees: Sun's azimuth and elevation, Earth's.
MONS_MOUTON = (radians(-84.6), radians(31.0))

# 84.6 S, 31.0 E, 1737.4 km; SPICE with DE421, frame MOON_ME_DE421, correction LT+S.
SPICE = [
    (datetime(2028, 1, 15, 0, tzinfo=UTC), (292.1088, 2.2527, 331.6897, 0.9180)),
    (datetime(2028, 6, 21, 12, tzinfo=UTC), (159.8974, -5.7193, 323.3518, 8.4038)),
    (datetime(2028, 11, 1, 6, tzinfo=UTC), (339.3646, 6.5373, 326.3263, 10.7717)),
    (datetime(2029, 3, 20, 18, tzinfo=UTC), (82.1877, -0.7941, 322.9348, 8.2317)),
    (datetime(2029, 10, 10, 3, tzinfo=UTC), (119.3650, -1.2195, 332.5533, 0.4482)),
]


@pytest.mark.parametrize(("utc", "expected"), SPICE, ids=[utc.date().isoformat() for utc, _ in SPICE])
def test_sun_and_earth_stand_where_spice_has_them(utc: datetime, expected: tuple[float, ...]) -> None:
    angles = sun_and_earth(utc, *MONS_MOUTON)

    for angle, reference, tolerance in zip(angles, expected, TOLERANCE, strict=True):
        assert degrees(angle) == pytest.approx(reference, abs=tolerance)


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside the repository")
def test_every_shared_vector_is_met_within_its_tolerance() -> None:
    shared: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    keys = ("sun_az", "sun_el", "earth_az", "earth_el")

    for vector in shared["vectors"]:
        utc = datetime.fromisoformat(vector["utc"].replace("Z", "+00:00"))
        for site in (vector, vector["site2"]):
            angles = sun_and_earth(utc, radians(site["lat"]), radians(site["lon"]))
            for key, angle in zip(keys, angles, strict=True):
                assert degrees(angle) == pytest.approx(site[key], abs=shared["tolerance_deg"]["ephem_iau"][key])


@pytest.mark.parametrize(
    "middle",
    [
        datetime(2028, 1, 12, 4, 20, tzinfo=UTC),
        datetime(2028, 12, 31, 16, 55, tzinfo=UTC),
        datetime(2029, 6, 26, 3, 35, tzinfo=UTC),
        datetime(2029, 12, 20, 22, 45, tzinfo=UTC),
    ],
    ids=str,
)
def test_the_earth_covers_the_sun_in_the_middle_of_a_total_eclipse(middle: datetime) -> None:
    sun_azimuth, sun_up, earth_azimuth, earth_up = sun_and_earth(middle, *MONS_MOUTON)

    apart = acos(sin(sun_up) * sin(earth_up) + cos(sun_up) * cos(earth_up) * cos(sun_azimuth - earth_azimuth))

    assert degrees(apart) < 0.95 - 0.267 + 0.05


def test_many_instants_give_what_each_gives_alone() -> None:
    start = datetime(2029, 10, 18, 12, tzinfo=UTC)
    seconds = np.arange(0.0, 5 * 86_400.0, 3_700.0)

    table = angles_over(start, seconds, *MONS_MOUTON)

    alone = [sun_and_earth(start + timedelta(seconds=after), *MONS_MOUTON) for after in seconds.tolist()]
    assert table == pytest.approx(np.array(alone), abs=1e-7)


def test_no_instants_give_no_angles() -> None:
    assert angles_over(datetime(2029, 1, 1, tzinfo=UTC), [], *MONS_MOUTON).shape == (0, 4)


def test_a_zone_of_time_does_not_change_the_sky() -> None:
    utc = datetime(2029, 3, 20, 18, tzinfo=UTC)
    elsewhere = datetime.fromisoformat("2029-03-21T02:00:00+08:00")

    assert sun_and_earth(elsewhere, *MONS_MOUTON) == sun_and_earth(utc, *MONS_MOUTON)


def test_a_higher_site_sees_the_low_earth_a_little_lower() -> None:
    utc = datetime(2029, 10, 10, 3, tzinfo=UTC)

    below, above = (sun_and_earth(utc, *MONS_MOUTON, height)[3] for height in (0.0, 6_000.0))

    assert 0.0 < degrees(below - above) < 0.001


@pytest.mark.parametrize(
    ("latitude", "longitude", "height"),
    [(-1.6, 0.0, 0.0), (nan, 0.0, 0.0), (0.0, 7.0, 0.0), (0.0, inf, 0.0), (0.0, 0.0, nan), (0.0, 0.0, 1e6)],
)
def test_a_site_that_is_none_is_refused(latitude: float, longitude: float, height: float) -> None:
    with pytest.raises(ValueError, match=r"latitude|longitude|height"):
        sun_and_earth(datetime(2029, 1, 1, tzinfo=UTC), latitude, longitude, height)


@pytest.mark.parametrize("latitude", [-pi / 2, pi / 2, 0.0])
def test_the_poles_and_the_equator_are_sites(latitude: float) -> None:
    azimuth, elevation, _, _ = sun_and_earth(datetime(2029, 1, 1, tzinfo=UTC), latitude, 0.0)

    assert 0.0 <= azimuth < 2 * pi
    assert abs(elevation) <= pi / 2


@pytest.mark.parametrize("year", [1, 1850, 2200, 9999])
def test_a_year_beyond_the_theories_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1900 to 2100"):
        sun_and_earth(datetime(year, 6, 1, tzinfo=UTC), *MONS_MOUTON)


def test_a_table_must_not_run_out_of_the_theories_years() -> None:
    with pytest.raises(ValueError, match="1900 to 2100"):
        angles_over(datetime(2100, 1, 1, tzinfo=UTC), [0.0, 1e11], *MONS_MOUTON)


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sun_and_earth(datetime(2029, 1, 1), *MONS_MOUTON)  # noqa: DTZ001 - the point of the test
