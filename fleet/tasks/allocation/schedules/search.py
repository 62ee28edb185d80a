"""Schedules for tasks that wait for each other, take several rovers, or need charge."""

from __future__ import annotations

import networkx as nx
import numpy as np

from fleet.core import stream
from fleet.tasks.allocation.plan import Stop
from fleet.tasks.allocation.problem import NEVER, AllocationProblem
from fleet.tasks.allocation.schedules.arrays import Jobs, Schedule, Sequence
from fleet.tasks.allocation.schedules.kernels import better_schedule, make_schedule
from fleet.tasks.allocation.stops import MUST, abilities, logarithms, spread

_HOT, _COLD = 0.02, 0.0002  # Temperatures, in shares of the first schedule's end, or of its legs a task.


class ScheduleSearch:
    """A schedule that gets better for as many iterations as it is given; the same for the same problem and seed."""

    def __init__(self, problem: AllocationProblem, seed: int, iterations: int) -> None:
        self._problem = problem
        self._jobs = jobs_of(problem)
        self._schedule = _schedule(self._jobs, seed)
        order = _first_order(problem)
        self._sequences = (_sequence(self._jobs, order), _sequence(self._jobs, order), _sequence(self._jobs, order))
        self._iterations = iterations
        self._done = 0
        for sequence in self._sequences[:2]:
            make_schedule(self._jobs, sequence, self._schedule)
        _, end, cost = self._sequences[0].score.tolist()
        scale = float(end) if self._jobs.is_makespan else 10.0 * cost / max(1, len(order))
        self._heat = (_HOT * scale, _COLD * scale)

    @property
    def jobs(self) -> Jobs:
        """The problem as arrays."""
        return self._jobs

    @property
    def best(self) -> Sequence:
        """What the best schedule is made from."""
        return self._sequences[1]

    @property
    def is_done(self) -> bool:
        """Whether all iterations are done."""
        return self._done >= self._iterations

    @property
    def is_proven(self) -> bool:
        """Never: nothing tells how good a schedule could be."""
        return False

    def advance(self, iterations: int) -> int:
        """Go on for so many iterations, or as many as are left; return how many."""
        begun = self._done
        until = min(self._done + iterations, self._iterations)
        if len(self._jobs.value) and len(self._jobs.travel):
            span = (self._done, until, self._iterations)
            better_schedule(self._jobs, self._sequences, self._schedule, self._heat, span)
        self._done = until
        return until - begun

    def stops(self) -> list[list[Stop]]:
        """Return the stops of each rover in the best schedule."""
        make_schedule(self._jobs, self.best, self._schedule)
        return stops_of(self._problem, self._schedule)


def stops_of(problem: AllocationProblem, schedule: Schedule) -> list[list[Stop]]:
    """Return the stops of each rover in the schedule that was made last."""
    tasks, rovers = len(problem.tasks), len(problem.rovers)
    routes: list[list[Stop]] = [[] for _ in range(rovers)]
    for entry in range(int(schedule.entries[0])):
        stop = int(schedule.entry_stop[entry])
        routes[int(schedule.entry_rover[entry])].append(
            Stop(
                task=problem.tasks[stop].id if stop < tasks else None,
                charger=stop - tasks - 2 * rovers if stop >= tasks else None,
                arrive=int(schedule.entry_arrive[entry]),
                start=int(schedule.entry_start[entry]),
                end=int(schedule.entry_end[entry]),
            )
        )
    return routes


def jobs_of(problem: AllocationProblem) -> Jobs:
    """Return a problem as arrays."""
    rovers, tasks = problem.rovers, problem.tasks
    cost, time = (spread(problem, matrix, chargers=True) for matrix in (problem.cost, problem.time))
    energy = spread(problem, problem.energy, chargers=True) if problem.energy is not None else np.zeros_like(cost)
    able = abilities(problem)
    numbers = {task.id: number for number, task in enumerate(tasks)}
    comes_after = np.zeros((len(tasks), len(tasks)), np.uint8)
    for number, task in enumerate(tasks):
        for before in task.after:
            comes_after[number, numbers[before]] = 1
        # Who can do what few can is not to be taken for what others can do too.
        roles = sorted(range(len(task.roles)), key=lambda role: (int(able[:, number, role].sum()), role))
        able[:, number, : len(roles)] = able[:, number, roles]
    batteries = [rover.battery for rover in rovers]
    return Jobs(
        cost=cost,
        time=time,
        energy=energy,
        travel=np.array([rover.travel for rover in rovers], np.int32),
        able=able,
        roles=np.array([len(task.roles) for task in tasks], np.int64),
        is_shared=np.array([task.shared for task in tasks], np.uint8),
        comes_after=comes_after,
        duration=np.array([task.work for task in tasks], np.int64),
        earliest=np.array([task.earliest for task in tasks], np.int64),
        latest=np.array([task.latest for task in tasks], np.int64),
        load=np.array([task.load for task in tasks], np.int64),
        value=np.array([task.value if task.value < NEVER else MUST for task in tasks], np.int64),
        ready=np.array([rover.ready for rover in rovers], np.int64),
        until=np.array([rover.until for rover in rovers], np.int64),
        capacity=np.array([rover.capacity for rover in rovers], np.int64),
        has_battery=np.array([battery is not None for battery in batteries], np.uint8),
        charge=np.array([battery.charge if battery else 0 for battery in batteries], np.int64),
        full=np.array([battery.capacity if battery else 0 for battery in batteries], np.int64),
        drain=np.array([battery.work if battery else 0 for battery in batteries], np.int64),
        refill=np.array([battery.refill if battery else 1 for battery in batteries], np.int64),
        reserve=np.array([_reserve(problem, energy, number) for number in range(len(rovers))], np.int64).reshape(
            len(rovers), len(tasks)
        ),
        is_makespan=problem.objective == "makespan",
    )


def _reserve(
    problem: AllocationProblem, energy: np.ndarray[tuple[int, ...], np.dtype[np.int32]], number: int
) -> list[int]:
    """What a rover has to have left at each task: the way to a charger, or to its end if that takes less."""
    tasks, rovers = len(problem.tasks), len(problem.rovers)
    rover = problem.rovers[number]
    havens = list(range(tasks + 2 * rovers, tasks + 2 * rovers + len(problem.chargers)))
    if rover.end is not None or not havens:
        havens.append(tasks + rovers + number)
    return [int(least) for least in energy[rover.travel, :tasks][:, havens].min(axis=1)]


def _first_order(problem: AllocationProblem) -> list[int]:
    """Tasks behind those they wait for; among the others who has to start soonest, then who is worth most."""
    numbers = {task.id: number for number, task in enumerate(problem.tasks)}
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(problem.tasks)))
    graph.add_edges_from((numbers[before], numbers[task.id]) for task in problem.tasks for before in task.after)
    return list(
        nx.lexicographical_topological_sort(
            graph, key=lambda number: (problem.tasks[number].latest, -problem.tasks[number].value, number)
        )
    )


def _sequence(jobs: Jobs, order: list[int]) -> Sequence:
    return Sequence(
        order=np.array(order, np.int64),
        picks=np.full(jobs.able.shape[1:], -1, np.int64),
        score=np.zeros(3, np.int64),
    )


def _schedule(jobs: Jobs, seed: int) -> Schedule:
    rovers, tasks, roles = jobs.able.shape
    chargers = jobs.time.shape[1] - tasks - 2 * rovers
    entries = 2 * tasks * roles + rovers
    return Schedule(
        at=np.zeros(rovers, np.int64),
        free=np.zeros(rovers, np.int64),
        charge=np.zeros(rovers, np.int64),
        load=np.zeros(rovers, np.int64),
        ends=np.zeros(tasks, np.int64),
        charger_free=np.zeros(chargers, np.int64),
        charger_was=np.zeros(chargers, np.int64),
        arrive=np.zeros(rovers, np.int64),
        by=np.zeros(rovers, np.int64),
        team=np.zeros(roles, np.int64),
        entry_rover=np.zeros(entries, np.int64),
        entry_stop=np.zeros(entries, np.int64),
        entry_arrive=np.zeros(entries, np.int64),
        entry_start=np.zeros(entries, np.int64),
        entry_end=np.zeros(entries, np.int64),
        entries=np.zeros(1, np.int64),
        logs=logarithms(),
        chance=np.array([stream(seed, "allocation").getrandbits(64)], np.uint64),
    )
