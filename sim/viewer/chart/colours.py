"""Colours for white paper: told apart with any colour vision, and in grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.viewer.chart.chart import Painting
from sim.viewer.scene import Colour

PAPER: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (24, 27, 33)
SOFT: Final[Colour] = (88, 95, 106)
RULE: Final[Colour] = (120, 127, 138)
GROUND: Final[Colour] = (226, 224, 219)  #: Where nothing is said of the ground.
LIT: Final[Colour] = (255, 243, 208)
DARK: Final[Colour] = (43, 58, 98)
SUN: Final[Colour] = (230, 159, 0)
# Okabe and Ito.
VERMILLION: Final[Colour] = (213, 94, 0)
BLUE: Final[Colour] = (0, 114, 178)
SKY: Final[Colour] = (86, 180, 233)
GREEN: Final[Colour] = (0, 158, 115)
ORANGE: Final[Colour] = (230, 159, 0)
PURPLE: Final[Colour] = (204, 121, 167)

#: From pale to dark, evenly in lightness, through yellow, red and violet.
HEAT: Final[tuple[Colour, ...]] = (
    (253, 246, 217), (252, 219, 153), (246, 178, 107), (229, 131, 87),
    (198, 86, 86), (151, 52, 91), (95, 29, 87), (43, 16, 61),
)  # fmt: skip
#: From dark to pale, evenly in lightness, through blue and green: for heights.
HEIGHTS: Final[tuple[Colour, ...]] = (
    (38, 53, 96), (47, 84, 122), (62, 115, 134), (90, 144, 137),
    (131, 170, 138), (178, 194, 146), (221, 217, 168), (249, 243, 208),
)  # fmt: skip


def ramp(stops: Sequence[Colour], shares: NDArray[np.floating]) -> Painting:
    """Return the colours at shares of a run of colours.

    >>> ramp(((0, 0, 0), (100, 200, 50)), np.array([0.0, 0.5, 2.0])).tolist()
    [[0, 0, 0], [50, 100, 25], [100, 200, 50]]
    """
    table = np.asarray(stops, np.float64)
    places = np.linspace(0.0, 1.0, len(table))
    channels = [np.interp(shares, places, table[:, channel]) for channel in range(3)]
    painted: Painting = (np.stack(channels, axis=-1) + 0.5).astype(np.uint8)
    return painted


def stops_of(stops: Sequence[Colour], count: int) -> tuple[Colour, ...]:
    """Return `count` colours spread evenly over a run of colours.

    >>> stops_of(((0, 0, 0), (100, 200, 50)), 3)
    ((0, 0, 0), (50, 100, 25), (100, 200, 50))
    """
    shares = np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.0])
    return tuple((int(r), int(g), int(b)) for r, g, b in ramp(stops, shares))


def painted(classes: NDArray[np.integer], colours: Sequence[Colour]) -> Painting:
    """Return the colour of each cell's class.

    >>> painted(np.array([[1, 0]]), [(1, 2, 3), (4, 5, 6)]).tolist()
    [[[4, 5, 6], [1, 2, 3]]]
    """
    picture: Painting = np.asarray(colours, np.uint8)[classes]
    return picture
