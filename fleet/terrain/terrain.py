"""What one rover believes about the ground: the orbital map, and what it has met or heard of since."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely import Point as Spot

from fleet.core import Disc, Path, Point, RoverId
from fleet.terrain.forbidden import ForbiddenGround, rock_shape
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.hazard import BELIEVED, Hazard, KnownHazard, Sighting
from fleet.terrain.heights import Heights, height_between
from fleet.terrain.survey import Limit, Survey
from fleet.terrain.zone import Zone
from fleet.vehicles import VehicleClass

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What one rover has met or heard of beside the map."""

    known: tuple[KnownHazard, ...]  #: In order of being known.
    closed: tuple[Zone, ...]
    revision: int


class Terrain:
    """The ground as one rover believes it to be; it changes only when a hazard is noted, or ground closed.

    Parameters
    ----------
    ground
        The orbital map.

    Raises
    ------
    ValueError
        When the map is not what it says: wrong number of heights, or a zone that is no polygon.

    Notes
    -----
    A rock is a disc as high as its radius: it stops a vehicle when its radius is larger than the vehicle's clearance.
    Too steep or too rough is a cell, a square of one pixel around its height. Roughness is a limit of planning alone:
    it says how much the heights of a map leave out between them, and only what is really there stops a body. Soft
    ground stops a vehicle whose limit of slip it exceeds, and slows all others. A hazard counts when it is believed:
    `BELIEVED` or surer.

    Examples
    --------
    >>> import numpy as np
    >>> from fleet.terrain import ground_map_from_heights
    >>> flat = ground_map_from_heights(np.zeros((41, 41), "f4"), 5.0, latitude=-1.47, longitude=0.5, north=0.0)
    >>> terrain = Terrain(flat)
    >>> terrain.extent, terrain.add_rock(Disc(x=3.0, y=0.0, radius=0.8)), terrain.revision
    ((-100.0, -100.0, 100.0, 100.0), True, 1)
    """

    def __init__(self, ground: GroundMap) -> None:
        self._believe(Survey(ground), {})

    def _believe(self, survey: Survey, known: Mapping[Hazard, KnownHazard]) -> None:
        self._survey = survey
        self._mapped = frozenset(survey.ground.rocks)
        self._known = dict(known)
        self._revision = len(known)
        self._closed: tuple[Zone, ...] = ()
        self._forbidden: dict[VehicleClass, tuple[tuple[Disc, ...], ForbiddenGround]] = {}

    @property
    def belief(self) -> Belief:
        """All that is believed beside the map."""
        return Belief(known=tuple(self._known.values()), closed=self._closed, revision=self._revision)

    def believe(self, belief: Belief) -> None:
        """Believe that from now on, and nothing else beside the map."""
        self._known = {known.hazard: known for known in belief.known}
        self._closed = belief.closed
        self._revision = belief.revision
        self._forbidden.clear()

    def twin(self) -> Terrain:
        """Return another rover's belief: now the same, later its own. What the map gives is worked out once for both.

        >>> import numpy as np
        >>> from fleet.terrain import ground_map_from_heights
        >>> mine = Terrain(ground_map_from_heights(np.zeros((9, 9), "f4"), 5.0, latitude=0, longitude=0, north=0))
        >>> yours = mine.twin()
        >>> mine.add_rock(Disc(x=0.0, y=0.0, radius=1.0)), len(mine.rocks), len(yours.rocks)
        (True, 1, 0)
        """
        other = Terrain.__new__(Terrain)
        other._believe(self._survey, self._known)
        other.close(self._closed)
        return other

    @property
    def ground(self) -> GroundMap:
        """The orbital map."""
        return self._survey.ground

    @property
    def heights(self) -> Heights:
        """Metres, ``(H, W) float32``, read-only; row 0 is the lowest y."""
        return self._survey.heights

    @property
    def tilts(self) -> Heights:
        """Radians of the steepest slope at each height, ``(H, W) float32``, read-only."""
        return self._survey.tilts

    @property
    def pixel(self) -> float:
        """Metres between neighbouring heights."""
        return self._survey.ground.pixel

    @property
    def west(self) -> float:
        """The x of column 0."""
        return self._survey.west

    @property
    def south(self) -> float:
        """The y of row 0."""
        return self._survey.south

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Least x and y, greatest x and y that have a height."""
        return (self.west, self.south, -self.west, -self.south)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Named ground of the map."""
        return self._survey.zones

    @property
    def closed(self) -> tuple[Zone, ...]:
        """Ground that is closed for a while, beside the map's zones."""
        return self._closed

    def close(self, zones: Sequence[Zone]) -> None:
        """Take these zones, and no others beside those of the map, for ground that is not entered from now on."""
        if tuple(zones) != self._closed:
            self._closed = tuple(zones)
            self._forbidden.clear()
            self._revision += 1

    @property
    def rocks(self) -> tuple[Disc, ...]:
        """All rocks known: first those of the map, then the others in order of being added."""
        return (*self._survey.ground.rocks, *self.found)

    @property
    def found(self) -> tuple[Disc, ...]:
        """The rocks that are believed in beside the map's, in order of being known."""
        return tuple(hazard.disc for hazard in self._believed() if hazard.kind == "rock")

    @property
    def hazards(self) -> tuple[KnownHazard, ...]:
        """All that was seen, felt or told beside the map, with where it is known from, in order of being known."""
        return tuple(self._known.values())

    @property
    def revision(self) -> int:
        """Counts what was learned."""
        return self._revision

    def _believed(self) -> tuple[Hazard, ...]:
        return tuple(known.hazard for known in self._known.values() if known.sureness >= BELIEVED)

    def obstacles(self, vehicle: VehicleClass) -> tuple[Disc, ...]:
        """Return the ground found since that stops a vehicle, of whatever kind, in order of being known."""
        return tuple(hazard.disc for hazard in self._believed() if hazard.stops(vehicle))

    def soft(self, vehicle: VehicleClass) -> tuple[Hazard, ...]:
        """Return the soft ground known that slows a vehicle without stopping it, in order of being known."""
        return tuple(hazard for hazard in self._believed() if hazard.kind == "soft" and not hazard.stops(vehicle))

    def note(self, hazard: Hazard, sighting: Sighting) -> bool:
        """Learn of a hazard, or of one more who met it; False when that is no news."""
        if hazard.kind == "rock" and hazard.disc in self._mapped:
            return False
        known = self._known.get(hazard) or KnownHazard(hazard=hazard, sightings=())
        more = known.with_sighting(sighting)
        if more is None:
            return False
        self._known[hazard] = more
        self._revision += 1
        return True

    def add_rock(self, disc: Disc) -> bool:
        """Believe in a rock from now on, whoever met it; False when it was known already."""
        return self.note(Hazard(disc=disc), Sighting(by=RoverId(""), tick=0))

    def zone(self, name: str) -> Zone | None:
        """Return the zone of this id, None when there is none."""
        return next((zone for zone in self.zones if zone.id == name), None)

    def zones_at(self, point: Point) -> tuple[Zone, ...]:
        """Return the zones that a place lies in, borders included, in order of the map."""
        return tuple(zone for zone in self.zones if zone.shape.intersects(Spot(point)))

    def contains(self, point: Point) -> bool:
        """Whether the map has a height for this place."""
        return abs(point[0]) <= -self.west and abs(point[1]) <= -self.south

    def height(self, point: Point) -> float:
        """Return metres, bilinear between heights; off the map those of its border."""
        return height_between(self.heights, (point[0] - self.west) / self.pixel, (point[1] - self.south) / self.pixel)

    def tilt(self, point: Point) -> float:
        """Return radians of the steepest slope of the cell that the place lies in; off the map those of its border."""
        return self._of_cell(self.tilts, point)

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gave for `key` the first time that any twin asked.

        For what follows from the orbital map alone and is costly, such as a planner's graph; it must not be changed.
        """
        return self._survey.derived(key, make)

    def impassable(self, vehicle: VehicleClass) -> NDArray[np.bool_]:
        """Return the cells, ``(H, W)``, that are too steep or too rough for a vehicle; read-only."""
        return self._survey.impassable(vehicle)

    @property
    def roughnesses(self) -> Heights:
        """Metres off the plane around each height, root mean square, ``(H, W) float32``, read-only."""
        return self._survey.roughness

    def roughness(self, point: Point) -> float:
        """Return how far the ground around a place lies off its plane, root mean square, metres, as `tilt` does."""
        return self._of_cell(self._survey.roughness, point)

    def _of_cell(self, values: Heights, point: Point) -> float:
        rows, columns = values.shape
        column = floor((point[0] - self.west) / self.pixel + 0.5)
        row = floor((point[1] - self.south) / self.pixel + 0.5)
        return float(values[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)])

    def _forbidden_ground(self, vehicle: VehicleClass) -> ForbiddenGround:
        before, ground = self._forbidden.get(vehicle) or ((), self._unhazarded(vehicle))
        now = self.obstacles(vehicle)
        if now[: len(before)] != before:  # Something is no longer believed.
            before, ground = (), self._unhazarded(vehicle)
        ground = ground.with_shapes([rock_shape(disc) for disc in now[len(before) :]])
        self._forbidden[vehicle] = (now, ground)
        return ground

    def _unhazarded(self, vehicle: VehicleClass) -> ForbiddenGround:
        return self._survey.forbidden(vehicle).with_shapes([zone.shape for zone in self._closed])

    def forbidden(self, vehicle: VehicleClass) -> MultiPolygon:
        """Return the ground that no part of the vehicle may be over: steep, rough, what stops it, keep-out zones."""
        return self._forbidden_ground(vehicle).shape

    def forbidden_by(self, vehicle: VehicleClass) -> dict[Limit, MultiPolygon]:
        """Return the same ground by the limit that it exceeds; of different limits it may overlap."""
        shapes = {limit: list(parts) for limit, parts in self._survey.forbidden_by(vehicle).items()}
        shapes["keep-out"] += [zone.shape for zone in self._closed]
        for hazard in self._believed():
            if hazard.stops(vehicle):
                limit: Limit = "slope" if hazard.kind == "steep" else hazard.kind
                shapes[limit].append(rock_shape(hazard.disc))
        return {limit: MultiPolygon(ForbiddenGround([]).with_shapes(parts).parts) for limit, parts in shapes.items()}

    def is_free(self, point: Point, vehicle: VehicleClass) -> bool:
        """Whether the vehicle's disc may stand there: wholly on the map and over no forbidden ground."""
        room = vehicle.radius
        on_map = abs(point[0]) + room <= -self.west and abs(point[1]) + room <= -self.south
        return on_map and self._forbidden_ground(vehicle).lets(point, room)

    def are_free(self, points: NDArray[np.float64], vehicle: VehicleClass) -> NDArray[np.bool_]:
        """Whether the vehicle's disc may stand at each of ``(N, 2)`` points, as `is_free` says, ``(N,)``."""
        room = vehicle.radius
        on_map = (np.abs(points) + room <= (-self.west, -self.south)).all(axis=1)
        free: NDArray[np.bool_] = on_map & self._forbidden_ground(vehicle).lets_many(points, room)
        return free

    def are_clear(self, legs: NDArray[np.float64], vehicle: VehicleClass) -> NDArray[np.bool_]:
        """Whether the vehicle's disc may drive straight along each of ``(N, 4)`` legs, ends included, ``(N,)``."""
        on_map = self.are_free(legs[:, :2], vehicle) & self.are_free(legs[:, 2:], vehicle)
        clear: NDArray[np.bool_] = on_map & self._forbidden_ground(vehicle).lets_along(legs, vehicle.radius)
        return clear

    def is_clear(self, path: Path, vehicle: VehicleClass) -> bool:
        """Whether the vehicle's disc may drive along a path."""
        points = np.array(path, dtype=np.float64)
        return bool(self.are_clear(np.column_stack((points[:-1], points[1:])), vehicle).all())
