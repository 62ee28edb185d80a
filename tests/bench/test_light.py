"""The benchmark of light measures what it says, against marches that are right."""

from __future__ import annotations

import json
from math import pi

import numpy as np
import pytest

from fleet.core import WallClock, array_stream
from fleet.moon.horizon.surroundings import Heights, lowest_border
from sim.bench import as_object, bench_light
from sim.bench.marching import march, march_abreast


def ground(cells: int) -> Heights:
    steps = array_stream(5, "bench").standard_normal((2, cells)).cumsum(axis=1) * 0.3
    heights: Heights = (steps[0][:, None] + steps[1][None, :]).astype(np.float32)
    return heights


@pytest.mark.parametrize("heading", [0.0, 0.7, pi / 2, 2.8, -1.9, 4.4])
def test_both_marches_find_the_same_horizon(heading: float) -> None:
    heights = ground(24)

    one, other = (walk(heights, 5.0, heading, lowest_border(heights)) for walk in (march, march_abreast))

    assert one == pytest.approx(other, abs=1e-6)


def test_every_row_is_there_with_its_peers_and_nearly_all_cells_agree() -> None:
    rows, skipped = bench_light(ground(128), 5.0, WallClock(), lambda _: None)

    values = json.loads(json.dumps(as_object("light", rows, skipped)))["rows"]
    assert [row["name"] for row in values] == ["horizon-128", "agreement-128", "illumination-128"]
    assert {"numba march", "numpy march"} <= set(values[0]["times_better_than"])
    assert ("topocalc" in skipped) != ("topocalc" in values[0]["times_better_than"])
    assert values[1]["value"] > 99.0
