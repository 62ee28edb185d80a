"""A network of waypoints and lanes as plain numbers."""

from __future__ import annotations

from typing import NamedTuple

from fleet.core.arrays import Indices


class Lanes(NamedTuple):
    """Lanes in rows: those that leave waypoint ``v`` lead to ``to[first[v]:first[v + 1]]``."""

    first: Indices  #: ``(V + 1,)``
    to: Indices  #: ``(L,)``
