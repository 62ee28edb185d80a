"""The orbital map as a value that travels: heights, rocks seen from orbit, zones."""

from __future__ import annotations

import msgspec

from fleet.core import Disc, Point
from fleet.terrain.far_ground import FarGround


class MapZone(msgspec.Struct, frozen=True, kw_only=True):
    """A named piece of ground, as a polygon."""

    id: str
    kind: str  #: ``keep-out`` is never entered; others are for information (``pad``, ``crater``, ``site``, ``shadow``).
    outline: tuple[Point, ...]  #: Ring, not closed.


class GroundMap(msgspec.Struct, frozen=True, kw_only=True):
    """The orbital map: heights on a grid, with what stands out of it."""

    heights: bytes  #: Little-endian float32, rows from the lowest y up, ``(rows, columns)``.
    rows: int
    columns: int
    pixel: float  #: Metres between neighbouring heights; the grid's centre is the origin of the site frame.
    latitude: float  #: Of the origin, radians, planetocentric.
    longitude: float  #: Of the origin, radians east.
    north: float  #: Heading of true north in the site frame, radians.
    crs: str  #: Such as ``IAU_2015:30135``; empty for synthetic ground without a place.
    origin: Point  #: Map coordinates of the site frame's origin in `crs`.
    rocks: tuple[Disc, ...]  #: Rocks seen from orbit.
    zones: tuple[MapZone, ...]
    far: FarGround | None = None  #: What is known of the ground around.
