"""What a rover's body can be told to do; each command replaces the one before."""

from __future__ import annotations

from math import isfinite

import msgspec

from fleet.core import Path, RoverId, TaskId, Tick, is_finite


class _Command(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """An order to the rover's own body."""


class FollowPath(_Command, frozen=True):
    """Drive along a path, turning on the spot at its corners."""

    path: Path  #: At least one waypoint; the first may be where the rover stands.
    report: tuple[int, ...] = ()  #: Waypoints whose passing is to be told, as indices, ascending.

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("FollowPath.path needs a waypoint")
        if not is_finite(self.path):
            raise ValueError("FollowPath.path has a number that is not finite")
        if any(not 0 <= index < len(self.path) for index in self.report):
            raise ValueError("FollowPath.report names a waypoint that the path does not have")


class Stop(_Command, frozen=True):
    """Stand still and do nothing."""


class Turn(_Command, frozen=True):
    """Turn on the spot, then stand: to let the panels face the Sun."""

    heading: float

    def __post_init__(self) -> None:
        if not isfinite(self.heading):
            raise ValueError(f"Turn.heading must be finite, got {self.heading!r}")


class Work(_Command, frozen=True):
    """Do the next step of a task, here."""

    task: TaskId


class Charge(_Command, frozen=True):
    """Draw energy from a machine beside the rover until full."""

    source: RoverId


class PutDown(_Command, frozen=True):
    """Stand still, give up tasks that were begun and put down what is on board for them: others may do them now."""

    tasks: tuple[TaskId, ...]


class Sleep(_Command, frozen=True):
    """Sleep until any of these comes true: on little power, deaf and dumb, on the ground where the rover stands."""

    until: Tick | None = None  #: Wake at this tick.
    on_light: bool = True  #: Wake when the place is lit; at once, where it is.
    at_charge: float | None = None  #: Wake when the battery has so much, 0 to 1.

    def __post_init__(self) -> None:
        if self.until is None and not self.on_light and self.at_charge is None:
            raise ValueError("Sleep needs something to wake for: until, on_light or at_charge")
        if self.at_charge is not None and not 0.0 <= self.at_charge <= 1.0:
            raise ValueError(f"Sleep.at_charge must be within 0 to 1, got {self.at_charge!r}")


Command = FollowPath | Stop | Turn | Work | Charge | PutDown | Sleep
