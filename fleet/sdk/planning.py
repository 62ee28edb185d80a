"""Ways for one rover, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A way and what it takes."""

    path: Path  #: From start to goal; at least one waypoint.
    length: float  #: Metres.
    duration: float  #: Seconds, turns included.
    energy: float  #: Joules out of the battery with the hotel load, in sunlight as if in shadow: no gain is counted.


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlan:
    """There is no way, and why.

    Examples
    --------
    >>> bool(NoPlan(reason="goal lies in keep-out zone pad"))
    False
    """

    reason: str

    def __bool__(self) -> bool:
        return False
