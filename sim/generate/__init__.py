"""How ground is made."""

from sim.generate.generate import generate_ground
from sim.generate.ground import Ground
from sim.generate.rocks import scatter_rocks
from sim.generate.spec import CraterSpec, GroundSpec, LevelSpec, RockSpec

__all__ = ["CraterSpec", "Ground", "GroundSpec", "LevelSpec", "RockSpec", "generate_ground", "scatter_rocks"]
