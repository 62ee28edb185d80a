"""Whether anybody worked for, or drew charge from, an agency without right, and how often a rover said no."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import AgencyId, RoverId, TaskId, Tick
from fleet.messages import BulletinHeeded, Charge, ChargeStopped, Declined, Law, StopHeeded
from sim.record.entries import Commanded, Entry, Frame, Happened, Opening, Said, TaskChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something done without right."""

    tick: Tick
    rover: RoverId
    what: str


class LawWatch:
    """Reads a run by its rights table, from what bodies did and rovers said; shares only the table with them.

    Notes
    -----
    Work counts when it is begun, charge when a frame shows it flow. Where the table says ``ask``, a rover that does it
    has consented.
    """

    def __init__(self, opening: Opening | None = None) -> None:
        self.wrongs: list[Wrong] = []  #: In order.
        self.refusals = 0  #: A task declined by a rover counts once, however often it is said.
        self._law = opening.law if opening is not None else Law()
        tasks = opening.tasks if opening is not None else ()
        self._agency_of: dict[TaskId, AgencyId] = {entry.task: entry.agency for entry in tasks}
        self._declined: set[tuple[RoverId, TaskId]] = set()
        self._sources: dict[RoverId, RoverId] = {}
        self._drawing: set[RoverId] = set()  # Those that were found so already.

    def write(self, entry: Entry) -> None:
        """Take in the next entry."""
        match entry:
            case Said():
                self._hear(entry)
            case Happened(event=ChargeStopped(reason="right")):
                self.refusals += 1
            case TaskChanged(state="running", step=0, rover=str(rover)):
                self._begins(entry.tick, rover, entry.task)
            case Commanded(command=Charge(source=source)):
                self._sources[entry.rover] = source
                self._drawing.discard(entry.rover)
            case Frame():
                for body in entry.rovers:
                    if body.activity == "charging" and body.rover not in self._drawing:
                        self._drawing.add(body.rover)
                        self._draws(entry.tick, body.rover)
            case _:
                pass

    def _hear(self, said: Said) -> None:
        body, sender = said.message.body, said.message.sender
        match body:
            case Declined(task=task) if (sender, task) not in self._declined:
                self._declined.add((sender, task))
                self.refusals += 1
            case StopHeeded() | BulletinHeeded() if body.refused:
                self.refusals += 1
            case _:
                pass

    def _begins(self, tick: Tick, rover: RoverId, task: TaskId) -> None:
        ruling = self._law.ruling("task", (self._agency_of.get(task, AgencyId("")),), rover)
        if ruling.rule == "refuse":
            self.wrongs.append(Wrong(tick=tick, rover=rover, what=f"began {task}: {ruling.why}"))

    def _draws(self, tick: Tick, rover: RoverId) -> None:
        source = self._sources.get(rover)
        if source is not None and not self._law.may_draw(rover, source):
            own = self._law.agencies.get(rover)
            self.wrongs.append(Wrong(tick=tick, rover=rover, what=f"drew charge from {source}, and {own} may not"))
