"""Routes for rovers whose tasks do not wait for each other."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from fleet.core import stream
from fleet.core.arrays import Counts
from fleet.tasks.allocation.plan import Stop
from fleet.tasks.allocation.problem import NEVER, AllocationProblem
from fleet.tasks.allocation.routes.arrays import COST, UNDONE, Best, Changing, Routes, Work
from fleet.tasks.allocation.routes.kernels import begin, better, keep_routes
from fleet.tasks.allocation.stops import BLOCKED, MUST, abilities, logarithms, spread

REACH: Final = 20  #: Near tasks beside which a task is put in,
TIMED_REACH: Final = 30  #: where the near ones may not be so in time,
SKILLED_REACH: Final = 45  #: and where not every rover can do all of them.
_APART: Final = np.int64(1) << np.int64(50)
_HEAT: Final = (0.3, 0.003)  # First and last temperature, in shares of a leg,
_TIMED_HEAT: Final = (4.0, 0.003)  # where windows keep routes apart: fewer of them are a long way off,
_VALUE_HEAT: Final = (1.0, 0.1)  # and of the mean of leg and value, where tasks may stay undone.


class RouteSearch:
    """A plan that gets better for as many iterations as it is given; the same for the same problem and seed."""

    def __init__(self, problem: AllocationProblem, seed: int, iterations: int) -> None:
        self._problem = problem
        self._work = work_of(problem)
        rovers, tasks = self._work.able.shape
        self._routes, self._best = _routes(rovers, tasks), _best(rovers, tasks)
        self._changing = _changing(rovers, tasks, seed)
        self._iterations = iterations
        self._done = 0
        begin(self._work, self._routes, self._changing, _first_order(self._work))
        keep_routes(self._routes, self._best)
        self._heat = self._temperatures()

    @property
    def best(self) -> Best:
        """The best plan as arrays."""
        return self._best

    @property
    def is_done(self) -> bool:
        """Whether all iterations are done."""
        return self._done >= self._iterations

    def advance(self, iterations: int) -> int:
        """Go on for so many iterations, or as many as are left; return how many."""
        begun = self._done
        until = min(self._done + iterations, self._iterations)
        if len(self._work.value):
            span = (self._done, until, self._iterations)
            better(self._work, self._routes, self._best, self._changing, self._heat, span)
        self._done = until
        return until - begun

    @property
    def is_proven(self) -> bool:
        """Never: nothing tells how good a plan could be."""
        return False

    def stops(self) -> list[list[Stop]]:
        """Return the stops of each rover in the best plan, each as early as can be."""
        tasks = len(self._work.value)
        after, starts = self._best.after.tolist(), self._best.start.tolist()
        routes: list[list[Stop]] = []
        for number, rover in enumerate(self._problem.rovers):
            route: list[Stop] = []
            place, now, stop = rover.start, rover.ready, after[tasks + number]
            while stop < tasks:
                task = self._problem.tasks[stop]
                arrive = now + int(self._problem.time[rover.travel, place, task.place])
                start = starts[stop] if self._work.is_timed else max(arrive, task.earliest)
                route.append(Stop(task=task.id, arrive=arrive, start=start, end=start + task.work))
                place, now, stop = task.place, start + task.work, after[stop]
            routes.append(route)
        return routes

    def _temperatures(self) -> tuple[float, float]:
        """Return the first and the last."""
        value, undone = self._work.value, self._routes.undone[: self._routes.totals[UNDONE]]
        leg = float(self._routes.totals[COST] - value[undone].sum()) / max(1, len(value))
        values = value[value < MUST]
        heat = _TIMED_HEAT if self._work.is_timed else _HEAT
        (hot, cold), scale = (_VALUE_HEAT, (leg + float(values.mean())) / 2.0) if len(values) else (heat, leg)
        return hot * scale, cold * scale


def work_of(problem: AllocationProblem) -> Work:
    """Return a problem as arrays.

    Notes
    -----
    The end of a rover that may end anywhere is a stop that costs nothing to reach.
    """
    rovers, tasks = problem.rovers, problem.tasks
    cost, time = (spread(problem, matrix) for matrix in (problem.cost, problem.time))
    count = len(tasks)
    earliest = [task.earliest for task in tasks] + [rover.ready for rover in rovers] + [0] * len(rovers)
    latest = [task.latest for task in tasks] + [NEVER] * len(rovers) + [rover.until for rover in rovers]
    duration = [task.work for task in tasks] + [0] * (2 * len(rovers))
    able = abilities(problem)[:, :, 0]
    legs = cost[:, :count, :count].astype(np.int64).sum(axis=0)
    legs = legs + legs.T + np.where(_can_meet(able), 0, _APART)
    np.fill_diagonal(legs, -1)
    seen: dict[tuple[object, ...], int] = {}
    alike = [
        seen.setdefault(
            (rover.start, rover.end, rover.travel, rover.capabilities, rover.ready, rover.until, rover.capacity), number
        )
        for number, rover in enumerate(rovers)
    ]
    is_timed = bool(
        any(task.latest < NEVER for task in tasks)
        or any(rover.until < NEVER for rover in rovers)
        or (time >= BLOCKED).any()
    )
    reach = SKILLED_REACH if not able.all() else TIMED_REACH if is_timed else REACH
    return Work(
        cost=cost,
        time=time,
        travel=np.array([rover.travel for rover in rovers], np.int32),
        able=np.ascontiguousarray(able),
        alike=np.array(alike, np.int32),
        near=np.ascontiguousarray(np.argsort(legs, axis=1, kind="stable")[:, 1:].astype(np.int64)),
        reach=min(reach, max(0, count - 1)),
        duration=np.array(duration, np.int64),
        earliest=np.array(earliest, np.int64),
        latest=np.array(latest, np.int64),
        load=np.array([task.load for task in tasks], np.int64),
        capacity=np.array([rover.capacity for rover in rovers], np.int64),
        value=np.array([task.value if task.value < NEVER else MUST for task in tasks], np.int64),
        is_optional=any(task.value < NEVER for task in tasks),
        is_timed=is_timed,
    )


def _can_meet(able: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which two tasks some rover can do both of."""
    return able.T.astype(np.int64) @ able.astype(np.int64) > 0


def _first_order(work: Work) -> Counts:
    """Tasks that have to be done first, then those worth most; the soonest last starts first."""
    return np.lexsort((work.latest[: len(work.value)], -work.value)).astype(np.int64)


def _routes(rovers: int, tasks: int) -> Routes:
    stops = tasks + 2 * rovers
    return Routes(
        after=np.full(stops, -1, np.int64),
        before=np.full(stops, -1, np.int64),
        rover=np.full(stops, -1, np.int64),
        start=np.zeros(stops, np.int64),
        limit=np.zeros(stops, np.int64),
        load=np.zeros(rovers, np.int64),
        size=np.zeros(rovers, np.int64),
        undone=np.zeros(tasks, np.int64),
        totals=np.zeros(2, np.int64),
    )


def _best(rovers: int, tasks: int) -> Best:
    stops = tasks + 2 * rovers
    return Best(
        after=np.full(stops, -1, np.int64),
        start=np.zeros(stops, np.int64),
        undone=np.zeros(tasks, np.int64),
        totals=np.zeros(2, np.int64),
    )


def _changing(rovers: int, tasks: int, seed: int) -> Changing:
    return Changing(
        pool=np.zeros(tasks, np.int64),
        keys=np.zeros(tasks, np.int64),
        touched=np.zeros(rovers, np.int64),
        first=np.zeros(rovers + 1, np.int64),
        kept=np.zeros(tasks, np.int64),
        kept_start=np.zeros(tasks + rovers, np.int64),
        kept_limit=np.zeros(tasks + rovers, np.int64),
        kept_load=np.zeros(rovers, np.int64),
        is_touched=np.zeros(rovers, np.uint8),
        spots=np.zeros(2 * tasks + rovers, np.int64),
        seen=np.zeros(rovers, np.int64),
        place=np.zeros(3, np.int64),
        logs=logarithms(),
        chance=np.array([stream(seed, "allocation").getrandbits(64)], np.uint64),
    )
