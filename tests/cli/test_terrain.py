"""`moonfleet terrain`: real ground in, ground from a seed, and what it is; whatever is wrong is said in a sentence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

Moonfleet = Callable[..., tuple[int, str, str]]

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public LOLA crop is not beside the repository")
SQUARE = Affine(5.0, 0.0, 84_000.0, 0.0, -5.0, 140_000.0)


def write(name: str, heights: np.ndarray, **more: object) -> None:
    bands = heights if heights.ndim == 3 else heights[None]
    profile = {
        "driver": "GTiff",
        "dtype": heights.dtype.name,
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "crs": CRS.from_user_input("IAU_2015:30135"),
        "transform": SQUARE,
    } | more
    with rasterio.open(name, "w", **profile) as dataset:
        dataset.write(bands)


def hills(side: int = 64) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side]
    heights: np.ndarray = (500.0 + 10.0 * np.sin(x / 3.0) + 7.0 * np.cos(y / 4.0)).astype(np.float32)
    return heights


@needs_data
@pytest.mark.parametrize("name", ["shoemaker_5m.tif", "SHOEMAKER_5M_PDS3.LBL"])
def test_the_shoemaker_crop_is_told_as_its_facts_have_it(moonfleet: Moonfleet, name: str) -> None:
    code, out, err = moonfleet("terrain", "import", DATA / name, "-o", "s.terrain.tif", "--json")

    facts = json.loads(out)
    corner, opposite = facts["corners"]["southwest"], facts["corners"]["northeast"]
    finest = facts["baselines"][0]
    assert (code, err) == (0, "")
    assert (corner["x"], corner["y"], opposite["x"], opposite["y"]) == (75_360.0, 38_360.0, 76_640.0, 39_640.0)
    assert (facts["centre"]["lat"], facts["centre"]["lon"]) == pytest.approx((-87.1835, 62.8350), abs=1e-4)
    assert (facts["heights_m"]["min"], facts["heights_m"]["max"]) == pytest.approx((467.69, 593.42), abs=0.26)
    assert (finest["slope_median_deg"], finest["slope_p95_deg"]) == pytest.approx((4.3, 13.4), abs=0.06)
    assert finest["slope_max_deg"] == pytest.approx(27.6, abs=0.05)
    assert facts["baselines"][-1]["rms_difference_m"] == pytest.approx(11.4, abs=0.05)
    assert facts["hurst"] == pytest.approx(0.96, abs=0.04)


@needs_data
def test_imported_ground_is_ground_for_a_run(moonfleet: Moonfleet, scenarios: Path) -> None:
    moonfleet("terrain", "import", DATA / "shoemaker_5m.tif", "-o", "s.terrain.tif", "--size", "900")

    code, out, _ = moonfleet("scenario", "show", scenarios / "survey.yaml", "--terrain", "s.terrain.tif")

    assert code == 0
    assert json.loads(out)


def test_an_import_says_the_same_as_info_of_what_it_wrote(moonfleet: Moonfleet) -> None:
    write("dem.tif", hills())

    words = ("--centre-m", "84160,139840", "--size", "200", "--pixel", "2", "--resample", "cubic", "--json")
    code, out, err = moonfleet("terrain", "import", "dem.tif", "-o", "a.terrain.tif", *words)

    imported = json.loads(out)
    assert (code, err) == (0, "")
    assert json.loads(moonfleet("terrain", "info", "a.terrain.tif", "--json")[1]) == imported
    assert (imported["columns"], imported["pixel_m"], imported["crs"]) == (100, 2.0, "IAU_2015:30135")
    assert imported["origin"]["source"] == "dem.tif"
    assert imported["origin"]["resampling"] == "cubic"


def test_a_centre_is_given_in_degrees_too(moonfleet: Moonfleet) -> None:
    write("dem.tif", hills(), transform=Affine(50.0, 0.0, 82_800.0, 0.0, -50.0, 142_060.0))

    words = ("-o", "a.terrain.tif", "--centre", "-84.6,31", "--size", "1600", "--json")
    out = moonfleet("terrain", "import", "dem.tif", *words)[1]

    centre = json.loads(out)["centre"]
    assert (centre["lat"], centre["lon"]) == pytest.approx((-84.6, 31.0), abs=0.002)


def test_generated_ground_is_the_seeds(moonfleet: Moonfleet) -> None:
    words = ("--size", "600", "--lat", "-84.6", "--lon", "31", "--height", "5300")
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        assert moonfleet("terrain", "generate", "-o", f"{name}.terrain.tif", "--seed", seed, *words)[0] == 0

    a, b, c = (Path(f"{name}.terrain.tif").read_bytes() for name in "abc")
    facts = json.loads(moonfleet("terrain", "info", "a.terrain.tif", "--json")[1])
    assert a == b != c
    assert facts["origin"]["seed"] == 7
    assert facts["centre"]["lat"] == pytest.approx(-84.6)
    assert facts["heights_m"]["mean"] == pytest.approx(5300.0, abs=15.0)
    assert facts["rocks"] > 0


def test_the_figures_of_generated_ground_can_be_chosen(moonfleet: Moonfleet) -> None:
    words = ("--seed", "1", "--size", "600", "--lat", "84", "--lon", "0", "--rocks", "0", "--craters", "0", "--json")

    rough, smooth = (
        json.loads(moonfleet("terrain", "generate", "-o", "a.terrain.tif", *words, "--roughness", r)[1])
        for r in (1, 0.1)
    )

    assert rough["baselines"][0]["rms_difference_m"] == pytest.approx(1.0, abs=0.01)
    assert smooth["baselines"][0]["rms_difference_m"] == pytest.approx(0.1, abs=0.01)
    assert (rough["rocks"], rough["crs"]) == (0, "IAU_2015:30130")


def test_text_for_people_says_where_it_is_and_how_steep(moonfleet: Moonfleet) -> None:
    write("dem.tif", hills())

    code, out, err = moonfleet("terrain", "info", "dem.tif")

    assert (code, err) == (0, "")
    assert "64 x 64 heights, 5 m apart: 320 x 320 m" in out
    assert "84.6" in out
    assert "slope median" in out


EARTH, MARS, FEET = "EPSG:3031", "IAU_2015:49935", "+proj=stere +lat_0=-90 +R=1737400 +units=ft +type=crs"
DEGREES = "IAU_2015:30100"
HOLE = np.where(np.add.outer(np.arange(64), np.arange(64)) < 40, np.nan, hills()).astype(np.float32)


@pytest.mark.parametrize(
    ("heights", "more", "unit", "fact"),
    [
        pytest.param(hills(), {"crs": None}, "", "no coordinate system", id="unprojected"),
        pytest.param(hills(), {"crs": CRS.from_user_input(EARTH)}, "", "not on the Moon", id="Earth"),
        pytest.param(hills(), {"crs": CRS.from_user_input(MARS)}, "", "radius of 3396.2 km", id="Mars"),
        pytest.param(hills(), {"crs": CRS.from_user_input(FEET)}, "", "coordinates are in foot", id="plane-in-feet"),
        pytest.param(hills(), {}, "ft", "heights are in ft, not in metres", id="heights-in-feet"),
        pytest.param(hills(), {}, "degree", "heights are in degree, not in metres", id="heights-in-degrees"),
        pytest.param(hills() * 100, {}, "", "no heights in metres above 1737.4 km", id="centimetres"),
        pytest.param(hills() * np.nan, {}, "", "no height at all", id="all-missing"),
        pytest.param(hills() * 0 - 9999, {"nodata": -9999.0}, "", "no height at all", id="all-nodata"),
        pytest.param(HOLE, {}, "", "of its heights are missing", id="large-hole"),
        pytest.param(np.stack([hills(), hills()]), {}, "", "2 bands; heights are one band", id="bands"),
        pytest.param(hills(), {"transform": Affine(4, 3, 84_000, 3, -4, 140_000)}, "", "not upright", id="rotated"),
        pytest.param(hills(), {"transform": Affine(5, 0, 84_000, 0, 5, 140_000)}, "", "not upright", id="upside-down"),
        pytest.param(hills().astype(np.complex64), {}, "", "complex64, not heights", id="complex"),
        pytest.param(hills(8), {}, "", "8 heights a side are fewer than 16", id="tiny"),
        pytest.param(
            np.zeros((16, 5000), np.uint8), {}, "", "5,000 heights a side are more than 4,096", id="too-large"
        ),
    ],
)
def test_a_raster_that_is_no_lunar_ground_is_refused(
    moonfleet: Moonfleet, heights: np.ndarray, more: dict[str, Any], unit: str, fact: str
) -> None:
    write("bad.tif", heights, **more)
    if unit:
        with rasterio.open("bad.tif", "r+") as dataset:
            dataset.units = (unit,)

    code, out, err = moonfleet("terrain", "import", "bad.tif", "-o", "a.terrain.tif")

    assert (code, out) == (2, "")
    assert err.startswith("bad.tif: ")
    assert fact in err
    assert len(err.strip().splitlines()) <= 2
    assert not Path("a.terrain.tif").exists()


def test_a_file_in_degrees_is_no_ground_yet_but_can_be_imported(moonfleet: Moonfleet) -> None:
    grid = Affine(0.01, 0.0, 30.0, 0.0, -0.001, -84.5)
    write("dem.tif", hills(), crs=CRS.from_user_input(DEGREES), transform=grid)

    code, _, err = moonfleet("terrain", "info", "dem.tif")
    done = moonfleet("terrain", "import", "dem.tif", "-o", "a.terrain.tif", "--json")

    assert code == 2
    assert "is not a map projection" in err
    assert "moonfleet terrain import" in err
    assert (done[0], json.loads(done[1])["crs"]) == (0, "IAU_2015:30135")


def _label(**words: str) -> str:
    lines = {
        "PDS_VERSION_ID": "PDS3", "RECORD_BYTES": "128", "^IMAGE": '"A.IMG"', "LINES": "64", "LINE_SAMPLES": "64",
        "SAMPLE_TYPE": "LSB_INTEGER", "SAMPLE_BITS": "16", "UNIT": "METER", "SCALING_FACTOR": "0.5",
        "OFFSET": "1737400.", "MAP_PROJECTION_TYPE": '"POLAR STEREOGRAPHIC"', "A_AXIS_RADIUS": "1737.4",
        "TARGET_NAME": "MOON", "B_AXIS_RADIUS": "1737.4", "C_AXIS_RADIUS": "1737.4", "MAP_RESOLUTION": "6064.67",
        "CENTER_LATITUDE": "-90", "CENTER_LONGITUDE": "0", "MAP_SCALE": "5.0 <m/pix>",
        "LINE_PROJECTION_OFFSET": "31.5", "SAMPLE_PROJECTION_OFFSET": "31.5",
    } | words  # fmt: skip
    place = {"MAP_PROJECTION_TYPE", "A_AXIS_RADIUS", "CENTER_LATITUDE", "CENTER_LONGITUDE", "MAP_SCALE"}
    place |= {"LINE_PROJECTION_OFFSET", "SAMPLE_PROJECTION_OFFSET", "B_AXIS_RADIUS", "C_AXIS_RADIUS", "MAP_RESOLUTION"}
    image = {"LINES", "LINE_SAMPLES", "SAMPLE_TYPE", "SAMPLE_BITS", "UNIT", "SCALING_FACTOR", "OFFSET"}
    told = {key: [f"{k} = {v}" for k, v in lines.items() if k in keys] for key, keys in (("I", image), ("P", place))}
    head = [f"{key} = {value}" for key, value in lines.items() if key not in image | place]
    objects = ["OBJECT = IMAGE", *told["I"], "END_OBJECT = IMAGE", "OBJECT = IMAGE_MAP_PROJECTION", *told["P"]]
    return "\n".join([*head, *objects, "END_OBJECT = IMAGE_MAP_PROJECTION", "END", ""])


@pytest.mark.parametrize(
    ("words", "size", "fact"),
    [
        pytest.param({}, None, "its image A.IMG is missing", id="no-image"),
        pytest.param({}, 5000, "its image A.IMG is cut off: 5000 bytes instead of 8192", id="short-image"),
        pytest.param({"^IMAGE": '"../A.IMG"'}, 8192, "not a file beside it", id="image-elsewhere"),
        pytest.param({"^IMAGE": "A.IMG"}, 8192, "not in quotes", id="image-without-quotes"),
        pytest.param({"^IMAGE": '("A.IMG", 65)'}, 8192, "cut off: 8192 bytes instead of 16384", id="image-after-end"),
        pytest.param({"^TABLE": '"A.TAB"', "^IMAGE": ""}, 8192, "A", id="no-image-named"),
        pytest.param({"SAMPLE_TYPE": "VAX_REAL"}, 8192, "its samples are VAX_REAL", id="other-samples"),
        pytest.param({"LINES": "many"}, 8192, "LINES is missing or no number", id="no-lines"),
        pytest.param({"UNIT": "FEET"}, 8192, "heights are in feet", id="feet"),
        pytest.param({"UNIT": "DEGREE"}, 8192, "heights are in degree", id="degrees"),
        pytest.param({"A_AXIS_RADIUS": "3396.19", "C_AXIS_RADIUS": "3376.2"}, 8192, "not on the Moon", id="Mars"),
        pytest.param({"MAP_PROJECTION_TYPE": '"NONE"'}, 8192, "coordinate system", id="no-projection"),
    ],
)
def test_a_pds3_product_that_is_not_whole_is_refused(
    moonfleet: Moonfleet, words: dict[str, str], size: int | None, fact: str
) -> None:
    Path("A.LBL").write_text(_label(**words), encoding="ascii")
    if size is not None:
        Path("A.IMG").write_bytes(bytes(size))

    code, out, err = moonfleet("terrain", "import", "A.LBL", "-o", "a.terrain.tif")

    assert (code, out) == (2, "")
    assert err.startswith("A.LBL: ")
    assert fact in err


def test_the_label_of_these_tests_is_otherwise_right(moonfleet: Moonfleet) -> None:
    Path("A.LBL").write_text(_label(), encoding="ascii")
    Path("A.IMG").write_bytes(np.full(4096, 200, "<i2").tobytes())

    code, out, _ = moonfleet("terrain", "import", "A.LBL", "-o", "a.terrain.tif", "--json")

    assert code == 0
    assert json.loads(out)["heights_m"] == {"min": 100.0, "mean": 100.0, "max": 100.0}
    assert "give its label" in moonfleet("terrain", "info", "A.IMG")[2].lower()


@pytest.mark.parametrize(
    "words",
    [
        ("import", "dem.tif", "-o", "a.tif", "--centre", "-91,0"),
        ("import", "dem.tif", "-o", "a.tif", "--centre", "here"),
        ("import", "dem.tif", "-o", "a.tif", "--centre", "nan,0"),
        ("import", "dem.tif", "-o", "a.tif", "--centre", "-84,0", "--centre-m", "1,2"),
        ("import", "dem.tif", "-o", "a.tif", "--size", "nan"),
        ("import", "dem.tif", "-o", "a.tif", "--pixel", "-5"),
        ("import", "dem.tif", "-o", "a.tif", "--pixel", "1e-300"),
        ("import", "dem.tif", "-o", "a.tif", "--resample", "best"),
        ("import", "dem.tif", "-o", "nowhere/a.tif"),
        ("import", "dem.tif", "-o", "./dem.tif"),
        ("import", "nosuch.tif", "-o", "a.tif"),
        ("import", ".", "-o", "a.tif"),
        ("info", "nosuch.tif"),
        ("info", "text.tif"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "1e9", "--lat", "-84", "--lon", "0"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "nan", "--lat", "-84", "--lon", "0"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "500", "--pixel", "0", "--lat", "-84", "--lon", "0"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "500", "--lat", "-94", "--lon", "0"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "50", "--lat", "-84", "--lon", "0"),
        ("generate", "-o", "a.tif", "--seed", "1", "--size", "20480", "--lat", "-84", "--lon", "0"),
        ("generate", "-o", "nowhere/a.tif", "--seed", "1", "--size", "100", "--lat", "-84", "--lon", "0"),
    ],
    ids=" ".join,
)
def test_a_wrong_option_is_said_in_a_sentence(moonfleet: Moonfleet, words: tuple[str, ...]) -> None:
    write("dem.tif", hills())
    Path("text.tif").write_text("no raster\n", encoding="utf-8")

    code, out, err = moonfleet("terrain", *words)

    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_what_gdal_mutters_does_not_reach_the_terminal(tmp_path: Path) -> None:
    write("cut.tif", hills(256), tiled=True, blockxsize=64, blockysize=64, compress="deflate")
    whole = Path("cut.tif").read_bytes()
    Path("cut.tif").write_bytes(whole[: len(whole) // 2])
    Path("head.tif").write_bytes(whole[:6])

    for name in ("cut.tif", "head.tif"):
        words = [sys.executable, "-m", "sim.cli", "terrain", "import", name, "-o", "a.terrain.tif"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{name}: it cannot be used as a raster")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_copy_under_another_name_is_as_good(moonfleet: Moonfleet) -> None:
    write("dem.tif", hills())
    shutil.copy("dem.tif", "it's a dem (2) %20.tif")

    assert moonfleet("terrain", "import", "it's a dem (2) %20.tif", "-o", "a.terrain.tif")[0] == 0
