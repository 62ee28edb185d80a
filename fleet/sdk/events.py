"""What happens to a rover, as `view.observation.events` tells its mind, and what it senses.

Each is told once, in the order of happening; match on the types that concern the mind and leave out the rest.

Examples
--------
>>> events = (LightChanged(lit=False), BatteryCrossed(level="low"))
>>> [event.level for event in events if isinstance(event, BatteryCrossed)]
['low']
"""

from fleet.messages import (
    Activity,
    Arrived,
    BatteryCrossed,
    Blocked,
    ChargeStopped,
    EarthChanged,
    Event,
    Froze,
    HazardSeen,
    LightChanged,
    LinksChanged,
    Observation,
    Slept,
    StepDone,
    TowBegan,
    TowEnded,
    WentDown,
    Woke,
    WorkStopped,
)

__all__ = [
    "Activity",
    "Arrived",
    "BatteryCrossed",
    "Blocked",
    "ChargeStopped",
    "EarthChanged",
    "Event",
    "Froze",
    "HazardSeen",
    "LightChanged",
    "LinksChanged",
    "Observation",
    "Slept",
    "StepDone",
    "TowBegan",
    "TowEnded",
    "WentDown",
    "Woke",
    "WorkStopped",
]
