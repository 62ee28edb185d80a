"""The built-in planner for one rover, and an independent judge of plans."""

from fleet.planning.lattice import Roadmap
from fleet.planning.planner import RoadmapPlanner
from fleet.planning.validation import validate_plan
from fleet.planning.warming import warm

__all__ = ["Roadmap", "RoadmapPlanner", "validate_plan", "warm"]
