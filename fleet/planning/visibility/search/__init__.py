"""Shortest ways between corners."""

from fleet.planning.visibility.search.kernels import shortest_way

__all__ = ["shortest_way"]
