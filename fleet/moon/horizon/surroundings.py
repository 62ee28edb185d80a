"""What is known of the ground around a map."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.moon.horizon.kernels import Around
from fleet.terrain.far_ground import far_heights_of
from fleet.terrain.ground_map import GroundMap

Heights: TypeAlias = NDArray[np.float32]

_MARGIN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """Coarser ground around a map, in the map's own frame."""

    heights: Heights  #: ``(H, W) float32``, metres over the same sphere, row 0 at the lowest y.
    pixel: float  #: Metres between neighbours.
    west: float  #: x of the centre of cell [0, 0], metres from the map's centre.
    south: float  #: y of the centre of cell [0, 0].

    def __post_init__(self) -> None:
        check_ground("surroundings", self.heights, self.pixel)
        if not (isfinite(self.west) and isfinite(self.south)):
            raise ValueError(f"surroundings must lie somewhere, got {self.west!r}, {self.south!r}")

    @classmethod
    def of(cls, ground: GroundMap) -> Surroundings | None:
        """Return what a map knows of the ground around it; None when that is nothing.

        Raises
        ------
        ValueError
            When that does not surround the map.
        """
        if ground.far is None:
            return None
        far = ground.far
        found = cls(heights=far_heights_of(far), pixel=far.pixel, west=far.west, south=far.south)
        found.check_around((ground.rows, ground.columns), ground.pixel)
        return found

    def check_around(self, shape: tuple[int, ...], pixel: float) -> None:
        """Raise unless the map, of this shape and pixel, lies inside."""
        east = self.west + (self.heights.shape[1] - 1) * self.pixel
        north = self.south + (self.heights.shape[0] - 1) * self.pixel
        across, up = ((count - 1) / 2.0 * pixel - _MARGIN for count in (shape[1], shape[0]))
        if self.west > -across or self.south > -up or east < across or north < up:
            raise ValueError(
                f"surroundings must reach around the map, {2 * across:.0f} by {2 * up:.0f} m; they reach from "
                f"{self.west:.0f}, {self.south:.0f} to {east:.0f}, {north:.0f} m of its centre"
            )

    def seen(self, *, is_transposed: bool, is_reversed: bool, level: float) -> Around:
        """Return them as the sweep needs them for one direction of sight."""
        rows, columns = self.heights.shape
        first, count = (self.south, rows) if is_transposed else (self.west, columns)
        return Around(
            heights=np.ascontiguousarray(self.heights, dtype=np.float32),
            is_transposed=is_transposed,
            is_reversed=is_reversed,
            pixel=float(self.pixel),
            ahead=float(-(first + (count - 1) * self.pixel) if is_reversed else first),
            left=float(self.west if is_transposed else self.south),
            level=level,
            beyond=lowest_border(self.heights) - level,
        )


def nothing_around(heights: Heights) -> Around:
    """Return that nothing is known around a map of these heights."""
    return Around(
        heights=np.zeros((0, 0), dtype=np.float32),
        is_transposed=False,
        is_reversed=False,
        pixel=1.0,
        ahead=0.0,
        left=0.0,
        level=0.0,
        beyond=lowest_border(heights),
    )


def check_ground(name: str, heights: Heights, pixel: float) -> None:
    """Raise unless heights are a grid of finite numbers."""
    if heights.ndim != 2 or min(heights.shape) < 2:
        raise ValueError(f"{name} must be a grid of at least 2 by 2, got shape {heights.shape}")
    if not (np.isfinite(heights).all() and np.isfinite(pixel) and pixel > 0.0):
        raise ValueError(f"{name} and pixel must be finite, and pixel > 0")


def lowest_border(heights: Heights) -> float:
    """Return the lowest height of the outermost rows and columns."""
    return float(min(heights[0].min(), heights[-1].min(), heights[:, 0].min(), heights[:, -1].min()))
