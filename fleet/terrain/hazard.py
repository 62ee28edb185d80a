"""Ground that no map warned of: rocks, soft and steep ground, who found it, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, prod
from typing import Final, Literal

import msgspec

from fleet.core import Disc, RoverId, Tick
from fleet.vehicles import VehicleClass

HazardKind = Literal["rock", "soft", "steep"]
Sense = Literal["seen", "felt"]
BELIEVED: Final = 0.5  #: How sure a hazard must be for ways to heed it.


class Hazard(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A rock, a round patch of soft ground, or a disc around ground that is steeper than the map says.

    >>> Hazard(disc=Disc(x=0.0, y=0.0, radius=3.0), kind="soft", slip=1.5)
    Traceback (most recent call last):
    ...
    ValueError: Hazard.slip must be from 0 to below 1, got 1.5
    """

    disc: Disc
    kind: HazardKind = "rock"
    slip: float = 0.0  #: Share of wheel travel that is lost in it on the level, beside what firm ground takes.
    tilt: float = 0.0  #: Radians of the steepest in it, of steep ground.

    def __post_init__(self) -> None:
        if not 0.0 <= self.tilt < pi / 2.0:
            raise ValueError(f"Hazard.tilt must be from 0 to below pi/2, got {self.tilt!r}")
        if not 0.0 <= self.slip < 1.0:
            raise ValueError(f"Hazard.slip must be from 0 to below 1, got {self.slip!r}")

    def stops(self, vehicle: VehicleClass) -> bool:
        """Whether it is nothing that the vehicle drives over."""
        if self.kind == "rock":
            return self.disc.radius > vehicle.clearance
        return self.slip > vehicle.slip_limit if self.kind == "soft" else self.tilt > vehicle.slope_limit


class Sighting(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """That one rover met a hazard, or met none where another did."""

    by: RoverId  #: Empty: nobody is named.
    tick: Tick
    how: Sense = "seen"
    sure: float = 1.0  #: How sure the rover is of what it says, over 0 to 1.
    there: bool = True  #: False: the rover was there, and there is no such thing.

    def __post_init__(self) -> None:
        if not 0.0 < self.sure <= 1.0:
            raise ValueError(f"Sighting.sure must be over 0 to 1, got {self.sure!r}")
        if self.tick < 0:
            raise ValueError(f"Sighting.tick must be >= 0, got {self.tick!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHazard:
    """A hazard with all that the fleet said of it: for each rover its surest word for, and against."""

    hazard: Hazard
    sightings: tuple[Sighting, ...]  #: By tick and rover.

    @property
    def sureness(self) -> float:
        """How sure it is that the hazard is there, 0 to 1.

        Notes
        -----
        Sightings are taken to be independent: it is there unless all who say so err (noisy-or), and it is not if any
        who says that it is not is right. The order in which they came does not matter.

        >>> told = (Sighting(by=RoverId("a"), tick=1, sure=0.6), Sighting(by=RoverId("b"), tick=2, sure=0.5))
        >>> KnownHazard(hazard=Hazard(disc=Disc(x=0.0, y=0.0, radius=1.0)), sightings=told).sureness
        0.8
        """
        erring = prod(1.0 - word.sure for word in self.sightings if word.there)
        return (1.0 - erring) * prod(1.0 - word.sure for word in self.sightings if not word.there)

    def with_sighting(self, new: Sighting) -> KnownHazard | None:
        """Return it with one more sighting; None when it is no news: that rover was as sure of the same before."""
        same = [word for word in self.sightings if (word.by, word.there) == (new.by, new.there)]
        if any(_weight(word) >= _weight(new) for word in same):
            return None
        kept = [word for word in self.sightings if word not in same]
        sightings = sorted([*kept, new], key=lambda word: (word.tick, word.by, word.there))
        return KnownHazard(hazard=self.hazard, sightings=tuple(sightings))


def _weight(word: Sighting) -> tuple[float, bool, int]:
    """The surest counts, then what was felt, then the earliest."""
    return (word.sure, word.how == "felt", -word.tick)
