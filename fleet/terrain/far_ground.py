"""Coarser ground around a map as a value that travels."""

from __future__ import annotations

from math import isfinite
from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Heights: TypeAlias = NDArray[np.float32]  #: ``(H, W)``, rows from the lowest y up.

MOST: Final = 2048  #: Heights a side: 8 MB.
#: Metres: that of LOLA's own whole-number products. A hundred metres away it is a quarter of a degree, ten kilometres
#: away a hundredth of the Sun's disc; and all heights of the Moon fit into two bytes.
STEP: Final = 0.5


class FarGround(msgspec.Struct, frozen=True, kw_only=True):
    """Heights around a map, in the map's own frame, for what shades it and hides the sky."""

    heights: bytes  #: Little-endian int16, multiples of `STEP` (0.5 m), rows from the lowest y up, ``(rows, columns)``.
    rows: int
    columns: int
    pixel: float  #: Metres between neighbours.
    west: float  #: x of the first column, metres from the map's centre.
    south: float  #: y of the first row.
    source: str = ""  #: Name of the file that it comes from.

    def __post_init__(self) -> None:
        if not (2 <= self.rows <= MOST and 2 <= self.columns <= MOST):
            raise ValueError(f"far ground must have 2 to {MOST} heights a side, got {self.rows} x {self.columns}")
        if len(self.heights) != 2 * self.rows * self.columns:
            needed = 2 * self.rows * self.columns
            raise ValueError(f"{self.rows} x {self.columns} far heights need {needed} bytes, got {len(self.heights)}")
        if not (all(isfinite(value) for value in (self.pixel, self.west, self.south)) and self.pixel > 0.0):
            raise ValueError(f"far ground must lie somewhere, got {self.pixel!r} at {self.west!r}, {self.south!r}")

    @property
    def size(self) -> tuple[float, float]:
        """Metres from the first to the last column, and row."""
        return (self.columns - 1) * self.pixel, (self.rows - 1) * self.pixel

    def reach(self, across: float, up: float) -> float:
        """Return how far it reaches beyond a map of this size around the origin; negative where it does not cover it.

        >>> around = far_ground_from_heights(np.zeros((11, 21), "f4"), 100.0, west=-1000.0, south=-500.0)
        >>> around.reach(400.0, 400.0)
        300.0
        """
        width, height = self.size
        sides = (-self.west, self.west + width, -self.south, self.south + height)
        halves = (across / 2.0, across / 2.0, up / 2.0, up / 2.0)
        return min(side - half for side, half in zip(sides, halves, strict=True))


def far_ground_from_heights(
    heights: Heights, pixel: float, *, west: float, south: float, source: str = ""
) -> FarGround:
    """Return heights around a map, rounded to `STEP`.

    Raises
    ------
    ValueError
        When they are no grid of heights on the Moon.
    """
    steps = np.floor(np.asarray(heights, np.float64) / STEP + 0.5)
    if steps.ndim != 2 or not (np.abs(steps) <= np.iinfo(np.int16).max).all():
        raise ValueError(f"far heights must be a grid of numbers within 16 km of the sphere, got shape {steps.shape}")
    rows, columns = steps.shape
    packed = np.ascontiguousarray(steps, dtype="<i2").tobytes()
    return FarGround(
        heights=packed, rows=rows, columns=columns, pixel=float(pixel), west=float(west), south=float(south),
        source=source,
    )  # fmt: skip


def far_heights_of(far: FarGround) -> Heights:
    """Return the heights as a read-only array, metres.

    >>> far_heights_of(far_ground_from_heights(np.full((2, 2), 7.6, "f4"), 100.0, west=0.0, south=0.0)).tolist()
    [[7.5, 7.5], [7.5, 7.5]]
    """
    steps = np.frombuffer(far.heights, dtype="<i2").reshape(far.rows, far.columns)
    heights = steps.astype(np.float32) * np.float32(STEP)
    heights.flags.writeable = False
    return heights
