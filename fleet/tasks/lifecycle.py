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
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_MOVES = MappingProxyType(
    {
        (TaskState.OPEN, "award"): TaskState.AWARDED,
        (TaskState.OPEN, "pause"): TaskState.PAUSED,
        (TaskState.OPEN, "cancel"): TaskState.CANCELLED,
        (TaskState.OPEN, "fail"): TaskState.FAILED,
        (TaskState.AWARDED, "start"): TaskState.RUNNING,
        (TaskState.AWARDED, "return"): TaskState.OPEN,
        (TaskState.AWARDED, "pause"): TaskState.PAUSED,
        (TaskState.AWARDED, "cancel"): TaskState.CANCELLED,
        (TaskState.AWARDED, "finish"): TaskState.DONE,
        (TaskState.AWARDED, "fail"): TaskState.FAILED,
        (TaskState.RUNNING, "return"): TaskState.OPEN,
        (TaskState.RUNNING, "pause"): TaskState.PAUSED,
        (TaskState.RUNNING, "cancel"): TaskState.CANCELLED,
        (TaskState.RUNNING, "finish"): TaskState.DONE,
        (TaskState.RUNNING, "fail"): TaskState.FAILED,
        (TaskState.PAUSED, "resume"): TaskState.OPEN,  # Nobody has it;
        (TaskState.PAUSED, "go on"): TaskState.AWARDED,  # who has it kept it.
        (TaskState.PAUSED, "return"): TaskState.PAUSED,
        (TaskState.PAUSED, "cancel"): TaskState.CANCELLED,
        (TaskState.PAUSED, "fail"): TaskState.FAILED,
        # Who had not heard yet may finish it.
        (TaskState.PAUSED, "finish"): TaskState.DONE,
        (TaskState.CANCELLED, "finish"): TaskState.DONE,
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
