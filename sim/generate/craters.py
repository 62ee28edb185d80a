"""Craters: those that chance brings, and how they are dug."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fleet.core import ArrayRng
from sim.generate.kernels import dig_craters
from sim.generate.spec import CraterSpec, GroundSpec

_SATURATION = 1.54  # Craters a square metre and D^-2 when the ground is full of them.
_MEDIAN_DEPTH_RATIO = 0.09
_DEPTH_SPREAD = 0.45  # Of the logarithm.
_FRESH = 0.2  # Depth ratio.
_DEPTH_RATIOS = (0.03, _FRESH)
_REACH = 3.0  # Radii, as far as the kernel throws ground.
_OVALNESS = 0.04  # Of each harmonic of the outline, in radii.
_FRESH_ROUNDING = 0.1  # Of the rim, in depths.
_WORN_ROUNDING = 0.7
_TOLERATED = 0.2  # Chance may put craters up to this share of an asked-for one's size into it.


def random_craters(spec: GroundSpec, rng: ArrayRng) -> tuple[CraterSpec, ...]:
    """Return craters in a steady state: as many are worn away as are made.

    Notes
    -----
    ``N(>D) = k * 1.54 * D**-2`` a square metre; depth by diameter lognormal, median 0.09, between 0.03 and 0.2. Those
    whose centre lies off the map but whose rim reaches it are among them. None touches a level place, and no large one
    an asked-for crater.

    Source
    ------
    Minton et al., "The equilibrium size-frequency distribution of small craters", Icarus 326, 2019, for the power; the
    depths are assumed after Wu et al. 2021 and Sun et al. 2018.
    """
    smallest = max(spec.crater_diameters[0], 2.0 * spec.pixel)
    largest = min(spec.crater_diameters[1], spec.size / 4.0)
    if smallest >= largest:
        return ()
    side = spec.size + _REACH * largest
    least = (smallest / largest) ** 2
    count = round(spec.crater_density * _SATURATION * smallest**-2 * (1.0 - least) * side * side)
    places = (rng.random((count, 2)) - 0.5) * side
    diameters = smallest / np.sqrt(1.0 - rng.random(count) * (1.0 - least))
    ratios = np.clip(_MEDIAN_DEPTH_RATIO * np.exp(_DEPTH_SPREAD * rng.standard_normal(count)), *_DEPTH_RATIOS)
    kept = (np.abs(places) < spec.size / 2.0 + _REACH * diameters[:, None] / 2.0).all(axis=1)
    for level in spec.level:
        kept &= np.hypot(*(places - level.centre).T) > 2.0 * level.radius + diameters / 2.0
    for crater in spec.craters:
        apart = np.hypot(*(places - crater.centre).T) > (crater.diameter + diameters) / 2.0
        kept &= apart | (diameters < _TOLERATED * crater.diameter)
    return tuple(
        CraterSpec(centre=(float(x), float(y)), diameter=float(diameter), depth_ratio=float(ratio))
        for (x, y), diameter, ratio in zip(places[kept], diameters[kept], ratios[kept], strict=True)
    )


def add_craters(
    heights: NDArray[np.float64], craters: Sequence[CraterSpec], pixel: float, rng: ArrayRng | None = None
) -> None:
    """Dig craters into a grid whose centre is the origin.

    Parameters
    ----------
    heights
        ``(H, W) float64``, changed.
    rng
        Makes the outlines uneven; without it they are circles.

    Notes
    -----
    Worn craters have lower and rounder rims.
    """
    if not craters:
        return
    diameter = np.array([crater.diameter for crater in craters])
    ratio = np.array([crater.depth_ratio for crater in craters])
    wear = np.clip(1.0 - ratio / _FRESH, 0.0, 1.0)
    depth = ratio * diameter
    table = np.zeros((len(craters), 10))
    table[:, :2] = [crater.centre for crater in craters]
    table[:, :2] = table[:, :2] / pixel + ((heights.shape[1] - 1) / 2.0, (heights.shape[0] - 1) / 2.0)
    table[:, 2] = diameter / 2.0 / pixel
    table[:, 3] = depth
    table[:, 4] = depth * np.minimum(ratio, _FRESH)
    table[:, 5] = depth * (_FRESH_ROUNDING + (_WORN_ROUNDING - _FRESH_ROUNDING) * wear)
    if rng is not None:
        table[:, 6:] = _OVALNESS * rng.standard_normal((len(craters), 4)).clip(-2.0, 2.0)
    dig_craters(heights, table)
