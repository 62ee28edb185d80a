"""The owner of truth."""

from sim.world.values import BodyState, EnergyLedger, WorldCollision, WorldTask
from sim.world.warm import warm
from sim.world.world import World

__all__ = ["BodyState", "EnergyLedger", "World", "WorldCollision", "WorldTask", "warm"]
