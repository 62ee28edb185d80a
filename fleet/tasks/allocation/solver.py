"""From inputs to a plan: the same for everyone who has the same inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Protocol

from fleet.core import Clock
from fleet.tasks.allocation.plan import AllocationPlan, Stop
from fleet.tasks.allocation.problem import NEVER, AllocationProblem
from fleet.tasks.allocation.proofs.search import ProvingSearch, is_provable
from fleet.tasks.allocation.reasons import why_undone
from fleet.tasks.allocation.routes.search import RouteSearch
from fleet.tasks.allocation.schedules.search import ScheduleSearch

ITERATIONS: Final = 20_000  #: Enough for some dozens of tasks; a second for hundreds.
_PIECE: Final = 500  # Iterations between two looks at a clock.
_PROBE: Final = 0.06  # Share of the time that is spent to learn how fast the machine is.


class Search(Protocol):
    """A search that holds the best plan it has found."""

    @property
    def is_done(self) -> bool:
        """Whether it has nothing left to do."""
        ...

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists."""
        ...

    def advance(self, iterations: int) -> int:
        """Go on for so many iterations, or as many as are left; return how many."""
        ...

    def stops(self) -> list[list[Stop]]:
        """Return the best plan: the stops of each rover."""
        ...


def search_for(problem: AllocationProblem, *, seed: int = 0, iterations: int = ITERATIONS) -> Search:
    """Return the search that suits a problem, with its first plan."""
    if is_provable(problem):
        return ProvingSearch(problem, seed, iterations)
    if problem.is_coupled:
        return ScheduleSearch(problem, seed, iterations)
    return RouteSearch(problem, seed, iterations)


def allocate(problem: AllocationProblem, *, seed: int = 0, iterations: int = ITERATIONS) -> AllocationPlan:
    """Return who does what when: a pure function of its arguments.

    Parameters
    ----------
    iterations
        Budget of work. Better plans with more; the plan of few is not the beginning of the plan of many.

    Examples
    --------
    >>> import numpy as np
    >>> from fleet.core import RoverId, TaskId
    >>> from fleet.tasks.allocation import AllocationRover, AllocationTask
    >>> metres = np.abs(np.subtract.outer([0, 90, 10, 80], [0, 90, 10, 80]))[None]
    >>> problem = AllocationProblem(
    ...     rovers=(AllocationRover(id=RoverId("west"), start=0), AllocationRover(id=RoverId("east"), start=1)),
    ...     tasks=(AllocationTask(id=TaskId("a"), place=2), AllocationTask(id=TaskId("b"), place=3)),
    ...     cost=metres,
    ...     time=metres,
    ... )
    >>> plan = allocate(problem, iterations=100)
    >>> plan.order(0), plan.order(1), plan.cost
    (('a',), ('b',), 20)
    """
    search = search_for(problem, seed=seed, iterations=iterations)
    search.advance(iterations)
    return plan_of(problem, search)


def allocate_within(
    problem: AllocationProblem, clock: Clock, seconds: float, *, seed: int = 0
) -> tuple[AllocationPlan, int, float]:
    """Return the plan that so many seconds give on this machine, the iterations done, and when there was a first plan.

    Notes
    -----
    For measuring: a short search tells how many iterations the time has room for, and those are then done. When the
    machine becomes slower meanwhile the search ends with the time, and before its iterations.
    """
    begun = clock.now()
    search = search_for(problem, seed=seed, iterations=_PIECE)
    first = clock.now() - begun
    done = 0
    while clock.now() - begun < first + _PROBE * seconds and not search.is_done:
        search.advance(_PIECE // 10)
        done += _PIECE // 10
    best = plan_of(problem, search)
    if search.is_proven:
        return best, done, first
    pace = done / max(clock.now() - begun - first, 1e-6)
    left = seconds - (clock.now() - begun)
    search = search_for(problem, seed=seed, iterations=max(_PIECE, int(left * 0.95 * pace)))
    done = 0
    while not search.is_done and clock.now() - begun < seconds:
        search.advance(_PIECE // 5)
        done += _PIECE // 5
    plan = plan_of(problem, search)
    return min(plan, best, key=lambda one: rank(one, problem)), done, first


def rank(plan: AllocationPlan, problem: AllocationProblem) -> tuple[int, ...]:
    """Return what a plan is judged by, the least first."""
    must = {task.id for task in problem.tasks if task.value >= NEVER}
    missed = sum(entry.task in must for entry in plan.undone)
    if problem.objective == "makespan":
        return missed, plan.lost, plan.makespan, plan.cost
    return missed, plan.lost + plan.cost, plan.makespan


def plan_of(problem: AllocationProblem, search: Search) -> AllocationPlan:
    """Return the best plan of a search."""
    stops = tuple(tuple(route) for route in search.stops())
    done = {stop.task for route in stops for stop in route}
    undone = [number for number, task in enumerate(problem.tasks) if task.id not in done]
    legs = list(_legs(problem, stops))
    return AllocationPlan(
        inputs=problem.fingerprint(),
        stops=stops,
        undone=why_undone(problem, undone),
        cost=sum(cost for cost, _ in legs),
        lost=sum(task.value for task in (problem.tasks[number] for number in undone) if task.value < NEVER),
        makespan=max((end for _, end in legs), default=0),
        is_proven=search.is_proven,
    )


def plan_of_orders(problem: AllocationProblem, orders: Sequence[Sequence[int]]) -> AllocationPlan:
    """Return the plan in which each rover does its tasks, given by number, in an order and as early as it can.

    Notes
    -----
    Of tasks that do not wait for each other. Whether it holds is for `validate_allocation` to say.
    """
    return plan_of(problem, _Given(problem, orders))


class _Given:
    is_done = True
    is_proven = False

    def __init__(self, problem: AllocationProblem, orders: Sequence[Sequence[int]]) -> None:
        self._problem = problem
        self._orders = orders

    def advance(self, iterations: int) -> int:
        return 0 * iterations

    def stops(self) -> list[list[Stop]]:
        routes: list[list[Stop]] = []
        for rover, order in zip(self._problem.rovers, self._orders, strict=True):
            route: list[Stop] = []
            place, now = rover.start, rover.ready
            for number in order:
                task = self._problem.tasks[number]
                arrive = now + int(self._problem.time[rover.travel, place, task.place])
                start = max(arrive, task.earliest)
                route.append(Stop(task=task.id, arrive=arrive, start=start, end=start + task.work))
                place, now = task.place, start + task.work
            routes.append(route)
        return routes


def _legs(problem: AllocationProblem, stops: Iterable[tuple[Stop, ...]]) -> Iterator[tuple[int, int]]:
    """Give the cost of each rover's legs, and when it is at its end."""
    places = {task.id: task.place for task in problem.tasks}
    for rover, route in zip(problem.rovers, stops, strict=True):
        way = [rover.start]
        way += [places[stop.task] if stop.task else problem.chargers[stop.charger or 0].place for stop in route]
        end = route[-1].end if route else rover.ready
        if rover.end is not None:
            end += int(problem.time[rover.travel, way[-1], rover.end])
            way.append(rover.end)
        yield sum(int(problem.cost[rover.travel, a, b]) for a, b in pairwise(way)), end
