"""The view that is chosen when nobody has chosen one."""

from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st

from sim.viewer import Camera
from sim.viewer.framing import framed
from sim.viewer.hatching import eased

BLANK = Camera(x=0.0, y=0.0, scale=1.0, width=900, height=700)
METRES = st.floats(-2000.0, 2000.0)


@given(st.lists(st.tuples(METRES, METRES), min_size=1, max_size=12))
def test_all_points_are_in_view(points: list[tuple[float, float]]) -> None:
    places = [framed(BLANK, points).to_screen(point) for point in points]

    assert all(0 < x < 900 and 0 < y < 700 for x, y in places)


@given(st.lists(st.tuples(METRES, METRES), min_size=2, max_size=4, unique=True))
def test_the_compass_hides_none_where_there_is_another_way(points: list[tuple[float, float]]) -> None:
    plain, chosen = BLANK.fitted(_box(points), 0.1), framed(BLANK, points)

    assert _hidden(chosen, points) <= _hidden(plain, points)
    assert _hidden(framed(BLANK, [(-100.0, 100.0), (100.0, -100.0)]), [(-100.0, 100.0)]) == 0


def _box(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    across, up = [x for x, _ in points], [y for _, y in points]
    return (min(across), min(up), max(across), max(up))


def _hidden(view: Camera, points: list[tuple[float, float]]) -> int:
    return sum(x < 112 and y < 124 for x, y in map(view.to_screen, points))


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1))
def test_ground_of_cells_moves_less_than_a_cell_when_its_corners_are_cut(cells: set[tuple[int, int]]) -> None:
    ground = shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in cells])
    cut = eased(ground, 1.0)

    assert ground.hausdorff_distance(cut) <= 0.5
    assert cut.symmetric_difference(ground).area <= 0.13 * len(shapely.get_coordinates(ground))


def test_ground_without_any_that_is_too_steep_stays_so() -> None:
    assert eased(shapely.Polygon(), 3.0).is_empty
