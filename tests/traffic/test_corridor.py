"""Ground as numbers agrees with ground as shapes."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from fleet.core import Disc
from fleet.traffic import Pieces, crossings, disc_pieces, ground_shape, room, segment_pieces

# Coarse numbers, so that touching, parallel and zero-length pieces are common.
_NUMBER = st.integers(-20, 20).map(lambda number: number / 2.0)
_PIECE = st.tuples(_NUMBER, _NUMBER, _NUMBER, _NUMBER, st.sampled_from([0.5, 1.0, 2.25]))
_PIECES = st.lists(_PIECE, min_size=1, max_size=6).map(lambda rows: np.array(rows, dtype=np.float64))


@given(_PIECES, _PIECES)
def test_grounds_cross_when_their_lines_are_nearer_than_both_radii(first: Pieces, second: Pieces) -> None:
    lines, others = ([shapely.LineString(row[:4].reshape(2, 2)) for row in rows] for rows in (first, second))
    gaps = np.array([[line.distance(other) for other in others] for line in lines])
    reach = first[:, None, 4] + second[None, :, 4]
    assume(not np.any((np.abs(gaps - reach) < 2e-6) & (np.abs(gaps - reach) > 1e-9)))

    found = crossings(first, second)

    assert np.array_equal(found, gaps < reach - 1e-8)


@given(_PIECES, _PIECES)
def test_crossing_does_not_depend_on_who_is_asked(first: Pieces, second: Pieces) -> None:
    assert np.array_equal(crossings(first, second), crossings(second, first).T)


def test_nothing_crosses_no_ground() -> None:
    way = segment_pieces(((0.0, 0.0), (1.0, 0.0)), 1.0)

    assert crossings(way, disc_pieces([])).shape == (1, 0)
    assert crossings(disc_pieces([]), way).shape == (0, 1)


@given(_PIECES, _NUMBER, _NUMBER)
def test_a_disc_of_the_room_lies_in_the_ground(pieces: Pieces, x: float, y: float) -> None:
    radius = room(pieces, (x, y))
    assume(radius > 0.0)

    # The shape's round ends are polygons, which lie inside of the circle by less than 0.5 %.
    assert shapely.covers(shapely.buffer(ground_shape(pieces), 0.02), shapely.Point(x, y).buffer(radius))


@given(_PIECES, st.integers(0, 5))
def test_at_a_waypoint_the_body_lies_in_the_segment_that_begins_there(rows: Pieces, index: int) -> None:
    path = tuple((float(row[0]), float(row[1])) for row in np.concatenate((rows, rows)))
    segment = min(index, len(path) - 2)
    pieces = segment_pieces(path, 1.5)

    assert room(pieces[segment : segment + 1], path[segment]) == 1.5


def test_parked_ground_is_a_disc() -> None:
    shape = ground_shape(disc_pieces([Disc(x=3.0, y=4.0, radius=2.0)]))

    assert shapely.distance(shapely.centroid(shape), shapely.Point(3.0, 4.0)) < 1e-9
    assert abs(shapely.area(shape) / (4.0 * np.pi) - 1.0) < 0.01
