"""The ground around a map: cut out of a larger file, in the map's own frame, and refused where it is of no use."""

from __future__ import annotations

from math import degrees
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rasterio.crs import CRS
from rasterio.transform import Affine

from fleet.core import ConfigError, MessageError, Point
from fleet.messages import encode
from fleet.messages.codec import Decoder
from fleet.terrain import FarGround, GroundMap, far_ground_from_heights, ground_map_from_heights
from fleet.terrain.far_ground import STEP, far_heights_of
from fleet.terrain.geotiff import FarCut, read_far
from fleet.terrain.heights import heights_of
from fleet.terrain.place import MapPlane
from fleet.terrain.sphere import MOON_RADIUS, NORTH_POLAR, SOUTH_POLAR

ORIGIN = (84_000.0, 140_000.0)
CYLINDER = "+proj=eqc +lon_0=31 +lat_ts=-84.6 +R=1737400 +units=m +type=crs"


def field(crs: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return smooth heights that know where on the Moon they are."""
    metres = MapPlane(crs, "test").convert(MapPlane("+proj=eqc +R=1737400 +units=m +type=crs", "test"), x, y)
    latitude, longitude = metres[1] / MOON_RADIUS, metres[0] / MOON_RADIUS
    heights: np.ndarray = 800.0 * np.sin(40.0 * latitude) + 3000.0 * np.cos(latitude) * np.sin(longitude)
    return heights


def map_at(origin: Point = ORIGIN, *, crs: str = SOUTH_POLAR, side: int = 41, pixel: float = 10.0) -> GroundMap:
    """Return a map of the field."""
    across = (np.arange(side) - (side - 1) / 2.0) * pixel
    heights = field(crs, *np.meshgrid(origin[0] + across, origin[1] + across)).astype(np.float32)
    spot = MapPlane(crs, "test").locate(origin)
    return ground_map_from_heights(
        heights, pixel, latitude=spot.latitude, longitude=spot.longitude, north=spot.north, crs=crs, origin=origin
    )


def product(
    file: Path,
    *,
    crs: str = SOUTH_POLAR,
    pixel: float = 100.0,
    side: int = 200,
    middle: Point = ORIGIN,
    up: float = 0.0,
) -> Path:
    """Write the field, lifted by so much, on a square around a place."""
    west, north = middle[0] - side * pixel / 2.0, middle[1] + side * pixel / 2.0
    at = (np.arange(side) + 0.5) * pixel
    heights = (field(crs, *np.meshgrid(west + at, north - at)) + up).astype(np.float32)
    return raster(file, heights, crs=crs, transform=Affine(pixel, 0, west, 0, -pixel, north))


def raster(file: Path, heights: np.ndarray, **more: object) -> Path:
    shape = {"width": heights.shape[1], "height": heights.shape[0]}
    with rasterio.open(file, "w", driver="GTiff", count=1, dtype=heights.dtype.name, **shape, **more) as dataset:
        dataset.write(heights, 1)
    return file


def off(far: FarGround, ground: GroundMap) -> float:
    """Return how far its heights are from those of the field, at the most."""
    x = ground.origin[0] + far.west + np.arange(far.columns) * far.pixel
    y = ground.origin[1] + far.south + np.arange(far.rows) * far.pixel
    return float(np.abs(far_heights_of(far) - field(ground.crs, *np.meshgrid(x, y))).max())


@given(
    values=st.lists(st.floats(-16_000.0, 16_000.0, width=32), min_size=6, max_size=6),
    west=st.floats(-1e5, 1e5),
    south=st.floats(-1e5, 1e5),
)
def test_heights_come_back_to_a_quarter_of_a_metre(values: list[float], west: float, south: float) -> None:
    heights = np.array(values, np.float32).reshape(2, 3)

    far = far_ground_from_heights(heights, 100.0, west=west, south=south)

    assert np.abs(far_heights_of(far) - heights).max() <= STEP / 2.0 + 1e-3
    assert Decoder[FarGround](FarGround).decode(encode(far)) == far
    assert len(far.heights) == 12


@pytest.mark.parametrize(
    ("wrong", "fact"),
    [
        ({"rows": 3}, "3 x 3 far heights need 18 bytes, got 12"),
        ({"rows": 1}, "2 to 2048 heights a side"),
        ({"columns": 10**9}, "2 to 2048 heights a side"),
        ({"pixel": 0.0}, "must lie somewhere"),
        ({"west": float("nan")}, "must lie somewhere"),
    ],
)
def test_a_peer_cannot_send_far_ground_that_is_none(wrong: dict[str, object], fact: str) -> None:
    good = far_ground_from_heights(np.zeros((2, 3), np.float32), 100.0, west=0.0, south=0.0)
    told = {name: getattr(good, name) for name in good.__struct_fields__} | wrong

    with pytest.raises(MessageError, match=fact):
        Decoder[FarGround](FarGround).decode(encode(told))


def test_heights_of_no_place_on_the_moon_are_refused() -> None:
    with pytest.raises(ValueError, match="within 16 km"):
        far_ground_from_heights(np.full((3, 3), 17_000.0, np.float32), 100.0, west=0.0, south=0.0)


@pytest.mark.parametrize("crs", [SOUTH_POLAR, NORTH_POLAR, CYLINDER])
@pytest.mark.parametrize("of_map", ["pole", "cylinder"])
def test_whatever_planes_file_and_map_have_the_ground_is_where_it_is(tmp_path: Path, crs: str, of_map: str) -> None:
    pole = NORTH_POLAR if crs == NORTH_POLAR else SOUTH_POLAR
    spot = MapPlane(pole, "test").locate(ORIGIN)
    frame = pole if of_map == "pole" else CYLINDER.replace("-84.6", f"{degrees(spot.latitude)}")
    ground = map_at(MapPlane(frame, "test").point(spot.latitude, spot.longitude), crs=frame)
    file = product(tmp_path / "far.tif", crs=crs, middle=MapPlane(crs, "test").point(spot.latitude, spot.longitude))

    far = read_far(file, ground, FarCut(size=10_000.0, pixel=100.0))

    assert (far.rows, far.columns, far.pixel, far.source) == (100, 100, 100.0, "far.tif")
    assert (far.west, far.south) == pytest.approx((-4950.0, -4950.0))
    assert off(far, ground) < 1.0


def test_a_grid_of_degrees_surrounds_a_map(tmp_path: Path) -> None:
    step = 1.0 / 256.0
    latitude, longitude = -83.0 - (np.arange(800) + 0.5) * step, 10.0 + (np.arange(1000) + 0.5) * step * 10
    heights = 800.0 * np.sin(40.0 * np.radians(latitude))[:, None] + 3000.0 * (
        np.cos(np.radians(latitude))[:, None] * np.sin(np.radians(longitude))[None, :]
    )
    file = raster(
        tmp_path / "far.tif",
        heights.astype(np.float32),
        crs=CRS.from_user_input("IAU_2015:30100"),
        transform=Affine(step * 10, 0, 10.0, 0, -step, -83.0),
    )
    ground = map_at()

    far = read_far(file, ground, FarCut(size=20_000.0))

    assert far.pixel == 120.0
    assert off(far, ground) < 6.0


def test_without_a_size_all_around_the_map_is_taken(tmp_path: Path) -> None:
    file = product(tmp_path / "far.tif", middle=(ORIGIN[0] + 3000.0, ORIGIN[1]))

    far = read_far(file, map_at(), FarCut())

    assert (far.pixel, far.rows) == (100.0, 140)
    assert far.reach(400.0, 400.0) == 6750.0


def test_a_fine_file_is_made_coarse_by_the_mean(tmp_path: Path) -> None:
    ground = map_at((10.0, -10.0), pixel=20.0)
    level = float(heights_of(ground).mean())
    bumps = np.where(np.add(*np.mgrid[0:600, 0:600]) % 2, level + 9.0, level - 9.0).astype(np.float32)
    file = raster(tmp_path / "far.tif", bumps, crs=SOUTH_POLAR, transform=Affine(20, 0, -6000, 0, -20, 6000))

    far = read_far(file, ground, FarCut())

    assert far.pixel == 100.0
    # Of 25 pixels 13 are up and 12 are down, or the other way round.
    assert np.abs(far_heights_of(far) - level).max() <= 9.0 / 25.0 + STEP


@pytest.mark.parametrize(
    ("more", "cut", "fact"),
    [
        pytest.param({"middle": (0.0, 0.0)}, {}, "does not show the map's place, -84.620, 30.964", id="elsewhere"),
        pytest.param(
            {"side": 16}, {}, "1.6 km a side do not reach 8 heights of 100 m beyond the map's 0.41", id="small"
        ),
        pytest.param({}, {"size": 900.0}, "0.9 km a side do not reach", id="little"),
        pytest.param({}, {"size": 40_000.0}, "it lacks 75% of the 40 km around the map", id="wide"),
        pytest.param({}, {"pixel": 5.0}, "4,000 heights a side are more than 2,048", id="fine"),
        pytest.param({}, {"pixel": 2001.0}, "a height every 2001 m is too coarse", id="coarse"),
        pytest.param({"pixel": 2500.0}, {"pixel": 100.0}, "a height every 2500 m is too coarse", id="coarse-file"),
        pytest.param({"up": 500.0}, {}, "its ground lies 500 m over the map's", id="over"),
        pytest.param({"up": -60.0}, {}, "its ground lies 60 m under the map's", id="under"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_fact_and_what_to_do(
    tmp_path: Path, more: dict[str, float], cut: dict[str, float], fact: str
) -> None:
    file = product(tmp_path / "far.tif", **more)  # type: ignore[arg-type]

    with pytest.raises(ConfigError) as caught:
        read_far(file, map_at(), FarCut(**cut))

    assert caught.value.place == str(file)
    assert fact in caught.value.fact
    assert caught.value.remedy


def test_a_file_of_another_body_is_refused(tmp_path: Path) -> None:
    mars = "+proj=stere +lat_0=-90 +R=3396190 +units=m +type=crs"
    file = raster(
        tmp_path / "far.tif",
        np.zeros((99, 99), np.float32),
        crs=CRS.from_user_input(mars),
        transform=Affine(100, 0, 80_000, 0, -100, 145_000),
    )

    with pytest.raises(ConfigError, match=r"radius of 3396\.2 km"):
        read_far(file, map_at(), FarCut())


def test_a_map_without_a_place_has_nothing_around(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no map plane"):
        read_far(product(tmp_path / "far.tif"), replace(map_at(), crs=""), FarCut())


@pytest.mark.parametrize("wrong", [{"size": float("nan")}, {"size": -1.0}, {"pixel": 0.0}], ids=str)
def test_a_cut_of_no_numbers_cannot_be_made(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        FarCut(**wrong)
