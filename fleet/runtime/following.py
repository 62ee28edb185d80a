"""Who films a rover and goes where it goes, so that it tells its place more often meanwhile."""

from __future__ import annotations

from fleet.core import RoverId, TaskId
from fleet.messages import Award, Task, Telemetry

FOLLOWED = 60.0  #: Seconds between two reports of where a rover is that another follows.


class Following:
    """Knows from what is said whether another follows this rover.

    Notes
    -----
    Awards tell which tasks that would be, telemetry who is at one of them.
    """

    def __init__(self, rover: RoverId) -> None:
        self._rover = rover
        self._tasks: set[TaskId] = set()  # In which it is followed; asked for membership only.
        self._by: set[RoverId] = set()  # Who is at one of them; asked for being empty only.

    @property
    def is_followed(self) -> bool:
        """Whether somebody follows this rover now."""
        return bool(self._by)

    def awarded(self, award: Award) -> None:
        """Take in that somebody gets a task."""
        if follows(award.task) == self._rover:
            self._tasks.add(award.task.id)

    def told(self, sender: RoverId, telemetry: Telemetry) -> bool:
        """Take in what another does; return whether it begins to follow just now."""
        before = sender in self._by
        if telemetry.task in self._tasks:
            self._by.add(sender)
        else:
            self._by.discard(sender)
        return sender in self._by and not before


def follows(task: Task | None) -> RoverId | None:
    """Return whom whoever does a task follows; None for most."""
    bonds = [step.bond for step in task.steps if step.is_in_view_of_rover] if task is not None else []
    return next((bond.rover for bond in bonds if bond is not None), None)
