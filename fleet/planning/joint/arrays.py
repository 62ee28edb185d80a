"""A network of waypoints and lanes as plain numbers."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int32]
Counts: TypeAlias = NDArray[np.int64]
Chance: TypeAlias = NDArray[np.uint64]  #: ``(1,)``: the state of a stream of chance.


class Lanes(NamedTuple):
    """Lanes in rows: those that leave waypoint ``v`` lead to ``to[first[v]:first[v + 1]]``."""

    first: Indices  #: ``(V + 1,)``
    to: Indices  #: ``(L,)``
