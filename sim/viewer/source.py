"""Where scenes come from: a recording that can be jumped about in, or a run that is going on."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from fleet.core import Point, RoverId, Tick
from fleet.moon import Almanac, link_budget
from fleet.moon.coverage import seen_from
from fleet.terrain import GroundMap, Terrain
from fleet.vehicles import catalogue
from sim.record import Diary
from sim.viewer.ground import GroundPicture
from sim.viewer.scene import Scene, Story, Subject

_BASE: Final = "change8-lander"  # where a fleet has no machine that stands
_LOW: Final = "metu-micro"


class SceneSource(Protocol):
    """What a window shows."""

    @property
    def ground(self) -> GroundMap:
        """The map under the fleet."""
        ...

    @property
    def live(self) -> bool:
        """Whether this is a run that is going on: then only its newest moment can be seen."""
        ...

    @property
    def span(self) -> tuple[Tick, Tick]:
        """The first and the last tick there is to see."""
        ...

    def poll(self) -> bool:
        """Take what is new, without waiting; whether there was anything."""
        ...

    def scene(self, tick: float) -> Scene:
        """Return the fleet at a tick, or between two."""
        ...

    def story(self, subject: Subject, tick: float) -> Story | None:
        """Return what there is to say of it; None where it is not known."""
        ...

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did and how it was, as far as that is known."""
        ...

    def control(self, do: str, **values: object) -> str:
        """Ask a run to ``pause``, ``resume``, change its ``rate``, or take an ``order`` or a ``fault``.

        Returns why it was not done; empty when it was. A recording need do nothing.
        """
        ...


class GroundSurveys:
    """What the almanac and the radios say of each cell of a map.

    Parameters
    ----------
    almanac
        Over the map.
    vehicles
        Names of the fleet's vehicle classes.
    """

    def __init__(self, terrain: Terrain, almanac: Almanac, vehicles: tuple[str, ...]) -> None:
        self._terrain = terrain
        self._almanac = almanac
        classes = [catalogue()[name] for name in sorted(set(vehicles)) if name in catalogue()]
        self._base = next((vehicle for vehicle in classes if not vehicle.can_drive), catalogue()[_BASE])
        driving = [vehicle for vehicle in classes if vehicle.can_drive] or [catalogue()[_LOW]]
        self._low = min(driving, key=lambda vehicle: (vehicle.antenna, vehicle.name))

    def permanent_shadow(self) -> NDArray[np.bool_]:
        """Return which cells the Sun never reaches, (H, W)."""
        return self._almanac.permanent_shadow()

    def heard(self, place: Point) -> NDArray[np.float64]:
        """Return what the radio carries from the base, which is at `place`, to the lowest antenna that drives."""
        terrain = self._terrain
        budget = link_budget(self._base, self._low)
        seen = seen_from(terrain.heights, terrain.pixel, place, self._base.antenna, self._low.antenna)
        rows, columns = terrain.heights.shape
        up = terrain.south + terrain.pixel * np.arange(rows) - place[1]
        right = terrain.west + terrain.pixel * np.arange(columns) - place[0]
        return np.where(seen, budget.rates(np.hypot(right[None, :], up[:, None])), 0.0)


def no_go(ground: GroundMap, vehicles: tuple[str, ...]) -> BaseGeometry | None:
    """Return the ground that the most cautious of these vehicle classes cannot drive; None when none of them drives."""
    classes = [catalogue()[name] for name in sorted(set(vehicles)) if name in catalogue()]
    driving = [vehicle for vehicle in classes if vehicle.can_drive]
    if not driving:
        return None
    cautious = min(driving, key=lambda vehicle: (vehicle.slope_limit, vehicle.clearance, vehicle.name))
    return Terrain(ground).forbidden(cautious)


def ground_picture(source: SceneSource) -> GroundPicture:
    """Return the picture of a source's ground: its light, the ground that cannot be driven, shadow and radio."""
    scene = source.scene(source.span[0])
    vehicles = tuple(rover.vehicle for rover in scene.rovers)
    terrain = Terrain(source.ground)
    almanac = Almanac.over(source.ground, scene.time, scene.end, terrain.heights)
    surveys = GroundSurveys(terrain, almanac, vehicles)
    return GroundPicture(source.ground, almanac.light_map, no_go(source.ground, vehicles), surveys)
