"""Heights as arrays: into and out of a `GroundMap`, and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Point
from fleet.terrain.ground_map import GroundMap, MapZone

Heights: TypeAlias = NDArray[np.float32]  #: ``(H, W)``, rows from the lowest y up.


def ground_map_from_heights(
    heights: Heights,
    pixel: float,
    *,
    latitude: float,
    longitude: float,
    north: float,
    crs: str = "",
    origin: Point = (0.0, 0.0),
    rocks: Sequence[Disc] = (),
    zones: Sequence[MapZone] = (),
) -> GroundMap:
    """Return the map of a grid whose centre is the origin of the site frame.

    Parameters
    ----------
    heights
        ``(H, W)``, metres, rows from the lowest y up, at least 2 by 2, all finite.
    pixel
        Metres between neighbours.
    latitude, longitude, north
        Of the grid's centre, radians; `north` is the heading of true north there.
    crs, origin
        The map plane and where in it the grid's centre lies.

    Raises
    ------
    ValueError
        When the heights are no such grid.

    Examples
    --------
    >>> flat = ground_map_from_heights(np.zeros((3, 4), np.float32), 5.0, latitude=-1.5, longitude=0.5, north=0.0)
    >>> flat.rows, flat.columns, len(flat.heights)
    (3, 4, 48)
    """
    if heights.ndim != 2 or min(heights.shape) < 2:
        raise ValueError(f"heights must be a grid of at least 2 by 2, got shape {heights.shape}")
    if not (np.isfinite(pixel) and pixel > 0.0):
        raise ValueError(f"pixel must be finite and > 0, got {pixel!r}")
    if not np.isfinite(heights).all():
        raise ValueError("heights must all be finite")
    rows, columns = heights.shape
    return GroundMap(
        heights=np.ascontiguousarray(heights, dtype="<f4").tobytes(),
        rows=rows,
        columns=columns,
        pixel=float(pixel),
        latitude=float(latitude),
        longitude=float(longitude),
        north=float(north),
        crs=crs,
        origin=(float(origin[0]), float(origin[1])),
        rocks=tuple(rocks),
        zones=tuple(zones),
    )


def heights_of(ground: GroundMap) -> Heights:
    """Return the heights of a map as a read-only array.

    Raises
    ------
    ValueError
        When the map holds more or fewer heights than it says.

    >>> heights_of(ground_map_from_heights(np.eye(2, dtype="f4"), 1.0, latitude=0, longitude=0, north=0)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    expected = ground.rows * ground.columns * 4
    if min(ground.rows, ground.columns) < 2 or len(ground.heights) != expected:
        raise ValueError(f"{ground.rows} x {ground.columns} heights need {expected} bytes, got {len(ground.heights)}")
    heights = np.frombuffer(ground.heights, dtype="<f4").reshape(ground.rows, ground.columns).astype(np.float32)
    if not np.isfinite(heights).all():
        raise ValueError("heights must all be finite")
    heights.flags.writeable = False
    return heights


def height_between(heights: Heights, column: float, row: float) -> float:
    """Return the bilinear height at a fractional column and row; beyond the border that of the border.

    >>> height_between(np.array([[0, 1], [2, 3]], np.float32), 0.5, 0.5)
    1.5
    """
    rows, columns = heights.shape
    last_row, last_column = int(rows) - 1, int(columns) - 1
    column = min(max(column, 0.0), float(last_column))
    row = min(max(row, 0.0), float(last_row))
    left, low = min(floor(column), last_column - 1), min(floor(row), last_row - 1)
    right_share, up_share = column - left, row - low
    below: float = float(heights[low, left]) * (1.0 - right_share) + float(heights[low, left + 1]) * right_share
    above: float = float(heights[low + 1, left]) * (1.0 - right_share) + float(heights[low + 1, left + 1]) * right_share
    return below * (1.0 - up_share) + above * up_share
