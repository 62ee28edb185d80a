"""Seeded lunar ground."""

from sim.generate.generate import generate_ground
from sim.generate.ground import Ground
from sim.generate.rocks import scatter_rocks
from sim.generate.soft import scatter_soft
from sim.generate.spec import CraterSpec, GroundSpec, LevelSpec, PatchSpec, RockSpec, SoftSpec

__all__ = [
    "CraterSpec",
    "Ground",
    "GroundSpec",
    "LevelSpec",
    "PatchSpec",
    "RockSpec",
    "SoftSpec",
    "generate_ground",
    "scatter_rocks",
    "scatter_soft",
]
