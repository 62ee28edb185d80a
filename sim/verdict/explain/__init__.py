"""Why things went as they did, read from what was recorded."""

from sim.verdict.explain.auctions import Auction, auctions_of
from sim.verdict.explain.rover import RoverStory, explain_rover
from sim.verdict.explain.task import Stop, TaskStory, explain_task
from sim.verdict.explain.text import rover_lines, task_lines

__all__ = [
    "Auction",
    "RoverStory",
    "Stop",
    "TaskStory",
    "auctions_of",
    "explain_rover",
    "explain_task",
    "rover_lines",
    "task_lines",
]
