"""Files loaded whole: golden values of small scenarios, overrides, the schema."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from math import degrees, isclose, radians
from pathlib import Path
from typing import Any

import pytest
import shapely

from fleet.core import ConfigError
from fleet.moon import sun_and_earth
from sim.scenario import Scenario, ScenarioError, load_scenario, parse_time, resolved, scenario_schema

_ROOT = Path(__file__).parents[2]
_FIRST = Path(__file__).parent / "first_release"
_SHOEMAKER = _ROOT.parent / "shared" / "data" / "shoemaker_5m.tif"
_SMALL = """\
moonfleet: 2
name: small
start: {sun_above_deg: 2, after: 2029-01-01T00:30:00Z}
duration: 1h
tick_s: 2
seed: 5
frame_every: 30s
site: {lat_deg: -84.6, lon_deg: 31.0}
terrain: {generate: {size_m: 200, pixel_m: 5, rocks_per_km2: 0, level: [{centre_m: [0, 0], radius_m: 140}]}}
agencies: [{id: A}, {id: B, name: Bees, colour: "#123456"}]
vehicles: {slow: {base: cnsa-rover, title: Slow, max_speed_m_s: 0.03, slope_limit_deg: 10, capabilities: [haul, drill]}}
rovers:
  - {id: r2, agency: B, vehicle: slow, agent: "my.module:Agent", place: {at_m: [14, 0]}, heading_deg: 270, charge_percent: 50}
  - {id: lander, agency: A, vehicle: change8-lander, agent: lander, place: {at_m: [0, 0]}}
coordinator: lander
docks: {source: lander, count: 4, ring_m: 8}
stock: {regolith: 1}
radio: {loss_percent: 5}
places: {pit: {at_m: [-40, 30]}}
tasks:
  - {id: dig, kind: haul, from: pit, to: {at_m: [20, 20]}, total_kg: 25, load_kg: 10, work: 5m, unload: 1m, stock: regolith, ordered_at: 10m}
  - {id: core, kind: sample, agency: B, at: pit, light: dark, work: 1h, sample_kg: 2, bring_to: lander, stock: cores, latest: 100m}
  - {id: bake, kind: print, takes: {regolith: 20}, gives: {bricks: 4}, work: 3s, after: [dig], value: 7}
expect:
  - tasks_done: [dig, core]
  - done_before: {task: dig, time: 1h}
"""  # noqa: E501 - lines of a file


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(_SMALL)
    return file


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("loaded") / "small.yaml"
    file.write_text(_SMALL)
    return load_scenario(file)


def test_a_file_becomes_values_in_si_units(loaded: Scenario) -> None:
    assert (loaded.name, loaded.title, loaded.file, loaded.text) == ("small", "small", "small.yaml", _SMALL)
    assert (loaded.seed, loaded.time.dt, loaded.end, loaded.frame_every) == (5, 2.0, 1800, 15)
    assert (loaded.stock, loaded.radio_loss) == ({"bricks": 0.0, "cores": 0.0, "regolith": 1.0}, 0.05)
    assert [(agency.id, agency.name, agency.colour) for agency in loaded.agencies] == [
        ("A", "A", "#D55E00"),
        ("B", "Bees", "#123456"),
    ]
    assert (loaded.planner, loaded.allocator, loaded.agent_deadline) == ("roadmap", "auction", 10.0)
    assert (loaded.ground.map.rows, loaded.ground.map.pixel) == (41, 5.0)


def test_rovers_come_by_id_with_vehicles_of_the_file(loaded: Scenario) -> None:
    lander, rover = loaded.rovers
    assert (lander.id, rover.id, rover.agent, rover.agency) == ("lander", "r2", "my.module:Agent", "B")
    assert (rover.pose.x, rover.pose.y, rover.charge) == (14.0, 0.0, 0.5)
    assert isclose(degrees(rover.pose.heading), -90.0)
    assert (rover.vehicle.name, rover.vehicle.title, rover.vehicle.max_speed) == ("slow", "Slow", 0.03)
    assert isclose(degrees(rover.vehicle.slope_limit), 10.0)
    assert (rover.vehicle.capabilities, rover.vehicle.battery) == (("drill", "haul"), 1500.0 * 3600.0)


def test_the_mission_starts_at_the_first_whole_hour_with_the_sun_so_high(small: Path) -> None:
    small.write_text(_SMALL.replace("sun_above_deg: 2", "sun_above_deg: 5.5"))

    start = load_scenario(small).time.start

    high, before = (
        degrees(sun_and_earth(date, radians(-84.6), radians(31.0))[1]) for date in (start, start - timedelta(hours=1))
    )
    assert (start.minute, start.second) == (0, 0)
    assert before < 5.5 <= high


def test_docks_stand_in_a_ring(loaded: Scenario) -> None:
    assert [dock.place for dock in loaded.docks] == [(8.0, 0.0), (0.0, 8.0), (-8.0, 0.0), (0.0, -8.0)]


def test_orders_come_by_time_then_id(loaded: Scenario) -> None:
    assert [(order.task.id, order.at) for order in loaded.orders] == [("bake", 0), ("core", 0), ("dig", 300)]


def test_hauling_is_trips_that_give_to_stock(loaded: Scenario) -> None:
    task = loaded.orders[2].task

    assert (task.agency, task.payload, len(task.steps)) == ("A", 10.0, 6)
    assert [(step.place, step.work, step.loads, step.unloads) for step in task.steps[-2:]] == [
        ((-40.0, 30.0), 150, 5.0, 0.0),
        ((20.0, 20.0), 30, 0.0, 5.0),
    ]
    assert sum(amount.amount for step in task.steps for amount in step.gives) == 25.0


def test_a_sample_is_drilled_and_brought_beside_the_machine_that_stands(loaded: Scenario) -> None:
    task = loaded.orders[1].task

    drill, bring = task.steps
    assert (drill.capability, drill.light, drill.loads, drill.place) == ("drill", "dark", 2.0, (-40.0, 30.0))
    assert (bring.light, bring.unloads, bring.gives[0].stock, bring.gives[0].amount) == ("any", 2.0, "cores", 2.0)
    assert isclose(bring.place[0] ** 2 + bring.place[1] ** 2, 121.0, rel_tol=0.01)
    assert (task.agency, task.latest) == ("B", 3000)


def test_printing_is_done_where_the_printer_stands(loaded: Scenario) -> None:
    task = loaded.orders[0].task

    (step,) = task.steps
    assert (step.place, step.work, step.capability) == ((0.0, 0.0), 2, "print")
    assert (step.takes[0].stock, step.takes[0].amount, step.gives[0].stock) == ("regolith", 20.0, "bricks")
    assert (task.after, task.value) == (("dig",), 7.0)


def test_expectations_keep_what_the_file_says_and_its_lines(loaded: Scenario) -> None:
    found = loaded.expectations

    assert [(item.name, item.value, item.line) for item in found] == [
        ("tasks_done", ("dig", "core"), 25),
        ("done_before", {"task": "dig", "time": "1h"}, 26),
    ]


def test_the_same_file_gives_the_same_scenario(small: Path) -> None:
    assert load_scenario(small) == load_scenario(small)


def test_another_seed_gives_other_ground(small: Path) -> None:
    small.write_text(_SMALL.replace("radius_m: 140", "radius_m: 30"))

    one, other = load_scenario(small, seed=1), load_scenario(small, seed=2)

    assert (one.seed, other.seed) == (1, 2)
    assert one.ground.map.heights != other.ground.map.heights


def test_until_ends_the_mission_early_and_changes_nothing_else(small: Path) -> None:
    whole, part = load_scenario(small), load_scenario(small, until="10m")

    assert part == replace(whole, end=300)


def test_until_never_makes_a_mission_longer(small: Path) -> None:
    assert load_scenario(small, until="2d").end == 1800


@pytest.mark.parametrize("text", ["soon", "", "1029-01-01", "2028-01-01T00:00:00Z"])
def test_a_time_that_is_none_is_refused(loaded: Scenario, text: str) -> None:
    with pytest.raises(ConfigError):
        parse_time(text, loaded.time)


@pytest.mark.parametrize("name", ["smoke", "crossing", "survey", "mons_mouton"])
def test_the_scenarios_of_the_project_load_and_resolve(name: str) -> None:
    scenario = load_scenario(_ROOT / "scenarios" / f"{name}.yaml")

    shown = resolved(scenario)

    assert json.loads(json.dumps(shown)) == shown
    assert shown["tasks"]
    assert scenario.expectations
    assert scenario.briefing().roster


@pytest.mark.skipif(not _SHOEMAKER.is_file(), reason="the crop of real ground is not here")
def test_the_survey_finds_its_places_on_real_ground() -> None:
    scenario = load_scenario(_ROOT / "scenarios" / "survey.yaml", terrain=_SHOEMAKER)

    assert isclose(degrees(scenario.ground.map.latitude), -87.18, abs_tol=0.01)
    assert len(scenario.docks) == 6
    assert len(scenario.orders) == 4


def test_a_terrain_file_that_is_none_is_told_at_its_line(small: Path) -> None:
    text = _SMALL.splitlines()
    text[8] = "terrain: {file: no.tif}"
    small.write_text("\n".join(text))

    with pytest.raises(ScenarioError) as caught:
        load_scenario(small)

    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (9, 17)
    assert "no.tif" in problem.fact


def test_a_terrain_option_that_is_none_is_told_by_its_name(small: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_scenario(small, terrain="no.tif")

    assert caught.value.place == "no.tif"


def test_what_is_shown_tells_what_each_figure_rests_on(loaded: Scenario) -> None:
    shown: dict[str, Any] = resolved(loaded)["vehicles"]["slow"]

    assert shown["base"] == "cnsa-rover"
    assert shown["figures"]["max_speed_m_s"] == {
        "value": 0.03,
        "label": "scenario",
        "source": "set in the scenario file",
    }
    assert shown["figures"]["mass_kg"]["label"] == "analogue"


def test_the_schema_describes_every_key_of_the_file() -> None:
    schema = scenario_schema()

    assert json.loads(json.dumps(schema)) == schema
    whole = schema["$defs"]["ScenarioFile"]
    assert set(whole["required"]) >= {"moonfleet", "name", "start", "duration", "terrain", "rovers"}
    assert whole["properties"]["frame_every"]["description"] == "A frame is recorded at least this often."
    assert schema["$defs"]["Deploy"]["properties"]["from"]


@pytest.mark.parametrize(
    ("task", "step"),
    [
        ("kind: image, at: pit, work: 5m", 0),
        ("kind: survey, circle: {centre: pit, radius_m: 12}, spacing_m: 10, dwell: 60s", 0),
        ("kind: sample, at: pit, work: 1h, sample_kg: 2, bring_to: lander", 0),
        ("kind: haul, from: pit, to: {at_m: [20, 20]}, total_kg: 5, load_kg: 5, work: 5m, stock: regolith", 0),
        ("kind: deploy, item_kg: 5, from: {at_m: [20, 20]}, at: pit, work: 5m", 1),
        ("kind: print, takes: {regolith: 1}, gives: {bricks: 1}, work: 5m", 0),
    ],
    ids=["image", "survey", "sample", "haul", "deploy", "print"],
)
def test_the_light_that_a_task_asks_for_is_asked_of_its_work(tmp_path: Path, task: str, step: int) -> None:
    file = tmp_path / "light.yaml"
    head = _SMALL.partition("tasks:")[0].replace(
        "capabilities: [haul, drill]", "capabilities: [haul, drill, image, survey, deploy]"
    )
    file.write_text(f"{head}tasks:\n  - {{id: work, {task}, light: dark}}\n")

    scenario = load_scenario(file)

    assert scenario.orders[0].task.steps[step].light == "dark"


def test_craters_surveys_and_permanent_shadow_are_zones_of_the_map(tmp_path: Path) -> None:
    file = tmp_path / "named.yaml"
    ground = "permanent_shadow_m2: 100, generate: {size_m: 200, pixel_m: 5, rocks_per_km2: 0, craters: [{id: pit, centre_m: [-60, 60], diameter_m: 60, depth_ratio: 0.2}], level: [{centre_m: [14, 0], radius_m: 25}]}"  # noqa: E501
    head = _SMALL.partition("places:")[0]
    start = head.index("terrain:")
    file.write_text(head[:start] + f"terrain: {{{ground}}}\n" + head[head.index("agencies:") :])

    zones = {zone.id: zone for zone in load_scenario(file).ground.map.zones}

    assert zones["pit"].kind == "crater"
    assert zones["shadow-1"].kind == "shadow"
    pit = shapely.Polygon(zones["pit"].outline)
    assert pit.buffer(10.0).covers(shapely.Polygon(zones["shadow-1"].outline))


def test_a_zone_off_the_map_is_refused_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "off.yaml"
    file.write_text(
        _SMALL.replace(
            "places:", "zones:\n  - {id: far, kind: pad, polygon_m: [[500, 0], [600, 0], [600, 90]]}\nplaces:"
        )
    )

    with pytest.raises(ScenarioError, match=r"20:5: zone far lies off the map"):
        load_scenario(file)


@pytest.mark.parametrize("name", ["smoke", "crossing", "survey"])
def test_a_file_of_the_first_release_is_read_as_it_stands(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_text((_FIRST / f"{name}.yaml.txt").read_text(encoding="utf-8"), encoding="utf-8")

    then = resolved(load_scenario(file))

    # What has come since is as it was without it; ground, fleet and work are those of today's file.
    now = resolved(load_scenario(_ROOT / "scenarios" / f"{name}.yaml"))
    assert {key: then[key] for key in ("start", "seed", "site", "docks", "coordinator")} == {
        key: now[key] for key in ("start", "seed", "site", "docks", "coordinator")
    }
    assert [rover["vehicle"] for rover in then["rovers"]] == [rover["vehicle"] for rover in now["rovers"]]
    assert then["tasks"]
