"""Plans in time for one rover: with light, charge and waits."""

from fleet.planning.timed.planner import TimedRoadmapPlanner

__all__ = ["TimedRoadmapPlanner"]
