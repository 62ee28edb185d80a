"""What an allocation is computed from: integers all through, so that whoever has the same inputs has the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from fleet.core import ConfigError, RoverId, TaskId

NEVER: Final = 1_000_000_000  #: Later than any time, dearer than any cost of a leg.
MOST_ROLES: Final = 8  #: Of one task.

Objective = Literal["cost", "makespan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """What a rover has to drive and work with; charge in whole units, joules for instance."""

    charge: int  #: At the start.
    capacity: int
    work: int = 0  #: Taken by a unit of time of work.
    refill: int = 1  #: Given by a charger in a unit of time.

    def __post_init__(self) -> None:
        if not 0 <= self.charge <= self.capacity <= NEVER or self.work < 0 or self.refill < 1:
            raise ValueError(f"{self} does not hold 0 <= charge <= capacity, work >= 0 and refill >= 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRover:
    """One rover as an allocation sees it."""

    id: RoverId
    start: int  #: Place where it is.
    end: int | None = None  #: Place where it has to end; None leaves it where its last task is.
    travel: int = 0  #: Row of the problem's matrices: its vehicle class.
    capabilities: frozenset[str] = frozenset()
    ready: int = 0  #: Time from which it can drive,
    until: int = NEVER  #: and by which it has to be at its end.
    capacity: int = NEVER  #: Load that it takes on one tour.
    battery: Battery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationTask:
    """One task as an allocation sees it."""

    id: TaskId
    place: int
    work: int = 0  #: Time that it takes.
    earliest: int = 0  #: Start of work,
    latest: int = NEVER  #: and the last time at which it may start.
    #: Each set names what one rover of the team must be able to do; all of them are there from the start to the end.
    roles: tuple[frozenset[str], ...] = (frozenset(),)
    shared: bool = False  #: Whether one rover may fill several roles at once.
    load: int = 0
    value: int = NEVER  #: Cost that is worth paying; `NEVER` for a task that has to be done if anybody can.
    after: frozenset[TaskId] = frozenset()  #: Tasks that have to end before it starts.


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """Where rovers charge, one at a time."""

    place: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AllocationProblem:
    """Who could do what, and what it takes.

    Parameters
    ----------
    cost, time
        ``(C, P, P)``: from place to place, by vehicle class. Entries of `NEVER` and more mean that there is no way.
    energy
        ``(C, P, P)`` in units of the batteries; None where nobody has one.
    objective
        ``cost``: least cost of all legs and of the value of what is left undone. ``makespan``: the earliest end of the
        last rover, once as much value as possible is done.

    Raises
    ------
    ConfigError
        When ids come twice, a name or a place does not exist, an amount is negative, or tasks wait for each other.
    """

    rovers: tuple[AllocationRover, ...]
    tasks: tuple[AllocationTask, ...]
    cost: NDArray[np.integer]
    time: NDArray[np.integer]
    energy: NDArray[np.integer] | None = None
    chargers: tuple[Charger, ...] = ()
    objective: Objective = "cost"

    def __post_init__(self) -> None:
        _check_matrices(self)
        _check_ids("rover", [rover.id for rover in self.rovers])
        _check_ids("task", [task.id for task in self.tasks])
        for rover in self.rovers:
            _check_rover(self, rover)
        for task in self.tasks:
            _check_task(self, task)
        for number, charger in enumerate(self.chargers):
            _check_place(self, f"charger {number}", charger.place)
        _check_order(self.tasks)

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.cost.shape[1])

    @property
    def is_coupled(self) -> bool:
        """Whether what one rover does can wait for what another does."""
        return bool(
            self.objective == "makespan"
            or any(task.after or len(task.roles) != 1 for task in self.tasks)
            or any(rover.battery for rover in self.rovers)
        )

    def fingerprint(self) -> str:
        """Return what names these inputs: the same on every machine, in whatever order they were gathered.

        Notes
        -----
        A plan of another order of the same rovers and tasks is another plan, so whoever agrees on inputs sorts them by
        id first; the fingerprint tells when somebody did not.
        """
        digest = sha256()
        told = ([_rover(rover) for rover in self.rovers], [_task(task) for task in self.tasks], self.chargers)
        digest.update(repr((*told, self.objective, self.cost.shape)).encode())
        for matrix in (self.cost, self.time, self.energy):
            if matrix is not None:
                digest.update(np.ascontiguousarray(matrix, "<i8").tobytes())
        return digest.hexdigest()


# Sets have no order of their own, so they are told in order of their members.
def _rover(rover: AllocationRover) -> tuple[object, ...]:
    rest = (rover.id, rover.start, rover.end, rover.travel, rover.ready, rover.until, rover.capacity, rover.battery)
    return (*rest, sorted(rover.capabilities))


def _task(task: AllocationTask) -> tuple[object, ...]:
    rest = (task.id, task.place, task.work, task.earliest, task.latest, task.shared, task.load, task.value)
    return (*rest, [sorted(role) for role in task.roles], sorted(task.after))


def _check_matrices(problem: AllocationProblem) -> None:
    matrices = {"cost": problem.cost, "time": problem.time}
    if problem.energy is not None:
        matrices["energy"] = problem.energy
    elif any(rover.battery for rover in problem.rovers):
        raise ConfigError("energy", "is missing, and a rover has a battery")
    for name, matrix in matrices.items():
        if not (isinstance(matrix, np.ndarray) and matrix.ndim == 3 and matrix.shape[1] == matrix.shape[2]):
            raise ConfigError(name, "is no array of vehicle classes x places x places")
        if matrix.shape != problem.cost.shape:
            raise ConfigError(name, f"is {matrix.shape}, and cost is {problem.cost.shape}")
        if not np.issubdtype(matrix.dtype, np.integer):
            raise ConfigError(name, f"holds {matrix.dtype}", "round to whole numbers: costs, and times upwards")
        if matrix.size and int(matrix.min()) < 0:
            raise ConfigError(name, f"holds {int(matrix.min())}, and nothing may be negative")


def _check_ids(kind: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ConfigError(f"{kind} {name}", "is there twice")
        seen.add(name)


def _check_place(problem: AllocationProblem, owner: str, place: int) -> None:
    if not 0 <= place < problem.places:
        raise ConfigError(owner, f"place {place} is none of the {problem.places} that are")


def _check_amounts(owner: str, amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        if not 0 <= amount <= NEVER:
            raise ConfigError(owner, f"{name} is {amount}, not from 0 to {NEVER}")


def _check_rover(problem: AllocationProblem, rover: AllocationRover) -> None:
    owner = f"rover {rover.id}"
    _check_place(problem, owner, rover.start)
    if rover.end is not None:
        _check_place(problem, owner, rover.end)
    if not 0 <= rover.travel < problem.cost.shape[0]:
        raise ConfigError(owner, f"vehicle class {rover.travel} is none of the {problem.cost.shape[0]} that are")
    _check_amounts(owner, {"ready": rover.ready, "until": rover.until, "capacity": rover.capacity})
    if rover.end is None:
        return
    leg = (rover.travel, rover.start, rover.end)
    if problem.cost[leg] >= NEVER or problem.time[leg] >= NEVER:
        raise ConfigError(owner, f"has no way from place {rover.start} to its end at {rover.end}")
    if rover.ready + int(problem.time[leg]) > rover.until:
        raise ConfigError(owner, f"cannot be at its end by {rover.until}, whatever it does")
    if rover.battery and problem.energy is not None and rover.battery.charge < problem.energy[leg]:
        raise ConfigError(owner, "has no charge for the way to its end", "leave its end open")


def _check_task(problem: AllocationProblem, task: AllocationTask) -> None:
    owner = f"task {task.id}"
    _check_place(problem, owner, task.place)
    times = {"work": task.work, "earliest": task.earliest, "latest": task.latest}
    _check_amounts(owner, times | {"load": task.load, "value": task.value})
    if not task.roles:
        raise ConfigError(owner, "has no role for anybody", "an empty set of capabilities is what everybody can do")
    if len(task.roles) > MOST_ROLES:
        raise ConfigError(owner, f"has {len(task.roles)} roles, and {MOST_ROLES} is the most")


def _check_order(tasks: Sequence[AllocationTask]) -> None:
    known = {task.id for task in tasks}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for task in tasks:
        for before in sorted(task.after):
            if before not in known:
                raise ConfigError(f"task {task.id}", f"is to come after {before}, which is not there")
            graph.add_edge(before, task.id)
    if not graph:
        return
    try:
        circle = nx.find_cycle(graph)
    except nx.NetworkXNoCycle:
        return
    raise ConfigError(f"task {circle[0][0]}", "waits for itself: " + " before ".join(edge[0] for edge in circle))
