"""What rovers say to agree on who leads, and what a new leader must know: ground and work that others may have."""

from __future__ import annotations

from math import isfinite

import msgspec

from fleet.core import Disc, Path, RoverId, TaskId, is_finite
from fleet.messages.body import Content
from fleet.messages.bulletin import Bulletin


class Holding(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """The ground that a rover holds: what it stands on, or segments of its plan."""

    plan: int  #: Its latest plan; plans before are over, and this one too where `path` is empty.
    start: Disc  #: What it stood on when the plan began, or stands on now; held until segment 1 is reached.
    path: Path = ()  #: Of the plan, up to the last waypoint that may be driven to.
    radius: float = 0.0  #: Half the width of the corridor.
    returned: int = 0  #: Segments before this waypoint are given back.
    whole: bool = True  #: Nothing of the plan was still to be granted.

    def __post_init__(self) -> None:
        if not is_finite(self.path):
            raise ValueError("Holding.path has a number that is not finite")
        if self.path and not (len(self.path) > 1 and isfinite(self.radius) and self.radius > 0.0):
            raise ValueError(f"Holding.path needs two waypoints and a radius > 0, got {self.radius!r}")
        if not 0 <= self.returned <= max(0, len(self.path) - 1):
            raise ValueError(f"Holding.returned must be a waypoint of its path, got {self.returned}")


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """The most that a rover may hold, as another knows it."""

    rover: RoverId
    holding: Holding


class TaskNote(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """How a task stands, as one rover knows it."""

    task: TaskId
    round: int  #: Of the auction in which it was last awarded.
    rover: RoverId | None  #: Who has it or did it; None when it was given back.
    done: bool = False


class Call(Content, frozen=True):
    """The leader is silent: who leads in this epoch? Whoever misses it calls too, and the best gets the pledges."""

    epoch: int
    fitness: float  #: By the rule of the scenario; the greater is the better.

    def __post_init__(self) -> None:
        if not isfinite(self.fitness):
            raise ValueError(f"Call.fitness must be finite, got {self.fitness!r}")


class Pledge(Content, frozen=True):
    """From this epoch on I follow you, and nobody of an earlier one; this is what I hold, and what I know of others."""

    epoch: int
    holding: Holding
    claims: tuple[Claim, ...]
    notes: tuple[TaskNote, ...]
    bulletin: Bulletin | None = None  #: What mission control has in force, as far as I know.


class Leading(Content, frozen=True):
    """I lead in this epoch; who has not pledged to me yet does so."""

    epoch: int


class Heartbeat(Content, frozen=True):
    """I am still here, and lead; wakes nobody."""

    epoch: int


class Standing(Content, frozen=True):
    """My plans up to this one are over, and I hold but this ground; wakes nobody."""

    plan: int
    ground: Disc

    def holding(self) -> Holding:
        """Return the ground that its sender holds."""
        return Holding(plan=self.plan, start=self.ground)


class Witness(Content, frozen=True):
    """Keep in mind what a rover is about to get, and tell me when you do: others may ask you when I am gone."""

    epoch: int
    number: int  #: Counts up, one leader's.
    claim: Claim | None = None
    note: TaskNote | None = None


class Witnessed(Content, frozen=True):
    """I keep in mind what you asked me to."""

    epoch: int
    number: int
