"""Where scenes come from: a recording that can be jumped about in, or a run that is going on."""

from __future__ import annotations

from typing import Protocol

from shapely.geometry.base import BaseGeometry

from fleet.core import MissionTime, RoverId, TaskId, Tick
from fleet.moon import Almanac
from fleet.terrain import GroundMap, Terrain
from fleet.vehicles import catalogue
from sim.record import Diary
from sim.viewer.ground import GroundPicture, LightMap
from sim.viewer.scene import Scene, Story


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

    def story(self, subject: tuple[RoverId | None, TaskId | None], tick: float) -> Story | None:
        """Return what there is to say of a rover or else a task; None where it is not known."""
        ...

    def diary(self, rover: RoverId) -> Diary:
        """Return what a rover did and how it was, as far as that is known."""
        ...

    def control(self, do: str, **values: object) -> str:
        """Ask a run to ``pause``, ``resume``, change its ``rate``, or take an ``order`` or a ``fault``.

        Returns why it was not done; empty when it was. A recording need do nothing.
        """
        ...


def sunlight(ground: GroundMap, time: MissionTime, end: Tick) -> LightMap:
    """Return the map of light over a ground; the horizon behind it is worked out when it is first asked."""
    terrain = Terrain(ground)
    almanac = Almanac.over(ground, time, end, terrain.heights)
    return almanac.light_map


def no_go(ground: GroundMap, vehicles: tuple[str, ...]) -> BaseGeometry | None:
    """Return the ground that the most cautious of these vehicle classes cannot drive; None when none of them drives."""
    classes = [catalogue()[name] for name in sorted(set(vehicles)) if name in catalogue()]
    driving = [vehicle for vehicle in classes if vehicle.can_drive]
    if not driving:
        return None
    cautious = min(driving, key=lambda vehicle: (vehicle.slope_limit, vehicle.clearance, vehicle.name))
    return Terrain(ground).forbidden(cautious)


def ground_picture(source: SceneSource) -> GroundPicture:
    """Return the picture of a source's ground, with its light and the ground that cannot be driven."""
    scene = source.scene(source.span[0])
    vehicles = tuple(rover.vehicle for rover in scene.rovers)
    return GroundPicture(source.ground, sunlight(source.ground, scene.time, scene.end), no_go(source.ground, vehicles))
