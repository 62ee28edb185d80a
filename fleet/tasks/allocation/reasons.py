"""Why tasks stay undone, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.core import TaskId
from fleet.tasks.allocation.plan import Undone
from fleet.tasks.allocation.problem import NEVER, AllocationProblem, AllocationRover, AllocationTask


def why_undone(problem: AllocationProblem, numbers: Sequence[int]) -> tuple[Undone, ...]:
    """Return the reason of each task that stays undone, by number."""
    left = {problem.tasks[number].id for number in numbers}
    return tuple(
        Undone(task=problem.tasks[number].id, reason=_why(problem, problem.tasks[number], left))
        for number in sorted(numbers)
    )


def _why(problem: AllocationProblem, task: AllocationTask, left: set[TaskId]) -> str:
    return why_hopeless(problem, task) or _why_behind(task, left) or _why_not_worth(task)


def why_hopeless(problem: AllocationProblem, task: AllocationTask) -> str:
    """Return why nobody could do a task even if it were the only one, empty when somebody could."""
    fit: list[set[int]] = []
    for role in task.roles:
        able = [number for number, rover in enumerate(problem.rovers) if role <= rover.capabilities]
        if not able:
            return f"no rover has {_list(role)}" if role else "there is no rover"
        strong = [number for number in able if task.load <= problem.rovers[number].capacity]
        if not strong:
            return f"a load of {task.load} is too much for everyone who has {_list(role)}"
        punctual = [number for number in strong if _is_in_time(problem, problem.rovers[number], task)]
        if not punctual:
            return f"nobody who could do it can be there by {task.latest} and end in time"
        fit.append(set(punctual))
    if not task.shared and len(set().union(*fit)) < len(fit):
        return f"it takes {len(fit)} rovers at once, and {len(set().union(*fit))} could"
    return ""


def _why_behind(task: AllocationTask, left: set[TaskId]) -> str:
    behind = sorted(task.after & left)
    return f"it comes after {behind[0]}, which is left undone" if behind else ""


def _why_not_worth(task: AllocationTask) -> str:
    if task.value < NEVER:
        return "beside the other tasks, doing it would cost more than it is worth, or come too late"
    return "no plan was found that has time for it beside the other tasks"


def _is_in_time(problem: AllocationProblem, rover: AllocationRover, task: AllocationTask) -> bool:
    time = np.asarray(problem.time)[rover.travel]
    there = int(time[rover.start, task.place])
    start = max(rover.ready + there, task.earliest)
    back = int(time[task.place, rover.end]) if rover.end is not None else 0
    return there < NEVER and back < NEVER and start <= task.latest and start + task.work + back <= rover.until


def _list(names: frozenset[str]) -> str:
    return " and ".join(sorted(names)) or "what it takes"
