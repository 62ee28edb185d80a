"""The lattice of waypoints as plain numbers for compiled searches."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Costs: TypeAlias = NDArray[np.float32]


class Lattice(NamedTuple):
    """Waypoints on a square grid, in metres of the site frame; number ``row * columns + column``."""

    west: float
    south: float
    spacing: float
    rows: int
    columns: int
