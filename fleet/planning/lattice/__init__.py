"""Waypoints and lanes, and ways over them."""

from fleet.planning.lattice.arrays import Lattice
from fleet.planning.lattice.roadmap import Lanes, Roadmap, default_spacing

__all__ = ["Lanes", "Lattice", "Roadmap", "default_spacing"]
