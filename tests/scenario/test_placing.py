"""Places chosen by rule."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import atan2, degrees, hypot
from pathlib import Path
from typing import TypeAlias

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import distance
from fleet.terrain import Terrain
from fleet.vehicles import FIGURES
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.candidates import stations
from sim.scenario.schema import VehicleItem

Load: TypeAlias = Callable[..., Scenario]

_FRAME = """\
moonfleet: 2
name: places
start: 2029-10-20T00:00:00Z
duration: 6h
seed: {seed}
site: {{lat_deg: -84.6, lon_deg: 31.0}}
terrain: {{generate: {{size_m: 400, pixel_m: 5, rocks_per_km2: {rocks}, {ground}}}}}
agencies: [{{id: A}}]
rovers:
  - {{id: lander, agency: A, vehicle: change8-lander, agent: lander, place: {lander}}}
  - {{id: r1, agency: A, vehicle: cnsa-rover, agent: prospector, place: {{near: lander, min_m: 12, max_m: 30}}}}
  - {{id: m1, agency: A, vehicle: metu-micro, agent: micro, place: {{near: lander, min_m: 12, max_m: 30}}}}
coordinator: lander
docks: {{source: lander, count: 6, ring_m: 8}}
zones:
{zones}
places:
{places}
tasks:
{tasks}
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a scenario made of a few lines."""

    def _load(  # noqa: PLR0917 - named by every caller
        places: str = "",
        tasks: str = "  []",
        zones: str = "  []",
        lander: str = "{at_m: [0, 0]}",
        ground: str = "level: [{centre_m: [0, 0], radius_m: 60}]",
        seed: int = 4,
        rocks: int = 50,
    ) -> Scenario:
        file = tmp_path / "places.yaml"
        lines = places or "  {}"
        text = _FRAME.format(
            places=lines, tasks=tasks, zones=zones, lander=lander, ground=ground, seed=seed, rocks=rocks
        )
        file.write_text(text)
        return load_scenario(file)

    return _load


def _facts(caught: pytest.ExceptionInfo[ScenarioError]) -> list[str]:
    return [problem.fact for problem in caught.value.problems]


def test_a_place_near_something_lies_in_its_ring_and_sector(load: Load) -> None:
    place = load("  view: {near: lander, min_m: 40, max_m: 60, bearing_deg: 90, tolerance_deg: 20}").places["view"]

    assert 40.0 <= hypot(*place) <= 60.01
    assert abs(degrees(atan2(place[1], place[0])) - 90.0) <= 20.1


def test_places_keep_their_spread(load: Load) -> None:
    rule = "{near: lander, min_m: 30, max_m: 60, spread_m: 25}"

    places = list(load("\n".join(f"  p{i}: {rule}" for i in range(4))).places.values())

    assert all(distance(a, b) >= 25.0 for i, a in enumerate(places) for b in places[:i])


def test_where_the_first_ground_has_no_place_for_something_the_seed_draws_another(load: Load) -> None:
    flat = "  flat: {near: lander, min_m: 40, max_m: 42, max_tilt_deg: 2}"
    rough = "level: [{centre_m: [0, 0], radius_m: 20}], roughness_m: 1.2, draws: "

    with pytest.raises(ScenarioError) as caught:
        load(flat, ground=f"{rough}1")
    drawn, again = load(flat, ground=f"{rough}20"), load(flat, ground=f"{rough}20")

    assert any("no ground flatter" in fact for fact in _facts(caught))
    assert drawn.ground.map == again.ground.map
    assert drawn.seed == 4


def test_a_ground_that_has_a_place_for_all_is_not_drawn_again(load: Load) -> None:
    once, often = (load(ground=f"level: [{{centre_m: [0, 0], radius_m: 60}}], draws: {draws}") for draws in (1, 9))

    assert once.ground.map == often.ground.map


def test_a_new_place_does_not_move_those_before_it(load: Load) -> None:
    first = "  one: {near: lander, min_m: 30, max_m: 60}"

    alone = load(first).places["one"]
    together = load(first + "\n  two: {near: lander, min_m: 30, max_m: 60, spread_m: 10}").places["one"]

    assert alone == together


def test_the_seed_moves_what_is_drawn(load: Load) -> None:
    rule = "  one: {near: lander, min_m: 30, max_m: 60}"
    flat = "level: [{centre_m: [0, 0], radius_m: 250}]"

    assert load(rule, seed=1, ground=flat).places != load(rule, seed=2, ground=flat).places


@pytest.mark.parametrize("seed", range(4))
def test_bodies_stand_on_free_ground_apart_from_each_other_and_from_docks(load: Load, seed: int) -> None:
    scenario = load(seed=seed, lander="{level: true, within_m: 80}", ground="roughness_m: 0.3", rocks=500)

    terrain = Terrain(scenario.ground.map)
    bodies = [(rover.pose.point, rover.vehicle) for rover in scenario.rovers]
    drivers = [(point, vehicle) for point, vehicle in bodies if vehicle.can_drive]
    assert all(terrain.is_free(point, vehicle) for point, vehicle in drivers)
    assert all(terrain.is_free(dock.place, vehicle) for dock in scenario.docks for _, vehicle in drivers)
    assert all(distance(a, b) > v.radius + w.radius + 1.0 for i, (a, v) in enumerate(bodies) for b, w in bodies[:i])
    assert all(distance(dock.place, point) > 2.0 for dock in scenario.docks for point, _ in bodies)


def test_the_darkest_ground_of_a_crater_is_found(load: Load) -> None:
    crater = "craters: [{id: pit, centre_m: [90, 90], diameter_m: 90, depth_ratio: 0.12}], "
    ground = crater + "level: [{centre_m: [0, 0], radius_m: 30}]"

    place = load("  ice: {in: pit, light: dark}", ground=ground).places["ice"]

    assert distance(place, (90.0, 90.0)) < 45.0


def test_places_in_a_zone_lie_in_it(load: Load) -> None:
    zone = "  - {id: field, kind: site, polygon_m: [[20, 20], [50, 20], [50, 50]]}"

    place = load("  spot: {in: field}", zones=zone).places["spot"]

    assert shapely.Polygon([(20, 20), (50, 20), (50, 50)]).contains(shapely.Point(place))


def test_a_survey_leaves_out_stations_on_forbidden_ground(load: Load) -> None:
    zones = "  - {id: wall, kind: keep-out, polygon_m: [[-50, -10], [0, -10], [0, 50], [-50, 50]]}"
    task = "  - {id: s, kind: survey, polygon_m: [[-40, 15], [40, 15], [40, 45], [-40, 45]], spacing_m: 10, dwell: 5s}"

    (order,) = load(tasks=task, zones=zones, lander="{at_m: [40, -20]}").orders

    assert [step.place for step in order.task.steps] == [
        *((5.0 + 10.0 * i, 20.0) for i in range(4)),
        *((35.0 - 10.0 * i, 30.0) for i in range(4)),
        *((5.0 + 10.0 * i, 40.0) for i in range(4)),
    ]


def test_tasks_beside_the_lander_have_places_of_their_own_outside_the_docks(load: Load) -> None:
    task = "  - {{id: {0}, kind: sample, at: {{at_m: [30, 30]}}, work: 5m, sample_kg: 1, bring_to: lander}}"

    orders = load(tasks="\n".join(task.format(name) for name in "abc")).orders

    places = [order.task.steps[1].place for order in orders]
    assert len(set(places)) == 3
    assert all(hypot(*place) > 10.0 for place in places)


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        pytest.param(
            {"places": "  a: {at_m: [900, 0]}"},
            "[900, 0] is off the map",
            id="off-the-map",
        ),
        pytest.param(
            {"tasks": "  - {id: t, kind: sample, at: {near: lander, min_m: 80, max_m: 90, light: lit, "
             "max_tilt_deg: 0}, work: 1m, sample_kg: 1, bring_to: lander}"},
            "no lit ground flatter than 0 degrees within 80-90 m of lander reachable for cnsa-rover",
            id="nothing-so-flat",
        ),
        pytest.param(
            {"places": "  a: {in: stage, light: dark}",
             "zones": "  - {id: stage, kind: pad, circle: {centre: lander, radius_m: 9}}"},
            "no dark ground in stage",
            id="no-darkness",
        ),
        pytest.param(
            {"zones": "  - {id: stage, kind: keep-out, circle: {centre: lander, radius_m: 9}}"},
            "no place 8 m around lander is free for cnsa-rover and metu-micro",
            id="docks-in-a-zone",
        ),
        pytest.param(
            {"lander": "{level: true, within_m: 40}", "ground": "roughness_m: 9"},
            "no level ground free of rocks within 40 m of [0, 0], from where cnsa-rover or metu-micro could drive off",
            id="nothing-level",
        ),
        pytest.param(
            {"tasks": "  - {id: t, kind: image, at: {at_m: [50, 50]}, work: 1m}",
             "zones": "  - {id: w, kind: keep-out, polygon_m: [[45, 45], [55, 45], [55, 55], [45, 55]]}"},
            "cnsa-rover or metu-micro cannot get to [50, 50]",
            id="site-in-a-zone",
        ),
        pytest.param(
            {"tasks": "  - {id: t, kind: image, at: m1, work: 1m}"},
            "m1 drives away",
            id="at-a-rover",
        ),
        pytest.param(
            {"tasks": "  - {id: t, kind: survey, circle: {centre: lander, radius_m: 90}, spacing_m: 1, dwell: 1s}"},
            "more than 2000 stations",
            id="too-many-stations",
        ),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_told(load: Load, changes: dict[str, str], fact: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(**changes)

    assert fact in _facts(caught)


def test_a_rover_may_not_stand_in_another(load: Load, tmp_path: Path) -> None:
    load()
    file = tmp_path / "places.yaml"
    file.write_text(file.read_text().replace("{near: lander, min_m: 12, max_m: 30}", "{at_m: [20, 20]}"))

    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)

    assert _facts(caught) == ["m1 stands in r1"]


@settings(deadline=None)
@given(
    width=st.floats(1.0, 300.0),
    height=st.floats(1.0, 300.0),
    spacing=st.floats(8.0, 60.0),
)
def test_stations_lie_in_their_area_a_spacing_apart(width: float, height: float, spacing: float) -> None:
    shape = shapely.box(0.0, 0.0, width, height)

    found = stations(shape, spacing)

    assert all(shape.buffer(0.01).covers(shapely.Point(point)) for point in found)
    near = [distance(a, b) for a, b in pairwise(found)]
    assert all(abs(gap - spacing) < 0.02 for gap in near)


def test_every_figure_of_a_vehicle_can_be_set() -> None:
    assert set(VehicleItem.model_fields) == {"base", "title", "capabilities", *FIGURES}
