"""Whatever numbers come in, a look along a line ends: compiled code holds everything until it does."""

from itertools import product
from math import inf, nan

import numpy as np
import pytest

from fleet.moon import Surroundings
from fleet.moon.kernels import height_at, nearest_cell
from fleet.moon.sight.far import far_of
from fleet.moon.sight.kernels import line_of_sight, line_of_sight_over, sky_in_view, sky_over_far, tops_of

GROUND = np.zeros((21, 21), np.float32)
FAR = far_of(Surroundings(heights=GROUND, pixel=100.0, west=-1000.0, south=-1000.0))
ODD = (nan, inf, -inf, 1e300, -1e300, 1e19, 1e15)


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("spot", [0, 1, 3, 4])
def test_nothing_is_seen_from_nowhere_or_from_the_end_of_numbers(odd: float, spot: int) -> None:
    ends = [0.0, 0.0, 2.0, 20.0, 10.0, 2.0]
    ends[spot] = odd

    assert not line_of_sight(GROUND, -50.0, -50.0, 5.0, *ends)
    assert not line_of_sight_over(GROUND, tops_of(GROUND), -50.0, -50.0, 5.0, *ends)


@pytest.mark.parametrize("spot", range(6))
@pytest.mark.parametrize("odd", [nan, inf, -inf])
def test_a_look_at_the_sky_ends_when_a_number_is_none(odd: float, spot: int) -> None:
    sight = [0.0, 0.0, 2.0, 1.0, 0.0, 0.1]
    sight[spot] = odd

    assert not sky_in_view(GROUND, tops_of(GROUND), 0.0, -50.0, -50.0, 5.0, *sight)
    assert not sky_over_far(GROUND, -50.0, -50.0, 5.0, FAR, *sight)


@pytest.mark.parametrize(("along_x", "along_y", "upward"), list(product((0.0, 1e-300, 1.0, -1e19, 1e300), repeat=3)))
def test_a_look_at_the_sky_ends_whatever_its_direction(along_x: float, along_y: float, upward: float) -> None:
    for x in (0.0, 1e15):
        sight = (x, 0.0, 2.0, along_x, along_y, upward)

        assert sky_in_view(GROUND, tops_of(GROUND), 0.0, -50.0, -50.0, 5.0, *sight) in {True, False}
        assert sky_over_far(GROUND, -50.0, -50.0, 5.0, FAR, *sight) in {True, False}


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_place_that_is_none_has_a_cell_of_the_map(odd: float) -> None:
    assert nearest_cell(odd, -50.0, 5.0, 21) in {0, 20}
    assert height_at(odd, odd, GROUND, -50.0, -50.0, 5.0) == 0.0
