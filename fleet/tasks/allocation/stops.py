"""What the searches share: where stops are, and who can fill which role."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fleet.core.arrays import Floats, Indices
from fleet.tasks.allocation.problem import NEVER, AllocationProblem

BLOCKED: Final = 2_000_000_000  #: What a leg takes that no one can drive: later than any time that is allowed.
MUST: Final = 1 << 50  #: What it costs to leave undone what has to be done.


def spread(problem: AllocationProblem, matrix: NDArray[np.integer], *, chargers: bool = False) -> Indices:
    """Return ``(C, N, N)``: a matrix from stop to stop: tasks, starts, ends, and chargers if wanted.

    Notes
    -----
    The end of a rover that may end anywhere is a stop that nothing is spent to reach.
    """
    places = [task.place for task in problem.tasks] + [rover.start for rover in problem.rovers]
    first_end = len(places)
    places += [rover.end if rover.end is not None else rover.start for rover in problem.rovers]
    if chargers:
        places += [charger.place for charger in problem.chargers]
    is_blocked = (problem.cost >= NEVER) | (problem.time >= NEVER)
    known = np.where(is_blocked, BLOCKED, np.minimum(matrix, BLOCKED)).astype(np.int32)
    stops = np.ascontiguousarray(known[:, np.array(places)[:, None], np.array(places)[None, :]])
    stops[:, :, [first_end + number for number, rover in enumerate(problem.rovers) if rover.end is None]] = 0
    return stops


def abilities(problem: AllocationProblem) -> NDArray[np.uint8]:
    """Return ``(R, M, K)``: whether a rover can fill a task's role; 0 for roles that a task does not have."""
    roles = max((len(task.roles) for task in problem.tasks), default=1)
    able = np.zeros((len(problem.rovers), len(problem.tasks), roles), np.uint8)
    kinds: dict[frozenset[str], NDArray[np.uint8]] = {}
    for number, task in enumerate(problem.tasks):
        for spot, role in enumerate(task.roles):
            if role not in kinds:
                kinds[role] = np.array([role <= rover.capabilities for rover in problem.rovers], np.uint8)
            able[:, number, spot] = kinds[role]
    return able


def logarithms() -> Floats:
    """Return ``(4096,)``: -ln of the middles of so many parts of [0, 1], rounded so that all machines agree."""
    logs: Floats = np.round(-np.log((np.arange(4096) + 0.5) / 4096.0), 9)
    return logs
