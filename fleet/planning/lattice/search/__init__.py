"""Searches over the lattice."""

from fleet.planning.lattice.search.kernels import search, spread

__all__ = ["search", "spread"]
