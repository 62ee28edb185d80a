"""A ridge that lies on no map of the fleet, only around it, shades the rovers, whatever carries the words."""

from __future__ import annotations

from collections.abc import Callable
from math import radians
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from fleet.moon import Almanac
from fleet.moon.sight.kernels import sky_in_view, sky_over_far
from fleet.terrain import ground_map_from_heights
from fleet.terrain.geotiff import write_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import SOUTH_POLAR
from sim.record import Entry, Recording
from sim.record.entries import Frame, RoverFrame
from sim.run import RunOptions, RunResult, run
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.world.arrays import sky_of

MEMORY = RunOptions(bus="memory")
Keep = Callable[[Scenario, RunOptions], tuple[RunResult, list[Entry]]]

_TEXT = """\
moonfleet: 1
name: behind-the-ridge
start: 2029-10-19T00:00:00Z
duration: 2h
seed: 8
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain:
  generate: {size_m: 300, pixel_m: 5, base_height_m: 5300, roughness_m: 0.0, crater_density: 0.0, rocks_per_km2: 0}
  far: {file: far.tif}
agencies: [{id: CNSA}, {id: METU}]
rovers:
  - {id: lander, agency: CNSA, vehicle: change8-lander, agent: lander, place: {at_m: [0, 0]}}
  - {id: micro-1, agency: METU, vehicle: metu-micro, agent: micro, place: {at_m: [-14, 8]}}
coordinator: lander
tasks:
  - {id: picture, kind: image, agency: METU, at: {at_m: [-40, 20]}, work: 10m, light: lit}
"""


def far_file(file: Path, ridge: float, base: float = 5300.0) -> None:
    """Write 20 km of level ground with a ring of mountains 5 km away."""
    plane = MapPlane(SOUTH_POLAR, "test")
    origin = plane.point(radians(-84.6), radians(31.0))
    spot = plane.locate(origin)
    y, x = np.mgrid[-100:101, -100:101] * 100.0
    away = np.hypot(x, y)
    heights = np.where(np.abs(away - 5000.0) < 400.0, base + ridge, base).astype(np.float32)
    ground = ground_map_from_heights(
        heights, 100.0, latitude=spot.latitude, longitude=spot.longitude, north=spot.north, crs=SOUTH_POLAR,
        origin=origin,
    )  # fmt: skip
    write_ground(ground, file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place behind mountains that stand 20 degrees high, with a scenario that knows them and one that does not."""
    folder = tmp_path_factory.mktemp("far")
    far_file(folder / "far.tif", 2000.0)
    (folder / "ridge.yaml").write_text(_TEXT, encoding="utf-8")
    (folder / "open.yaml").write_text(_TEXT.replace("  far: {file: far.tif}\n", ""), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shaded(folder: Path) -> Scenario:
    """The mission behind the mountains."""
    return load_scenario(folder / "ridge.yaml")


def micro(entries: list[Entry]) -> list[RoverFrame]:
    """Return the rover in every frame."""
    frames = [entry for entry in entries if isinstance(entry, Frame)]
    return [next(rover for rover in frame.rovers if rover.rover == "micro-1") for frame in frames]


def test_a_ridge_outside_of_the_map_shadows_a_rover_and_its_work(
    folder: Path, shaded: Scenario, run_and_keep: Keep
) -> None:
    result, dark = run_and_keep(shaded, MEMORY)
    other, bright = run_and_keep(load_scenario(folder / "open.yaml"), MEMORY)

    assert {rover.light for rover in micro(dark)} == {0.0}
    assert min(rover.light for rover in micro(bright)) > 0.5
    assert (result.summary()["tasks"]["done"], other.summary()["tasks"]["done"]) == (0, 1)
    assert dark[-1] != bright[-1]


@pytest.fixture(scope="module")
def digest(shaded: Scenario) -> str:
    """Of the mission behind the mountains, over memory."""
    return run(shaded, MEMORY).hub.digest


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(RunOptions(bus="ipc", hosts="agency"), id="ipc"),
        pytest.param(RunOptions(bus="inproc", hosts=1), id="inproc"),
        pytest.param(RunOptions(bus="memory", reference=True), id="reference"),
    ],
)
def test_the_way_it_is_run_does_not_reach_the_digest(shaded: Scenario, digest: str, options: RunOptions) -> None:
    assert run(shaded, options).hub.digest == digest


def test_the_seed_is_not_all_that_the_digest_knows(folder: Path, digest: str) -> None:
    assert run(load_scenario(folder / "open.yaml"), MEMORY).hub.digest != digest


def test_a_recording_knows_the_ground_around_without_its_file(shaded: Scenario, tmp_path: Path) -> None:
    run(shaded, RunOptions(bus="memory", record=tmp_path / "run.mcap"))

    kept = Recording(tmp_path / "run.mcap")

    assert kept.ground == shaded.ground.map
    assert kept.ground.far is not None
    assert Almanac.over(kept.ground, shaded.time, shaded.end).light_map(0).max() == 0.0
    assert Almanac.over(replace(kept.ground, far=None), shaded.time, shaded.end).light_map(0).max() > 0.5


def test_the_world_and_the_rovers_see_the_earth_go_behind_the_mountains(folder: Path, shaded: Scenario) -> None:
    alone = load_scenario(folder / "open.yaml")

    for scenario, seen in ((alone, True), (shaded, False)):
        almanac = Almanac.over(scenario.ground.map, scenario.time, scenario.end)
        field, far = almanac.field(), almanac.far_field()
        sky = sky_of(heights_of(scenario.ground.map), field, far)
        x, y, up = far.earth[0]
        frame, look = (sky.west, sky.south, sky.pixel), (0.0, 0.0, 8.0, x, y, up)

        assert almanac.earth(0).elevation > 0.05
        assert almanac.is_earth_in_view((0.0, 0.0), 0, 8.0) is seen
        assert sky_in_view(sky.heights, sky.tops, sky.highest, *frame, *look)
        assert bool(sky_over_far(sky.heights, *frame, sky.far, *look)) is seen


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        pytest.param("{file: none.tif}", "there is no such file", id="no-file"),
        pytest.param("{file: far.tif, size_km: 50}", "it lacks 84% of the 50 km around the map", id="wide"),
        pytest.param("{file: far.tif, pixel_m: 5}", "heights a side are more than 2,048", id="fine"),
        pytest.param("{file: low.tif}", "m under the map's where both are", id="under"),
    ],
)
def test_a_file_of_no_use_is_refused_at_its_line(folder: Path, tmp_path: Path, key: str, fact: str) -> None:
    (tmp_path / "far.tif").write_bytes((folder / "far.tif").read_bytes())
    far_file(tmp_path / "low.tif", 0.0, base=4000.0)
    (tmp_path / "s.yaml").write_text(_TEXT.replace("{file: far.tif}", key), encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")

    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (9, 15)
    assert fact in problem.fact


def test_other_ground_needs_other_ground_around(folder: Path, tmp_path: Path) -> None:
    elsewhere = ground_map_from_heights(
        np.zeros((61, 61), np.float32), 5.0, latitude=-1.5, longitude=2.0, north=0.0, crs=SOUTH_POLAR
    )
    write_ground(elsewhere, tmp_path / "elsewhere.tif")

    with pytest.raises(ScenarioError, match="does not show the map's place"):
        load_scenario(folder / "ridge.yaml", terrain=tmp_path / "elsewhere.tif")
