"""The roadmap of one vehicle class: waypoints on a lattice, and the lanes it can drive between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from fleet.core import Disc, Point
from fleet.planning.ground import (
    Bytes,
    Floats,
    Ground,
    Indices,
    Leg,
    ground_for,
    heights_at,
    with_closed,
    with_rocks,
    with_soft,
)
from fleet.planning.lattice.arrays import Costs, Lattice
from fleet.planning.lattice.kernels import RIGHT, UP, block_lanes, connect, lay_lanes, lay_risks, reach
from fleet.planning.lattice.laying import Laid, box_around, box_of, default_spacing, laid_over, window_of
from fleet.planning.lattice.search import search, spread
from fleet.planning.weighing import NEAR, Weights
from fleet.terrain import ROCK_REACH, Hazard, Terrain
from fleet.vehicles import VehicleClass

if TYPE_CHECKING:
    import networkx as nx  # loaded by those only who look at the graph: it takes a tenth of a second


#: Waypoints and what they cost from the start, those and what is left from them to the goal, and x and y of the goal.
Trip: TypeAlias = tuple[Indices, Floats, Indices, Floats, float, float]
NOTHING: Final = np.empty(0, np.uint8)  #: No lane is blocked.
BUDGET: Final = 50_000_000  #: Waypoints that a search takes up before it gives up.


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes in compressed sparse rows: those from waypoint ``i`` are ``start[i]`` to ``start[i + 1]``."""

    start: NDArray[np.int64]  #: ``(N + 1,)``.
    to: NDArray[np.int64]  #: Waypoint at the end.
    length: Floats  #: Metres on the level.
    climb: Floats  #: Mean slope along the lane, radians, uphill positive.
    seconds: Floats
    joules: Floats  #: With hotel load and heaters.


@dataclass(frozen=True, slots=True)
class _Origin:
    """The orbital map as a vehicle sees it."""

    bare: Ground
    zones: tuple[Polygon, ...]  #: Its keep-out zones.


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found since."""

    rocks: tuple[Disc, ...] = ()
    soft: tuple[Hazard, ...] = ()
    closed: tuple[Polygon, ...] = ()


def _differing(some: Sequence[Polygon], others: Sequence[Polygon]) -> list[Polygon]:
    return [shape for shape in (*some, *others) if not (shape in some and shape in others)]


class Roadmap:
    """Waypoints and lanes of one vehicle class over one belief; it never changes, what is found gives another.

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

    def __init__(self, ground: Ground, lattice: Lattice, laid: Laid, origin: _Origin) -> None:
        self.ground = ground
        self.lattice = lattice
        #: Lanes that were looked at to make this roadmap from the one before; all lanes at first.
        self.looked_at = 8 * lattice.rows * lattice.columns
        self._laid = laid
        self._free, self._seconds, self._joules = laid
        self._risks: Costs | None = None
        self._origin, self._found = origin, _Found()
        self._weighed: dict[Weights, Costs] = {}

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
        zones = tuple(zone.shape for zone in terrain.zones if zone.is_keep_out)
        return cls(ground, lattice, laid_over(ground, lattice), _Origin(ground, zones))

    def with_found(
        self, rocks: Sequence[Disc] = (), soft: Sequence[Hazard] = (), closed: Sequence[Polygon] = ()
    ) -> Roadmap:
        """Return the roadmap over the orbital map with this found since, and nothing else; see `looked_at`.

        Parameters
        ----------
        rocks
            What stops the vehicle.
        soft
            Ground that slows it.
        closed
            No-go zones, beside the map's keep-out zones.

        Notes
        -----
        Only lanes near what differs are laid anew; all is as if it had been laid so from the start.
        """
        found = _Found(tuple(rocks), tuple(soft), tuple(closed))
        bare, room = self._origin.bare, self.ground.room
        ground = with_closed(bare, self._origin.zones, found.closed) if found.closed else bare
        ground = with_soft(with_rocks(ground, found.rocks), found.soft, ground.radius)
        boxes = [
            *(box_of(rock, ROCK_REACH * rock.radius + room) for rock in set(found.rocks) ^ set(self._found.rocks)),
            *(box_of(one.disc, one.disc.radius + ground.radius) for one in set(found.soft) ^ set(self._found.soft)),
            *(box_around(shape, room) for shape in _differing(found.closed, self._found.closed)),
        ]
        return self._laid_anew(ground, found, sorted(boxes))

    def _laid_anew(self, ground: Ground, found: _Found, boxes: Sequence[Leg]) -> Roadmap:
        """Return the roadmap over changed ground; it changed within these boxes: least x and y, greatest x and y."""
        laid = self._laid.copy()
        windows = [window for box in boxes if (window := window_of(self.lattice, box, 0.0)) is not None]
        looked_at = [lay_lanes(ground, self.lattice, window, *laid) for window in windows]
        changed = Roadmap(ground, self.lattice, laid, self._origin)
        changed._found, changed.looked_at = found, sum(looked_at)
        if self._risks is not None:
            risks = self._risks.copy()
            # How near a hazard is counts from further away than whether it is in the way.
            for window in [window for box in boxes if (window := window_of(self.lattice, box, NEAR)) is not None]:
                lay_risks(ground, self.lattice, window, laid.seconds, risks)
            changed._risks = risks
        return changed

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

    def weighed(self, weights: Weights) -> Costs:
        """Return what each lane costs, ``(N, 8)`` by directions counter-clockwise from east, infinite where none is."""
        if weights.time == 1.0 and weights.energy == weights.risk == 0.0:
            return self._seconds
        if weights not in self._weighed:
            costs = np.where(np.isfinite(self._seconds), 0.0, np.inf).astype(np.float32)
            for weight, values in ((weights.time, self._seconds), (weights.energy, self._joules)):
                if weight > 0.0:
                    costs += np.float32(weight) * values
            if weights.risk > 0.0:
                costs += np.float32(weights.risk) * self.risks
            self._weighed = {weights: costs}
        return self._weighed[weights]

    @property
    def risks(self) -> Costs:
        """Seconds at risk of each lane, ``(N, 8)`` like `weighed`; laid when first asked for."""
        if self._risks is None:
            lattice = self.lattice
            risks = np.full((len(self), 8), np.inf, np.float32)
            lay_risks(self.ground, lattice, (0, lattice.rows - 1, 0, lattice.columns - 1), self._seconds, risks)
            self._risks = risks
        return self._risks

    def way(
        self, trip: Trip, weights: Weights, blocked: Bytes = NOTHING, *, budget: int = BUDGET
    ) -> tuple[Floats | None, bool]:
        """Return ``(n, 2)`` waypoints of the cheapest way between joined places, None when none was found.

        Also returns whether the budget, in waypoints that are taken up, was spent.
        """
        nodes, is_spent = search(self.lattice, self.weighed(weights), blocked, *trip, weights.least, budget)
        return self.waypoints_of(nodes) if len(nodes) else None, bool(is_spent)

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
    def lane_risks(self) -> Floats:
        """``(L,)`` seconds at risk of `lanes`."""
        risks: Floats = self.risks[np.isfinite(self._seconds)].astype(np.float64)
        return risks

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
