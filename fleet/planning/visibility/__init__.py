"""Shortest ways around polygons: visibility graphs, whole or looked for as a search needs them."""

from fleet.planning.visibility.arrays import Outlines, Sights
from fleet.planning.visibility.obstacles import checked
from fleet.planning.visibility.roadmap import ShortestWay, VisibilityRoadmap

__all__ = ["Outlines", "ShortestWay", "Sights", "VisibilityRoadmap", "checked"]
