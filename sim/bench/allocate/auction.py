"""An allocator of an auction on a whole problem: rovers bid what a task adds to their route, round after round."""

from __future__ import annotations

from math import inf
from typing import Final

from fleet.core import AgencyId, ConfigError, RoverId
from fleet.messages import Bid, Step, Task
from fleet.runtime import FencedAllocator, load_plugin
from fleet.tasks.allocation import NEVER, AllocationPlan, AllocationProblem, plan_of_orders

_DEADLINE: Final = 10.0  #: Seconds of wall time for the awards of a round.


def auctioned(problem: AllocationProblem, name: str) -> AllocationPlan:
    """Return the plan that an allocator's auction ends with.

    Parameters
    ----------
    name
        Of its entry point, or ``module:Class``.

    Raises
    ------
    ConfigError
        When there is no such allocator, or the problem has teams, batteries, order or the makespan to keep low.
    PluginError
        When it breaks its contract.

    Notes
    -----
    In each round a rover bids for every open task that it can still put into its route, at the least cost that this
    adds, and goes on with what it was awarded. A task whose value is less than what it adds is not bid for.

    Source
    ------
    Koenig et al., "The Power of Sequential Single-Item Auctions for Agent Coordination", AAAI 2006.
    """
    if problem.is_coupled or problem.objective != "cost":
        raise ConfigError(
            f"--allocator {name}",
            "an auction of single tasks knows no teams, no order of tasks and no makespan",
            "give drawn fleets or Solomon's files",
        )
    allocator = FencedAllocator(name, RoverId(""), load_plugin("fleet.allocators", name)(), _DEADLINE)
    routes = [_Route(problem, number) for number in range(len(problem.rovers))]
    numbers = {rover.id: number for number, rover in enumerate(problem.rovers)}
    tasks = {task.id: _told(problem, number) for number, task in enumerate(problem.tasks)}
    indices = {task.id: number for number, task in enumerate(problem.tasks)}
    while tasks:
        bids = {
            rover: tuple(
                Bid(task=task, cost=float(added))
                for task in tasks
                if (added := routes[number].added(indices[task])) <= problem.tasks[indices[task]].value
            )
            for rover, number in numbers.items()
        }
        awards = allocator.award(tuple(tasks.values()), bids)
        fault = allocator.take_fault()
        if fault is not None:
            raise fault
        if not awards:
            break
        for task, rover, _ in awards:
            routes[numbers[rover]].take(indices[task])
            del tasks[task]
    return plan_of_orders(problem, [route.order for route in routes])


def _told(problem: AllocationProblem, number: int) -> Task:
    """Return a task as an allocator is told of it."""
    task = problem.tasks[number]
    return Task(
        id=task.id,
        kind="image",
        title=str(task.id),
        agency=AgencyId(""),
        steps=(
            Step(place=(0.0, 0.0), radius=1.0, work=max(task.work, 1), capability=min(task.roles[0], default="any")),
        ),
        earliest=task.earliest,
        latest=None if task.latest >= NEVER else task.latest + max(task.work, 1),
        value=float(task.value),
    )


class _Route:
    """The tasks of one rover in order, and what others would add to it."""

    def __init__(self, problem: AllocationProblem, number: int) -> None:
        self.order: list[int] = []
        self._tasks = problem.tasks
        self._rover = problem.rovers[number]
        self._cost: list[list[int]] = problem.cost[self._rover.travel].tolist()
        self._time: list[list[int]] = problem.time[self._rover.travel].tolist()
        self._settle()

    def added(self, task: int) -> float:
        """Return the least cost that a task adds; infinite when it does not fit."""
        return self._found(task)[0]

    def take(self, task: int) -> None:
        """Put a task where it adds least."""
        self.order.insert(self._found(task)[1], task)
        self._settle()

    def _found(self, task: int) -> tuple[float, int]:
        if task not in self._known:
            self._known[task] = self._best(task)
        return self._known[task]

    def _settle(self) -> None:
        """Work out when the rover leaves each stop at the earliest, and is there at the latest."""
        rover, tasks = self._rover, [self._tasks[number] for number in self.order]
        self._known: dict[int, tuple[float, int]] = {}  # Of each task: least added cost, and where.
        self._load = sum(task.load for task in tasks)
        self._places = [rover.start, *(task.place for task in tasks)]
        self._leaves = [rover.ready]
        for place, task in zip(self._places, tasks, strict=False):
            self._leaves.append(max(self._leaves[-1] + self._time[place][task.place], task.earliest) + task.work)
        # By when it has to leave the last stop; and, from there back, to be at each before it.
        until = rover.until - (0 if rover.end is None else self._time[self._places[-1]][rover.end])
        self._due = [until]
        for number in range(len(tasks) - 1, -1, -1):
            there = min(tasks[number].latest, self._due[0] - tasks[number].work)
            self._due.insert(0, there - (self._time[self._places[number]][tasks[number].place]))

    def _best(self, task: int) -> tuple[float, int]:
        """Return the least cost that a task adds, and where in the order."""
        wanted, rover = self._tasks[task], self._rover
        if not wanted.roles[0] <= rover.capabilities or self._load + wanted.load > rover.capacity:
            return inf, 0
        onward = [*self._places[1:], rover.end]
        best = (inf, 0)
        for spot, (place, after) in enumerate(zip(self._places, onward, strict=True)):
            cost, takes = self._cost[place][wanted.place], self._time[place][wanted.place]
            start = max(self._leaves[spot] + takes, wanted.earliest)
            if start > wanted.latest or max(cost, takes) >= NEVER:
                continue
            leaves, due = start + wanted.work, self._due[spot]
            if after is None:
                fits = leaves <= due
            else:
                cost += self._cost[wanted.place][after] - self._cost[place][after]
                # When it would have to leave the stop before, were this the way on from there.
                fits = leaves + self._time[wanted.place][after] - self._time[place][after] <= due
                fits = fits and self._cost[wanted.place][after] < NEVER and self._time[wanted.place][after] < NEVER
            if fits and cost < best[0]:
                best = (cost, spot)
        return best
