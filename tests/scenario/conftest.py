"""A good scenario file, to be broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario import Problem, check_scenario

_GOOD = """\
moonfleet: 2
name: good
start: 2029-10-20T00:00:00Z
duration: 2h
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 300, pixel_m: 5}}
agencies: [{id: CNSA}]
vehicles: {slow: {base: cnsa-rover, max_speed_m_s: 0.03}}
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {at_m: [0, 0]}}
  - {id: r1, agency: CNSA, vehicle: slow, agent: prospector, place: {near: lander, min_m: 12, max_m: 40}}
coordinator: lander
docks: {source: lander, count: 6, ring_m: 8}
stock: {regolith: 5}
places:
  view: {near: lander, min_m: 20, max_m: 60}
zones:
  - {id: stage, kind: keep-out, circle: {centre: lander, radius_m: 4}}
tasks:
  - {id: a, kind: image, at: view, work: 5m}
  - {id: b, kind: haul, from: view, to: lander, total_kg: 20, load_kg: 10, work: 5m, stock: regolith, after: [a]}
  - {id: c, kind: print, takes: {regolith: 20}, gives: {bricks: 5}, work: 5m, after: [b]}
expect:
  - tasks_done: all
  - done_before: {task: a, time: 1h}
"""


@pytest.fixture
def good() -> str:
    """A file without problems."""
    return _GOOD


@pytest.fixture
def check(tmp_path: Path) -> Callable[[str, str], tuple[Problem, ...]]:
    """Check the good file with one piece of its text changed."""

    def _check(old: str, new: str) -> tuple[Problem, ...]:
        assert _GOOD.count(old) == 1
        file = tmp_path / "broken.yaml"
        file.write_text(_GOOD.replace(old, new))
        return check_scenario(file)

    return _check
