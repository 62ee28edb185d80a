"""Worlds to learn in: a PettingZoo and a Gymnasium environment; they come with ``pip install 'moonfleet[rl]'``."""

from sim.learning.parallel import RoversEnv
from sim.learning.single import RoverEnv
from sim.learning.world import Course

__all__ = ["Course", "RoverEnv", "RoversEnv"]
