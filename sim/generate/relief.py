"""Heights: rough ground at every scale, craters on it, and level places in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import ArrayRng
from sim.generate.kernels import dig_craters
from sim.generate.spec import CraterSpec, GroundSpec, LevelSpec

FloatArray: TypeAlias = NDArray[np.float64]

_SATURATION = 1.54  # Craters a square metre and D^-2 when the ground is full of them.
_MEDIAN_DEPTH_RATIO = 0.09
_DEPTH_SPREAD = 0.45  # Of the logarithm.
_DEPTH_RATIOS = (0.03, 0.2)
_REACH = 3.0  # Radii, as far as the kernel throws ground.
_MARGIN = 1.25  # The rough ground repeats; this much more of it is made than is shown.


def rough_ground(cells: int, spec: GroundSpec, rng: ArrayRng) -> FloatArray:
    """Return self-affine ground of mean 0, ``(cells, cells)``.

    Notes
    -----
    Spectral synthesis: white noise with amplitudes proportional to frequency to the power -(H + 1), scaled so that the
    heights of neighbours differ by ``roughness * (pixel / 5 m) ** H`` root mean square.

    Source
    ------
    Saupe, "Algorithms for random fractals", in Peitgen & Saupe (eds.), The Science of Fractal Images, 1988, 2.6.
    """
    side = int(cells * _MARGIN)
    noise = rng.standard_normal((side, side))
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    frequency[0, 0] = np.inf
    heights = np.fft.irfft2(np.fft.rfft2(noise) * frequency ** -(spec.hurst + 1.0), s=(side, side))
    heights = heights[:cells, :cells]
    difference = np.sqrt((np.diff(heights, axis=0) ** 2).mean() / 2.0 + (np.diff(heights, axis=1) ** 2).mean() / 2.0)
    wanted = spec.roughness * (spec.pixel / 5.0) ** spec.hurst
    scaled: FloatArray = (heights - heights.mean()) * (wanted / difference)
    return scaled


def random_craters(spec: GroundSpec, rng: ArrayRng) -> tuple[CraterSpec, ...]:
    """Return craters in a steady state: as many are worn away as are made.

    Notes
    -----
    ``N(>D) = k * 1.54 * D**-2`` a square metre; depth by diameter lognormal, median 0.09, between 0.03 and 0.2. Those
    whose centre lies off the map but whose rim reaches it are among them.

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
    expected = spec.crater_density * _SATURATION * (smallest**-2) * (1.0 - least) * side * side
    count = round(expected)
    places = (rng.random((count, 2)) - 0.5) * side
    diameters = smallest / np.sqrt(1.0 - rng.random(count) * (1.0 - least))
    ratios = np.clip(_MEDIAN_DEPTH_RATIO * np.exp(_DEPTH_SPREAD * rng.standard_normal(count)), *_DEPTH_RATIOS)
    near = (np.abs(places) < spec.size / 2.0 + _REACH * diameters[:, None] / 2.0).all(axis=1)
    return tuple(
        CraterSpec(centre=(float(x), float(y)), diameter=float(diameter), depth_ratio=float(ratio))
        for (x, y), diameter, ratio in zip(places[near], diameters[near], ratios[near], strict=True)
    )


def add_craters(heights: FloatArray, craters: Sequence[CraterSpec], pixel: float) -> None:
    """Dig craters into a grid whose centre is the origin; worn ones have lower rims."""
    middle = ((heights.shape[1] - 1) / 2.0, (heights.shape[0] - 1) / 2.0)
    rows = [
        (
            crater.centre[0] / pixel + middle[0],
            crater.centre[1] / pixel + middle[1],
            crater.diameter / 2.0 / pixel,
            crater.depth_ratio * crater.diameter,
            min(crater.depth_ratio, 0.2) * crater.depth_ratio * crater.diameter,
        )
        for crater in craters
    ]
    dig_craters(heights, np.array(rows, dtype=np.float64).reshape(-1, 5))


def make_level(heights: FloatArray, places: Sequence[LevelSpec], pixel: float) -> None:
    """Bring each place to its mean height, blending into the ground around it."""
    rows, columns = heights.shape
    for place in places:
        x = (np.arange(columns) - (columns - 1) / 2.0) * pixel - place.centre[0]
        y = (np.arange(rows) - (rows - 1) / 2.0) * pixel - place.centre[1]
        away = np.hypot(x[None, :], y[:, None])
        inside = away <= max(place.radius, 0.75 * pixel)
        if not inside.any():
            continue
        blend = max(place.radius, 4.0 * pixel)
        share = np.clip(1.0 - (away - place.radius) / blend, 0.0, 1.0)
        share = share * share * (3.0 - 2.0 * share)
        heights += share * (heights[inside].mean() - heights)
