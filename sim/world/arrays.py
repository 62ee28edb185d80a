"""What the world's kernels are given: the bodies, and ground, Sun and horizon, as plain arrays."""

from __future__ import annotations

from math import cos, sin
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fleet.moon import FarField, LightField
from fleet.moon.sight.kernels import Far, tops_of

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
HeightArray: TypeAlias = NDArray[np.float32]
HorizonArray: TypeAlias = NDArray[np.int16]


class Bodies(NamedTuple):
    """All that changes; `sim.world.columns` names the columns."""

    body: FloatArray  #: (N, BODY_COLUMNS).
    status: IntArray  #: (N, STATUS_COLUMNS).
    pieces: FloatArray  #: (K, PIECE_COLUMNS).
    marks: FloatArray  #: (M, 1): ticks since the command, ascending within a drive.
    panels: FloatArray  #: (P, 3).
    contacts: BoolArray  #: (N, N), symmetric: who touches.
    linked: BoolArray  #: (N, N), symmetric: who hears whom directly.
    reach: FloatArray  #: (N, N), symmetric: square of the metres that two radios bridge.
    uplinks: BoolArray  #: (N, 2): whether a radio is strong enough for the Earth, and for the relay satellite.
    contact: BoolArray  #: (N, 2): whether it reaches them now.
    jams: FloatArray  #: (J, 3): x, y and square of the radius of ground where no radio works.
    records: IntArray  #: (R, 4), to be filled with what happened: code, rover, first, second.


class Sky(NamedTuple):
    """The light field of an almanac beside the true heights."""

    heights: HeightArray  #: (H, W).
    tops: HeightArray  #: `fleet.moon.sight.kernels.tops_of` the heights.
    highest: float  #: Of the heights.
    horizon: HorizonArray  #: (A, H, W), in `fleet.moon.horizon.UNIT`.
    first_heading: float
    heading_step: float
    disc: FloatArray
    sun: FloatArray  #: (K, 2): heading and elevation.
    sunshine: FloatArray  #: (K, 2): share of the disc that the Earth leaves free, and flux relative to 1 AU.
    sun_vector: FloatArray  #: (K, 2): the horizontal part of the unit vector to the Sun, times that flux.
    every: int  #: Ticks between rows of the tables.
    earth: FloatArray  #: (K, 3): unit vector to the Earth in the site frame, third upward; as the table of the Sun.
    relay: FloatArray  #: (L, 3): unit vector to the relay satellite,
    relay_every: int  #: so many ticks between rows.
    west: float
    south: float
    pixel: float
    far: Far  #: Ground around the map.

    @property
    def light_field(self) -> tuple[HorizonArray, float, float, FloatArray, float, float, float]:
        """What `fleet.moon.kernels.light_at` is given last, in its order; for what is not compiled."""
        return self.horizon, self.first_heading, self.heading_step, self.disc, self.west, self.south, self.pixel


def sky_of(heights: HeightArray, field: LightField, far: FarField) -> Sky:
    """Return what the kernels need of an almanac's fields."""
    vectors = [
        (round(cos(heading) * cos(up) * flux, 12), round(sin(heading) * cos(up) * flux, 12))
        for (heading, up), (_, flux) in zip(field.sun.tolist(), field.sunshine.tolist(), strict=True)
    ]
    return Sky(
        heights=heights,
        tops=tops_of(heights),
        highest=float(heights.max()),
        horizon=field.horizon,
        first_heading=float(field.first_heading),
        heading_step=float(field.heading_step),
        disc=field.disc,
        sun=field.sun,
        sunshine=field.sunshine,
        sun_vector=np.array(vectors, dtype=np.float64),
        every=int(field.every),
        earth=far.earth,
        relay=far.relay,
        relay_every=int(far.relay_every),
        west=float(field.west),
        south=float(field.south),
        pixel=float(field.pixel),
        far=far.ground,
    )
