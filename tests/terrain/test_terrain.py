"""What a rover believes about the ground."""

from dataclasses import replace
from math import atan, degrees, hypot, radians, sqrt
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import Disc
from fleet.terrain import GroundMap, MapZone, Terrain, Zone, ground_map_from_heights, roughness
from fleet.terrain.geotiff import read_ground
from fleet.vehicles import catalogue

ROVER = catalogue()["cnsa-rover"]
SHOEMAKER = Path(__file__).parents[2].parent / "shared" / "data" / "shoemaker_5m.tif"


def ground(heights: np.ndarray, pixel: float = 5.0, **more: object) -> GroundMap:
    return ground_map_from_heights(
        heights.astype(np.float32),
        pixel,
        latitude=-1.47,
        longitude=0.5,
        north=0.0,
        **more,  # type: ignore[arg-type]
    )


def plane(gradient_x: float, gradient_y: float, side: int = 21) -> np.ndarray:
    steps = np.arange(side) * 5.0
    return gradient_x * steps[None, :] + gradient_y * steps[:, None]


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(-49.0, 49.0), st.floats(-49.0, 49.0))
def test_a_plane_has_its_own_height_and_tilt_everywhere(gx: float, gy: float, x: float, y: float) -> None:
    terrain = Terrain(ground(plane(gx, gy)))

    assert terrain.height((x, y)) == pytest.approx(gx * (x + 50.0) + gy * (y + 50.0), abs=1e-4)
    assert terrain.tilt((x, y)) == pytest.approx(atan(hypot(gx, gy)), abs=1e-4)


def test_the_centre_of_the_grid_is_the_origin_and_rows_go_up() -> None:
    heights = np.zeros((3, 5))
    heights[2, 0] = 7.0

    terrain = Terrain(ground(heights))

    assert terrain.extent == (-10.0, -5.0, 10.0, 5.0)
    assert terrain.height((-10.0, 5.0)) == 7.0
    assert terrain.contains((10.0, -5.0))
    assert not terrain.contains((10.1, 0.0))


@pytest.mark.skipif(not SHOEMAKER.exists(), reason="the public LOLA crop is not beside the repository")
def test_the_real_shoemaker_rim_has_its_published_slopes() -> None:
    terrain = Terrain(read_ground(SHOEMAKER))

    tilts = np.degrees(terrain.tilts)

    assert np.median(tilts) == pytest.approx(4.3, abs=0.05)
    assert np.percentile(tilts, 95) == pytest.approx(13.4, abs=0.05)
    assert tilts.max() == pytest.approx(27.6, abs=0.05)


def test_a_cell_that_is_too_steep_is_forbidden_as_a_square_of_one_pixel() -> None:
    heights = np.zeros((21, 21))
    heights[10, 10] = 10.0

    terrain = Terrain(ground(heights))

    assert degrees(terrain.tilt((5.0, 0.0))) == pytest.approx(45.0)
    assert terrain.tilt((0.0, 0.0)) == 0.0
    cells = [shapely.box(x - 2.5, y - 2.5, x + 2.5, y + 2.5) for x, y in ((5, 0), (-5, 0), (0, 5), (0, -5))]
    assert terrain.forbidden(replace(ROVER, roughness_limit=100.0)).equals(shapely.union_all(cells))


def test_only_rocks_higher_than_the_clearance_are_forbidden() -> None:
    terrain = Terrain(ground(np.zeros((21, 21)), rocks=(Disc(x=0.0, y=0.0, radius=ROVER.clearance),)))

    assert terrain.forbidden(ROVER).is_empty
    assert not terrain.forbidden(replace(ROVER, clearance=0.1)).is_empty


def test_keep_out_zones_are_forbidden_and_other_zones_are_not() -> None:
    outline = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
    zones = (MapZone(id="pad", kind="keep-out", outline=outline), MapZone(id="site", kind="site", outline=outline))

    with_both = Terrain(ground(np.zeros((21, 21)), zones=zones))
    with_site = Terrain(ground(np.zeros((21, 21)), zones=zones[1:]))

    assert with_both.forbidden(ROVER).area == pytest.approx(50.0)
    assert with_site.forbidden(ROVER).is_empty
    assert [zone.is_keep_out for zone in with_both.zones] == [True, False]


def test_a_rock_counts_once() -> None:
    terrain = Terrain(ground(np.zeros((21, 21)), rocks=(Disc(x=1.0, y=0.0, radius=2.0),)))

    assert not terrain.add_rock(Disc(x=1.0, y=0.0, radius=2.0))
    assert terrain.add_rock(Disc(x=9.0, y=0.0, radius=2.0))
    assert not terrain.add_rock(Disc(x=9.0, y=0.0, radius=2.0))
    assert terrain.revision == 1
    assert terrain.rocks == (Disc(x=1.0, y=0.0, radius=2.0), Disc(x=9.0, y=0.0, radius=2.0))


def test_a_twin_shares_what_is_known_but_learns_alone() -> None:
    terrain = Terrain(ground(np.zeros((21, 21))))
    terrain.add_rock(Disc(x=1.0, y=0.0, radius=2.0))

    twin = terrain.twin()
    twin.add_rock(Disc(x=20.0, y=0.0, radius=2.0))

    assert twin.heights is terrain.heights
    assert (len(terrain.rocks), len(twin.rocks)) == (1, 2)
    assert len(terrain.forbidden(ROVER).geoms) == 1
    assert len(twin.forbidden(ROVER).geoms) == 2


# In millimetres: unions of shapes that lie 1e-83 m apart are wrong in GEOS, by which the truth is told here.
millimetres = st.integers(-60_000, 60_000).map(lambda number: number / 1000.0)
rocks = st.builds(Disc, x=millimetres, y=millimetres, radius=st.floats(0.0, 8.0))
places = st.tuples(st.floats(-60, 60), st.floats(-60, 60))


@settings(max_examples=60, deadline=None)
@given(st.lists(rocks, max_size=12), st.lists(rocks, max_size=6), places, st.integers(0, 2**32 - 1))
def test_forbidden_ground_is_valid_and_a_body_is_free_exactly_where_it_overlaps_none(
    known: list[Disc], found: list[Disc], place: tuple[float, float], bits: int
) -> None:
    heights = np.zeros((21, 21))
    heights.flat[:32] = [20.0 * (bits >> bit & 1) for bit in range(32)]
    heights = np.roll(heights, 9 * 21)
    pad = MapZone(id="pad", kind="keep-out", outline=((0.0, 0.0), (10.0, 0.0), (10.0, 10.0)))
    terrain = Terrain(ground(heights, rocks=tuple(known), zones=(pad,)))
    terrain.forbidden(ROVER)
    for rock in found:
        terrain.add_rock(rock)

    forbidden = terrain.forbidden(ROVER)

    rough = roughness(terrain.heights, 5.0) > ROVER.roughness_limit
    rows, columns = np.nonzero((terrain.tilts > ROVER.slope_limit) | rough)
    cells = shapely.box(columns * 5 - 52.5, rows * 5 - 52.5, columns * 5 - 47.5, rows * 5 - 47.5)
    discs = [
        shapely.Point(rock.x, rock.y).buffer(rock.radius) for rock in (*known, *found) if rock.radius > ROVER.clearance
    ]
    truth = shapely.union_all([*cells, *discs, shapely.Polygon(pad.outline)])
    assert forbidden.is_valid
    by_limit = terrain.forbidden_by(ROVER)
    assert all(part.is_valid for part in by_limit.values())
    assert shapely.union_all(list(by_limit.values())).symmetric_difference(forbidden).area < 1e-6
    assert forbidden.buffer(1e-6).covers(truth)
    assert forbidden.area <= truth.area * 1.05 + 1e-6
    gap = forbidden.distance(shapely.Point(place))
    inside = max(abs(place[0]), abs(place[1])) + ROVER.radius <= 50.0
    if abs(gap - ROVER.radius) > 1e-6:
        assert terrain.is_free(place, ROVER) == (inside and gap > ROVER.radius)


def test_a_point_like_vehicle_is_free_outside_of_forbidden_ground_only() -> None:
    terrain = Terrain(ground(np.zeros((21, 21)), rocks=(Disc(x=0.0, y=0.0, radius=2.0),)))
    point_like = replace(ROVER, radius=0.0)

    assert not terrain.is_free((0.0, 1.0), point_like)
    assert terrain.is_free((0.0, 3.0), point_like)


@pytest.mark.parametrize(
    "outline",
    [
        pytest.param(((0.0, 0.0), (1.0, 0.0)), id="two points"),
        pytest.param(((0.0, 0.0), (1.0, 0.0), (2.0, 0.0)), id="no area"),
        pytest.param(((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)), id="crosses itself"),
        pytest.param(((0.0, 0.0), (1.0, 0.0), (float("nan"), 1.0)), id="not finite"),
    ],
)
def test_a_zone_that_is_no_polygon_is_refused_by_name(outline: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="zone pad"):
        Zone.of(MapZone(id="pad", kind="keep-out", outline=outline))


@pytest.mark.parametrize(
    ("heights", "pixel", "fact"),
    [
        pytest.param(np.zeros(4), 5.0, "grid", id="one dimension"),
        pytest.param(np.zeros((1, 4)), 5.0, "grid", id="one row"),
        pytest.param(np.zeros((4, 4)), 0.0, "pixel", id="no pixel"),
        pytest.param(np.full((4, 4), np.nan), 5.0, "finite", id="not finite"),
    ],
)
def test_heights_that_are_no_grid_are_refused(heights: np.ndarray, pixel: float, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        ground(heights, pixel)


def test_a_map_with_too_few_heights_is_refused() -> None:
    good = ground(np.zeros((4, 4)))
    bad = GroundMap(**{name: getattr(good, name) for name in good.__struct_fields__} | {"heights": good.heights[:-4]})

    with pytest.raises(ValueError, match="need 64 bytes, got 60"):
        Terrain(bad)


def test_heights_and_tilts_cannot_be_written() -> None:
    terrain = Terrain(ground(np.zeros((4, 4))))

    for array in (terrain.heights, terrain.tilts):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1.0


def test_tilt_is_the_steepest_slope_not_that_along_an_axis() -> None:
    diagonal = Terrain(ground(plane(0.1, 0.1)))

    assert diagonal.tilt((0.0, 0.0)) == pytest.approx(atan(0.1 * sqrt(2.0)), abs=1e-6)
    assert diagonal.tilt((0.0, 0.0)) < radians(20.0)
