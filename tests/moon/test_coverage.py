"""What an antenna sees of a map is what two antennas see of each other, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import array_stream
from fleet.moon.coverage import seen_from
from fleet.moon.sight.kernels import line_of_sight

PIXEL = 5.0


@settings(max_examples=25)
@given(
    seed=st.integers(0, 1000),
    place=st.tuples(st.floats(-40.0, 40.0), st.floats(-30.0, 30.0)),
    heights=st.tuples(st.floats(0.0, 9.0), st.floats(0.0, 3.0)),
)
def test_a_map_of_sight_equals_the_line_of_sight_to_every_cell(
    seed: int, place: tuple[float, float], heights: tuple[float, float]
) -> None:
    ground = (array_stream(seed, "hills").random((13, 17)) * 4.0).astype(np.float32)
    west, south = -40.0, -30.0

    seen = seen_from(ground, PIXEL, place, *heights)

    for row in range(13):
        for column in range(17):
            cell = (west + column * PIXEL, south + row * PIXEL)
            assert seen[row, column] == line_of_sight(ground, west, south, PIXEL, *place, heights[0], *cell, heights[1])


@given(seed=st.integers(0, 1000), height=st.floats(0.0, 8.0), more=st.floats(0.0, 8.0))
def test_a_higher_antenna_never_sees_less(seed: int, height: float, more: float) -> None:
    ground = (array_stream(seed, "hills").random((9, 9)) * 4.0).astype(np.float32)

    low = seen_from(ground, PIXEL, (2.0, 3.0), height, 0.5)
    high = seen_from(ground, PIXEL, (2.0, 3.0), height + more, 0.5)

    assert not (low & ~high).any()


def test_an_antenna_off_the_map_or_in_the_ground_is_refused() -> None:
    flat = np.zeros((5, 5), np.float32)

    with pytest.raises(ValueError, match="off the map"):
        seen_from(flat, PIXEL, (11.0, 0.0), 2.0, 1.0)
    with pytest.raises(ValueError, match="below the ground"):
        seen_from(flat, PIXEL, (0.0, 0.0), -1.0, 1.0)
