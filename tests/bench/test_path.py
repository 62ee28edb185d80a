"""The benchmark of ways measures what it says, and notices a wrong answer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fleet.core import WallClock
from fleet.planning import CostGrid, GridWay, ShortestWay, VisibilityRoadmap
from sim.bench import Measure, as_object, as_text, bench_path
from sim.bench.path import peers
from sim.bench.path.maps import grid_map, polygon_map
from sim.bench.peers import missing


def test_every_row_is_there_and_no_peer_is_better_at_lengths_and_costs() -> None:
    said: list[str] = []
    measure = Measure(clock=WallClock(), say=said.append, polygons=(8,), grids=(64,))

    rows, skipped = bench_path(measure)

    values = json.loads(json.dumps(as_object("path", rows, skipped)))
    assert [row["name"] for row in values["rows"]] == ["polygon-8-build", "polygon-8-query", "grid-64"]
    assert all(row["value"] > 0.0 for row in values["rows"])
    assert all(abs(value) < 1e-6 for row in values["rows"] for value in row.get("differs", {}).values())
    named = {peer for row in values["rows"] for peer in row["times_better_than"]}
    assert named | set(skipped) == set(peers.MODULES)
    assert named.isdisjoint(skipped)
    assert "networkx" in values["rows"][2]["times_better_than"]
    assert len(as_text(rows).splitlines()) == len(rows)
    assert said


def test_a_peer_that_is_not_installed_is_skipped_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers.MODULES, "tcod", "no_such_module_here")

    assert "pip install 'moonfleet[bench]'" in missing(peers.MODULES)["tcod"]


def test_a_way_longer_than_a_peers_fails_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    short = VisibilityRoadmap.way

    def detour(self: VisibilityRoadmap, *trip: tuple[float, float]) -> ShortestWay:
        way = short(self, *trip)
        assert isinstance(way, ShortestWay)
        return ShortestWay(path=way.path, length=way.length * 1.001)

    monkeypatch.setattr(VisibilityRoadmap, "way", detour)

    with pytest.raises(RuntimeError, match="is wrong"):
        bench_path(Measure(clock=WallClock(), say=print, polygons=(4,), grids=()))


def test_a_way_dearer_than_a_peers_fails_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    cheapest = CostGrid.way

    def detour(self: CostGrid, *trip: tuple[int, int]) -> GridWay:
        way = cheapest(self, *trip)
        assert isinstance(way, GridWay)
        back_and_forth = np.vstack([way.cells[:2], way.cells])
        step = cheapest(
            self, (int(way.cells[0, 0]), int(way.cells[0, 1])), (int(way.cells[1, 0]), int(way.cells[1, 1]))
        )
        back = cheapest(
            self, (int(way.cells[1, 0]), int(way.cells[1, 1])), (int(way.cells[0, 0]), int(way.cells[0, 1]))
        )
        assert isinstance(step, GridWay)
        assert isinstance(back, GridWay)
        return GridWay(cells=back_and_forth, cost=way.cost + step.cost + back.cost)

    monkeypatch.setattr(CostGrid, "way", detour)

    with pytest.raises(RuntimeError, match="a peer's"):
        bench_path(Measure(clock=WallClock(), say=print, polygons=(), grids=(64,)))


def test_maps_are_the_same_every_time() -> None:
    assert polygon_map(12, 2) == polygon_map(12, 2)
    assert np.array_equal(grid_map(64).costs, grid_map(64).costs)
