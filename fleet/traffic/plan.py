"""A plan that the ledger has accepted: what of it is held, what is still to be granted, and what that waits for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fleet.core import Disc, Path, RoverId
from fleet.traffic.corridor import Pieces, crossings, disc_pieces, segment_pieces


@dataclass(slots=True, kw_only=True, eq=False)
class AcceptedPlan:
    """One rover's way, of which segments ``returned`` to ``granted`` are its own.

    Segment k leads from waypoint k to k + 1. The ground on which the rover stood belongs to segment 0 and is held from
    the start, so a rover always holds what it stands on.
    """

    rover: RoverId
    number: int  #: The rover's own count.
    order: int  #: The ledger's count: of two plans, the later waits for the earlier and never the other way.
    path: Path
    radius: float
    start: Disc  #: Parked ground from which it leaves.
    end: int = 0  #: Last waypoint; a withdrawal brings it nearer.
    granted: int = 0  #: Last waypoint that may be driven to.
    returned: int = 0  #: Segments before this waypoint have been left.
    withdrawn: bool = False
    needs: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    #: By order of an earlier plan: (segments,) int64, what that plan must have returned before this one enters.
    pieces: Pieces = field(init=False)  #: Row 0 is the start, row k + 1 segment k.

    def __post_init__(self) -> None:
        self.end = len(self.path) - 1
        self.pieces = np.concatenate((disc_pieces([self.start]), segment_pieces(self.path, self.radius)))

    @property
    def rest(self) -> Disc:
        """The ground on which the rover will stand in the end."""
        if self.end == 0:
            return self.start
        return Disc(x=self.path[self.end][0], y=self.path[self.end][1], radius=self.radius)

    def held(self) -> Pieces:
        """Return the ground that is this rover's alone now."""
        return self.pieces[self._first_row() : self.granted + 1]

    def ahead(self) -> Pieces:
        """Return the ground that is not granted yet."""
        return self.pieces[self.granted + 1 : self.end + 1]

    def wait_for(self, earlier: AcceptedPlan) -> None:
        """Note what an earlier plan must return before each segment of this one can be granted."""
        rows = earlier.pieces[earlier._first_row() : earlier.end + 1]
        crossed = crossings(self.pieces[1:], rows)
        # A row stands for waypoint `row` to be returned, the start for waypoint 1 like segment 0.
        waypoints = np.maximum(np.arange(earlier._first_row(), earlier.end + 1), 1)
        needs = np.where(crossed, waypoints[None, :], 0).max(axis=1)
        if needs.any():
            self.needs[earlier.order] = needs
        else:
            self.needs.pop(earlier.order, None)

    def waits(self, earlier: AcceptedPlan) -> tuple[int, int] | None:
        """Return the first segment that waits for an earlier plan, and the waypoint which that must have returned."""
        needs = self.needs.get(earlier.order)
        if needs is None:
            return None
        blocked = np.flatnonzero(needs[self.granted : self.end] > earlier.returned)
        if len(blocked) == 0:
            return None
        segment = self.granted + int(blocked[0])
        return segment, int(needs[segment])

    def _first_row(self) -> int:
        return 0 if self.returned == 0 else self.returned + 1
