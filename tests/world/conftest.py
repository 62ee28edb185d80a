"""Small scenes, made directly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from fleet.core import AgencyId, Disc, MissionTime, Pose, RoverId
from fleet.messages import Event
from fleet.terrain import ground_map_from_heights
from fleet.vehicles import VehicleClass, catalogue
from sim.generate.ground import Ground
from sim.scenario.scenario import RoverSpec, Scenario
from sim.world import World

MakeRover = Callable[..., RoverSpec]
MakeScenario = Callable[..., Scenario]
NOON = datetime(2028, 11, 1, 6, tzinfo=UTC)  # The Sun stands 6.5 degrees high at the place of the scenes.


@pytest.fixture(scope="session")
def make_rover() -> MakeRover:
    """Return a maker of rovers: id, class name or vehicle, place; figures of the class may be replaced."""

    def make(
        rover: str,
        vehicle: str | VehicleClass = "metu-micro",
        at: tuple[float, float] = (0.0, 0.0),
        *,
        heading: float = 0.0,
        charge: float = 1.0,
        **figures: object,
    ) -> RoverSpec:
        kind = catalogue()[vehicle] if isinstance(vehicle, str) else vehicle
        return RoverSpec(
            id=RoverId(rover),
            title=rover,
            agency=AgencyId("a"),
            vehicle=replace(kind, **figures),  # type: ignore[arg-type]  # figures of many types
            agent="micro",
            pose=Pose(x=at[0], y=at[1], heading=heading),
            charge=charge,
        )

    return make


@pytest.fixture(scope="session")
def make_scenario() -> MakeScenario:
    """Return a maker of scenarios: rovers on level ground of 41 by 41 heights, 5 m apart, unless told otherwise."""

    def make(
        rovers: Sequence[RoverSpec],
        *,
        heights: NDArray[np.float32] | None = None,
        rocks: Sequence[Disc] = (),
        hidden: Sequence[Disc] = (),
        stock: dict[str, float] | None = None,
        dt: float = 1.0,
        start: datetime = NOON,
        end: int = 100_000,
    ) -> Scenario:
        grid = np.zeros((41, 41), dtype=np.float32) if heights is None else heights
        ground = ground_map_from_heights(grid, 5.0, latitude=-1.4765, longitude=0.541, north=0.0, rocks=rocks)
        return Scenario(
            name="scene",
            title="",
            file="",
            text="",
            seed=1,
            time=MissionTime(start=start, dt=dt),
            end=end,
            frame_every=600,
            ground=Ground(map=ground, hidden_rocks=tuple(hidden)),
            agencies=(),
            rovers=tuple(rovers),
            coordinator=rovers[0].id,
            docks=(),
            orders=(),
            stock=stock or {},
            radio_loss=0.0,
            expectations=(),
            planner="roadmap",
            allocator="auction",
            agent_deadline=10.0,
        )

    return make


@pytest.fixture(scope="session")
def happenings() -> Callable[[World, int], list[tuple[int, str, Event]]]:
    """Return a function that runs a world to a tick and gives tick, rover and event of all that happened."""

    def run(world: World, until: int) -> list[tuple[int, str, Event]]:
        told: list[tuple[int, str, Event]] = []
        while world.tick < until:
            world.advance(until)
            told += [(world.tick, rover, event) for rover, event in world.take_events()]
            world.take_changes()
        return told

    return run
