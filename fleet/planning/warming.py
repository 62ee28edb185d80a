"""Compilation ahead of need."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from fleet.core import Disc, MissionTime
from fleet.moon import Almanac
from fleet.planning.planner import RoadmapPlanner
from fleet.planning.timed import TimedRoadmapPlanner
from fleet.sdk.timed import Outset
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue


def warm() -> None:
    """Compile the kernels, or load them from the cache, by planning on a tiny ground."""
    flat = ground_map_from_heights(np.zeros((17, 17), np.float32), 2.0, latitude=-1.47, longitude=0.5, north=0.0)
    terrain = Terrain(flat)
    vehicle = replace(catalogue()["metu-micro"], name="warm")
    planner = RoadmapPlanner(vehicle, terrain)
    terrain.add_rock(Disc(x=0.0, y=0.0, radius=1.0))
    planner.plan((-8.0, 0.0), (8.0, 0.0), [Disc(x=-8.0, y=0.0, radius=0.5)])
    planner.costs((-8.0, 0.0), [(8.0, 0.0)])
    _warm_timed(planner, vehicle, terrain)


def _warm_timed(planner: RoadmapPlanner, vehicle: VehicleClass, terrain: Terrain) -> None:
    """Ask every search in time."""
    time = MissionTime(start=datetime(2029, 10, 24, tzinfo=UTC), dt=1.0)
    almanac = Almanac.over(terrain.ground, time, 3600, terrain.heights)
    timed = TimedRoadmapPlanner(planner, vehicle, terrain, almanac, time)
    timed.warm(Outset(point=(-8.0, 0.0), tick=0, charge=0.5 * vehicle.battery), (8.0, 0.0))
