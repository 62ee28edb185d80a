"""The true ground as drives meet it: heights, tilt, every rock whether mapped or not, and soft ground."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from fleet.core import Disc, Point
from fleet.messages import HazardSeen
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass
from sim.generate.ground import Ground
from sim.world.arrays import HeightArray
from sim.world.course.hidden import Hidden, Sight, denied_in, felt_in, seen_by, steeper_than_the_map
from sim.world.course.kernels import sample_run
from sim.world.course.rocks import Rocks


class Site:
    """The ground of a world.

    Notes
    -----
    A rock is as high as its radius, so it stops a vehicle whose clearance is smaller. Where the true relief is finer
    than the map, wheels drive over the true one.
    """

    def __init__(self, ground: Ground) -> None:
        self._belief = Terrain(ground.map)
        self.map_heights: HeightArray = self._belief.heights
        self._truth = terrain = self._belief if ground.relief is None else Terrain(ground.relief)
        self.heights: HeightArray = terrain.heights
        self.pixel = float(terrain.pixel)
        self.west, self.south = float(terrain.west), float(terrain.south)
        self.extent = terrain.extent
        self._tilts: HeightArray = terrain.tilts
        self.soft = ground.soft
        self._soft = Rocks(tuple(patch.disc for patch in ground.soft))
        self._ground = ground
        self._rocks: dict[float, Rocks] = {}
        self._seen: dict[VehicleClass, Hidden] = {}
        self._obstacles: dict[str, Disc] = {}
        self.felt = felt_in(ground)
        self.denied = denied_in(ground)

    def lay(self, obstacles: Mapping[str, Disc]) -> None:
        """Let these rocks, by what they are called, and no others lie there beside those of the ground."""
        if obstacles != self._obstacles:
            self._obstacles = dict(obstacles)
            self._rocks.clear()
            self._seen.clear()

    def rocks(self, clearance: float) -> Rocks:
        """Return the rocks that stop a vehicle of this clearance."""
        if clearance not in self._rocks:
            rocks = (*self._ground.map.rocks, *self._ground.hidden_rocks, *self._obstacles.values())
            self._rocks[clearance] = Rocks(tuple(rock for rock in rocks if rock.radius > clearance))
        return self._rocks[clearance]

    def seen(self, vehicle: VehicleClass) -> Hidden:
        """Return what no map shows and such a vehicle sees when it comes near."""
        if vehicle not in self._seen:
            finer = self._truth is not self._belief
            steep = steeper_than_the_map(self._belief, self._truth, vehicle.slope_limit) if finer else ()
            self._seen[vehicle] = seen_by(self._ground, vehicle, steep, self._obstacles)
        return self._seen[vehicle]

    def about(self, vehicle: VehicleClass, place: Point) -> tuple[list[Sight], list[HazardSeen]]:
        """Return what no map shows and such a vehicle sees from there; nothing for one that does not drive."""
        if not vehicle.can_drive:
            return [], []
        hidden = self.seen(vehicle)
        near = hidden.discs.around(place, vehicle.sensor_range)
        return [hidden.sights[index] for index in near], [hidden.told[index] for index in near]

    @property
    def patches(self) -> Rocks:
        """Soft ground, in the order of `soft`, as discs to be met."""
        return self._soft

    def slowing(self, start: Point, unit: Point, length: float, reach: float) -> tuple[tuple[float, float, float], ...]:
        """Return the pieces of a straight run within `reach` of soft ground: metres where it begins and ends, slip."""
        found = []
        for patch in self.soft:
            wx, wy = patch.disc.x - start[0], patch.disc.y - start[1]
            along, limit = wx * unit[0] + wy * unit[1], patch.disc.radius + reach
            square = limit * limit - (wx * wx + wy * wy - along * along)
            if square > 0.0 and along + sqrt(square) > 0.0 and along - sqrt(square) < length:
                found.append((max(0.0, along - sqrt(square)), min(length, along + sqrt(square)), patch.slip))
        return tuple(found)

    def profile(self, start: Point, end: Point, pieces: int) -> tuple[list[float], list[float]]:
        """Return heights and tilts at the ends of even pieces of a straight run."""
        heights, tilts = sample_run(self.heights, self._tilts, self.west, self.south, self.pixel, start, end, pieces)
        return heights.tolist(), tilts.tolist()

    def room(self, start: Point, unit: Point) -> float:
        """Return how far one can go from `start` before the map ends."""
        x_min, y_min, x_max, y_max = self.extent
        room = float("inf")
        for value, step, low, high in ((start[0], unit[0], x_min, x_max), (start[1], unit[1], y_min, y_max)):
            if step > 0.0:
                room = min(room, (high - value) / step)
            elif step < 0.0:
                room = min(room, (low - value) / step)
        return max(0.0, room)
