"""What minds are made of, ready to use; our own are made of it.

Most skills have `onward(view)`: what to do now, or None when there is nothing to do. `first_of` asks several in turn.
"""

from fleet.sdk.skills.bidding import Bidding
from fleet.sdk.skills.charging import Charging, Sleeping
from fleet.sdk.skills.deciding import Skill, first_of
from fleet.sdk.skills.driving import Driving
from fleet.sdk.skills.going import Following, GoTo, Homing
from fleet.sdk.skills.prudence import Prudence
from fleet.sdk.skills.relaying import Relaying
from fleet.sdk.skills.schedule import Schedule
from fleet.sdk.skills.upkeep import Upkeep
from fleet.sdk.skills.working import Working

__all__ = [
    "Bidding",
    "Charging",
    "Driving",
    "Following",
    "GoTo",
    "Homing",
    "Prudence",
    "Relaying",
    "Schedule",
    "Skill",
    "Sleeping",
    "Upkeep",
    "Working",
    "first_of",
]
