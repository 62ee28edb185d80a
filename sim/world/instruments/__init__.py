"""What was set up on the ground: instruments with power, heat and a state of their own."""

from sim.world.instruments.instruments import Instruments

__all__ = ["Instruments"]
