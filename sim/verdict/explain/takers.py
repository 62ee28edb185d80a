"""Who could have a task, what each of them said, and what would have to be otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.core import RoverId, TaskId, Tick, format_elapsed
from fleet.messages import Task
from sim.record import Opening, RoverEntry
from sim.verdict.explain.agreements import names


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """The fleet, seen from one task."""

    opening: Opening
    task: Task | None  #: None while it is not ordered.
    declined: Mapping[RoverId, str]  #: Who may not or will not, and why.
    answered: frozenset[RoverId]  #: Who spoke when it was last to be had.
    busy: Mapping[RoverId, int]  #: How many tasks each has.
    missing: tuple[TaskId, ...]  #: What must be done before, and is not.
    together: tuple[str, ...]  #: What it is begun with and nobody has.
    in_turn: tuple[TaskId, ...]  #: Other tasks for several that are to be had, of which one coalition is at a time.
    is_agreed: bool  #: Shared out by agreement, not by a leader.
    was_asked: bool  #: Whether all were asked for offers, and had the time to answer.
    is_offered: bool  #: Whether somebody offers to do it.

    @property
    def able(self) -> tuple[RoverId, ...]:
        """Whose vehicles can do it."""
        return tuple(rover.rover for rover in self.opening.rovers if not self._lacks(rover))

    def refusals(self) -> list[str]:
        """Return who does not take it, whatever it is worth, and why."""
        return [f"refused by {rover} of {self._agency(rover)}: {why}" for rover, why in sorted(self.declined.items())]

    def silent(self) -> list[str]:
        """Return for all who did not refuse why they do not offer, those who cannot together."""
        rest = [rover for rover in self.opening.rovers if rover.rover not in self.declined]
        unable: dict[str, list[str]] = {}
        for rover in rest:
            if lacking := self._lacks(rover):
                unable.setdefault(" or ".join(lacking), []).append(rover.rover)
        said = [f"{rover.rover} {self._why(rover)}" for rover in rest if not self._lacks(rover)]
        return [*said, *(f"{names(rovers)} cannot {lacking}" for lacking, rovers in unable.items())]

    def change(self, tick: Tick) -> tuple[str, ...]:
        """Return what would have to be otherwise for somebody to have it, at a tick."""
        task = self.task
        if task is None:
            return ()
        said = [f"{before} is done" for before in self.missing]
        said += [f"there is a rover for {part}" for part in self.together]
        if tick < task.earliest:
            said.append(f"it is {format_elapsed(task.earliest * self.opening.dt)}")
        if task.latest is not None and tick >= task.latest:
            return (*said, f"it may be done after {format_elapsed(task.latest * self.opening.dt)}")
        if not self.able:
            return (*said, f"a machine can {' and '.join(sorted(task.capabilities))}")
        for rover in self.able:
            if rover in self.declined:
                said.append(f"{self._agency(rover)} lets {rover} work for {task.agency}")
            elif rover not in self.answered and self.was_asked and not self.is_offered:
                said.append(f"{rover} is heard again")
        return tuple(said)

    def _agency(self, rover: RoverId) -> str:
        return next((str(entry.agency) for entry in self.opening.rovers if entry.rover == rover), "another agency")

    def _lacks(self, rover: RoverEntry) -> list[str]:
        return sorted((self.task.capabilities if self.task else frozenset()) - set(rover.capabilities))

    def _why(self, rover: RoverEntry) -> str:
        if rover.rover not in self.answered:
            return "did not answer: it is out of reach, or lost"
        if self.in_turn and self.together:
            return "answered: it is asked for one coalition at a time, or did not want it"
        task, busy = self.task, self.busy.get(rover.rover, 0)
        reasons = (
            [f"it is at {busy} other task{'s' if busy > 1 else ''}"] if busy else ["no way that its charge allows"]
        )
        if task is not None and task.payload > 0.0:
            reasons.append(f"{task.payload:g} kg too heavy for what it has on board")
        if task is not None and task.latest is not None:
            reasons.append(f"no time before {format_elapsed(task.latest * self.opening.dt)}")
        if task is not None and any(step.light != "any" for step in task.steps):
            reasons.append(
                f"no {' or '.join(sorted({step.light for step in task.steps} - {'any'}))} ground there in time"
            )
        return f"answered and did not want it: {', or '.join(reasons)}"
