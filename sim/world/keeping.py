"""The truth as bytes, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fleet.core import Freezer, FreezingError
from sim.scenario.scenario import Scenario

_ROOMS: Final = ("fleet.core", "fleet.messages", "fleet.moon", "fleet.vehicles", "sim.scenario", "sim.world")


def anchors_of(scenario: Scenario) -> dict[str, object]:
    """Return a scenario and its tasks by name: they are the same whenever it is run, and so are not put away."""
    return {"scenario": scenario, **{f"task {order.task.id}": order.task for order in scenario.orders}}


class WorldKeeper:
    """Puts away what is true in one world, and has another of the same scenario be as it was.

    Parameters
    ----------
    fixed
        What a world is made of and never changes, by name, beside the scenario.
    """

    def __init__(self, scenario: Scenario, fixed: Mapping[str, object]) -> None:
        vehicles = {f"vehicle {spec.id}": spec.vehicle for spec in scenario.rovers}
        self._fixed = {**anchors_of(scenario), "law": scenario.law, **vehicles, **fixed}

    def freeze(self, world: object) -> bytes:
        """Return what is true in a world."""
        return self._freezer(world).freeze(vars(world))

    def thaw(self, world: object, data: bytes) -> None:
        """Have a new world be as one was.

        Raises
        ------
        FreezingError
            When that is not what `freeze` gave.
        """
        state = self._freezer(world).thaw(data)
        if not isinstance(state, dict) or state.keys() != vars(world).keys():
            raise FreezingError("state", "is of no world")
        vars(world).update(state)

    def _freezer(self, world: object) -> Freezer:
        return Freezer(rooms=_ROOMS, anchors={**self._fixed, "world": world, "keeper": self})
