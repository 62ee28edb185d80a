"""Heights: rough ground at every scale, and level places in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.core import ArrayRng
from sim.generate.spec import GroundSpec, LevelSpec

FloatArray: TypeAlias = NDArray[np.float64]

_MARGIN = 1.25  # The rough ground repeats; this much more of it is made than is shown.
_REGION = 8.0  # Sides of the ground within which the longest waves repeat.


def rough_ground(cells: int, spec: GroundSpec, rng: ArrayRng) -> FloatArray:
    """Return self-affine ground of mean 0, ``(cells, cells)``.

    Notes
    -----
    Spectral synthesis: white noise with amplitudes proportional to frequency to the power -(H + 1), and the waves that
    are longer than what is shown, up to eight times its side, of the same law: without them the ground would lie level
    on the whole, and real ground does not. All of it is scaled so that the heights of neighbours differ by
    ``roughness * (pixel / 5 m) ** H`` root mean square.

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
    heights = heights + _long_waves(cells, side, spec.hurst, rng)
    wanted = spec.roughness * (spec.pixel / 5.0) ** spec.hurst
    scaled: FloatArray = (heights - heights.mean()) * (wanted / _difference(heights))
    return scaled


def _difference(heights: FloatArray) -> float:
    """Return the root mean square difference between neighbours."""
    return float(np.sqrt((np.diff(heights, axis=0) ** 2).mean() / 2.0 + (np.diff(heights, axis=1) ** 2).mean() / 2.0))


def _long_waves(cells: int, side: int, hurst: float, rng: ArrayRng) -> FloatArray:
    """Return the sum of the waves longer than `side` heights, in the scale of the transform of unit white noise."""
    region = _REGION * cells
    most = ceil(region / side)
    numbers = np.arange(-most, most + 1)
    frequency = np.hypot(numbers[:, None], numbers[None, :]) / region
    inside = (frequency > 0.0) & (frequency < 1.0 / side)
    noise = rng.standard_normal((2, *frequency.shape))
    strength = np.where(inside, np.where(inside, frequency, 1.0) ** -(hurst + 1.0), 0.0) / region
    turns = 2.0 * np.pi * np.arange(cells)[:, None] * numbers[None, :] / region
    waves = np.cos(turns) + 1j * np.sin(turns)
    amplitudes = strength * (noise[0] + 1j * noise[1])
    # Not by the library for products of matrices: it has threads of its own, which wait for each other where other
    # processes work (a run of 0.25 s of processor time took 0.6 s), and adds in an order of its own.
    along = np.einsum("ij,jk->ik", waves, amplitudes)
    parts = np.hstack([along.real, -along.imag]), np.hstack([waves.real, waves.imag])
    total: FloatArray = np.einsum("ij,kj->ik", *parts)
    wanted = 2.0 * np.pi * np.sqrt((strength * strength * frequency * frequency).sum() / 2.0)
    total *= wanted / _difference(total)
    return total


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
