"""Bodies in tow: moved with their tower, as one rigid body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import cos, hypot, sin
from typing import Final

import numpy as np

from fleet.core import Point, Pose
from fleet.messages import Arrived
from fleet.vehicles import VehicleClass
from sim.world import columns as at
from sim.world.course import Drive, Driver, Mark, Site

ARM: Final = 2.5  #: Metres between two hulls over which one takes the other in tow.
TOW_SPEED: Final = 0.5  #: Share of its own speed at which a tower drives.


class Tows:
    """Who has whom in tow, by the numbers of the engine.

    Examples
    --------
    >>> tows = Tows()
    >>> tows.grip(0, 1)
    >>> tows.tower_of(1), tows.towed_by(0), tows.loosen(0), tows.tower_of(1)
    (0, None, 1, None)
    """

    def __init__(self) -> None:
        self._gripped: dict[int, int] = {}  # Tower to who is gripped,
        self._fast: set[int] = set()  # and the towers who have them fast.

    @property
    def fast(self) -> Mapping[int, int]:
        """Towers that can drive with whom they have in tow, and whom, ascending."""
        return {tower: self._gripped[tower] for tower in sorted(self._fast)}

    def grip(self, tower: int, towed: int) -> None:
        """Let one be held by another, which does not drive with it yet."""
        self._gripped[tower] = towed

    def fasten(self, tower: int) -> int:
        """Let a tower drive with whom it has gripped; return whom."""
        self._fast.add(tower)
        return self._gripped[tower]

    def loosen(self, tower: int) -> int | None:
        """Let go of whom a tower has; return whom, None when it has nobody."""
        self._fast.discard(tower)
        return self._gripped.pop(tower, None)

    def gripped_by(self, tower: int) -> int | None:
        """Return whom a tower holds, fast or not."""
        return self._gripped.get(tower)

    def towed_by(self, tower: int) -> int | None:
        """Return whom a tower can drive with."""
        return self._gripped[tower] if tower in self._fast else None

    def tower_of(self, towed: int) -> int | None:
        """Return who holds a body."""
        if not self._gripped:
            return None
        return next((tower for tower, other in self._gripped.items() if other == towed), None)


def reach_of(places: Sequence[Sequence[float]], tower: int, towed: int, radius: float) -> float:
    """Return the metres around a tower in which a body of this radius lies, however the two turn."""
    dx, dy = places[towed][0] - places[tower][0], places[towed][1] - places[tower][1]
    return hypot(dx, dy) + radius


def tow_driver(site: Site, tower: VehicleClass, towed: VehicleClass, offset: Point, dt: float) -> Driver:
    """Return what works out the drives of a tower: slower, and with the weight of both.

    Notes
    -----
    No point of the towed body moves faster than that body does by itself, so that what is known of how soon two bodies
    may meet stays true.
    """
    speed = min(TOW_SPEED * tower.max_speed, towed.max_speed)
    rate = min(tower.turn_rate, speed / max(hypot(*offset), 1.0))
    vehicle = replace(tower, mass=tower.mass + towed.mass, max_speed=speed, turn_rate=rate)
    return Driver(site, vehicle, dt)


def trailing(drive: Drive, tower: Pose, towed: Pose) -> Drive:
    """Return how a body moves that is fast to another, which drives.

    Notes
    -----
    Within a piece of a turn it moves along the chord.
    """
    dx, dy, turned = towed.x - tower.x, towed.y - tower.y, towed.heading - tower.heading
    ahead = dx * cos(tower.heading) + dy * sin(tower.heading)
    aside = dy * cos(tower.heading) - dx * sin(tower.heading)
    pieces = drive.pieces.copy()
    for row in pieces:
        heading = float(row[at.P_HEADING])
        row[at.P_X] += ahead * cos(heading) - aside * sin(heading)
        row[at.P_Y] += ahead * sin(heading) + aside * cos(heading)
        row[at.P_HEADING] = heading + turned
        c, s = float(row[at.P_COS]), float(row[at.P_SIN])
        row[at.P_COS], row[at.P_SIN] = c * cos(turned) - s * sin(turned), s * cos(turned) + c * sin(turned)
        row[[at.P_VX, at.P_VY, at.P_POWER, at.P_DISTANCE, at.P_SPEED]] = 0.0
    for row, after in pairwise(pieces):
        lasts = float(after[at.P_START] - row[at.P_START])
        if lasts > 0.0:
            row[at.P_VX] = (after[at.P_X] - row[at.P_X]) / lasts
            row[at.P_VY] = (after[at.P_Y] - row[at.P_Y]) / lasts
            row[at.P_SPEED] = hypot(row[at.P_VX], row[at.P_VY])
        after[at.P_DISTANCE] = row[at.P_DISTANCE] + row[at.P_SPEED] * lasts
    return Drive(pieces=np.ascontiguousarray(pieces), marks=(Mark(time=drive.marks[-1].time, event=Arrived()),))
