"""A wanted path from where a rover stands, cut into segments."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import Path, Point, densify, distance
from fleet.traffic.corridor import room, segment_pieces

SEGMENT_LENGTH = 25.0  #: Metres; no segment of a plan is longer, so that ground is soon given back.
_ON_LINE = 0.01  # Metres; a rover that stands so near to a line stands on it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A way as it was wanted, and as it is asked for."""

    wanted: Path
    corners: Path  #: The same from where the rover stood, without doubles.
    path: Path  #: The same with waypoints in between.

    @property
    def last(self) -> int:
        """Index of the last waypoint."""
        return len(self.path) - 1

    def corners_after(self, waypoint: int) -> Path:
        """Return the corners that are still to come when a waypoint has been passed."""
        corner = 0
        for point in self.path[: waypoint + 1]:
            if point == self.corners[corner]:
                corner += 1
        return self.corners[corner:]

    def leads(self, wanted: Path, passed: int) -> bool:
        """Whether a path wanted now, on the way after waypoint `passed`, is this one or the rest of it."""
        if wanted == self.wanted:
            return True
        ahead = self.corners_after(passed)
        return bool(ahead) and len(wanted) <= len(ahead) + 1 and wanted[-len(ahead) :] == ahead


def plot(place: Point, wanted: Path) -> Course | None:
    """Return the course along a wanted path from where the rover stands, None when it is there.

    A first leg on which the rover stands is taken from there; else it drives to the path's beginning.

    >>> plot((4.0, 0.0), ((3.0, 0.0), (30.0, 0.0), (30.0, 0.0))).path
    ((4.0, 0.0), (17.0, 0.0), (30.0, 0.0))
    """
    leg = segment_pieces((wanted[0], wanted[min(1, len(wanted) - 1)]), _ON_LINE)
    ahead = wanted[1:] if room(leg, place) >= 0.0 else wanted
    corners = [place]
    corners += [point for before, point in zip((place, *ahead), ahead, strict=False) if point != before]
    if len(corners) < 2 or (len(corners) == 2 and distance(*corners) <= _ON_LINE):
        return None
    return Course(wanted=wanted, corners=tuple(corners), path=densify(corners, SEGMENT_LENGTH))
