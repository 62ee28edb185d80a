"""Compile the kernels of the world before they are needed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from fleet.core import AgencyId, MissionTime, Pose, RoverId
from fleet.messages import FollowPath
from fleet.terrain import ground_map_from_heights
from fleet.vehicles import catalogue
from sim.generate.ground import Ground
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world.world import World


def _tiny() -> Scenario:
    heights = np.zeros((8, 8), dtype=np.float32)
    ground = ground_map_from_heights(heights, 5.0, latitude=-1.47, longitude=0.5, north=0.0)
    rovers = tuple(
        RoverSpec(
            id=RoverId(name),
            title=name,
            agency=AgencyId("a"),
            vehicle=catalogue()["metu-micro"],
            agent="micro",
            pose=Pose(x=x, y=0.0, heading=0.0),
            charge=1.0,
        )
        for name, x in (("a", -5.0), ("b", 5.0))
    )
    return Scenario(
        name="tiny",
        title="",
        file="",
        text="",
        seed=0,
        time=MissionTime(start=datetime(2029, 11, 1, tzinfo=UTC), dt=1.0),
        end=10,
        frame_every=10,
        ground=Ground(map=ground, hidden_rocks=()),
        agencies=(),
        rovers=rovers,
        coordinator=rovers[0].id,
        docks=(),
        orders=(),
        stock={},
        radio_loss=0.0,
        expectations=(),
        planner="roadmap",
        allocator="auction",
        agent_deadline=10.0,
    )


def warm() -> None:
    """Compile on tiny ground; once done on a machine, the next process finds the compiled code."""
    world = World(_tiny())
    world.apply(RoverId("a"), FollowPath(path=((0.0, 0.0),)))
    world.advance(10)
