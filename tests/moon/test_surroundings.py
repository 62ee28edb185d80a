"""The ground around a map: what it shades, what it hides, and that it never adds light."""

from __future__ import annotations

from datetime import UTC, datetime
from math import atan, copysign, cos, pi, radians, sin, tan
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.core import MissionTime, array_stream
from fleet.moon import Almanac, Surroundings, permanent_shadow
from fleet.moon.horizon import UNIT, Headings, Heights, horizon_of
from fleet.moon.horizon.surroundings import lowest_border
from fleet.moon.kernels import height_at
from fleet.moon.sight import kernels as sight_kernels
from fleet.moon.sight.far import far_of
from fleet.moon.sight.kernels import sky_in_view, sky_over_far, tops_of
from fleet.terrain import GroundMap, far_ground_from_heights, ground_map_from_heights
from fleet.terrain.sphere import MOON_RADIUS

PIXEL, COARSE = 5.0, 100.0
SIDE, FAR_SIDE = 25, 31
WEST = -(FAR_SIDE - 1) / 2.0 * COARSE
HEADINGS = Headings.full_circle(pi / 6)
TIME = MissionTime(start=datetime(2029, 10, 18, 12, tzinfo=UTC), dt=1.0)
SITE = {"latitude": radians(-84.6), "longitude": radians(31.0), "north": radians(59.0)}
#: Level ground around is looked at from one or two of its pixels on, where it has sunk under the sphere that begins at
#: the map's border; and elevations are rounded.
SLACK = 3.0 * COARSE / (2.0 * MOON_RADIUS) + 1.01 * UNIT
seeds = st.integers(0, 1000)


def near(seed: int) -> Heights:
    return (array_stream(seed, "near").random((SIDE, SIDE)) * 6.0).astype(np.float32)


def hills(seed: int, base: float, height: float = 60.0) -> Heights:
    """Return ground around of which none is lower than a base."""
    return (base + array_stream(seed, "far").random((FAR_SIDE, FAR_SIDE)) * height).astype(np.float32)


def around(heights: Heights) -> Surroundings:
    return Surroundings(heights=heights, pixel=COARSE, west=WEST, south=WEST)


def wall(height: float, *, row: int | None = None, column: int | None = None) -> Heights:
    """Return level ground with a wall along x or y."""
    heights = np.zeros((FAR_SIDE, FAR_SIDE), np.float32)
    heights[slice(None) if row is None else row, slice(None) if column is None else column] = height
    return heights


def map_of(heights: Heights, far: Heights | None) -> GroundMap:
    ground = ground_map_from_heights(heights, PIXEL, **SITE)  # type: ignore[arg-type]
    return replace(ground, far=None if far is None else far_ground_from_heights(far, COARSE, west=WEST, south=WEST))


def almanac(heights: Heights, far: Heights | None, *, days: int = 28) -> Almanac:
    return Almanac.over(map_of(heights, far), TIME, days * 86_400)


@settings(max_examples=15)
@given(seed=seeds, height=st.floats(0.0, 300.0))
def test_ground_around_never_lowers_a_horizon_unless_it_lies_deeper_than_the_map(seed: int, height: float) -> None:
    ground = near(seed)

    alone = horizon_of(ground, PIXEL, HEADINGS)
    known = horizon_of(ground, PIXEL, HEADINGS, around(hills(seed, lowest_border(ground), height)))

    assert ((known.astype(np.int64) - alone) * UNIT).min() >= -SLACK


@settings(max_examples=15)
@given(seed=seeds, row=st.integers(0, FAR_SIDE - 1), column=st.integers(0, FAR_SIDE - 1), more=st.floats(0.0, 200.0))
def test_higher_ground_around_never_lowers_a_horizon(seed: int, row: int, column: int, more: float) -> None:
    ground, far = near(seed), hills(seed, -100.0)
    raised = far.copy()
    raised[row, column] += np.float32(more)

    low, high = (horizon_of(ground, PIXEL, HEADINGS, around(heights)) for heights in (far, raised))

    assert (high.astype(np.int64) - low).min() >= -1


@settings(max_examples=10)
@given(seed=seeds, tick=st.integers(0, 28 * 86_400), height=st.floats(0.0, 300.0))
def test_ground_around_never_adds_light(seed: int, tick: int, height: float) -> None:
    ground = near(seed)
    alone, known = almanac(ground, None), almanac(ground, hills(seed, lowest_border(ground) + 0.5, height))

    added = known.light_map(tick) - alone.light_map(tick)

    # 0.5 m for the step of its heights; the slack is a share of the Sun's disc.
    assert added.max() <= 1.3 * SLACK / (2.0 * 0.00465)


def test_deeper_ground_around_lets_the_edge_of_a_plateau_see_the_sun_below_level() -> None:
    plateau = np.zeros((SIDE, SIDE), np.float32)
    deep = around(np.full((FAR_SIDE, FAR_SIDE), -3000.0, np.float32))
    east = Headings(first=0.0, step=0.1, count=1)

    alone, known = (horizon_of(plateau, PIXEL, east, far)[0, :, -1] * UNIT for far in (None, deep))

    assert np.abs(alone).max() < radians(0.1)
    assert known.max() < radians(-3.0)


@pytest.mark.parametrize("height", [40.0, 90.0, 200.0])
def test_a_ridge_beyond_the_map_takes_the_light_of_a_low_sun(height: float) -> None:
    level = np.zeros((SIDE, SIDE), np.float32)
    alone, known = almanac(level, None), almanac(level, wall(height, row=25))  # 1000 m up y.
    point = (0.0, 0.0)
    ridge = atan(height / 1000.0)
    facing = [tick for tick in range(0, 28 * 86_400, 3600) if abs(alone.sun(tick).heading - pi / 2) < 0.3]

    behind = [tick for tick in facing if radians(0.5) < alone.sun(tick).elevation < ridge - radians(0.5)]
    over = [tick for tick in facing if alone.sun(tick).elevation > ridge + radians(0.5)]

    assert behind or over
    assert all(alone.light(point, tick) == 1.0 for tick in behind + over)
    assert all(known.light(point, tick) == 0.0 for tick in behind)
    assert all(known.light(point, tick) == 1.0 for tick in over)


def test_the_next_sunrise_waits_for_the_sun_to_clear_the_ridge() -> None:
    level = np.zeros((SIDE, SIDE), np.float32)
    ring = wall(0.0)
    ring[[0, -1]] = ring[:, [0, -1]] = 60.0  # 1500 m away: 2.3 degrees.
    alone, known = almanac(level, None), almanac(level, ring)

    early, late = (made.sunrise((0.0, 0.0), 0, 28 * 86_400) for made in (alone, known))

    assert early is None or late is None or late > early
    assert known.lit_ticks((0.0, 0.0), 0, 28 * 86_400) < alone.lit_ticks((0.0, 0.0), 0, 28 * 86_400)


def test_mountains_around_make_permanent_shadow_and_an_almanac_knows_it() -> None:
    ground = near(3)
    ring = wall(0.0)
    ring[[0, -1]] = ring[:, [0, -1]] = 900.0
    latitude, north = SITE["latitude"], SITE["north"]

    dark = almanac(ground, ring).permanent_shadow()

    assert dark.all()
    assert (dark == permanent_shadow(ground, PIXEL, latitude=latitude, north=north, surroundings=around(ring))).all()
    assert not permanent_shadow(ground, PIXEL, latitude=latitude, north=north).all()


def test_ground_around_that_does_not_surround_the_map_is_refused_at_once() -> None:
    beside = replace(map_of(near(1), wall(0.0)).far, west=50.0)  # type: ignore[type-var]

    with pytest.raises(ValueError, match="must reach around the map"):
        Almanac.over(replace(map_of(near(1), None), far=beside), TIME, 60)


def test_the_earth_and_the_relay_go_behind_mountains_around_the_map() -> None:
    level = np.zeros((SIDE, SIDE), np.float32)
    ring = wall(0.0)
    ring[[1, -2]] = ring[:, [1, -2]] = 2500.0
    alone, known = almanac(level, None, days=3), almanac(level, ring, days=3)
    ticks = range(0, 3 * 86_400, 1800)

    for kind in ("is_earth_in_view", "is_relay_in_view"):
        seen, left = ([getattr(made, kind)((0.0, 0.0), tick, 2.0) for tick in ticks] for made in (alone, known))

        assert any(seen)
        assert not any(later and not first for first, later in zip(seen, left, strict=True))
    assert not any(known.is_earth_in_view((0.0, 0.0), tick, 2.0) for tick in ticks)


@pytest.mark.parametrize(("depth", "seen"), [(0.0, False), (-6000.0, True)])
def test_from_a_high_plateau_the_earth_is_seen_below_the_level(depth: float, seen: bool) -> None:
    """As from Mons Mouton, 6 km over what lies around: its horizon dips by 4.8 degrees, the Earth sets by 2.7."""
    edge = (60.0, 0.0)
    plateau = np.zeros((SIDE, SIDE), np.float32)
    alone, known = (almanac(plateau, far) for far in (None, np.full((FAR_SIDE, FAR_SIDE), depth, np.float32)))
    low = [tick for tick in range(0, 28 * 86_400, 3600) if radians(-2.8) < alone.earth(tick).elevation < radians(-0.5)]

    assert low
    assert not any(alone.is_earth_in_view(edge, tick, 30.0) for tick in low)
    assert {known.is_earth_in_view(edge, tick, 30.0) for tick in low} == {seen}


# Sight to the sky

places = st.tuples(st.floats(-55.0, 55.0), st.floats(-55.0, 55.0), st.floats(0.0, 4.0))
towards = st.tuples(st.floats(-pi, pi), st.floats(-0.05, 0.4))


def sees(ground: Heights, far: Heights | None, place: tuple[float, float, float], up: tuple[float, float]) -> bool:
    frame, look = (-60.0, -60.0, PIXEL), (*place, cos(up[0]), sin(up[0]), up[1])
    return bool(
        sky_in_view(ground, tops_of(ground), float(ground.max()), *frame, *look)
        and sky_over_far(ground, *frame, far_of(None if far is None else around(far)), *look)
    )


@given(seed=seeds, place=places, up=towards, base=st.floats(-300.0, 20.0))
def test_ground_around_never_shows_more_of_the_sky(
    seed: int, place: tuple[float, float, float], up: tuple[float, float], base: float
) -> None:
    assert sees(near(seed), None, place, up) or not sees(near(seed), hills(seed, base), place, up)


@given(seed=seeds, place=places, up=towards, base=st.floats(-300.0, 20.0), more=st.floats(0.0, 50.0))
def test_a_higher_antenna_never_sees_less_over_the_ground_around(
    seed: int, place: tuple[float, float, float], up: tuple[float, float], base: float, more: float
) -> None:
    x, y, antenna = place
    ground, far = near(seed), hills(seed, base)

    assert sees(ground, far, (x, y, antenna + more), up) or not sees(ground, far, place, up)


@given(seed=seeds, place=places, up=towards, base=st.floats(-300.0, 20.0))
def test_the_sky_is_what_a_plain_look_over_map_and_ground_around_finds(
    seed: int, place: tuple[float, float, float], up: tuple[float, float], base: float
) -> None:
    ground, far = near(seed), hills(seed, base)
    x, y, antenna = place
    heading, slope = up
    eye = height_at(x, y, ground, -60.0, -60.0, PIXEL) + antenna

    def clearances(heights: Heights, west: float, pixel: float, looks: list[float]) -> list[float]:
        found = [1.0]
        for away in looks:
            here = (x + away * cos(heading), y + away * sin(heading))
            if max(abs(here[0]), abs(here[1])) > 1e-9 - west:
                break
            line = eye + slope * away + away * away / (2.0 * MOON_RADIUS)
            found.append(line - height_at(*here, heights, west, west, pixel))
        return found

    ahead, aside = cos(heading), sin(heading)
    out = min((60.0 - copysign(at, at * part)) / abs(part) for at, part in ((x, ahead), (y, aside)) if part != 0.0)
    # On, from a pixel beyond the map, where columns or rows are crossed.
    major, at = (ahead, x) if abs(ahead) >= abs(aside) else (aside, y)
    lines = [(line - at) / major for line in (WEST + COARSE * np.arange(FAR_SIDE)).tolist()]
    looks = sorted(away for away in lines if away > out + COARSE)
    edge = min((-WEST - copysign(at, at * part)) / abs(part) for at, part in ((x, ahead), (y, aside)) if part != 0.0)
    beyond = [edge + more for more in (0.0, max(0.0, -slope * MOON_RADIUS - edge))]
    gaps = [eye + slope * away + away * away / (2.0 * MOON_RADIUS) - lowest_border(far) for away in beyond]
    gaps += clearances(ground, -60.0, PIXEL, [PIXEL * step for step in range(1, 100)])
    gaps += clearances(far, WEST, COARSE, looks)
    assume(abs(min(gaps)) > 1e-6)
    assert sees(ground, far, place, up) == (min(gaps) > 0.0)


@given(seed=seeds, place=places, up=towards)
def test_compiled_and_plain_sight_over_the_ground_around_agree(
    seed: int, place: tuple[float, float, float], up: tuple[float, float]
) -> None:
    ground, far = near(seed), hills(seed, 0.0)
    look = (ground, -60.0, -60.0, PIXEL, far_of(around(far)), *place, cos(up[0]), sin(up[0]), up[1])

    compiled = sky_over_far(*look)

    def plain(kernel: Any) -> Any:
        return kernel.py_func

    with pytest.MonkeyPatch.context() as patch:
        for name in ("is_clear", "way_out", "top_between"):
            patch.setattr(sight_kernels, name, plain(getattr(sight_kernels, name)))
        patch.setattr(sight_kernels, "height_at", plain(height_at))
        interpreted = plain(sky_over_far)(*look)
    assert compiled == interpreted


@settings(max_examples=40)
@given(seed=seeds, heading=st.sampled_from(HEADINGS.all()), base=st.sampled_from([-3000.0, -200.0, 0.0]))
def test_sight_and_horizon_see_the_same_hills(seed: int, heading: float, base: float) -> None:
    """From the top of a hill, so that only what is around counts, and sight goes over its edge."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2.0
    level, far = (-5.0 * np.hypot(x, y)).astype(np.float32), hills(seed, base, 150.0)
    one = Headings(first=heading, step=0.1, count=1)
    middle = float(horizon_of(level, PIXEL, one, around(far))[0, SIDE // 2, SIDE // 2]) * UNIT

    assert not sees(level, far, (0.0, 0.0, 0.0), (heading, tan(middle - radians(0.1))))
    assert sees(level, far, (0.0, 0.0, 0.0), (heading, tan(middle + radians(0.1))))


def test_a_wall_around_hides_what_is_lower_than_its_top() -> None:
    level, far = np.zeros((SIDE, SIDE), np.float32), wall(100.0, column=25)  # x = 1000

    assert not sees(level, far, (0.0, 0.0, 0.0), (0.0, 0.0995))
    assert sees(level, far, (0.0, 0.0, 0.0), (0.0, 0.1005))
    assert sees(level, far, (0.0, 0.0, 0.0), (pi, 0.01))
