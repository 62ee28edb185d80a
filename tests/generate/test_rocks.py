"""Rocks strewn over ground."""

from __future__ import annotations

from math import exp, radians
from typing import Any

import numpy as np
import pytest

from fleet.core import Disc
from fleet.terrain import GroundMap, ground_map_from_heights
from sim.generate import LevelSpec, RockSpec, scatter_rocks


def ground(rocks: tuple[Disc, ...] = ()) -> GroundMap:
    """Return two square kilometres of level ground."""
    heights = np.zeros((201, 101), np.float32)
    return ground_map_from_heights(heights, 10.0, latitude=radians(-85), longitude=0.0, north=0.0, rocks=rocks)


def test_there_are_as_many_rocks_as_asked_for() -> None:
    made = scatter_rocks(ground(), RockSpec(per_km2=500.0), 1)

    assert len(made.map.rocks) + len(made.hidden_rocks) == 1000


def test_orbit_sees_the_large_ones_only() -> None:
    spec = RockSpec(per_km2=2_000.0, seen_from=2.0)

    made = scatter_rocks(ground(), spec, 1)

    assert min(rock.radius for rock in made.map.rocks) >= 1.0
    assert min(rock.radius for rock in made.hidden_rocks) >= 0.25
    assert max(rock.radius for rock in made.hidden_rocks) < 1.0


def test_their_number_falls_exponentially_with_diameter() -> None:
    made = scatter_rocks(ground(), RockSpec(per_km2=20_000.0, smallest=0.5, falloff=0.5), 1)

    diameters = np.array([2 * rock.radius for rock in (*made.map.rocks, *made.hidden_rocks)])
    assert (diameters > 1.5).mean() == pytest.approx(exp(-2.0), rel=0.05)


def test_known_rocks_stay_and_come_first() -> None:
    known = Disc(x=1.0, y=2.0, radius=3.0)

    made = scatter_rocks(ground((known,)), RockSpec(), 1)

    assert made.map.rocks[0] == known
    assert known not in made.hidden_rocks


def test_all_lie_on_the_map_and_outside_clear_places() -> None:
    clear = LevelSpec(centre=(100.0, -100.0), radius=200.0)

    made = scatter_rocks(ground(), RockSpec(per_km2=2_000.0), 1, clear=(clear,))

    for rock in (*made.map.rocks, *made.hidden_rocks):
        assert abs(rock.x) <= 500.0
        assert abs(rock.y) <= 1000.0
        assert np.hypot(rock.x - 100.0, rock.y + 100.0) >= 200.0


def test_clearing_a_place_moves_no_other_rock() -> None:
    clear = LevelSpec(centre=(0.0, 0.0), radius=100.0)

    all_rocks = scatter_rocks(ground(), RockSpec(), 1).hidden_rocks
    some_rocks = scatter_rocks(ground(), RockSpec(), 1, clear=(clear,)).hidden_rocks

    assert set(some_rocks) < set(all_rocks)


def test_ground_without_rocks_can_be_asked_for() -> None:
    made = scatter_rocks(ground(), RockSpec(per_km2=0.0), 1)

    assert made.map == ground()
    assert made.hidden_rocks == ()


@pytest.mark.parametrize("wrong", [{"per_km2": -1.0}, {"smallest": -0.1}, {"falloff": float("nan")}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RockSpec(**wrong)


def test_a_rock_asked_for_is_in_no_map_whatever_its_size_and_moves_no_other() -> None:
    asked = Disc(x=10.0, y=20.0, radius=4.0)

    made, without = (scatter_rocks(ground(), RockSpec(asked=rocks), 1) for rocks in ((asked,), ()))

    assert made.hidden_rocks == (*without.hidden_rocks, asked)
    assert made.map == without.map
