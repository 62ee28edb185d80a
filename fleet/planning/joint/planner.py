"""The built-in joint planner."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from fleet.core import Clock
from fleet.planning.joint.checking import why_hopeless
from fleet.planning.joint.discs.search import DiscSearch
from fleet.planning.joint.steps.search import StepSearch
from fleet.sdk import NoPlan
from fleet.sdk.joint import JointPlan, JointPlanner, JointProblem

_LATEST = 1e6  # Seconds or steps; a known plan that takes longer is not worth mending.


class RepairingJointPlanner:
    """Finds a first plan quickly and repairs it for as long as it is asked; see `fleet.sdk.JointPlanner`.

    Parameters
    ----------
    seed
        Begins its chance.
    answers
        How many answers it gives at the most: its budget of work.

    Notes
    -----
    In `steps`, the first plan is LaCAM*'s; with few movers that search goes on until it has proved that nothing is
    better. For `discs`, movers are planned one after the other by safe intervals, and whoever keeps another from its
    goal is taken out and planned again. Both are then bettered by taking a few movers out at a time and putting them
    back in another order, which is kept when it costs no more.

    Examples
    --------
    >>> from fleet.planning.joint.network import grid_network
    >>> import numpy as np
    >>> from fleet.sdk.joint import movers_of
    >>> network, _ = grid_network(np.ones((2, 3), bool))
    >>> problem = JointProblem(network=network, movers=movers_of([0, 2], [2, 0]), timing="steps")
    >>> *_, best = RepairingJointPlanner().plans(problem)
    >>> best.cost, best.bound
    (6.0, 4.0)
    """

    def __init__(self, *, seed: int = 0, answers: int = 1_000_000) -> None:
        self._seed = seed
        self._answers = answers

    def plans(self, problem: JointProblem, known: JointPlan | None = None) -> Iterator[JointPlan | NoPlan]:
        """Give the best plan so far after each piece of work, and why there is none until there is one."""
        return islice(self._plans(problem, known), self._answers)

    def _plans(self, problem: JointProblem, known: JointPlan | None) -> Iterator[JointPlan | NoPlan]:
        why = why_hopeless(problem)
        if why:
            yield NoPlan(reason=why)
            return
        if not problem.movers:
            yield JointPlan(first=[0], times=[], waypoints=[], bound=0.0)
            return
        search = StepSearch(problem, self._seed) if problem.timing == "steps" else DiscSearch(problem, self._seed)
        rover = search.unreachable()
        if rover >= 0:
            mover = problem.movers[rover]
            yield NoPlan(reason=f"mover {rover}: no lanes lead from waypoint {mover.start} to waypoint {mover.goal}")
            return
        locked = search.locked() if isinstance(search, DiscSearch) else None
        if locked is not None:
            a, b, what = locked
            yield NoPlan(reason=f"movers {a} and {b} are in each other's way on every lane at their {what}")
            return
        yield from search.plans(known if known is not None and _is_readable(known, problem) else None)


def _is_readable(known: JointPlan, problem: JointProblem) -> bool:
    """Whether a plan names times and waypoints that exist; whether it is any good is seen when it is taken over."""
    waypoints, times = known.waypoints, known.times
    return bool(
        len(known) == len(problem.movers)
        and len(times) == len(waypoints) == known.first[-1]
        and (np.diff(known.first) > 0).all()
        and ((times >= 0.0) & (times < _LATEST)).all()
        and ((waypoints >= 0) & (waypoints < len(problem.network))).all()
    )


def plan_jointly(
    planner: JointPlanner, problem: JointProblem, clock: Clock, seconds: float, *, known: JointPlan | None = None
) -> tuple[JointPlan | NoPlan, float]:
    """Return the best plan that a planner has after so many seconds, and when it had its first one.

    Notes
    -----
    Time decides nothing but how many answers are waited for. Without a plan the second number is how long it took.
    """
    begun = clock.now()
    answer: JointPlan | NoPlan = NoPlan(reason="the planner gave no answer")
    first: float | None = None
    for answer in planner.plans(problem, known):
        now = clock.now() - begun
        if first is None and answer:
            first = now
        if now >= seconds:
            break
    return answer, first if first is not None else clock.now() - begun
