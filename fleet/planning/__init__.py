"""Ways for one rover: the built-in planner, exact searches around polygons and over grids, a judge of plans."""

from fleet.planning.around import ShortestWays
from fleet.planning.grid import DIAGONAL, CostGrid, GridWay
from fleet.planning.lattice import Roadmap
from fleet.planning.planner import RoadmapPlanner
from fleet.planning.timed import TimedRoadmapPlanner
from fleet.planning.validation import validate_plan
from fleet.planning.visibility import ShortestWay, VisibilityRoadmap
from fleet.planning.warming import warm

__all__ = [
    "DIAGONAL",
    "CostGrid",
    "GridWay",
    "Roadmap",
    "RoadmapPlanner",
    "ShortestWay",
    "ShortestWays",
    "TimedRoadmapPlanner",
    "VisibilityRoadmap",
    "validate_plan",
    "warm",
]
