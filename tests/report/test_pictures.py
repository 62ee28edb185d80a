from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from fleet.terrain import GroundMap
from sim.report.charts import _thinned
from sim.report.png import png
from sim.report.relief import shaded
from sim.report.scale import round_length, time_steps


def _read_png(data: bytes) -> NDArray[np.uint8]:
    """Read back what our writer writes: chunks with checksums, every row as differences to the left."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", data, place + 8 + length) == (zlib.crc32(kind + content),)
        chunks[kind] = content
        place += 12 + length
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert (rows[:, 0] == 1).all()
    return np.cumsum(rows[:, 1:], axis=1, dtype=np.uint8)


@settings(deadline=None)
@given(grey=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_a_picture_reads_back_pixel_by_pixel(grey: NDArray[np.uint8]) -> None:
    assert (_read_png(png(grey)) == grey).all()


def _ground(heights: NDArray[np.float64], mission: Any) -> GroundMap:
    rows, columns = heights.shape
    old = mission.ground
    return GroundMap(
        heights=heights.astype("<f4").tobytes(), rows=rows, columns=columns, pixel=5.0, latitude=old.latitude,
        longitude=old.longitude, north=old.north, crs="", origin=(0.0, 0.0), rocks=(), zones=(),
    )  # fmt: skip


def test_slopes_to_the_upper_left_are_light_and_others_dark(made_up_mission: Callable[..., Any]) -> None:
    y, x = np.mgrid[0:21, 0:21] * 1.0
    hill = 8.0 * np.exp(-((x - 10.0) ** 2 + (y - 10.0) ** 2) / 20.0)

    picture = shaded(_ground(hill, made_up_mission()))

    # The top row of the picture is the highest y.
    assert picture[7, 7] > 150 > picture[13, 13]


def test_flat_ground_is_one_grey(made_up_mission: Callable[..., Any]) -> None:
    picture = shaded(_ground(np.zeros((12, 9)), made_up_mission()))

    assert picture.shape == (12, 9)
    assert len(np.unique(picture)) == 1


def test_fine_ground_is_thinned(made_up_mission: Callable[..., Any]) -> None:
    picture = shaded(_ground(np.zeros((1001, 600)), made_up_mission()))

    assert max(picture.shape) <= 420


@settings(deadline=None)
@given(values=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=2000))
def test_a_thinned_curve_keeps_its_ends_and_extremes(values: list[float]) -> None:
    ticks = list(range(0, 7 * len(values), 7))

    thin = _thinned(ticks, values)

    assert len(thin) <= 500
    assert (thin[0], thin[-1]) == ((0, values[0]), (ticks[-1], values[-1]))
    assert (min(thin, key=lambda one: one[1])[1], max(thin, key=lambda one: one[1])[1]) == (min(values), max(values))
    assert {tick: values[tick // 7] for tick, _ in thin} == dict(thin)


@given(seconds=st.floats(1.0, 5e6))
def test_an_axis_has_few_round_times_within_its_length(seconds: float) -> None:
    steps = time_steps(seconds)

    assert steps[0] == 0
    assert steps[-1] <= seconds
    assert len(steps) <= 9


@given(metres=st.floats(0.01, 1e6))
def test_a_scale_bar_is_at_most_as_long_as_there_is_room(metres: float) -> None:
    length = round_length(metres)

    assert metres / 2.6 <= length <= metres * (1 + 1e-12)
