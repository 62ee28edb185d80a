"""Whole steps taken out of heights: never further than half a step, and nearer to the ground."""

from __future__ import annotations

from math import radians
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import ConfigError, array_stream
from fleet.terrain import GroundMap, ground_map_from_heights, slope
from fleet.terrain import steps as module
from fleet.terrain.geotiff import Cut, Origin, import_ground, read_ground, read_origin, write_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.steps import without_steps
from fleet.terrain.surface import median_roughness
from sim.cli.terrain.facts import facts_of, summary
from sim.generate import GroundSpec, generate_ground

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public LOLA crop is not beside the repository")


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), step=st.sampled_from([0.1, 0.25, 0.5, 1.0]), rows=st.integers(2, 40))
def test_no_height_leaves_its_half_step(seed: int, step: float, rows: int) -> None:
    heights = (np.round(array_stream(seed, "steps").standard_normal((rows, 17)) * 4.0) * step + 1234.5).astype(
        np.float32
    )

    assert np.abs(without_steps(heights, step).astype("f8") - heights).max() <= step / 2.0 + 2e-4


def test_strips_give_the_same_surface_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = np.round(array_stream(3, "steps").standard_normal((300, 40)).cumsum(axis=0)).astype(
        np.float32
    ) * np.float32(0.5)
    whole = without_steps(stored, 0.5)

    monkeypatch.setattr(module, "_STRIP", 37)

    assert np.array_equal(without_steps(stored, 0.5), whole)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_synthetic_ground_in_half_metres_comes_nearer_to_itself(seed: int) -> None:
    spec = GroundSpec(size=640.0, latitude=radians(-84.6), longitude=0.5)
    truth = heights_of(generate_ground(spec, seed).map)
    stored = (np.round(truth * 2.0) / 2.0).astype(np.float32)

    smooth = without_steps(stored, 0.5)

    assert np.std(smooth - truth) < 0.75 * np.std(stored - truth)
    for percentile, slack in ((50, 0.1), (95, 0.4)):
        of_truth, of_smooth = (np.degrees(np.percentile(slope(h, 5.0), percentile)) for h in (truth, smooth))
        assert of_smooth == pytest.approx(of_truth, abs=slack)
    rough = [median_roughness(heights, 5.0) for heights in (truth, stored, smooth)]
    assert abs(rough[2] - rough[0]) < 0.3 * abs(rough[1] - rough[0])


@needs_data
def test_the_real_crop_in_half_metres_has_the_slopes_of_the_one_in_real_numbers(tmp_path: Path) -> None:
    real, halves = (import_ground(DATA / name, Cut()) for name in ("shoemaker_5m.tif", "SHOEMAKER_5M_PDS3.LBL"))

    facts = facts_of(halves.ground, halves.origin)

    assert facts["judged_without_steps"]
    assert "ground without them" in summary(facts)
    for mine, true in zip(facts["baselines"], facts_of(real.ground, real.origin)["baselines"], strict=True):
        for key in ("slope_median_deg", "slope_p95_deg"):
            assert mine[key] == pytest.approx(true[key], abs=0.04)
        assert mine["roughness_m"] == pytest.approx(true["roughness_m"], abs=0.006)
    assert facts["baselines"][0]["slope_max_deg"] == pytest.approx(27.6, abs=0.05)
    assert np.abs(heights_of(halves.ground) - heights_of(real.ground)).max() <= 0.26

    smoothed = import_ground(DATA / "SHOEMAKER_5M_PDS3.LBL", Cut(smooth_steps=True))
    write_ground(smoothed.ground, tmp_path / "a.terrain.tif", smoothed.origin)
    ground, origin = read_ground(tmp_path / "a.terrain.tif"), read_origin(tmp_path / "a.terrain.tif")
    assert origin is not None
    assert origin.smoothed
    off = np.abs(heights_of(ground) - heights_of(real.ground))
    assert np.sqrt((off**2).mean()) < 0.065
    assert (off > 0.26).mean() < 0.005
    again = facts_of(ground, origin)
    assert not again["judged_without_steps"]
    assert again["baselines"] == facts["baselines"]


@needs_data
def test_what_has_no_steps_of_its_own_is_not_smoothed() -> None:
    with pytest.raises(ConfigError, match="real numbers"):
        import_ground(DATA / "shoemaker_5m.tif", Cut(smooth_steps=True))
    with pytest.raises(ConfigError, match="own pixels only"):
        import_ground(DATA / "SHOEMAKER_5M_PDS3.LBL", Cut(smooth_steps=True, pixel=10.0))


@needs_data
def test_a_product_in_steps_is_judged_alike_before_and_after_import() -> None:
    label = DATA / "SHOEMAKER_5M_PDS3.LBL"

    before = facts_of(read_ground(label), read_origin(label))

    assert before["baselines"] == facts_of(*_imported(label))["baselines"]


def _imported(file: Path) -> tuple[GroundMap, Origin]:
    imported = import_ground(file, Cut())
    return imported.ground, imported.origin


def test_steps_that_are_fine_against_the_pixel_are_left_alone() -> None:
    heights = np.round(array_stream(1, "steps").standard_normal((32, 32))).astype(np.float32) * np.float32(0.5)
    ground = ground_map_from_heights(heights, 20.0, latitude=-1.5, longitude=0.5, north=0.0)

    facts = facts_of(ground, Origin(source="a.lbl", resampling="none", step=0.5))

    assert not facts["judged_without_steps"]
