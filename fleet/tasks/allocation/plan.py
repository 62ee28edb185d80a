"""What an allocation gives: who does what when, and why the rest stays undone."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import RoverId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a rover: at a task, or at a charger."""

    task: TaskId | None = None  #: None at a charger.
    charger: int | None = None  #: Number of the charger; None at a task.
    arrive: int  #: The rover may wait from here to the start.
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A task that nobody does."""

    task: TaskId
    reason: str  #: Why, for people.


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPlan:
    """Who does what when.

    The same for the same inputs, seed and iterations, on every machine.
    """

    inputs: str  #: `AllocationProblem.fingerprint` of what it was computed from.
    stops: tuple[tuple[Stop, ...], ...]  #: Of each rover, in the order of the problem.
    undone: tuple[Undone, ...]
    cost: int  #: Of all legs.
    lost: int  #: Value of what is undone, of tasks that do not have to be done.
    makespan: int  #: When the last rover is at its end.
    is_proven: bool = False  #: Whether nothing better exists.

    def order(self, rover: int) -> tuple[TaskId, ...]:
        """Return the tasks of one rover in order."""
        return tuple(stop.task for stop in self.stops[rover] if stop.task is not None)

    def team(self, task: TaskId, rovers: tuple[RoverId, ...]) -> tuple[RoverId, ...]:
        """Return who does a task, of the problem's rovers."""
        return tuple(
            rover for rover, stops in zip(rovers, self.stops, strict=True) if any(stop.task == task for stop in stops)
        )
