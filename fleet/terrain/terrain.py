"""What one rover believes about the ground: the orbital map, and the rocks it has met or heard of since."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import floor
from typing import TypeVar

from shapely import MultiPolygon

from fleet.core import Disc, Point
from fleet.terrain.forbidden import ForbiddenGround, rock_shape
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import Heights, height_between
from fleet.terrain.survey import Survey
from fleet.terrain.zone import Zone
from fleet.vehicles import VehicleClass

T = TypeVar("T")


class Terrain:
    """The ground as one rover believes it to be; it changes only when a rock is added.

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
    Too steep is a cell, a square of one pixel around its height.

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
        self._believe(Survey(ground), ())

    def _believe(self, survey: Survey, found: tuple[Disc, ...]) -> None:
        self._survey = survey
        self._found = list(found)
        self._known = {*survey.ground.rocks, *found}
        self._forbidden: dict[VehicleClass, tuple[int, ForbiddenGround]] = {}

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
        other._believe(self._survey, tuple(self._found))
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
    def rocks(self) -> tuple[Disc, ...]:
        """All rocks known: first those of the map, then the others in order of being added."""
        return (*self._survey.ground.rocks, *self._found)

    @property
    def found(self) -> tuple[Disc, ...]:
        """The rocks that were added, in order."""
        return tuple(self._found)

    @property
    def revision(self) -> int:
        """Counts the rocks that were added."""
        return len(self._found)

    def add_rock(self, disc: Disc) -> bool:
        """Believe in a rock from now on; False when it was known already."""
        if disc in self._known:
            return False
        self._known.add(disc)
        self._found.append(disc)
        return True

    def contains(self, point: Point) -> bool:
        """Whether the map has a height for this place."""
        return abs(point[0]) <= -self.west and abs(point[1]) <= -self.south

    def height(self, point: Point) -> float:
        """Return metres, bilinear between heights; off the map those of its border."""
        return height_between(self.heights, (point[0] - self.west) / self.pixel, (point[1] - self.south) / self.pixel)

    def tilt(self, point: Point) -> float:
        """Return radians of the steepest slope of the cell that the place lies in; off the map those of its border."""
        rows, columns = self.tilts.shape
        column = floor((point[0] - self.west) / self.pixel + 0.5)
        row = floor((point[1] - self.south) / self.pixel + 0.5)
        return float(self.tilts[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)])

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gave for `key` the first time that any twin asked.

        For what follows from the orbital map alone and is costly, such as a planner's graph; it must not be changed.
        """
        return self._survey.derived(key, make)

    def _forbidden_ground(self, vehicle: VehicleClass) -> ForbiddenGround:
        seen, ground = self._forbidden.get(vehicle) or (0, self._survey.forbidden(vehicle))
        if seen < self.revision:
            stopping = [rock_shape(rock) for rock in self._found[seen:] if rock.radius > vehicle.clearance]
            ground = ground.with_shapes(stopping) if stopping else ground
        self._forbidden[vehicle] = (self.revision, ground)
        return ground

    def forbidden(self, vehicle: VehicleClass) -> MultiPolygon:
        """Return the ground that no part of the vehicle may be over: too steep, rocks that stop it, keep-out zones."""
        return self._forbidden_ground(vehicle).shape

    def is_free(self, point: Point, vehicle: VehicleClass) -> bool:
        """Whether the vehicle's disc may stand there: wholly on the map and over no forbidden ground."""
        room = vehicle.radius
        on_map = abs(point[0]) + room <= -self.west and abs(point[1]) + room <= -self.south
        return on_map and self._forbidden_ground(vehicle).lets(point, room)
