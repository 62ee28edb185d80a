"""What rovers learn of ground beside the map, and how sure they are of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc, MessageError, RoverId, array_stream
from fleet.messages import HazardReport
from fleet.messages.codec import encode, open_body
from fleet.runtime.lore import Lore
from fleet.terrain import Hazard, Sighting, Terrain, ground_map_from_heights, roughness
from fleet.vehicles import catalogue

ROVER = catalogue()["cnsa-rover"]
A, B = RoverId("a"), RoverId("b")
SOFT = Hazard(disc=Disc(x=0.0, y=0.0, radius=5.0), kind="soft", slip=0.7)


def terrain(heights: np.ndarray[tuple[int, int], np.dtype[np.float32]] | None = None) -> Terrain:
    grid = np.zeros((41, 41), np.float32) if heights is None else heights
    return Terrain(ground_map_from_heights(grid, 5.0, latitude=-1.47, longitude=0.5, north=0.0))


def test_independent_sightings_raise_sureness_in_any_order() -> None:
    words = [Sighting(by=RoverId(name), tick=tick, sure=0.3) for tick, name in enumerate("abc")]

    found = []
    for order in permutations([*words, replace_word(words[0])]):
        known = terrain()
        for word in order:
            known.note(SOFT, word)
        found.append(known.hazards[0])

    assert len(set(found)) == 1
    assert found[0].sureness == pytest.approx(1.0 - 0.7**2 * 0.2)


def replace_word(word: Sighting) -> Sighting:
    return Sighting(by=word.by, tick=9, how="felt", sure=0.8)


def test_contradiction_lowers_sureness_until_ground_is_free_again() -> None:
    known = terrain()
    known.note(SOFT, Sighting(by=A, tick=1, sure=0.6))
    assert not known.is_free((0.0, 0.0), ROVER)

    known.note(SOFT, Sighting(by=B, tick=2, how="felt", sure=0.9, there=False))

    assert known.hazards[0].sureness == pytest.approx(0.06)
    assert known.is_free((0.0, 0.0), ROVER)


def test_the_same_word_again_is_no_news() -> None:
    known = terrain()

    assert [known.note(SOFT, Sighting(by=A, tick=tick, sure=0.6)) for tick in (1, 1, 5)] == [True, False, False]


def test_soft_ground_stops_one_class_and_slows_another() -> None:
    known, tough = terrain(), replace(ROVER, slip_limit=0.8)
    known.note(SOFT, Sighting(by=A, tick=0))

    assert (known.obstacles(ROVER), known.soft(ROVER)) == ((SOFT.disc,), ())
    assert (known.obstacles(tough), known.soft(tough)) == ((), (SOFT,))


@pytest.mark.parametrize(
    "report",
    [
        HazardReport(hazard=Disc(x=900.0, y=0.0, radius=1.0), seen=1),
        HazardReport(hazard=Disc(x=0.0, y=0.0, radius=1.0), seen=99),
        HazardReport(hazard=Disc(x=0.0, y=0.0, radius=1.0), seen=1, by=RoverId("nobody")),
    ],
    ids=["off the map", "to come", "of nobody"],
)
def test_what_nobody_can_have_met_is_refused(report: HazardReport) -> None:
    known = terrain()

    with pytest.raises(MessageError, match="b"):
        Lore(A, (A, B), known).hear(B, report, 5)

    assert known.hazards == ()


def test_numbers_that_are_none_do_not_pass_the_decoder() -> None:
    good = encode(HazardReport(hazard=Disc(x=4.0, y=5.5, radius=0.75), seen=1, kind="soft", slip=0.25, sure=0.625))

    for number in (0.25, 0.625, 4.0):
        bad = good.replace(encode(number), encode(float("nan")))
        with pytest.raises(MessageError):
            open_body(bad, "b")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 6.0))
def test_forbidden_ground_equals_a_reference_by_cells(seed: int, radius: float) -> None:
    rng = array_stream(seed, "ground")
    heights = (rng.random((21, 21)) * 3.0).astype(np.float32)
    known = terrain(heights)
    vehicle = replace(ROVER, radius=radius, roughness_limit=0.9)
    points = (rng.random((60, 2)) - 0.5) * 90.0

    free = known.are_free(points, vehicle)

    rough = roughness(known.heights, 5.0) > vehicle.roughness_limit
    rows, columns = np.nonzero((known.tilts > vehicle.slope_limit) | rough)
    cx, cy = known.west + columns * 5.0, known.south + rows * 5.0
    for (x, y), is_free in zip(points.tolist(), free.tolist(), strict=True):
        across, up = np.maximum(np.abs(cx - x) - 2.5, 0.0), np.maximum(np.abs(cy - y) - 2.5, 0.0)
        gap = float(np.sqrt(across * across + up * up).min()) if len(cx) else np.inf
        expected = gap >= radius and abs(x) + radius <= 50.0 and abs(y) + radius <= 50.0
        assert is_free == known.is_free((x, y), vehicle)
        assert is_free == expected or abs(gap - radius) < 1e-6
    assert known.forbidden(vehicle).is_valid
    assert all(shapely.is_valid(part) for part in known.forbidden(vehicle).geoms)
