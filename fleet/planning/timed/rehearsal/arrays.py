"""Sunlight and a machine as plain numbers for a rehearsal."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.planning.ground import Floats

# What a vehicle does in a part of a rehearsal.
DRIVING: Final = 0
ASLEEP: Final = 1
WAITING: Final = 2  # awake
WORKING: Final = 3


class Sunlight(NamedTuple):
    """Light over a map at any tick; see `fleet.moon.light.LightField`."""

    dt: float  #: Seconds a tick.
    every: int
    sun: Floats
    sunshine: Floats
    vector: Floats  #: ``(K, 2)``: the horizontal part of sunlight, W/m2, in the site frame.
    horizon: NDArray[np.int16]
    first_heading: float
    heading_step: float
    disc: Floats
    west: float
    south: float
    pixel: float


class Machine(NamedTuple):
    """The figures of a vehicle that decide charge and temperature, SI units."""

    tracking: float  #: Square metres times efficiency of panels that follow the Sun.
    panels: Floats  #: ``(P, 3)``: square metres times efficiency, cosine and sine of the offset, of the others.
    hotel: float
    sleep: float
    work: float
    heater: float
    rhu: float
    capacity: float  #: Joules a kelvin.
    loss: float  #: Watts a kelvin.
    radiator: float
    battery: float  #: Joules.
