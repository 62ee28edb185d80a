"""Laying lanes over ground: how dense, which of them a change touches, and how they are kept."""

from __future__ import annotations

from hashlib import sha256
from math import ceil, floor
from typing import Final, NamedTuple

import numpy as np
from shapely import Polygon

from fleet.core import Disc, stored
from fleet.core.compiled import compiled_folder
from fleet.planning.ground import Bytes, Ground, Leg
from fleet.planning.lattice.arrays import Costs, Lattice
from fleet.planning.lattice.kernels import lay_lanes
from fleet.terrain import Terrain

_FEWEST, _WIDEST = 2.0, 10.0  # Metres between waypoints.
_MOST_A_SIDE: Final = 1000
_WORTH_KEEPING: Final = 20_000  # Waypoints; fewer are laid sooner than read.


class Laid(NamedTuple):
    """Which waypoints are free, and what their lanes take."""

    free: Bytes  #: ``(N,)``
    seconds: Costs  #: ``(N, 8)``, infinite where there is no lane.
    joules: Costs  #: ``(N, 8)``

    def copy(self) -> Laid:
        """Return the same in other arrays."""
        return Laid(self.free.copy(), self.seconds.copy(), self.joules.copy())


def default_spacing(terrain: Terrain) -> float:
    """Return metres between waypoints that suit a map: about 200 a side, 2 to 10 m but on very large maps."""
    xmin, ymin, xmax, ymax = terrain.extent
    side = max(xmax - xmin, ymax - ymin)
    return max(min(max(terrain.pixel, side / 200.0), _WIDEST), _FEWEST, side / _MOST_A_SIDE)


def laid_over(ground: Ground, lattice: Lattice) -> Laid:
    """Return what is laid over all of a lattice; of large maps it is kept on disk."""
    count = lattice.rows * lattice.columns

    def compute() -> Costs:
        free = np.zeros(count, np.uint8)
        laid = np.full((2, count, 8), np.inf, np.float32)
        lay_lanes(ground, lattice, (0, lattice.rows - 1, 0, lattice.columns - 1), free, laid[0], laid[1])
        return np.concatenate([laid.ravel(), free.astype(np.float32)])

    table = compute() if count < _WORTH_KEEPING else stored("lanes", _made_from(ground, lattice), compute)
    seconds, joules = table[: 16 * count].reshape(2, count, 8)
    return Laid(table[16 * count :].astype(np.uint8), seconds, joules)


def _made_from(ground: Ground, lattice: Lattice) -> bytes:
    """Return all that decides lanes: the compiled code by its folder's name, the ground and the lattice."""
    parts = [compiled_folder(lay_lanes.__module__).name.encode(), repr(lattice).encode()]
    parts += [repr(np.shape(value)).encode() + np.ascontiguousarray(value).tobytes() for value in ground]
    return b"".join(sha256(part).digest() for part in parts)


def _span(first: float, last: float, spacing: float, count: int) -> range:
    """Return the rows or columns from one place to another, however far away they are.

    >>> _span(3.0, 11.0, 5.0, 3), _span(-1e300, -1e299, 5.0, 3), _span(-1e308, 1e308, 5.0, 3)
    (range(0, 3), range(0, 0), range(0, 3))
    """
    low = floor(min(max(first / spacing, 0.0), count))
    high = ceil(min(max(last / spacing, -1.0), count - 1.0))
    return range(low, max(low, high + 1))


def box_of(disc: Disc, reach: float) -> Leg:
    """Return least x and y, greatest x and y, within a reach of a disc's centre."""
    return (disc.x - reach, disc.y - reach, disc.x + reach, disc.y + reach)


def box_around(shape: Polygon, reach: float) -> Leg:
    """Return least x and y, greatest x and y, within a reach of a shape."""
    low_x, low_y, high_x, high_y = shape.bounds
    return (low_x - reach, low_y - reach, high_x + reach, high_y + reach)


def window_of(lattice: Lattice, box: Leg, more: float) -> tuple[int, int, int, int] | None:
    """Return first and last row and column of the waypoints in and next to a box, None when it is off the lattice."""
    rows = _span(box[1] - more - lattice.south, box[3] + more - lattice.south, lattice.spacing, lattice.rows)
    columns = _span(box[0] - more - lattice.west, box[2] + more - lattice.west, lattice.spacing, lattice.columns)
    return (rows[0], rows[-1], columns[0], columns[-1]) if len(rows) and len(columns) else None
