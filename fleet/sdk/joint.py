"""Ways of several rovers that fit together: the question, the answer, and the port between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fleet.core import Point
from fleet.sdk.planning import NoPlan

#: ``steps``: every lane takes one step, rovers are points, and no two are at a waypoint or exchange places in a step.
#: ``discs``: rovers are discs that drive straight along lanes at their own speed and never overlap.
Timing: TypeAlias = Literal["steps", "discs"]


class LaneNetwork:
    """Waypoints and directed lanes as plain arrays, for searches over many rovers.

    Parameters
    ----------
    points
        ``(V, 2)`` metres.
    lanes
        ``(L, 2)``: waypoints that a lane leads from and to; repeated lanes and lanes to where they begin are left out.

    Raises
    ------
    ValueError
        For coordinates that are not finite and lanes between waypoints that do not exist.

    Examples
    --------
    >>> network = LaneNetwork([(0.0, 0.0), (3.0, 4.0)], [(0, 1), (1, 0)])
    >>> network.first.tolist(), network.to.tolist(), network.lengths.tolist()
    ([0, 1, 2], [1, 0], [5.0, 5.0])
    """

    __slots__ = ("first", "lengths", "points", "to")

    points: NDArray[np.float64]  #: ``(V, 2)``
    first: NDArray[np.int32]  #: ``(V + 1,)``: lanes ``first[v]`` to ``first[v + 1]`` leave waypoint ``v``.
    to: NDArray[np.int32]  #: ``(L,)``
    lengths: NDArray[np.float64]  #: ``(L,)``

    def __init__(self, points: ArrayLike, lanes: ArrayLike) -> None:
        places = np.array(points, np.float64).reshape(-1, 2)
        pairs = np.array(lanes, np.int64).reshape(-1, 2)
        if not np.isfinite(places).all():
            raise ValueError(f"waypoint {int(np.argmin(np.isfinite(places).all(axis=1)))} has no finite place")
        if len(pairs) and not (pairs.min() >= 0 and pairs.max() < len(places)):
            raise ValueError(f"a lane leads to or from a waypoint that is none of the {len(places)}")
        pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
        self.points = places
        self.first = np.searchsorted(pairs[:, 0], np.arange(len(places) + 1)).astype(np.int32)
        self.to = pairs[:, 1].astype(np.int32)
        across = places[pairs[:, 0]] - places[pairs[:, 1]]
        self.lengths = np.sqrt(across[:, 0] * across[:, 0] + across[:, 1] * across[:, 1])
        for array in (self.points, self.first, self.to, self.lengths):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.points)

    def point(self, waypoint: int) -> Point:
        """Return where a waypoint is."""
        x, y = self.points[waypoint].tolist()
        return (x, y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """One rover of a joint problem."""

    start: int  #: Waypoint where it stands at time 0.
    goal: int  #: Waypoint where it ends, to rest for ever.
    radius: float = 0.0  #: Metres; of no account in `steps`.
    speed: float = 1.0  #: Metres a second; of no account in `steps`.


@dataclass(frozen=True, slots=True, kw_only=True)
class JointProblem:
    """Who has to go where over which lanes."""

    network: LaneNetwork
    movers: tuple[Mover, ...]
    timing: Timing


class JointPlan:
    """Everybody's way, and what they take together.

    Parameters
    ----------
    first
        ``(N + 1,)``: entries ``first[n]`` to ``first[n + 1]`` are mover ``n``'s.
    times
        ``(E,)`` seconds, or steps.
    waypoints
        ``(E,)``: where the mover is at that time. Between two entries it waits, or drives straight at constant speed;
        after the last it rests for ever.
    bound
        No plan has a lower cost.

    Examples
    --------
    >>> plan = JointPlan(first=[0, 3], times=[0, 2, 3], waypoints=[7, 7, 8], bound=1.0)
    >>> plan.way(0), plan.cost, plan.makespan
    (((0.0, 7), (2.0, 7), (3.0, 8)), 3.0, 3.0)
    """

    __slots__ = ("bound", "first", "times", "waypoints")

    first: NDArray[np.int32]
    times: NDArray[np.float64]
    waypoints: NDArray[np.int32]
    bound: float

    def __init__(self, *, first: ArrayLike, times: ArrayLike, waypoints: ArrayLike, bound: float) -> None:
        self.first = np.array(first, np.int32)
        self.times = np.array(times, np.float64)
        self.waypoints = np.array(waypoints, np.int32)
        self.bound = bound
        for array in (self.first, self.times, self.waypoints):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.first) - 1

    def way(self, mover: int) -> tuple[tuple[float, int], ...]:
        """Return a mover's times and waypoints."""
        part = slice(self.first[mover], self.first[mover + 1])
        return tuple(zip(self.times[part].tolist(), self.waypoints[part].tolist(), strict=True))

    @property
    def arrivals(self) -> NDArray[np.float64]:
        """``(N,)``: when each comes to its goal for good."""
        return self.times[self.first[1:] - 1]

    @property
    def cost(self) -> float:
        """Sum of all arrivals: flowtime, or sum of costs."""
        return float(self.arrivals.sum())

    @property
    def makespan(self) -> float:
        """When the last arrives."""
        return float(self.arrivals.max(initial=0.0))


class JointPlanner(Protocol):
    """Finds ways of several rovers that fit together.

    Made with a seed and a budget of answers. It knows nothing of time: whoever asks stops when its own time is up, and
    the n-th answer depends on nothing but problem, seed and n.
    """

    def plans(self, problem: JointProblem, known: JointPlan | None = None) -> Iterator[JointPlan | NoPlan]:
        """Give the best plan so far after each piece of work, and why there is none until there is one.

        Ends when nothing is left to improve or to try, or when the budget is used up; the last answer holds.

        Parameters
        ----------
        known
            A plan for the same movers, some of which may have another start or goal now: what fits of it is kept at
            first.
        """
        ...


def movers_of(
    starts: Sequence[int], goals: Sequence[int], radii: Sequence[float] = (0.0,), speeds: Sequence[float] = (1.0,)
) -> tuple[Mover, ...]:
    """Return movers, with radii and speeds dealt to them in turn.

    >>> [mover.radius for mover in movers_of([0, 1, 2], [3, 4, 5], radii=[0.2, 0.45])]
    [0.2, 0.45, 0.2]
    """
    return tuple(
        Mover(start=start, goal=goal, radius=radii[index % len(radii)], speed=speeds[index % len(speeds)])
        for index, (start, goal) in enumerate(zip(starts, goals, strict=True))
    )
