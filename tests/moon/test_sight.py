"""Sight lines for radio."""

from __future__ import annotations

from math import cos, hypot, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fleet.core import array_stream
from fleet.moon import radio_horizon
from fleet.moon.kernels import height_at
from fleet.moon.sight import kernels as sight_kernels
from fleet.moon.sight.kernels import line_of_sight, line_of_sight_over, sky_in_view, tops_of
from fleet.terrain.heights import height_between
from fleet.terrain.sphere import MOON_RADIUS

PIXEL = 5.0
coordinates = st.floats(-60.0, 60.0)
End = tuple[float, float, float]  # x, y, height of the antenna
ends = st.tuples(coordinates, coordinates, st.floats(0.0, 4.0))


def sees(heights: np.ndarray, a: End, b: End) -> bool:
    rows, columns = heights.shape
    west, south = -(columns - 1) / 2 * PIXEL, -(rows - 1) / 2 * PIXEL
    return bool(line_of_sight(heights, west, south, PIXEL, *a, *b))


def hills(seed: int) -> np.ndarray:
    return (array_stream(seed, "hills").random((21, 23)) * 4.0).astype(np.float32)


def plain(kernel: Any) -> Any:
    return kernel.py_func


def test_a_wall_between_hides_and_a_mast_over_it_does_not() -> None:
    ground = np.zeros((21, 21), np.float32)
    ground[:, 10] = 3.0

    assert not sees(ground, (-40.0, 0.0, 1.0), (40.0, 0.0, 1.0))
    assert sees(ground, (-40.0, 0.0, 4.0), (40.0, 0.0, 4.0))


def test_the_roundness_of_the_moon_ends_sight_at_the_radio_horizon() -> None:
    ground = np.zeros((3, 1201), np.float32)
    reach = radio_horizon(2.0, 0.3)

    near, far = ((reach + more) / 2 for more in (-30.0, 30.0))

    assert sees(ground, (-near, 0.0, 2.0), (near, 0.0, 0.3))
    assert not sees(ground, (-far, 0.0, 2.0), (far, 0.0, 0.3))


def test_two_at_one_place_see_each_other() -> None:
    assert sees(hills(1), (3.0, 4.0, 0.3), (3.0, 4.0, 4.0))


@given(seed=st.integers(0, 50), a=ends, b=ends)
def test_sight_is_mutual(seed: int, a: End, b: End) -> None:
    ground = hills(seed)

    assert sees(ground, a, b) == sees(ground, b, a)


@given(seed=st.integers(0, 50), a=ends, b=ends)
def test_sight_is_what_a_plain_look_along_the_line_finds(seed: int, a: End, b: End) -> None:
    ground = hills(seed)

    def terrain(x: float, y: float) -> float:
        return height_between(ground, (x + 55.0) / PIXEL, (y + 50.0) / PIXEL)

    (ax, ay, a_height), (bx, by, b_height) = a, b
    length = hypot(bx - ax, by - ay)
    steps = int(length / PIXEL) + 1
    clearances = [1.0]
    for step in range(1, steps):
        share = step / steps
        line = (terrain(ax, ay) + a_height) * (1 - share) + (terrain(bx, by) + b_height) * share
        bulge = (length * share) * (length * (1 - share)) / (2 * MOON_RADIUS)
        clearances.append(line - bulge - terrain(ax + (bx - ax) * share, ay + (by - ay) * share))
    assume(abs(min(clearances)) > 1e-9)  # Grazing lines may fall either way.
    assert sees(ground, a, b) == (min(clearances) > 0.0)


@given(seed=st.integers(0, 50), a=ends, b=ends)
def test_compiled_and_plain_sight_agree(seed: int, a: End, b: End) -> None:
    arguments = (hills(seed), -55.0, -50.0, PIXEL, *a, *b)

    compiled = line_of_sight(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sight_kernels, "height_at", plain(height_at))
        interpreted = plain(line_of_sight)(*arguments)
    assert compiled == interpreted


@given(seed=st.integers(0, 50), x=coordinates, y=coordinates)
def test_compiled_and_plain_heights_have_the_same_bits(seed: int, x: float, y: float) -> None:
    arguments = (x, y, hills(seed), -55.0, -50.0, PIXEL)

    assert float(height_at(*arguments)).hex() == float(plain(height_at)(*arguments)).hex()


@given(seed=st.integers(0, 50), a=ends, b=ends, scale=st.floats(0.0, 3.0))
def test_looking_over_tiles_gives_the_same_answer(seed: int, a: End, b: End, scale: float) -> None:
    ground = (hills(seed) * np.float32(scale)).astype(np.float32)

    seen = line_of_sight_over(ground, tops_of(ground), -55.0, -50.0, PIXEL, *a, *b)

    assert seen == line_of_sight(ground, -55.0, -50.0, PIXEL, *a, *b)


@given(seed=st.integers(0, 50), a=ends, b=ends, more=st.floats(0.0, 5.0))
def test_a_higher_antenna_never_loses_a_line(seed: int, a: End, b: End, more: float) -> None:
    ground = hills(seed)

    raised = sees(ground, (a[0], a[1], a[2] + more), b)

    assert raised or not sees(ground, a, b)


@given(seed=st.integers(0, 50), a=ends, b=ends, cell=st.tuples(st.integers(0, 20), st.integers(0, 22)))
def test_higher_ground_between_never_gains_a_line(seed: int, a: End, b: End, cell: tuple[int, int]) -> None:
    ground = hills(seed)
    x, y = cell[1] * PIXEL - 55.0, cell[0] * PIXEL - 50.0
    assume(all(abs(end[0] - x) > PIXEL or abs(end[1] - y) > PIXEL for end in (a, b)))
    assume(all(abs(end[0]) <= 55.0 and abs(end[1]) <= 50.0 for end in (a, b)))  # Beyond, the border's ground counts.
    before = sees(ground, a, b)

    ground[cell] += 2.0

    assert before or not sees(ground, a, b)


@given(
    seed=st.integers(0, 50), place=ends, heading=st.floats(-4.0, 4.0), up=st.floats(0.0, 0.5), more=st.floats(0, 5.0)
)
def test_a_higher_antenna_never_sees_less_of_the_sky(
    seed: int, place: End, heading: float, up: float, more: float
) -> None:
    ground = hills(seed)
    x, y, height = place
    sight = (ground, tops_of(ground), float(ground.max()), -55.0, -50.0, PIXEL, x, y)
    towards = (cos(heading), sin(heading), up)

    low, high = sky_in_view(*sight, height, *towards), sky_in_view(*sight, height + more, *towards)

    assert high or not low


@given(seed=st.integers(0, 50), place=ends, heading=st.floats(-4.0, 4.0), up=st.floats(-0.2, 0.5))
def test_the_sky_is_what_a_plain_look_along_the_line_finds(seed: int, place: End, heading: float, up: float) -> None:
    ground = hills(seed)
    x, y, height = place
    base = height_at(x, y, ground, -55.0, -50.0, PIXEL) + height
    clearances = [1.0]
    for step in range(1, 100):
        here = (x + step * PIXEL * cos(heading), y + step * PIXEL * sin(heading))
        if abs(here[0]) > 55.0 or abs(here[1]) > 50.0:
            break
        drop = (step * PIXEL) ** 2 / (2 * MOON_RADIUS)
        clearances.append(base + up * step * PIXEL + drop - height_at(*here, ground, -55.0, -50.0, PIXEL))
    assume(abs(min(clearances)) > 1e-9)

    sight = (ground, tops_of(ground), float(ground.max()), -55.0, -50.0, PIXEL, x, y, height)
    seen = sky_in_view(*sight, cos(heading), sin(heading), up)

    assert seen == (min(clearances) > 0.0)


def test_a_wall_hides_the_low_sky_behind_it_only() -> None:
    ground = np.zeros((21, 21), np.float32)
    ground[:, 20] = 20.0  # At x = 50.
    sight = (ground, tops_of(ground), 20.0, -50.0, -50.0, PIXEL, 0.0, 0.0, 1.0)

    assert not sky_in_view(*sight, 1.0, 0.0, 0.3)
    assert sky_in_view(*sight, 1.0, 0.0, 0.5)
    assert sky_in_view(*sight, -1.0, 0.0, 0.0)


def test_an_antenna_under_the_ground_is_refused() -> None:
    with pytest.raises(ValueError, match="below the ground"):
        radio_horizon(1.0, -0.1)
