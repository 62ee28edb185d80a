"""The roadmap of one vehicle class: waypoints on a lattice, and the lanes it can drive between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil, floor
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Point, stored
from fleet.core.compiled import compiled_folder
from fleet.planning.ground import Bytes, Floats, Ground, Indices, ground_for, heights_at, with_rocks, with_soft
from fleet.planning.lattice.arrays import Costs, Lattice
from fleet.planning.lattice.kernels import RIGHT, UP, block_lanes, connect, lay_lanes, reach, search, spread
from fleet.terrain import Hazard, Terrain
from fleet.vehicles import VehicleClass

if TYPE_CHECKING:
    import networkx as nx  # loaded by those only who look at the graph: it takes a tenth of a second

_FEWEST, _WIDEST = 2.0, 10.0  # Metres between waypoints.
_MOST_A_SIDE: Final = 1000
_WORTH_KEEPING: Final = 20_000  # Waypoints; fewer are laid sooner than read.


def default_spacing(terrain: Terrain) -> float:
    """Return metres between waypoints that suit a map: about 200 a side, 2 to 10 m but on very large maps."""
    xmin, ymin, xmax, ymax = terrain.extent
    side = max(xmax - xmin, ymax - ymin)
    return max(min(max(terrain.pixel, side / 200.0), _WIDEST), _FEWEST, side / _MOST_A_SIDE)


def _laid(ground: Ground, lattice: Lattice) -> tuple[Bytes, Costs, Costs]:
    """Return which waypoints are free, and the seconds and joules of all lanes; of large maps kept on disk."""
    count = lattice.rows * lattice.columns

    def compute() -> Costs:
        free = np.zeros(count, np.uint8)
        laid = np.full((2, count, 8), np.inf, np.float32)
        lay_lanes(ground, lattice, (0, lattice.rows - 1, 0, lattice.columns - 1), free, laid[0], laid[1])
        return np.concatenate([laid.ravel(), free.astype(np.float32)])

    table = compute() if count < _WORTH_KEEPING else stored("lanes", _made_from(ground, lattice), compute)
    seconds, joules = table[: 16 * count].reshape(2, count, 8)
    return table[16 * count :].astype(np.uint8), seconds, joules


def _made_from(ground: Ground, lattice: Lattice) -> bytes:
    """Return all that decides lanes: the compiled code by its folder's name, the ground and the lattice."""
    parts = [compiled_folder(lay_lanes.__module__).name.encode(), repr(lattice).encode()]
    parts += [repr(np.shape(value)).encode() + np.ascontiguousarray(value).tobytes() for value in ground]
    return b"".join(sha256(part).digest() for part in parts)


def _span(middle: float, around: float, spacing: float, count: int) -> range:
    """Return the rows or columns that lie within `around` of a place, however far away or wide that is.

    >>> _span(7.0, 4.0, 5.0, 3), _span(-1e300, 1.0, 5.0, 3), _span(1e300, 1e308, 5.0, 3)
    (range(0, 3), range(0, 0), range(0, 3))
    """
    low = floor(min(max((middle - around) / spacing, 0.0), count))
    high = ceil(min(max((middle + around) / spacing, -1.0), count - 1.0))
    return range(low, max(low, high + 1))


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes in compressed sparse rows: those from waypoint ``i`` are ``start[i]`` to ``start[i + 1]``."""

    start: NDArray[np.int64]  #: ``(N + 1,)``.
    to: NDArray[np.int64]  #: Waypoint at the end.
    length: Floats  #: Metres on the level.
    climb: Floats  #: Mean slope along the lane, radians, uphill positive.
    seconds: Floats
    joules: Floats  #: With hotel load and heaters.


class Roadmap:
    """Waypoints and lanes of one vehicle class over one belief; it never changes, more rocks give another.

    A waypoint is free where the vehicle's disc and a margin touch nothing forbidden; a lane leads to each of its eight
    neighbours that it can be driven to straight, with that margin and without too steep a climb.

    Examples
    --------
    >>> from fleet.terrain import ground_map_from_heights
    >>> from fleet.vehicles import catalogue
    >>> flat = ground_map_from_heights(np.zeros((21, 21), "f4"), 1.0, latitude=-1.47, longitude=0.5, north=0.0)
    >>> roadmap = Roadmap.over(Terrain(flat), catalogue()["metu-micro"], spacing=5.0)
    >>> roadmap.graph.number_of_nodes(), roadmap.graph.number_of_edges()
    (16, 84)
    """

    def __init__(self, ground: Ground, lattice: Lattice, free: Bytes, seconds: Costs, joules: Costs) -> None:
        self.ground = ground
        self.lattice = lattice
        self._free, self._seconds, self._joules = free, seconds, joules
        #: Least seconds a metre on any ground.
        self._fastest = float(ground.pace[:, 0].min()) * (1.0 - 1e-6)

    @classmethod
    def over(cls, terrain: Terrain, vehicle: VehicleClass, *, spacing: float | None = None) -> Roadmap:
        """Return the roadmap over the orbital map, without the rocks found since."""
        ground = ground_for(vehicle, terrain)
        step = spacing or default_spacing(terrain)
        columns = floor(-2.0 * (terrain.west + ground.room) / step) + 1
        rows = floor(-2.0 * (terrain.south + ground.room) / step) + 1
        if columns < 1 or rows < 1:
            columns = rows = 1
        lattice = Lattice(
            west=-(columns - 1) / 2.0 * step,
            south=-(rows - 1) / 2.0 * step,
            spacing=step,
            rows=rows,
            columns=columns,
        )
        return cls(ground, lattice, *_laid(ground, lattice))

    def with_rocks(self, rocks: Sequence[Disc]) -> Roadmap:
        """Return the roadmap with more rocks that stop the vehicle; only lanes near them are laid anew."""
        ground = with_rocks(self.ground, rocks)
        return self._laid_anew(
            ground, [(x, y, r + ground.room) for x, y, _, _, r in ground.capsules[len(self.ground.capsules) :]]
        )

    def with_soft(self, soft: Sequence[Hazard]) -> Roadmap:
        """Return the roadmap with this soft ground, and no other, slowing the vehicle."""
        ground = with_soft(self.ground, soft, self.ground.radius)
        return self._laid_anew(ground, [(x, y, r) for x, y, r, _ in (*self.ground.soft, *ground.soft)])

    def _laid_anew(self, ground: Ground, places: Sequence[tuple[float, float, float]]) -> Roadmap:
        """Return the roadmap over changed ground; it changed around these places, x, y and reach."""
        free, seconds, joules = self._free.copy(), self._seconds.copy(), self._joules.copy()
        lattice = self.lattice
        for x, y, around in places:
            rows = _span(y - lattice.south, around, lattice.spacing, lattice.rows)
            columns = _span(x - lattice.west, around, lattice.spacing, lattice.columns)
            if len(rows) and len(columns):
                window = (rows[0], rows[-1], columns[0], columns[-1])
                lay_lanes(ground, lattice, window, free, seconds, joules)
        return Roadmap(ground, lattice, free, seconds, joules)

    def __len__(self) -> int:
        return len(self._free)

    @property
    def waypoints(self) -> Floats:
        """``(N, 2)`` x and y of all places of the lattice, free or not."""
        return self.waypoints_of(np.arange(len(self), dtype=np.int32))

    @property
    def free(self) -> NDArray[np.bool_]:
        """``(N,)`` whether the vehicle may stand there."""
        return self._free.astype(np.bool_)

    def block(self, avoid: Floats) -> Bytes:
        """Return the lanes on which the vehicle would come too near to discs, as `search` wants them."""
        return block_lanes(self.lattice, avoid, self.ground.room) if len(avoid) else np.empty(0, np.uint8)

    def join(self, place: Point, avoid: Floats, *, room: float, outward: bool) -> tuple[Indices, Floats]:
        """Return waypoints near a place that a straight drive joins to it, and seconds and joules of each."""
        nodes, costs = connect(self.ground, self.lattice, self._free, avoid, place[0], place[1], room, outward)
        return nodes, costs

    def way(
        self, blocked: Bytes, starts: tuple[Indices, Floats], goals: tuple[Indices, Floats], goal: Point
    ) -> Floats | None:
        """Return ``(n, 2)`` waypoints of the quickest way between joined places, None when there is none."""
        nodes = search(self.lattice, self._seconds, blocked, *starts, *goals, *goal, self._fastest)
        return self.waypoints_of(nodes) if len(nodes) else None

    def waypoints_of(self, nodes: Indices) -> Floats:
        """Return ``(n, 2)`` x and y of waypoints by number."""
        rows, columns = np.divmod(nodes, self.lattice.columns)
        corner = (self.lattice.west, self.lattice.south)
        points: Floats = np.stack([columns, rows], axis=1) * self.lattice.spacing + np.array(corner)
        return points

    def costs_from(self, starts: tuple[Indices, Floats]) -> Floats:
        """Return ``(N, 2)`` seconds and joules from a joined place to each waypoint, infinite where there is no way."""
        costs: Floats = spread(self.lattice, self._seconds, self._joules, *starts)
        return costs

    def reach(self, costs: Floats, places: Floats, radius: float) -> NDArray[np.bool_]:
        """Return which places, ``(n, 2)``, are soon seen to be joined to a waypoint with finite `costs`."""
        seconds = np.ascontiguousarray(costs[:, 0])
        near: NDArray[np.bool_] = reach(self.ground, self.lattice, self._free, seconds, places, radius)
        return near

    @cached_property
    def lanes(self) -> Lanes:
        """All lanes as arrays."""
        node, direction = np.nonzero(np.isfinite(self._seconds))
        to = node + UP[direction] * self.lattice.columns + RIGHT[direction]
        length = self.lattice.spacing * np.where(direction % 2 == 0, 1.0, np.sqrt(2.0))
        heights = heights_at(self.ground, self.waypoints)
        return Lanes(
            start=np.searchsorted(node, np.arange(len(self) + 1)).astype(np.int64),
            to=to.astype(np.int64),
            length=length,
            climb=np.arctan2(heights[to] - heights[node], length),
            seconds=self._seconds[node, direction].astype(np.float64),
            joules=self._joules[node, direction].astype(np.float64),
        )

    @cached_property
    def graph(self) -> nx.DiGraph[int]:
        """The free waypoints (``x``, ``y``) and lanes (``length``, ``climb``, ``time``, ``energy``) as a graph."""
        import networkx as nx  # noqa: PLC0415 - see above

        graph: nx.DiGraph[int] = nx.DiGraph()
        points, lanes = self.waypoints.tolist(), self.lanes
        graph.add_nodes_from(
            (node, {"x": points[node][0], "y": points[node][1]}) for node in np.flatnonzero(self._free).tolist()
        )
        sources = np.repeat(np.arange(len(self)), np.diff(lanes.start))
        columns = (sources, lanes.to, lanes.length, lanes.climb, lanes.seconds, lanes.joules)
        for a, b, length, climb, time, energy in zip(*(column.tolist() for column in columns), strict=True):
            graph.add_edge(a, b, length=length, climb=climb, time=time, energy=energy)
        return graph
