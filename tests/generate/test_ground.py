"""Ground from a seed: the same each time, as rough as asked, at its place on the Moon."""

from __future__ import annotations

from dataclasses import replace
from math import degrees, hypot, nan, pi, radians
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import array_stream
from fleet.terrain import Terrain
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.statistics import height_difference, hurst_exponent
from fleet.terrain.surface import slope
from sim.generate import CraterSpec, GroundSpec, LevelSpec, PatchSpec, RockSpec, SoftSpec, generate_ground
from sim.generate.place import polar_spot
from sim.generate.relief import rough_ground

SMALL = GroundSpec(size=400.0, latitude=radians(-84.6), longitude=radians(31.0))
SMOOTH = replace(SMALL, roughness=0.0, crater_density=0.0, rocks=RockSpec(per_km2=0.0))


def test_a_seed_gives_the_same_ground_and_another_seed_another() -> None:
    one, again, other = (generate_ground(SMALL, seed) for seed in (7, 7, 8))

    assert one == again
    assert one.map.heights != other.map.heights
    assert one.hidden_rocks != other.hidden_rocks


def test_the_map_is_a_coarser_view_of_the_same_ground() -> None:
    spec = replace(SMALL, pixel=2.0, map_pixel=8.0)

    made, all_of_it = generate_ground(spec, 7), generate_ground(replace(spec, map_pixel=None), 7)

    assert made.relief is not None
    assert made.relief.heights == all_of_it.map.heights
    assert (made.map.pixel, made.map.rows, made.relief.pixel, made.relief.rows) == (8.0, 51, 2.0, 201)
    fine, coarse = heights_of(made.relief).astype(np.float64), heights_of(made.map)
    weights = np.array([0.5, 1.0, 1.0, 1.0, 0.5])
    window = fine[4 * 9 - 2 : 4 * 9 + 3, 4 * 20 - 2 : 4 * 20 + 3]
    assert coarse[9, 20] == pytest.approx((window * np.outer(weights, weights)).sum() / 16.0, abs=1e-3)
    assert slope(coarse, 8.0).max() < slope(heights_of(made.relief), 2.0).max()


@pytest.mark.parametrize("map_pixel", [3.0, 1.0, 300.0, 16.0])
def test_a_map_that_does_not_part_the_ground_is_refused(map_pixel: float) -> None:
    with pytest.raises(ValueError, match="map_pixel"):
        replace(SMALL, size=384.0 + 8.0, pixel=2.0, map_pixel=map_pixel)


def test_patches_asked_for_are_soft_or_only_look_so() -> None:
    patches = tuple(PatchSpec(centre=(x, 0.0), radius=5.0, slip=0.5, is_firm=x > 0.0) for x in (-30.0, 30.0))

    made = generate_ground(replace(SMALL, soft=SoftSpec(per_km2=0.0, patches=patches)), 7)

    assert [patch.disc.x for patch in made.soft] == [-30.0]
    assert [patch.disc.x for patch in made.phantoms] == [30.0]


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    cells=st.integers(8, 40),
    pixel=st.floats(0.5, 20.0),
    density=st.floats(0.0, 0.1),
)
def test_any_spec_gives_a_map_of_its_size(seed: int, cells: int, pixel: float, density: float) -> None:
    spec = replace(SMALL, size=cells * pixel, pixel=pixel, crater_density=density)

    terrain = Terrain(generate_ground(spec, seed).map)

    assert terrain.heights.shape == (cells + 1, cells + 1)
    assert terrain.extent == pytest.approx((-spec.size / 2, -spec.size / 2, spec.size / 2, spec.size / 2))


def test_heights_are_whole_millimetres_over_the_base() -> None:
    heights = heights_of(generate_ground(replace(SMALL, base_height=300.0), 7).map).astype(np.float64)

    assert abs(heights.mean() - 300.0) < 5.0
    assert np.abs(heights * 1000.0 - np.round(heights * 1000.0)).max() < 0.02  # As near as float32 comes at 300 m.


def test_it_is_as_steep_and_as_rough_as_real_ground_near_shoemakers_rim() -> None:
    spec = replace(SMALL, size=1280.0)
    baselines = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0)

    grounds = [heights_of(generate_ground(spec, seed).map) for seed in range(6)]

    tilts = [np.degrees(slope(heights, 5.0)) for heights in grounds]
    medians, steepest = [float(np.median(each)) for each in tilts], [float(np.percentile(each, 95)) for each in tilts]
    differences = np.array([[height_difference(heights, 5.0, b) for b in baselines] for heights in grounds])
    assert medians == pytest.approx([4.3] * 6, abs=0.7)
    assert np.mean(medians) == pytest.approx(4.3, abs=0.3)
    assert steepest == pytest.approx([13.4] * 6, abs=4.0)
    assert np.mean(steepest) == pytest.approx(13.4, abs=1.0)
    assert differences[:, 0].mean() == pytest.approx(0.41, abs=0.05)
    assert 5.5 < differences[:, -1].mean() < 11.5
    assert 0.75 < np.mean([hurst_exponent(baselines, each.tolist()) for each in differences]) < 0.96


def test_ground_lies_aslant_on_the_whole_as_real_ground_does() -> None:
    heights = [rough_ground(201, replace(SMALL, size=1000.0), array_stream(seed, "relief")) for seed in range(20)]

    rises = [float(np.ptp(each.mean(axis=axis)[[10, -10]])) / 900.0 for each in heights for axis in (0, 1)]
    assert 0.01 < np.sqrt(np.mean(np.square(rises))) < 0.06


def test_neighbours_differ_by_the_roughness_asked_for() -> None:
    heights = rough_ground(101, replace(SMALL, roughness=0.5), array_stream(1, "relief"))

    difference = np.sqrt(((np.diff(heights, axis=0) ** 2).mean() + (np.diff(heights, axis=1) ** 2).mean()) / 2.0)
    assert difference == pytest.approx(0.5)
    assert heights.mean() == pytest.approx(0.0, abs=1e-9)


def test_finer_pixels_are_smoother_by_the_hurst_exponent() -> None:
    fine = rough_ground(101, replace(SMALL, pixel=1.25, size=125.0, hurst=0.5), array_stream(1, "relief"))

    difference = np.sqrt(((np.diff(fine, axis=0) ** 2).mean() + (np.diff(fine, axis=1) ** 2).mean()) / 2.0)
    assert difference == pytest.approx(SMALL.roughness / 2.0)


def test_an_asked_for_crater_is_as_deep_as_asked() -> None:
    crater = CraterSpec(centre=(50.0, -30.0), diameter=160.0, depth_ratio=0.15)

    terrain = Terrain(generate_ground(replace(SMOOTH, craters=(crater,)), 1).map)

    rim = max(terrain.height((50.0 + x, -30.0)) for x in np.arange(60.0, 110.0, 2.5).tolist())
    assert rim - terrain.height((50.0, -30.0)) == pytest.approx(24.0, rel=0.08)
    assert rim > 1.0
    assert terrain.height((-195.0, 195.0)) == 0.0


def test_a_crater_with_a_gentle_wall_can_be_driven_into() -> None:
    crater = CraterSpec(centre=(0.0, 0.0), diameter=200.0, depth_ratio=0.1)

    terrain = Terrain(generate_ground(replace(SMOOTH, craters=(crater,)), 1).map)

    assert degrees(float(terrain.tilts.max())) < 15.5


def test_chance_keeps_large_craters_out_of_an_asked_for_one() -> None:
    crater = CraterSpec(centre=(0.0, 0.0), diameter=150.0, depth_ratio=0.1)
    spec = replace(SMALL, roughness=0.0, crater_density=0.1, crater_diameters=(40.0, 100.0), craters=(crater,))

    terrain = Terrain(generate_ground(spec, 5).map)

    alone = Terrain(generate_ground(replace(SMOOTH, craters=(crater,)), 5).map)
    depths = [t.height((60.0, 0.0)) - t.height((0.0, 0.0)) for t in (terrain, alone)]
    assert depths[0] == pytest.approx(depths[1], rel=0.15)


def test_a_level_place_is_level_and_free_of_rocks() -> None:
    level = LevelSpec(centre=(40.0, 20.0), radius=30.0)
    spec = replace(SMALL, level=(level,), rocks=RockSpec(per_km2=20_000.0))

    ground = generate_ground(spec, 3)

    terrain = Terrain(ground.map)
    heights = [terrain.height((40.0 + x, 20.0 + y)) for x, y in ((0, 0), (20, 0), (0, -20), (-15, 15))]
    assert max(heights) - min(heights) < 0.002
    for rock in (*ground.map.rocks, *ground.hidden_rocks):
        assert hypot(rock.x - 40.0, rock.y - 20.0) >= 30.0 + rock.radius


def test_a_level_place_smaller_than_a_pixel_is_no_error() -> None:
    generate_ground(replace(SMALL, level=(LevelSpec(centre=(1.0, 1.0), radius=0.5),)), 3)


def test_a_level_place_off_the_map_changes_nothing() -> None:
    far = LevelSpec(centre=(5_000.0, 0.0), radius=20.0)

    assert generate_ground(replace(SMALL, level=(far,)), 3) == generate_ground(SMALL, 3)


@pytest.mark.parametrize("latitude", [-90.0, -84.6, -60.0, 60.0, 87.0])
@pytest.mark.parametrize("longitude", [-170.0, 0.0, 31.0, 123.0])
def test_the_place_in_the_map_plane_is_where_proj_has_it(latitude: float, longitude: float) -> None:
    spot = polar_spot(radians(latitude), radians(longitude))

    there = MapPlane(spot.crs, "test").locate(spot.point)

    assert degrees(there.latitude) == pytest.approx(latitude, abs=1e-9)
    if abs(latitude) < 90.0:
        assert (there.longitude - radians(longitude) + pi) % (2 * pi) == pytest.approx(pi, abs=1e-9)
        assert (there.north - spot.north + pi) % (2 * pi) == pytest.approx(pi, abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": nan},
        {"size": 1e9},
        {"pixel": 0.0},
        {"latitude": 2.0},
        {"hurst": 1.5},
        {"roughness": -1.0},
        {"crater_density": nan},
        {"crater_diameters": (50.0, 20.0)},
        {"base_height": 1e9},
    ],
    ids=str,
)
def test_a_spec_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"GroundSpec\." + next(iter(wrong))):
        replace(SMALL, **wrong)
