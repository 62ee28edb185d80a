"""What the viewer is measured on."""

from __future__ import annotations

from math import hypot
from pathlib import Path

from fleet.core import ManualClock
from sim.bench.parade import Parade
from sim.record import Recording, RecordWriter
from sim.scenario import load_scenario, shipped_scenario
from sim.viewer import RecordedRun, Showing, rehearse


def test_every_rover_of_a_parade_drives_with_a_plan_and_ground_that_it_holds(tmp_path: Path) -> None:
    scenario = load_scenario(shipped_scenario("smoke"))
    parade = Parade(scenario, 20, 1200)
    writer = RecordWriter(tmp_path / "parade.mcap", ground=scenario.ground.map)
    for entry in (parade.opening, *parade.entries()):
        writer.write(entry)
    writer.close()

    source = RecordedRun(Recording(tmp_path / "parade.mcap"))
    before, after = source.scene(300.0), source.scene(900.0)

    assert len(after.rovers) == 20
    assert all(hypot(a.x - b.x, a.y - b.y) > 1.0 for a, b in zip(before.rovers, after.rovers, strict=True))
    assert all(rover.path and len(rover.corridor) > 1 and len(rover.trail) > 10 for rover in after.rovers)
    assert any(rover.waits_for for rover in after.rovers)
    assert after.links
    seconds = rehearse(source, Showing(size=(400, 300)), ManualClock(), [60.0, 120.0])
    assert len(seconds) == 2
