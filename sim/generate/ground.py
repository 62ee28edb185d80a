"""The true ground, of which the fleet's map shows a part."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import Disc
from fleet.terrain import Hazard
from fleet.terrain.ground_map import GroundMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is really there: the map the fleet has, and what no orbiter saw."""

    map: GroundMap
    hidden_rocks: tuple[Disc, ...]
    soft: tuple[Hazard, ...] = ()
    phantoms: tuple[Hazard, ...] = ()  #: Firm ground that looks like soft ground.
    relief: GroundMap | None = None  #: True heights over the same square where they are finer than the map's.
