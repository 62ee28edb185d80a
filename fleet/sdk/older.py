"""The surface of API 1, kept for plugins that were written against it.

API 1 had all names in `fleet.sdk`. API 2 keeps there what every agent needs; the rest is sorted by what it is about.
Old names are still found, with a warning that says where they are now.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from types import MappingProxyType
from typing import Final

API_VERSION: Final = 2  #: Of this surface; a plugin of an older one runs through this adapter.

_PLACES: Final = MappingProxyType(
    {
        "fleet.core": ("PluginError",),
        "fleet.sdk.events": (
            *("Arrived", "BatteryCrossed", "Blocked", "ChargeStopped", "EarthChanged", "HazardSeen", "LightChanged"),
            *("LinksChanged", "Observation", "StepDone", "WentDown", "Woke", "WorkStopped"),
        ),
        "fleet.sdk.ground": ("Hazard", "KnownHazard", "Sighting", "Terrain", "Zone", "bearing", "distance_to_path"),
        "fleet.sdk.joint": (
            *("JointPlan", "JointPlanner", "JointProblem", "LaneNetwork", "Mover", "Timing", "movers_of"),
        ),
        "fleet.sdk.machines": ("Endurance", "MissionTime", "VehicleClass", "warm_power"),
        "fleet.sdk.planning": ("QUICKEST", "SAFEST", "THRIFTIEST", "Objective"),
        "fleet.sdk.timed": (
            *("Demand", "Drive", "NoTimedPlan", "Outset", "Part", "Sample", "Serve", "TimedPlan", "TimedPlanner"),
            "Wait",
        ),
        "fleet.sdk.view": ("Travel",),
        "fleet.sdk.words": ("Distress", "HazardReport", "Message", "Step", "StopOrder", "TaskReport"),
    }
)
#: Where each name of API 1 is now that is not in `fleet.sdk` any more.
MOVED: Final = MappingProxyType({name: place for place, names in _PLACES.items() for name in names})


def __getattr__(name: str) -> object:
    """Return what `name` meant in API 1; `fleet.sdk` asks here for names that it does not have.

    Raises
    ------
    AttributeError
        When it never meant anything.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     from fleet.sdk import Blocked
    >>> print(told[0].message)
    fleet.sdk.Blocked is a name of API 1; import Blocked from fleet.sdk.events
    """
    place = MOVED.get(name)
    if place is None:
        raise AttributeError(f"module 'fleet.sdk' has no attribute {name!r}")
    told = f"fleet.sdk.{name} is a name of API 1; import {name} from {place}"
    warnings.warn(told, DeprecationWarning, stacklevel=2)
    return getattr(import_module(place), name)
