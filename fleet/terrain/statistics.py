"""Figures that say what kind of ground it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fleet.terrain.surface import Grid, median_roughness, slope

_DOUBLINGS: Final = 6
_LONGEST: Final = 0.25  #: Baselines are at most this share of the shorter side, so that many pairs of places count.


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFigures:
    """What ground is like when judged over one distance."""

    baseline: float  #: Metres.
    slope_median: float  #: Radians.
    slope_p95: float  #: 95th percentile, radians.
    slope_max: float  #: Radians.
    roughness: float  #: Median over the ground, metres; as `roughness` defines it.
    difference: float  #: Root mean square height difference of places so far apart, metres.


def baselines_of(heights: Grid, pixel: float) -> tuple[float, ...]:
    """Return the distances to judge ground over: one pixel, and its doublings up to a quarter of the shorter side.

    >>> baselines_of(np.zeros((41, 101), np.float32), 5.0)
    (5.0, 10.0, 20.0, 40.0)
    """
    longest = (min(heights.shape) - 1) * pixel * _LONGEST
    return (pixel, *(pixel * 2.0**n for n in range(1, _DOUBLINGS) if pixel * 2.0**n <= longest))


def figures_of(heights: Grid, pixel: float, baselines: Sequence[float]) -> tuple[BaselineFigures, ...]:
    """Return the figures of ``(H, W)`` heights for each distance."""
    rows = []
    for baseline in baselines:
        tilts = slope(heights, pixel, baseline)
        rows.append(
            BaselineFigures(
                baseline=baseline,
                slope_median=float(np.median(tilts)),
                slope_p95=float(np.percentile(tilts, 95)),
                slope_max=float(tilts.max()),
                roughness=median_roughness(heights, pixel, baseline),
                difference=height_difference(heights, pixel, baseline),
            )
        )
    return tuple(rows)


def height_difference(heights: Grid, pixel: float, baseline: float) -> float:
    """Return the root mean square difference of heights one baseline apart, along x and along y alike.

    Source
    ------
    The RMS deviation of Shepard et al., JGR Planets 106(E12), 2001, equation 3, from which LOLA's maps of the Hurst
    exponent are made (PGDA product 70).

    Examples
    --------
    >>> height_difference(np.array([[0, 1, 2], [0, 1, 2], [0, 1, 2]], np.float32), 5.0, 5.0)
    0.7071067811865476
    """
    apart = max(1, round(baseline / pixel))
    level = heights.astype(np.float64)
    along = [level[apart:] - level[:-apart], level[:, apart:] - level[:, :-apart]]
    squares = [float((each * each).mean()) for each in along if each.size]
    return float(np.sqrt(sum(squares) / len(squares))) if squares else 0.0


def hurst_exponent(baselines: Sequence[float], differences: Sequence[float]) -> float | None:
    """Return the power of distance with which height differences grow; None when it cannot be told.

    Notes
    -----
    Slope of the least-squares line through the logarithms.

    Examples
    --------
    >>> round(hurst_exponent([5.0, 10.0, 20.0], [0.3, 0.6, 1.2]), 6)
    1.0
    """
    if len(baselines) < 2 or min(differences) <= 0.0:
        return None
    return float(np.polyfit(np.log(baselines), np.log(differences), 1)[0])
