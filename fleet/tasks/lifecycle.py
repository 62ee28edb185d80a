"""Where a task stands, and which moves it has."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType

from fleet.core import TaskId, TransitionError


class TaskState(Enum):
    """Where a task stands between order and end."""

    OPEN = "open"
    AWARDED = "awarded"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_MOVES = MappingProxyType(
    {
        (TaskState.OPEN, "award"): TaskState.AWARDED,
        (TaskState.OPEN, "fail"): TaskState.FAILED,
        (TaskState.AWARDED, "start"): TaskState.RUNNING,
        (TaskState.AWARDED, "return"): TaskState.OPEN,
        (TaskState.AWARDED, "finish"): TaskState.DONE,
        (TaskState.AWARDED, "fail"): TaskState.FAILED,
        (TaskState.RUNNING, "return"): TaskState.OPEN,
        (TaskState.RUNNING, "finish"): TaskState.DONE,
        (TaskState.RUNNING, "fail"): TaskState.FAILED,
    }
)


def has_move(state: TaskState, move: str) -> bool:
    """Whether a task in this state can make this move.

    >>> has_move(TaskState.DONE, "start")
    False
    """
    return (state, move) in _MOVES


def next_state(task: TaskId, state: TaskState, move: str) -> TaskState:
    """Return the state after `move`.

    Raises
    ------
    TransitionError
        When the state has no such move.

    >>> next_state(TaskId("t"), TaskState.OPEN, "award")
    <TaskState.AWARDED: 'awarded'>
    """
    try:
        return _MOVES[state, move]
    except KeyError:
        raise TransitionError(f"task {task}", state.value, move) from None
