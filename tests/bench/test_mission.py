"""The benchmark of a mission measures what it says."""

from __future__ import annotations

import json

from fleet.core import WallClock
from sim.bench import as_object, as_text, bench_mission
from sim.scenario import load_scenario, shipped_scenario


def test_every_row_is_there_with_the_reference_as_its_peer() -> None:
    said: list[str] = []

    rows = bench_mission(load_scenario(shipped_scenario("smoke")), WallClock(), said.append, pairs=1, scales=(2, 6))

    values = json.loads(json.dumps(as_object("mission", rows, {})))
    assert [row["name"] for row in values["rows"]] == [
        "advance", "real-time-factor", "recording", "rovers-2", "rovers-6",
    ]  # fmt: skip
    assert all(row["value"] > 0.0 for row in values["rows"] if row["name"] != "recording")
    assert len(as_text(rows).splitlines()) == len(rows)
    assert set(values["rows"][0]["times_better_than"]) == {"reference"}
    assert said
