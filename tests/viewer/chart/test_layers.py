"""The figures of a chart are those of terrain, almanac, radio and planner themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from fleet.core import ConfigError
from fleet.moon import link_budget, permanent_shadow
from fleet.moon.coverage import seen_from
from fleet.planning import RoadmapPlanner
from fleet.terrain import far_ground_from_heights
from fleet.vehicles import catalogue
from sim.viewer.chart.layers import LAYERS, Wish, layer_of
from sim.viewer.chart.layers.layer import percent
from sim.viewer.chart.layers.zones import NAMES, ground_classes
from sim.viewer.chart.subject import Mast, Subject

NOON = datetime(2029, 10, 24, 12, tzinfo=UTC)
LANDER = catalogue()["change8-lander"]
OFF = Mast(point=(101.0, 0.0), vehicle=LANDER)


def shares(figures: Any) -> dict[str, float]:
    found: dict[str, float] = figures["shares"]
    return found


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("hillshade", "height")])
def test_shares_add_up_to_one(subject: Subject, name: str) -> None:
    layer = layer_of(name, subject, Wish())

    assert len(layer.panels) == len(layer.figures) >= 1
    for figures in layer.figures:
        assert sum(shares(figures).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_says_in_its_key_what_its_colours_mean(subject: Subject, name: str) -> None:
    layer = layer_of(name, subject, Wish())

    assert layer.key
    assert layer.note
    for panel in layer.panels:
        assert panel.painting.shape == (31, 41, 3)
        assert panel.facts


def test_light_is_what_the_almanac_of_the_mission_says(subject: Subject) -> None:
    layer = layer_of("light", subject, Wish(times=(NOON, NOON + timedelta(hours=6))))

    for figures, hour in zip(layer.figures, (12, 18), strict=True):
        almanac, tick = subject.sky(NOON.replace(hour=hour))
        assert tick == hour * 3600
        light = almanac.light_map(tick)
        assert figures["sunlit"] == pytest.approx(float(light.mean(dtype=np.float64)))
        assert shares(figures)["dark"] == np.count_nonzero(light == 0.0) / light.size


def test_light_at_a_date_of_the_mission_is_the_same_from_a_terrain_file(subject: Subject, bare: Subject) -> None:
    first, second = (layer_of("light", one, Wish(times=(NOON,))).figures[0] for one in (subject, bare))

    assert first["sunlit"] == pytest.approx(second["sunlit"], abs=1e-4)
    assert (first["sun_az"], first["sun_el"]) == (second["sun_az"], second["sun_el"])


def test_light_of_a_scenario_is_shown_at_four_times_of_its_mission(subject: Subject) -> None:
    layer = layer_of("light", subject, Wish())

    assert [figures["utc"] for figures in layer.figures] == [
        "2029-10-24T00:00:00Z",
        "2029-10-24T08:00:00Z",
        "2029-10-24T16:00:00Z",
        "2029-10-25T00:00:00Z",
    ]


@pytest.mark.parametrize("name", ["cnsa-rover", "metu-micro", "suparco-rover"])
def test_free_ground_is_what_the_terrain_calls_free(subject: Subject, name: str) -> None:
    vehicle, terrain = catalogue()[name], subject.terrain

    classes = ground_classes(terrain, vehicle)

    for row in range(1, 30):
        for column in range(1, 40):
            place = (terrain.west + 5.0 * column, terrain.south + 5.0 * row)
            assert (classes[row, column] == NAMES.index("free")) == terrain.is_free(place, vehicle)


def test_what_stops_a_vehicle_is_named(subject: Subject) -> None:
    terrain = subject.terrain

    classes = ground_classes(terrain, catalogue()["cnsa-rover"])

    def at(x: float, y: float) -> str:
        return NAMES[classes[round((y - terrain.south) / 5.0), round((x - terrain.west) / 5.0)]]

    assert at(20.0, 0.0) == "rocks"
    assert at(-20.0, -25.0) == "keep_out"
    assert "steep" in {NAMES[index] for index in np.unique(classes)}


def test_rough_ground_is_not_called_steep(subject: Subject) -> None:
    vehicle = replace(catalogue()["cnsa-rover"], roughness_limit=0.1)

    classes = ground_classes(subject.terrain, vehicle)

    within = classes[2:-2, 2:-2]
    steep = subject.terrain.tilts[2:-2, 2:-2] > vehicle.slope_limit
    rough = subject.terrain.roughnesses[2:-2, 2:-2] > vehicle.roughness_limit
    assert (within[steep] != NAMES.index("rough")).all()
    assert NAMES.index("rough") in within[rough & ~steep]
    assert (within[rough] != NAMES.index("free")).all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 500))
def test_ground_within_reach_is_where_the_planner_has_a_way(
    subject_of_seed: Callable[[int], Subject], seed: int
) -> None:
    subject = subject_of_seed(seed)
    vehicle = subject.vehicles[0]
    planner = RoadmapPlanner(vehicle, subject.terrain)
    y, x = np.mgrid[-70.0:71.0:10.0, -95.0:96.0:10.0]
    places = np.stack([x.ravel(), y.ravel()], axis=1)

    reached = planner.reaches((0.0, 10.0), places)

    costs = planner.costs((0.0, 10.0), [(x, y) for x, y in places.tolist()])
    assert reached.tolist() == [cost is not None for cost in costs]


def test_ground_that_is_walled_in_is_free_but_cut_off(subject: Subject) -> None:
    (rover, micro) = layer_of("zones", subject, Wish()).figures

    for figures in (rover, micro):
        parts = shares(figures)
        assert figures["free"] == pytest.approx(parts["free"] + parts["cut_off"])
    assert shares(micro)["cut_off"] > 0.0
    assert shares(micro)["steep"] > shares(rover)["steep"] > 0.0


def test_coverage_is_line_of_sight_within_the_reach_of_both_radios(subject: Subject) -> None:
    low = replace(LANDER, antenna=2.0, radio_range=60.0)
    near = replace(subject, mast=Mast(point=(10.0, -5.0), vehicle=low))
    vehicle = catalogue()["metu-micro"]

    (figures,) = layer_of("radio", near, Wish(vehicles=(vehicle,))).figures

    terrain = near.terrain
    seen = seen_from(terrain.heights, terrain.pixel, (10.0, -5.0), 2.0, vehicle.antenna)
    ys, xs = np.mgrid[-75.0:76.0:5.0, -100.0:101.0:5.0]
    in_range = np.hypot(xs - 10.0, ys + 5.0) <= 60.0
    assert figures["reach_m"] == 60.0
    assert figures["heard"] == pytest.approx(np.mean(seen & in_range))
    assert shares(figures)["no_sight"] == pytest.approx(1.0 - np.mean(seen))


@given(lengths=st.lists(st.floats(0.0, 40_000.0), min_size=1), name=st.sampled_from(["metu-micro", "cnsa-rover"]))
def test_rates_over_a_map_are_those_of_the_link_budget(lengths: list[float], name: str) -> None:
    budget = link_budget(LANDER, catalogue()[name])

    rates = budget.rates(np.array(lengths))

    assert rates.tolist() == [budget.rate(length) for length in lengths]


def test_each_height_of_an_antenna_of_the_fleet_has_a_map(subject: Subject) -> None:
    layer = layer_of("radio", subject, Wish())

    assert [figures["receiver_m"] for figures in layer.figures] == [0.3, 1.5]


def test_slopes_are_the_terrains_own(subject: Subject) -> None:
    (figures,) = layer_of("slope", subject, Wish()).figures

    tilts = np.degrees(subject.terrain.tilts)
    assert figures["p95"] == pytest.approx(float(np.percentile(tilts, 95.0)))
    assert shares(figures)["25° and more"] == pytest.approx(np.count_nonzero(tilts >= 25.0) / tilts.size)


@pytest.mark.parametrize(
    ("name", "wish", "place", "said"),
    [
        pytest.param("light", Wish(), "--at", "has no mission", id="light-when"),
        pytest.param("light", Wish(times=(NOON.replace(year=1789),)), "--at", "1900 to 2100", id="light-early"),
        pytest.param("hillshade", Wish(times=(NOON, NOON)), "--at", "takes one date, got 2", id="hillshade-two"),
        pytest.param("zones", Wish(), "--vehicle", "has no fleet", id="zones-whose"),
        pytest.param("zones", Wish(vehicles=(LANDER,)), "--vehicle", "stands where it is", id="zones-lander"),
        pytest.param("radio", Wish(), "--antenna", "has no lander", id="radio-whose"),
        pytest.param("radio", Wish(mast=OFF), "--antenna", "101,0 lies off the map", id="radio-off"),
        pytest.param("slope", Wish(times=(NOON,)), "--at", "says nothing to slope", id="slope-when"),
        pytest.param("light", Wish(receiver=1.0), "--receiver", "says nothing to light", id="light-receiver"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    bare: Subject, name: str, wish: Wish, place: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        layer_of(name, bare, wish)

    assert refused.value.place == place


def test_a_vehicle_that_there_is_not_is_refused_with_those_that_there_are(subject: Subject) -> None:
    with pytest.raises(ConfigError, match="'bicycle'") as refused:
        subject.vehicle("bicycle")

    assert "metu-micro" in refused.value.remedy


@given(st.floats(0.0, 1.0))
def test_a_share_is_called_none_or_all_only_when_it_is(share: float) -> None:
    assert (percent(share) == "0 %") == (share == 0.0)
    assert (percent(share) == "100 %") == (share == 1.0)


def test_ground_that_is_never_lit_is_dark_at_every_look(subject: Subject) -> None:
    (figures,) = layer_of("shadow", subject, Wish()).figures

    almanac, _ = subject.sky(NOON)
    lit = [almanac.light_map(tick) >= 0.5 for tick in range(0, 86401, 600)]
    assert figures["looks"] == len(lit)
    dark = shares(figures)["permanent_shadow"] + shares(figures)["never"]
    assert dark == pytest.approx(np.mean(~np.any(lit, axis=0)))
    assert shares(figures)["always"] == np.mean(np.all(lit, axis=0))
    assert figures["mean_lit"] == pytest.approx(np.mean(lit))


def test_shadow_without_dates_is_permanent(bare: Subject) -> None:
    (figures,) = layer_of("shadow", bare, Wish()).figures

    terrain, ground = bare.terrain, bare.ground
    dark = permanent_shadow(terrain.heights, terrain.pixel, latitude=ground.latitude, north=ground.north)
    assert shares(figures) == {"permanent_shadow": dark.mean(), "lit_at_times": (~dark).mean()}


def test_shadow_and_light_know_the_ground_around(bare: Subject) -> None:
    ring = np.zeros((21, 21), np.float32)
    ring[[0, -1]] = ring[:, [0, -1]] = 900.0
    far = far_ground_from_heights(ring, 100.0, west=-1000.0, south=-1000.0, source="ring.tif")
    subject = replace(bare, ground=with_fields(bare.ground, far=far))

    shadow, light = layer_of("shadow", subject, Wish()), layer_of("light", subject, Wish(times=(NOON,)))

    assert shares(shadow.figures[0])["permanent_shadow"] == 1.0
    assert light.figures[0]["sunlit"] == 0.0
    assert "that around it (ring.tif), a height every 100 m for 0.9 km" in light.note
    assert "its lowest border" in layer_of("light", bare, Wish(times=(NOON,))).note


def test_shadow_is_between_two_dates(bare: Subject) -> None:
    (figures,) = layer_of("shadow", bare, Wish(times=(NOON, NOON + timedelta(hours=2)))).figures

    assert (figures["from"], figures["to"]) == ("2029-10-24T12:00:00Z", "2029-10-24T14:00:00Z")
    for times, said in (
        ((NOON,), "got 1 dates"),
        ((NOON, NOON), "is not after"),
        ((NOON, NOON + timedelta(days=400)), "400 days are longer than 62"),
    ):
        with pytest.raises(ConfigError, match=said):
            layer_of("shadow", bare, Wish(times=times))
