"""Whether two machines may be expected to hear each other, by the ground that a rover believes in."""

from __future__ import annotations

from fleet.core import Point, distance
from fleet.moon.radio import link_budget
from fleet.moon.sight.kernels import line_of_sight
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass

Antenna = tuple[Point, VehicleClass]  #: Where a machine stands, and what it is.


def is_heard(terrain: Terrain, one: Antenna, other: Antenna) -> bool:
    """Whether a link is to be expected between two machines, without others between them.

    Notes
    -----
    Sight over the ground, and the budget of both radios, as in ``docs/radio.md``.
    """
    (here, own), (there, its) = one, other
    if distance(here, there) > link_budget(own, its).reach:
        return False
    ground = terrain.heights, terrain.west, terrain.south, terrain.pixel
    return bool(line_of_sight(*ground, *here, own.antenna, *there, its.antenna))
