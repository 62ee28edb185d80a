"""Cheapest ways over grids of costs."""

from fleet.planning.grid.cost_grid import DIAGONAL, CostGrid, GridWay

__all__ = ["DIAGONAL", "CostGrid", "GridWay"]
