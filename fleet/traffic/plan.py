"""A plan that the ledger has accepted: what of it is held, what is still to be granted, and what that waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    order: int  #: The ledger's count: the later of two plans waits for the earlier, unless both were made jointly.
    path: Path
    radius: float
    start: Disc  #: Parked ground from which it leaves.
    end: int = 0  #: Last waypoint; a withdrawal brings it nearer.
    granted: int = 0  #: Last waypoint that may be driven to.
    returned: int = 0  #: Segments before this waypoint have been left.
    withdrawn: bool = False
    needs: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    #: By order of another plan: (segments,) int64, what that plan must have returned before this one enters.
    yields: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    #: By order of a plan made jointly with this one: (segments, rows) bool, where that one goes first.
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

    def wait_for(self, other: AcceptedPlan) -> None:
        """Note what another plan, which goes first, must return before each segment of this one can be granted.

        Of a plan made jointly with this one, that counts only where it does go first.
        """
        first = other._first_row()
        crossed = crossings(self.pieces[1:], other.pieces[first : other.end + 1])
        if other.order in self.yields:
            crossed &= self.yields[other.order][:, first : other.end + 1]
        # A row stands for waypoint `row` to be returned, the start for waypoint 1 like segment 0.
        waypoints = np.maximum(np.arange(first, other.end + 1), 1)
        needs = np.where(crossed, waypoints[None, :], 0).max(axis=1)
        if needs.any():
            self.needs[other.order] = needs
        else:
            self.needs.pop(other.order, None)

    def waits(self, other: AcceptedPlan) -> tuple[int, int] | None:
        """Return the first segment that waits for another plan, and the waypoint which that must have returned."""
        return next(self.all_waits(other), None) if other.order in self.needs else None

    def all_waits(self, other: AcceptedPlan) -> Iterator[tuple[int, int]]:
        """Give each segment not granted that waits for another plan, and the waypoint which that must have returned."""
        needs = self.needs.get(other.order)
        if needs is not None:
            for segment in np.flatnonzero(needs[self.granted : self.end] > other.returned).tolist():
                yield self.granted + segment, int(needs[self.granted + segment])

    def _first_row(self) -> int:
        return 0 if self.returned == 0 else self.returned + 1


def join(plans: Sequence[AcceptedPlan], entries: Sequence[Sequence[float]]) -> bool:
    """Let plans that were made jointly go first where each comes first; return whether waiting then always ends.

    Parameters
    ----------
    plans
        By order, that of nobody else between them.
    entries
        For each plan, the time at which it means to enter each segment.

    Notes
    -----
    Where two ways run along or across each other without a break, one of the two goes first all the way: who means to
    enter that stretch sooner. When that leaves somebody waiting for ever, whoever enters sooner goes first segment by
    segment.
    """
    times = [np.array([-np.inf, *entry], dtype=np.float64) for entry in entries]
    crossed = {(a, b): crossings(plans[a].pieces, plans[b].pieces) for b in range(len(plans)) for a in range(b)}
    for is_by_stretch in (True, False):
        for (a, b), cells in crossed.items():
            earlier, later = plans[a], plans[b]
            later_first = times[b][None, :] < times[a][:, None]
            if is_by_stretch:
                later_first = _stretches(cells, times[a], times[b])
            later.yields[earlier.order] = ~later_first[:, 1:].T
            earlier.yields[later.order] = later_first[1:]
            later.wait_for(earlier)
            earlier.wait_for(later)
        if not any(_waits_for_rest(plan, other) for plan in plans for other in plans if plan is not other) and _all_end(
            plans
        ):
            return True
    return False


def _stretches(crossed: NDArray[np.bool_], mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where the second of two plans goes first, given which of their rows cross and when each enters its own.

    Who comes first to a stretch of ground goes first all along it.

    >>> head_on = np.array([[False, True], [True, False]])
    >>> _stretches(head_on, np.array([2.0, 9.0]), np.array([3.0, 8.0])).any()
    np.False_
    >>> _stretches(head_on, np.array([4.0, 9.0]), np.array([3.0, 8.0])).tolist()
    [[False, True], [True, False]]
    """
    first = np.zeros(crossed.shape, np.bool_)
    left = set(zip(*(index.tolist() for index in np.nonzero(crossed)), strict=True))
    while left:
        stretch = [left.pop()]
        for row, column in stretch:
            for beside in [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if beside in left:
                    left.remove(beside)
                    stretch.append(beside)
        rows, columns = np.array(stretch).T
        mine_from, theirs_from = mine[rows].min(), theirs[columns].min()
        if mine_from == theirs_from:
            # Both stand in it at the beginning: whoever goes first at each place does.
            first[rows, columns] = theirs[columns] < mine[rows]
        else:
            first[rows, columns] = theirs_from < mine_from
    return first


def _waits_for_rest(plan: AcceptedPlan, other: AcceptedPlan) -> bool:
    """Whether a plan leads over ground on which another one rests before."""
    over = crossings(plan.pieces[1:], disc_pieces([other.rest]))[:, 0]
    return bool((over & plan.yields[other.order][:, other.end]).any())


def _all_end(plans: Sequence[AcceptedPlan]) -> bool:
    """Whether all come to their ends when each drives as far as it is granted ground, and everybody else's plan ends.

    A segment is given back when the next is held, the last one when the plan ends.
    """
    granted = {plan.order: 0 for plan in plans}
    returned = dict(granted)
    moved = True
    while moved:
        moved = False
        for plan in plans:
            needs = {order: plan.needs[order] for order in plan.needs.keys() & granted.keys()}
            reached = granted[plan.order]
            while reached < plan.end and all(need[reached] <= returned[order] for order, need in needs.items()):
                reached += 1
            if reached > granted[plan.order]:
                moved = True
                granted[plan.order] = reached
                returned[plan.order] = reached if reached == plan.end else reached - 1
    return all(granted[plan.order] == plan.end for plan in plans)
