"""Sunlight over the map as plain arrays, for whoever samples it in compiled code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.moon.sight.kernels import Far

FloatArray: TypeAlias = NDArray[np.float64]

_DISC_STEPS = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LightField:
    """What `fleet.moon.kernels` needs to say how much Sun there is at a point and tick."""

    horizon: NDArray[np.int16]  #: ``(A, H, W)``, in `fleet.moon.horizon.UNIT` over the level plane at the map's centre.
    first_heading: float  #: Of ``horizon[0]``, radians counter-clockwise from x.
    heading_step: float  #: Radians.
    sun: FloatArray  #: ``(K, 2)``: continuous heading and elevation every `every` ticks, from tick 0.
    sunshine: FloatArray  #: ``(K, 2)``: share of the disc that the Earth leaves free, and flux relative to 1 AU.
    every: int  #: Ticks.
    disc: FloatArray  #: ``(257,)``: share of the Sun's disc over a level line, from just hidden to just clear.
    west: float  #: x of the centre of cell [0, 0].
    south: float  #: y of the centre of cell [0, 0].
    pixel: float  #: Metres.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FarField:
    """Where those stand whom radio reaches beyond the horizon: unit vectors in the site frame, the third upward."""

    earth: FloatArray  #: ``(K, 3)``, every `LightField.every` ticks from tick 0.
    relay: FloatArray  #: ``(L, 3)``, every `relay_every` ticks from tick 0.
    relay_every: int  #: Ticks.
    ground: Far  #: Around the map, which may hide them.


def disc_table() -> FloatArray:
    """Return the share of a disc above a level line, the line going from its top to its bottom in even steps.

    >>> table = disc_table()
    >>> len(table), float(table[0]), float(table[128]), float(table[256])
    (257, 0.0, 0.5, 1.0)
    """
    offset = np.linspace(-1.0, 1.0, _DISC_STEPS + 1)
    hidden = (np.arccos(offset) - offset * np.sqrt(1.0 - offset * offset)) / np.pi
    share: FloatArray = np.round(1.0 - hidden, 9)
    return share
