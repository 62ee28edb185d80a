"""The fence around plugins: whatever they do when called, it comes out as an answer in time or as a PluginError."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import TypeVar

from fleet.core import PluginError, RoverId, TaskId, Tick
from fleet.messages import Bid, Task
from fleet.runtime.blame import said_of
from fleet.runtime.deadline import Overdue, within
from fleet.sdk import Allocator
from fleet.tasks import SingleItemAuction

T = TypeVar("T")

Awards = tuple[tuple[TaskId, RoverId, float], ...]


def fenced(plugin: str, rover: RoverId, tick: Tick, seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, which is a plugin's code.

    Raises
    ------
    PluginError
        When it raised, wanted to exit, or took longer than `seconds` of wall time.

    >>> def lose_map():
    ...     raise LookupError("no map")
    >>> fenced("mine", RoverId("r1"), 7, 1.0, lose_map)
    Traceback (most recent call last):
    ...
    fleet.core.errors.PluginError: plugin mine of rover r1 at tick 7: raised LookupError: no map
    """
    try:
        return within(seconds, call)
    except Overdue:
        raise PluginError(plugin, rover, tick, f"no answer within {seconds:g} s of wall time") from None
    except (Exception, SystemExit) as error:
        # A plugin may raise anything, and must not end the process that it shares with others.
        raise PluginError(plugin, rover, tick, f"raised {said_of(error)}") from error


class FencedAllocator:
    """Asks an allocator; once it broke its contract, the auction decides in its place."""

    def __init__(self, plugin: str, rover: RoverId, allocator: Allocator, deadline: float) -> None:
        self._plugin = plugin
        self._rover = rover
        self._allocator = allocator
        self._deadline = deadline
        self._fault: PluginError | None = None
        self._failed = False

    def award(self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]) -> Awards:
        """Return task, winner and winning cost."""
        if not self._failed:
            try:
                return self._checked(tasks, bids)
            except PluginError as error:
                self._failed, self._fault = True, error
        return SingleItemAuction().award(tasks, bids)

    def take_fault(self) -> PluginError | None:
        """Return what the allocator did wrong, once."""
        fault, self._fault = self._fault, None
        return fault

    def _checked(self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]) -> Awards:
        def call() -> Awards:
            awards = tuple(self._allocator.award(tasks, bids))
            fact = _fact(awards, tasks, bids)
            if fact:
                raise ValueError(fact)
            return awards

        return fenced(self._plugin, self._rover, 0, self._deadline, call)


def _fact(awards: Awards, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]) -> str:
    """Return what is wrong with awards, empty when nothing is."""
    offered = {task.id for task in tasks}
    wanted = {(bid.task, rover) for rover, offers in bids.items() for bid in offers if bid.task in offered}
    for task, rover, cost in awards:
        if (task, rover) not in wanted:
            return f"awarded {task!r} to {rover!r}, who did not bid for it"
        if not (isinstance(cost, int | float) and isfinite(cost) and cost >= 0.0):
            return f"awarded {task!r} at a cost of {cost!r}"
    if len({task for task, _, _ in awards}) < len(awards) or len({rover for _, rover, _ in awards}) < len(awards):
        return "awarded a task twice, or two tasks to one rover"
    return ""
