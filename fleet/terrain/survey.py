"""The orbital map, unpacked once and shared by all who believe in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from fleet.terrain.forbidden import ForbiddenGround, cell_shapes, rock_shape
from fleet.terrain.ground_map import GroundMap
from fleet.terrain.heights import heights_of
from fleet.terrain.surface import roughness, slope
from fleet.terrain.zone import Zone
from fleet.vehicles import VehicleClass

T = TypeVar("T")

#: Why ground is forbidden: the limit that it exceeds or, of keep-out zones, that people say so.
Limit: TypeAlias = Literal["slope", "roughness", "rock", "soft", "keep-out"]


class Survey:
    """A map as arrays and shapes. It never changes, so what is derived from it is kept.

    Raises
    ------
    ValueError
        When the map is not what it says: wrong number of heights, or a zone that is no polygon.
    """

    def __init__(self, ground: GroundMap) -> None:
        self.ground = ground
        self.heights = heights_of(ground)
        self.tilts = slope(self.heights, ground.pixel)
        self.tilts.flags.writeable = False
        self.roughness = roughness(self.heights, ground.pixel)
        self.roughness.flags.writeable = False
        self.west = -(ground.columns - 1) / 2.0 * ground.pixel
        self.south = -(ground.rows - 1) / 2.0 * ground.pixel
        self.zones = tuple(Zone.of(zone) for zone in ground.zones)
        self._derived: dict[Hashable, Any] = {}

    def derived(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gave for `key` the first time."""
        if key not in self._derived:
            self._derived[key] = make()
        kept: T = self._derived[key]
        return kept

    def impassable(self, vehicle: VehicleClass) -> NDArray[np.bool_]:
        """Return the cells, ``(H, W)``, that are too steep or too rough for a vehicle; read-only."""

        def make() -> NDArray[np.bool_]:
            cells = self._too_steep(vehicle) | self._too_rough(vehicle)
            cells.flags.writeable = False
            return cells

        return self.derived(("impassable", vehicle.slope_limit, vehicle.roughness_limit), make)

    def _too_steep(self, vehicle: VehicleClass) -> NDArray[np.bool_]:
        return np.asarray(self.tilts > vehicle.slope_limit)

    def _too_rough(self, vehicle: VehicleClass) -> NDArray[np.bool_]:
        return np.asarray(self.roughness > vehicle.roughness_limit)

    def forbidden(self, vehicle: VehicleClass) -> ForbiddenGround:
        """Return what the map itself forbids a vehicle."""
        return self.derived(
            ("forbidden", vehicle.slope_limit, vehicle.roughness_limit, vehicle.clearance),
            lambda: self._make_forbidden(vehicle),
        )

    def _make_forbidden(self, vehicle: VehicleClass) -> ForbiddenGround:
        cells = self._shapes_of(self.impassable(vehicle))
        return ForbiddenGround(cells).with_shapes([*self._rocks(vehicle), *self._keep_out])

    def forbidden_by(self, vehicle: VehicleClass) -> Mapping[Limit, tuple[Polygon, ...]]:
        """Return the same by the limit that each part exceeds; parts of different limits may overlap."""
        return self.derived(
            ("forbidden by", vehicle.slope_limit, vehicle.roughness_limit, vehicle.clearance),
            lambda: {
                "slope": self._shapes_of(self._too_steep(vehicle)),
                "roughness": self._shapes_of(self._too_rough(vehicle)),
                "rock": self._rocks(vehicle),
                "soft": (),
                "keep-out": self._keep_out,
            },
        )

    def _shapes_of(self, cells: NDArray[np.bool_]) -> tuple[Polygon, ...]:
        return cell_shapes(cells, self.ground.pixel, self.west, self.south)

    def _rocks(self, vehicle: VehicleClass) -> tuple[Polygon, ...]:
        return tuple(rock_shape(rock) for rock in self.ground.rocks if rock.radius > vehicle.clearance)

    @property
    def _keep_out(self) -> tuple[Polygon, ...]:
        return tuple(zone.shape for zone in self.zones if zone.is_keep_out)
