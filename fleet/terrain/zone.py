"""Named pieces of ground as shapes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Final

from shapely import Polygon

from fleet.terrain.ground_map import MapZone

KEEP_OUT: Final = "keep-out"
CLOSED: Final = "closed"  #: By mission control, for a while.


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A named piece of ground.

    >>> zone = Zone.of(MapZone(id="pad", kind="keep-out", outline=((0.0, 0.0), (2.0, 0.0), (2.0, 2.0))))
    >>> zone.shape.area, zone.is_keep_out
    (2.0, True)
    """

    id: str
    kind: str  #: As in `MapZone`, or `CLOSED`.
    shape: Polygon

    @classmethod
    def of(cls, zone: MapZone) -> Zone:
        """Return the shape of a zone of the map.

        Raises
        ------
        ValueError
            When the outline is no polygon: too few or infinite points, no area, or it crosses itself.
        """
        if len(zone.outline) < 3 or not all(isfinite(value) for point in zone.outline for value in point):
            raise ValueError(f"zone {zone.id} needs an outline of at least 3 finite points")
        shape = Polygon(zone.outline)
        if not shape.is_valid or shape.area <= 0.0:
            raise ValueError(f"zone {zone.id} crosses itself or has no area")
        return cls(id=zone.id, kind=zone.kind, shape=shape)

    @property
    def is_keep_out(self) -> bool:
        """Whether it is not entered."""
        return self.kind in (KEEP_OUT, CLOSED)
