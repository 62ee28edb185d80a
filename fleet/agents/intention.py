"""What a rover that drives means to do next, and what makes one such rover differ from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fleet.sdk import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """What makes one rover's mind differ from another's."""

    reserve: float = 0.25  #: Charge that is never planned with.
    backlog: int = 2  #: Tasks it takes on at once.


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """Where the rover means to be, and what for."""

    purpose: Literal["work", "charge", "home", "sun"]
    place: Point
    near: float  #: Metres from the place that will do.
    subject: str = ""  #: Task or source.
    step: int = 0
