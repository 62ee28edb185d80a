"""Compilation ahead of need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fleet.core import Disc
from fleet.planning.planner import RoadmapPlanner
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import catalogue


def warm() -> None:
    """Compile the kernels, or load them from the cache, by planning on a tiny ground."""
    flat = ground_map_from_heights(np.zeros((17, 17), np.float32), 2.0, latitude=-1.47, longitude=0.5, north=0.0)
    terrain = Terrain(flat)
    vehicle = replace(catalogue()["metu-micro"], name="warm")
    planner = RoadmapPlanner(vehicle, terrain)
    terrain.add_rock(Disc(x=0.0, y=0.0, radius=1.0))
    planner.plan((-8.0, 0.0), (8.0, 0.0), [Disc(x=-8.0, y=0.0, radius=0.5)])
    planner.costs((-8.0, 0.0), [(8.0, 0.0)])
