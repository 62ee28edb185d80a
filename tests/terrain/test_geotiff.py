"""Real ground in and out of files."""

import logging
import shutil
from math import degrees
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from fleet.core import ConfigError, Disc
from fleet.terrain import MapZone, ground_map_from_heights
from fleet.terrain.geotiff import read_ground, write_ground
from fleet.terrain.heights import heights_of

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public LOLA crop is not beside the repository")
SQUARE = Affine(5.0, 0.0, 84_000.0, 0.0, -5.0, 140_000.0)


def write(file: Path, heights: np.ndarray, **more: object) -> Path:
    profile = {
        "driver": "GTiff",
        "dtype": heights.dtype.name,
        "count": 1 if heights.ndim == 2 else len(heights),
        "height": heights.shape[-2],
        "width": heights.shape[-1],
        "crs": CRS.from_user_input("IAU_2015:30135"),
        "transform": SQUARE,
    } | more
    with rasterio.open(file, "w", **profile) as dataset:
        dataset.write(heights, *([1] if heights.ndim == 2 else []))
    return file


def hills(side: int = 32) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side]
    heights: np.ndarray = (5000.0 + 10.0 * np.sin(x / 3.0) + 7.0 * np.cos(y / 4.0)).astype(np.float32)
    return heights


@needs_data
def test_the_shoemaker_crop_is_read_where_and_as_it_is() -> None:
    ground = read_ground(DATA / "shoemaker_5m.tif")

    heights = heights_of(ground)
    assert (ground.rows, ground.columns, ground.pixel) == (256, 256, 5.0)
    assert (degrees(ground.latitude), degrees(ground.longitude)) == pytest.approx((-87.1835, 62.8350), abs=1e-4)
    assert degrees(ground.north) == pytest.approx(90.0 - 62.8350, abs=1e-4)
    assert (ground.crs, ground.origin) == ("IAU_2015:30135", (76_000.0, 39_000.0))
    assert (heights.min(), heights.max()) == pytest.approx((467.69, 593.42), abs=0.01)


@needs_data
def test_the_same_ground_behind_a_pds3_label_is_the_same_to_half_a_step() -> None:
    tiff, pds = read_ground(DATA / "shoemaker_5m.tif"), read_ground(DATA / "SHOEMAKER_5M_PDS3.LBL")

    assert np.abs(heights_of(tiff) - heights_of(pds)).max() <= 0.25
    assert (pds.crs, pds.origin, pds.pixel) == (tiff.crs, tiff.origin, tiff.pixel)
    assert (pds.latitude, pds.longitude, pds.north) == pytest.approx((tiff.latitude, tiff.longitude, tiff.north))


@needs_data
def test_a_pds3_image_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    label = shutil.copyfile(DATA / "SHOEMAKER_5M_PDS3.LBL", tmp_path / "SHOEMAKER_5M_PDS3.LBL")
    (tmp_path / "SHOEMAKER_5M_PDS3.IMG").write_bytes((DATA / "SHOEMAKER_5M_PDS3.IMG").read_bytes()[:60_000])

    with pytest.raises(ConfigError, match="cut off: 60000 bytes instead of 131072"):
        read_ground(label)


def test_what_is_written_is_read_back_with_its_rocks_and_zones(tmp_path: Path) -> None:
    file = write(tmp_path / "a.tif", hills())
    read = read_ground(file)
    ground = ground_map_from_heights(
        heights_of(read),
        read.pixel,
        latitude=read.latitude,
        longitude=read.longitude,
        north=read.north,
        crs=read.crs,
        origin=read.origin,
        rocks=(Disc(x=1.0, y=2.0, radius=3.0),),
        zones=(MapZone(id="pad", kind="keep-out", outline=((0.0, 0.0), (5.0, 0.0), (5.0, 5.0))),),
    )

    write_ground(ground, tmp_path / "b.tif")

    assert read_ground(tmp_path / "b.tif") == ground


def test_rows_of_the_file_go_down_and_rows_of_the_map_go_up(tmp_path: Path) -> None:
    heights = hills()

    ground = read_ground(write(tmp_path / "a.tif", heights))

    assert np.array_equal(heights_of(ground), heights[::-1])
    assert ground.origin == (84_080.0, 139_920.0)


def test_a_crop_is_the_same_ground_around_its_own_centre(tmp_path: Path) -> None:
    whole = read_ground(write(tmp_path / "a.tif", hills(64)))
    marked = ground_map_from_heights(
        heights_of(whole),
        5.0,
        latitude=whole.latitude,
        longitude=whole.longitude,
        north=whole.north,
        crs=whole.crs,
        origin=whole.origin,
        rocks=(Disc(x=20.0, y=-10.0, radius=1.0), Disc(x=-100.0, y=0.0, radius=1.0)),
        zones=(MapZone(id="pad", kind="keep-out", outline=((0.0, 0.0), (5.0, 0.0), (5.0, 5.0))),),
    )
    write_ground(marked, tmp_path / "b.tif")

    crop = read_ground(tmp_path / "b.tif", centre=(whole.origin[0] + 10.0, whole.origin[1] - 20.0), size=100.0)

    assert crop.origin == (whole.origin[0] + 10.0, whole.origin[1] - 20.0)
    assert np.array_equal(heights_of(crop), heights_of(whole)[18:38, 24:44])
    assert crop.rocks == (Disc(x=10.0, y=10.0, radius=1.0),)
    assert crop.zones[0].outline == ((-10.0, 20.0), (-5.0, 20.0), (-5.0, 25.0))


def test_ground_without_a_place_comes_back_at_its_latitude_and_longitude(tmp_path: Path) -> None:
    ground = ground_map_from_heights(hills(), 2.0, latitude=-1.4, longitude=0.5, north=np.pi / 2)

    write_ground(ground, tmp_path / "a.tif")

    back = read_ground(tmp_path / "a.tif")
    assert back.heights == ground.heights
    assert (back.latitude, back.longitude, back.north) == pytest.approx((-1.4, 0.5, np.pi / 2), abs=1e-6)


def test_small_holes_are_filled_from_their_neighbours_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heights = hills()
    heights[10, 10] = np.nan
    heights[20, 20] = -9999.0

    with caplog.at_level(logging.WARNING):
        ground = read_ground(write(tmp_path / "a.tif", heights, nodata=-9999.0))

    assert np.abs(heights_of(ground)[::-1] - hills()).max() < 1.0
    assert "2 missing heights filled" in caplog.text


def test_radii_and_kilometres_become_heights_in_metres(tmp_path: Path) -> None:
    kilometres = hills().astype(np.float64) / 1000.0 + 1737.4
    file = write(tmp_path / "a.tif", kilometres)
    with rasterio.open(file, "r+") as dataset:
        dataset.units = ("km",)

    ground = read_ground(file)

    assert np.abs(heights_of(ground)[::-1] - hills()).max() < 1e-2


def hole(heights: np.ndarray) -> np.ndarray:
    heights[:8, :8] = np.nan
    return heights


EARTH = "EPSG:3031"
DEGREES = "IAU_2015:30100"
FEET = "+proj=stere +lat_0=-90 +R=1737400 +units=ft +type=crs"


@pytest.mark.parametrize(
    ("heights", "more", "fact"),
    [
        pytest.param(hills(8), {}, "8 x 8 heights are fewer than 16 x 16", id="too small"),
        pytest.param(np.stack([hills(), hills()]), {}, "2 bands", id="two bands"),
        pytest.param(hills(), {"crs": None}, "no coordinate system", id="no coordinate system"),
        pytest.param(hills(), {"crs": CRS.from_user_input(EARTH)}, "not on the Moon", id="Earth"),
        pytest.param(hills(), {"crs": CRS.from_user_input(DEGREES)}, "not a map projection", id="degrees"),
        pytest.param(hills(), {"crs": CRS.from_user_input(FEET)}, "not in metres", id="feet"),
        pytest.param(hills(), {"transform": Affine(5, 0, 0, 0, -4, 0)}, "upright squares", id="oblong pixels"),
        pytest.param(hills(), {"transform": Affine(5, 1, 0, 1, -5, 0)}, "upright squares", id="turned"),
        pytest.param(hills() * np.nan, {}, "no height at all", id="all missing"),
        pytest.param(hole(hills()), {}, "6.2% of its heights are missing", id="large hole"),
        pytest.param(hills() * 100, {}, "no heights in metres", id="millimetres"),
        pytest.param(hills().astype(np.complex64), {}, "complex64, not heights", id="complex"),
        pytest.param(np.zeros((16, 4097), np.uint8), {}, "more than 4096 x 4096", id="too large"),
    ],
)
def test_a_raster_that_is_no_lunar_ground_is_refused_with_the_fact(
    tmp_path: Path, heights: np.ndarray, more: dict[str, object], fact: str
) -> None:
    file = write(tmp_path / "bad.tif", heights, **more)

    with pytest.raises(ConfigError) as caught:
        read_ground(file)

    assert caught.value.place == str(file)
    assert fact in caught.value.fact


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.tif"
    file.write_text("hello")

    with pytest.raises(ConfigError, match="neither a GeoTIFF nor a PDS3 label"):
        read_ground(file)
    with pytest.raises(ConfigError, match="no such file"):
        read_ground(tmp_path / "b.tif")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.tif", hills(128))
    file.write_bytes(file.read_bytes()[:20_000])

    with pytest.raises(ConfigError, match="cannot be used as a raster"):
        read_ground(file)


def test_a_crop_outside_of_the_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.tif", hills())

    with pytest.raises(ConfigError, match="not all inside"):
        read_ground(file, centre=(84_000.0, 140_000.0), size=100.0)
    with pytest.raises(ConfigError, match="needs a size"):
        read_ground(file, centre=(84_080.0, 139_920.0))


def test_tags_that_are_no_rocks_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.tif", hills())
    with rasterio.open(file, "r+") as dataset:
        dataset.update_tags(MOONFLEET_ROCKS='[["x", 1, 2]]')

    with pytest.raises(ConfigError, match="rocks, zones or origin"):
        read_ground(file)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    ground = ground_map_from_heights(hills(), 2.0, latitude=-1.4, longitude=0.5, north=0.0)

    with pytest.raises(ConfigError) as caught:
        write_ground(ground, tmp_path / "nowhere" / "a.tif")

    assert caught.value.place.endswith("a.tif")
