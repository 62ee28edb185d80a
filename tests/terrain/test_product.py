"""Real products become ground: any lunar projection, any pixel, however large the file."""

from __future__ import annotations

import resource
import subprocess
import sys
from math import degrees, radians
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine
from rasterio.windows import Window

from fleet.core import ConfigError, Disc, array_stream
from fleet.terrain import GroundMap, ground_map_from_heights
from fleet.terrain.geotiff import Cut, import_ground, read_ground, read_origin, write_ground
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import MOON_RADIUS, NORTH_POLAR, SOUTH_POLAR
from fleet.terrain.surface import slope

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public LOLA crop is not beside the repository")
MOUTON = (radians(-84.6), radians(31.0))


def field(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return smooth heights that know where on the Moon they are; radians."""
    heights: np.ndarray = 800.0 * np.sin(40.0 * latitude) + 3000.0 * np.cos(latitude) * np.sin(longitude)
    return heights


def true_heights(ground: GroundMap) -> np.ndarray:
    """Return the field where a ground has its heights."""
    x = ground.origin[0] + (np.arange(ground.columns) - (ground.columns - 1) / 2.0) * ground.pixel
    y = ground.origin[1] + (np.arange(ground.rows) - (ground.rows - 1) / 2.0) * ground.pixel
    return field(*sphere_of(ground.crs, *np.meshgrid(x, y)))


def sphere_of(crs: str, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes and longitudes by way of the equidistant cylindrical plane."""
    metres = MapPlane(crs, "test").convert(MapPlane("+proj=eqc +R=1737400 +units=m +type=crs", "test"), x, y)
    return metres[1] / MOON_RADIUS, metres[0] / MOON_RADIUS


def polar_file(file: Path, crs: str, pixel: float, side: int = 128, **more: object) -> Path:
    """Write the field around a place 150 km from a pole."""
    west, north = 84_000.0, 140_000.0
    columns, rows = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    heights = field(*sphere_of(crs, west + columns * pixel, north - rows * pixel)).astype(np.float32)
    return raster(file, heights, crs=crs, transform=Affine(pixel, 0, west, 0, -pixel, north), **more)


def raster(file: Path, heights: np.ndarray, **more: object) -> Path:
    profile = {"driver": "GTiff", "count": 1, "dtype": heights.dtype.name} | more
    with rasterio.open(file, "w", width=heights.shape[1], height=heights.shape[0], **profile) as dataset:
        dataset.write(heights, 1)
    return file


def degrees_file(file: Path, west: float, crs: str = "IAU_2015:30100") -> Path:
    """Write the field around the south pole on a grid of degrees that begins at a longitude."""
    step = 1.0 / 64.0
    latitude = -78.0 - (np.arange(int(12 / step)) + 0.5) * step
    longitude = west + (np.arange(int(90 / step)) + 0.5) * step * 4
    heights = field(np.radians(latitude)[:, None], np.radians(longitude)[None, :]).astype(np.float32)
    return raster(file, heights, crs=CRS.from_user_input(crs), transform=Affine(step * 4, 0, west, 0, -step, -78.0))


@needs_data
def test_both_forms_of_the_shoemaker_crop_are_the_same_ground(tmp_path: Path) -> None:
    grounds = []
    for name in ("shoemaker_5m.tif", "SHOEMAKER_5M_PDS3.LBL"):
        imported = import_ground(DATA / name, Cut())
        write_ground(imported.ground, tmp_path / f"{name}.terrain.tif", imported.origin)
        grounds.append(read_ground(tmp_path / f"{name}.terrain.tif"))

    assert np.abs(heights_of(grounds[0]) - heights_of(grounds[1])).max() <= 0.26
    for ground in grounds:
        half = ground.columns * ground.pixel / 2.0
        assert ground.crs == SOUTH_POLAR
        assert (ground.origin[0] - half, ground.origin[0] + half) == (75_360.0, 76_640.0)
        assert (ground.origin[1] - half, ground.origin[1] + half) == (38_360.0, 39_640.0)
    # Half-metre steps over 10 m are steps of 2.9 degrees, so that the second's median is rougher.
    for ground, slack in zip(grounds, (0.05, 0.65), strict=True):
        tilts = np.degrees(slope(heights_of(ground), ground.pixel))
        assert np.median(tilts) == pytest.approx(4.3, abs=slack)
        assert np.percentile(tilts, 95) == pytest.approx(13.4, abs=slack)
        assert tilts.max() == pytest.approx(27.6, abs=0.05)


@pytest.mark.parametrize("crs", [SOUTH_POLAR, NORTH_POLAR])
def test_heights_in_the_plane_of_the_pole_stay_as_they_are(tmp_path: Path, crs: str) -> None:
    file = polar_file(tmp_path / "a.tif", crs, 20.0)

    imported = import_ground(file, Cut(centre=(85_000.0, 139_000.0), size=800.0))

    assert (imported.ground.crs, imported.ground.origin, imported.ground.pixel) == (crs, (85_000.0, 139_000.0), 20.0)
    assert imported.origin.resampling == "none"
    with rasterio.open(file) as dataset:
        assert np.array_equal(heights_of(imported.ground)[::-1], dataset.read(1, window=Window(30, 30, 40, 40)))


def test_a_whole_file_of_the_same_plane_is_taken_whole_even_when_oblong(tmp_path: Path) -> None:
    file = raster(
        tmp_path / "a.tif", np.zeros((20, 30), np.float32), crs=SOUTH_POLAR, transform=Affine(5, 0, 0, 0, -5, 0)
    )

    assert (import_ground(file, Cut()).ground.rows, import_ground(file, Cut()).ground.columns) == (20, 30)
    assert import_ground(file, Cut(pixel=1.0)).ground.columns == 150


@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic", "average"])
def test_every_resampling_gives_the_ground_that_is_there(tmp_path: Path, method: str) -> None:
    file = polar_file(tmp_path / "a.tif", SOUTH_POLAR, 20.0)

    imported = import_ground(file, Cut(centre=(85_000.0, 139_000.0), size=1500.0, pixel=7.5, resampling=method))  # type: ignore[arg-type]

    slack = {"nearest": 0.6, "bilinear": 0.01, "cubic": 0.01, "average": 0.6}[method]
    assert np.abs(heights_of(imported.ground) - true_heights(imported.ground)).max() < slack
    assert imported.origin.resampling == method


def test_many_pixels_that_become_one_are_averaged_unless_told_otherwise(tmp_path: Path) -> None:
    noise = array_stream(1, "noise").standard_normal((320, 320)).astype(np.float32)
    file = raster(tmp_path / "a.tif", noise, crs=SOUTH_POLAR, transform=Affine(5, 0, 0, 0, -5, 0))

    mean, picked = (import_ground(file, Cut(pixel=50.0, resampling=how)) for how in (None, "nearest"))

    assert mean.origin.resampling == "average"
    assert np.allclose(heights_of(mean.ground)[::-1], noise.reshape(32, 10, 32, 10).mean(axis=(1, 3)), atol=1e-5)
    assert np.isin(heights_of(picked.ground), noise).all()


@pytest.mark.parametrize("west", [0.0, -180.0, -90.0])
@pytest.mark.parametrize("longitude", [31.0, -31.0, 180.0, 100.0])
def test_a_grid_of_degrees_is_brought_to_the_polar_plane_wherever_it_begins(
    tmp_path: Path, west: float, longitude: float
) -> None:
    file = degrees_file(tmp_path / "a.tif", west)

    ground = import_ground(file, Cut(at=(radians(-84.6), radians(longitude)), size=20_000.0, pixel=200.0)).ground

    assert (ground.crs, ground.rows) == (SOUTH_POLAR, 100)
    assert degrees(ground.latitude) == pytest.approx(-84.6)
    assert np.cos(ground.longitude - radians(longitude)) == pytest.approx(1.0)
    assert np.abs(heights_of(ground) - true_heights(ground)).max() < 5.0


def test_without_a_pixel_a_grid_of_degrees_gives_its_own_distance_north(tmp_path: Path) -> None:
    ground = import_ground(degrees_file(tmp_path / "a.tif", 0.0), Cut(at=MOUTON, size=20_000.0)).ground

    assert ground.pixel == pytest.approx(MOON_RADIUS * radians(1 / 64), rel=0.01)


def test_a_pole_in_the_middle_has_heights(tmp_path: Path) -> None:
    ground = import_ground(
        degrees_file(tmp_path / "a.tif", 0.0), Cut(centre=(0.0, 0.0), size=50_000.0, pixel=250.0)
    ).ground

    off = np.abs(heights_of(ground) - true_heights(ground))
    # Within some pixels of the pole a grid of degrees has more of them than any ground.
    rows, columns = np.mgrid[0:200, 0:200] - 99.5
    assert off[np.hypot(rows, columns) > 20].max() < 10.0


def test_a_scale_and_offset_in_a_geotiff_are_applied(tmp_path: Path) -> None:
    file = raster(
        tmp_path / "a.tif", np.full((20, 20), 100, np.int16), crs=SOUTH_POLAR, transform=Affine(5, 0, 0, 0, -5, 0)
    )
    with rasterio.open(file, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.5,), (MOON_RADIUS,)

    imported = import_ground(file, Cut())

    assert np.all(heights_of(imported.ground) == 50.0)
    assert imported.origin.step == 0.5


def test_rocks_come_along_and_the_origin_is_kept(tmp_path: Path) -> None:
    heights = np.zeros((40, 40), np.float32)
    ground = ground_map_from_heights(
        heights, 5.0, latitude=-1.4, longitude=0.5, north=0.0, crs=SOUTH_POLAR, origin=(84_000.0, 140_000.0),
        rocks=(Disc(x=20.0, y=-10.0, radius=1.0),),
    )  # fmt: skip
    write_ground(ground, tmp_path / "a.terrain.tif")

    imported = import_ground(tmp_path / "a.terrain.tif", Cut(centre=(84_010.0, 139_980.0), size=100.0))
    write_ground(imported.ground, tmp_path / "b.terrain.tif", imported.origin)

    assert imported.ground.rocks == (Disc(x=10.0, y=10.0, radius=1.0),)
    assert read_origin(tmp_path / "a.terrain.tif") is None
    assert read_origin(tmp_path / "b.terrain.tif") == imported.origin
    assert imported.origin.source == "a.terrain.tif"


def test_missing_heights_are_filled_and_counted_when_they_are_few(tmp_path: Path) -> None:
    file = polar_file(tmp_path / "a.tif", SOUTH_POLAR, 20.0, nodata=-9999.0)
    with rasterio.open(file, "r+") as dataset:
        heights = dataset.read(1)
        heights[60:62, 60:62] = -9999.0
        dataset.write(heights, 1)

    for cut in (Cut(), Cut(centre=(85_210.0, 138_790.0), size=800.0, pixel=10.0)):
        imported = import_ground(file, cut)

        assert 0.0 < imported.origin.missing < 0.01
        assert np.abs(heights_of(imported.ground) - true_heights(imported.ground)).max() < 1.0


def test_a_file_larger_than_memory_is_read_by_window(tmp_path: Path) -> None:
    side = 60_000  # 7.2 GB of heights, nearly all of them sparse.
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "int16", "crs": SOUTH_POLAR,
        "transform": Affine(20, 0, -600_000, 0, -20, 600_000), "nodata": -32768,
        "tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "SPARSE_OK": True,
    }  # fmt: skip
    with rasterio.open(tmp_path / "big.tif", "w", **profile) as dataset:
        dataset.write(np.full((4096, 4096), 1234, np.int16), 1, window=Window(34_048, 20_480, 4096, 4096))
    program = (
        "import resource; from pathlib import Path; from fleet.terrain.geotiff import Cut, import_ground\n"
        "from fleet.terrain.heights import heights_of\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for cut in (Cut(centre=(120_000.0, 150_000.0), size=40_000.0),\n"
        "            Cut(centre=(120_000.0, 150_000.0), size=70_000.0, pixel=400.0),\n"
        "            Cut(centre=(120_000.0, 150_000.0), size=20_000.0, pixel=25.0)):\n"
        "    ground = import_ground(Path('big.tif'), cut).ground\n"
        "    assert (heights_of(ground) == 1234.0).all(), cut\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert resource.getpagesize() > 0
    assert float(done.stdout) < 600.0  # Megabytes; the whole would be 7200.


@pytest.mark.parametrize(
    ("cut", "fact"),
    [
        pytest.param({"size": 100.0}, "5 heights a side are fewer than 16", id="too small"),
        pytest.param({"pixel": 0.1}, "25,600 heights a side are more than 4,096", id="too fine"),
        pytest.param({"size": 1e300}, "more than 4,096", id="huge"),
        pytest.param({"centre": (0.0, 0.0), "size": 800.0}, "not all inside it", id="outside"),
        pytest.param({"at": (0.3, 0.1), "size": 800.0, "pixel": 20.0}, "no height at all", id="other hemisphere"),
        pytest.param({"centre": (84_000.0, 140_000.0), "size": 800.0, "pixel": 10.0}, "are missing", id="half outside"),
    ],
)
def test_a_cut_that_cannot_be_is_refused_with_the_fact(tmp_path: Path, cut: dict[str, object], fact: str) -> None:
    file = polar_file(tmp_path / "a.tif", SOUTH_POLAR, 20.0)

    with pytest.raises(ConfigError) as caught:
        import_ground(file, Cut(**cut))  # type: ignore[arg-type]

    assert caught.value.place == str(file)
    assert fact in caught.value.fact


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": float("nan")},
        {"size": -1.0},
        {"pixel": 0.0},
        {"pixel": float("inf")},
        {"centre": (float("nan"), 0.0)},
        {"centre": (0.0, 0.0), "at": (0.0, 0.0)},
    ],
    ids=str,
)
def test_a_cut_of_no_numbers_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Cut(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("crs", "fact"),
    [
        pytest.param("EPSG:4326", "not on the Moon: its sphere has a radius of 6378.1 km", id="Earth"),
        pytest.param("IAU_2015:49900", "not on the Moon: its sphere has a radius of 3396.2 km", id="Mars"),
    ],
)
def test_a_grid_of_degrees_of_another_body_is_refused(tmp_path: Path, crs: str, fact: str) -> None:
    with pytest.raises(ConfigError, match=fact):
        import_ground(degrees_file(tmp_path / "a.tif", 0.0, crs), Cut(at=MOUTON, size=20_000.0))
