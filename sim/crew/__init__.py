"""Worker processes that share out work: each does one piece after another, and loads the hot loops once."""

from sim.crew.crew import RUNS, Craft, Crew, CrewError, Lost
from sim.crew.serving import serve

__all__ = ["RUNS", "Craft", "Crew", "CrewError", "Lost", "serve"]
