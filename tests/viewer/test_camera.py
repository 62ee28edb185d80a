"""The camera is a similarity, and moves as hands expect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.viewer import Camera

places = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
cameras = st.builds(
    Camera,
    x=st.floats(-5e3, 5e3),
    y=st.floats(-5e3, 5e3),
    scale=st.floats(0.02, 50.0),
    width=st.integers(50, 2000),
    height=st.integers(50, 2000),
)


@given(cameras, places)
def test_ground_to_screen_and_back_is_the_same_place(camera: Camera, place: tuple[float, float]) -> None:
    assert camera.to_ground(camera.to_screen(place)) == pytest.approx(place, abs=1e-6)


@given(cameras, st.floats(0.2, 5.0), st.tuples(st.floats(0, 2000), st.floats(0, 2000)))
def test_zooming_keeps_the_ground_under_the_pointer(camera: Camera, factor: float, pixel: tuple[float, float]) -> None:
    assert camera.zoomed(factor, pixel).to_ground(pixel) == pytest.approx(camera.to_ground(pixel), abs=1e-6)


@given(cameras, st.floats(1.0, 5e3), st.floats(1.0, 5e3))
def test_fitting_shows_all_of_the_bounds(camera: Camera, width: float, height: float) -> None:
    left, low, right, high = camera.fitted((10.0, 20.0, 10.0 + width, 20.0 + height)).bounds

    assert max(left - 10.0, low - 20.0) <= 1e-6
    assert min(right - 10.0 - width, high - 20.0 - height) >= -1e-6


@given(cameras)
def test_zooming_has_an_end_both_ways(camera: Camera) -> None:
    assert camera.zoomed(1e12).scale > 0.0
    assert camera.zoomed(1e-12).scale < 1e4


@given(cameras, st.integers(2, 3))
def test_more_pixels_show_the_same_ground(camera: Camera, factor: int) -> None:
    assert camera.enlarged(factor).bounds == pytest.approx(camera.bounds)
