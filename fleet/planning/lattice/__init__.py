"""Waypoints and lanes, and ways over them."""

from fleet.planning.lattice.arrays import Lattice
from fleet.planning.lattice.laying import default_spacing
from fleet.planning.lattice.roadmap import BUDGET, NOTHING, Lanes, Roadmap

__all__ = ["BUDGET", "NOTHING", "Lanes", "Lattice", "Roadmap", "default_spacing"]
