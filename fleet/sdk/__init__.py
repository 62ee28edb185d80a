"""The plugin surface: what every agent, planner and allocator needs.

What some need is beside it: `fleet.sdk.skills` (ready to use), `fleet.sdk.events`, `fleet.sdk.words`,
`fleet.sdk.ground`, `fleet.sdk.machines`, `fleet.sdk.planning`, `fleet.sdk.timed`, `fleet.sdk.joint`, `fleet.sdk.view`,
and `fleet.sdk.testing`. Names of API 1 are still found here, with a warning.
"""

from fleet.core import EVERYONE, Disc, Path, Point, Pose, RoverId, TaskId, Tick, distance
from fleet.messages import (
    Announcement,
    Bid,
    Bids,
    Charge,
    Command,
    FollowPath,
    Sleep,
    Stop,
    Task,
    Turn,
    Work,
)
from fleet.sdk.older import API_VERSION
from fleet.sdk.older import __getattr__ as __getattr__
from fleet.sdk.planning import NoPlan, Plan
from fleet.sdk.ports import Agent, AgentContext, Allocator, Planner, Resumable
from fleet.sdk.view import AgentView, Decision, Outgoing

__all__ = [
    "API_VERSION",
    "EVERYONE",
    "Agent",
    "AgentContext",
    "AgentView",
    "Allocator",
    "Announcement",
    "Bid",
    "Bids",
    "Charge",
    "Command",
    "Decision",
    "Disc",
    "FollowPath",
    "NoPlan",
    "Outgoing",
    "Path",
    "Plan",
    "Planner",
    "Point",
    "Pose",
    "Resumable",
    "RoverId",
    "Sleep",
    "Stop",
    "Task",
    "TaskId",
    "Tick",
    "Turn",
    "Work",
    "distance",
]
