"""The ground as one vehicle sees it, as plain arrays for compiled tests."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]
Indices: TypeAlias = NDArray[np.int32]
Leg: TypeAlias = tuple[float, float, float, float]  #: A straight drive: x and y of its two ends.


class Ground(NamedTuple):
    """Everything that decides whether and how fast one vehicle drives straight, in the site frame, centred on it."""

    heights: NDArray[np.float32]  #: ``(H, W)``.
    steep: Bytes  #: ``(H, W)``, 1 where the cell is too steep or too rough.
    steep_sums: Indices  #: ``(H + 1, W + 1)``, steep cells below and left of a corner.
    pixel: float
    west: float
    south: float
    capsules: Floats  #: ``(M, 5)``: segment and radius; rocks and edges of keep-out zones.
    edges: Floats  #: ``(E, 4)``: edges of the union of keep-out zones.
    bucket: float  #: Side of a square in which capsules are looked up.
    bucket_rows: int
    bucket_columns: int
    bucket_start: Indices  #: ``(buckets + 1,)`` into `bucket_items`.
    bucket_items: Indices  #: Indices of capsules.
    soft: Floats  #: ``(S, 4)``: x, y, radius, and the share of wheel travel lost; soft ground that slows.
    pace: Floats  #: ``(K, 2)``: seconds and joules a metre, for climbs from ``-steepest`` to ``steepest``.
    steepest: float  #: Metres up a metre that the vehicle can climb at all.
    limit: float  #: Metres up or down a metre that it is allowed.
    tilt: float  #: Metres up a metre of ground as steep as its cells may be.
    radius: float  #: Of the vehicle.
    room: float  #: Radius of the vehicle with the margin.
