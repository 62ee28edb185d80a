"""Ways for one rover, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Final

from fleet.core import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What a plan shall keep low: a sum of these.

    Raises
    ------
    ValueError
        When a weight is negative or not finite, or all are nothing.

    Examples
    --------
    >>> Objective(time=0.0, energy=1.0).time
    0.0
    """

    time: float = 1.0  #: A second counts so much,
    energy: float = 0.0  #: a joule used so much,
    #: and a second at the limit of what the vehicle may take so much: on the steepest ground, in ground where all wheel
    #: travel is lost, touching a hazard. What is not so near to a limit counts by squares; nothing beside a hazard does
    #: from 2 m on.
    risk: float = 0.0

    def __post_init__(self) -> None:
        weights = (self.time, self.energy, self.risk)
        if not all(isfinite(weight) and weight >= 0.0 for weight in weights) or sum(weights) <= 0.0:
            raise ValueError(f"weights must be finite, >= 0 and not all 0, got {weights!r}")


QUICKEST: Final = Objective()
THRIFTIEST: Final = Objective(time=0.0, energy=1.0)
#: Ten seconds on safe ground rather than one at the limit; time counts, so that ways on safe ground differ.
SAFEST: Final = Objective(time=1.0, risk=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A way and what it takes."""

    path: Path  #: From start to goal; at least one waypoint.
    length: float  #: Metres.
    duration: float  #: Seconds, turns included.
    energy: float  #: Joules out of the battery with the hotel load, in sunlight as if in shadow: no gain is counted.
    risk: float | None = None  #: Seconds at risk, see `Objective`; None when it was not asked for.


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
