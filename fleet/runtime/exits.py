"""The way out of ground that was closed around a rover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely import Polygon

from fleet.core import Disc, Path, Point, Tick
from fleet.planning import RoadmapPlanner
from fleet.sdk import Plan
from fleet.terrain import Terrain, Zone
from fleet.traffic import CONTROL_MARGIN
from fleet.vehicles import VehicleClass

_SLACK: Final = 0.05  # Metres farther out than must be.
_STEP: Final = 2.0  # Metres between places around the ground that are looked at, at least,
_PLACES: Final = 96  # and so many of them at the most;
_TRIES: Final = 12  # ways are planned to so many.
_RETRY: Final = 30.0  # Seconds until a way out is looked for again; doubles each time,
_RETRY_LIMIT: Final = 480.0  # up to this.


class Exits:
    """Finds the shortest way out of closed ground for one rover, and says when to look again.

    Parameters
    ----------
    terrain
        What the rover believes of the ground.
    dt
        Seconds a tick.
    """

    def __init__(self, vehicle: VehicleClass, terrain: Terrain, dt: float) -> None:
        self.wake: Tick | None = None  #: When to look again.
        self._vehicle = vehicle
        self._terrain = terrain
        self._dt = dt
        self._room = vehicle.radius + CONTROL_MARGIN
        self._wait = _RETRY

    def begin(self, tick: Tick) -> None:
        """Look for ways out from now on."""
        self.wake, self._wait = tick, _RETRY

    def end(self) -> None:
        """Look for none any more."""
        self.wake = None

    def way(self, place: Point, zones: Sequence[Zone], avoid: Sequence[Disc], tick: Tick) -> Path | None:
        """Return the shortest way found from a place out of zones, keeping clear of ground of others."""
        self.wake = tick + max(1, round(self._wait / self._dt))
        self._wait = min(2.0 * self._wait, _RETRY_LIMIT)
        # As if nothing were closed: who is in closed ground may leave it by any way.
        open_ground = self._terrain.twin()
        open_ground.close(())
        planner = RoadmapPlanner(self._vehicle, open_ground)
        best: Plan | None = None
        for gap, goal in _places_around(place, zones, self._room + _SLACK)[:_TRIES]:
            if best is not None and best.length <= gap:
                break
            plan = planner.plan(place, goal, avoid)
            if isinstance(plan, Plan) and (best is None or plan.length < best.length):
                best = plan
        return best.path if best is not None else None


def _places_around(place: Point, zones: Sequence[Zone], room: float) -> list[tuple[float, Point]]:
    """Return places outside of zones by so much, the nearest first, with their distance."""
    # Arcs of 32 pieces to the circle lie within it by half a per cent of its radius.
    ground = shapely.union_all([zone.shape for zone in zones]).buffer(room * 1.01)
    spot = shapely.Point(place)
    found: list[tuple[float, Point]] = []
    for part in shapely.get_parts(ground):
        assert isinstance(part, Polygon)
        for ring in (part.exterior, *part.interiors):
            step = max(_STEP, ring.length / _PLACES)
            along = [ring.project(spot), *np.arange(0.0, ring.length, step).tolist()]
            for point in shapely.get_coordinates(ring.interpolate(along)).tolist():
                outer = (round(point[0], 3), round(point[1], 3))
                found.append((float(spot.distance(shapely.Point(outer))), outer))
    return sorted(found)
