"""What an engine knows of a body, in the words of those who are told."""

from __future__ import annotations

from typing import Final

from fleet.core import TaskId
from fleet.messages import Activity, EarthWay
from fleet.vehicles import VehicleClass
from sim.world import columns as at
from sim.world.engine import BodyReading
from sim.world.values import BodyState

_ACTIVITIES: Final[tuple[Activity, ...]] = ("idle", "driving", "working", "charging", "lost", "asleep", "down")


def activity_of(body: BodyReading) -> Activity:
    """Return what a body does."""
    return _ACTIVITIES[body.activity]


def state_of(
    body: BodyReading, vehicle: VehicleClass, *, task: TaskId | None, payload: float, earth: EarthWay
) -> BodyState:
    """Return the truth of a rover.

    Parameters
    ----------
    payload
        Kilograms on board.
    """
    return BodyState(
        x=body.x,
        y=body.y,
        heading=body.heading,
        battery=body.battery / vehicle.battery,
        light=body.light,
        power=body.power,
        activity=activity_of(body),
        task=task,
        payload=payload,
        distance=body.distance,
        energy_used=body.used,
        min_battery=body.least / vehicle.battery,
        temperature=body.temperature,
        lost=body.activity == at.LOST,
        earth=earth,
    )
