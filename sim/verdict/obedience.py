"""Whether rovers do as mission control orders once they say that they know: judged by words and by where bodies are."""

from __future__ import annotations

from typing import Final

from shapely import Point as Spot
from shapely import Polygon

from fleet.core import Point, RoverId, TaskId, distance
from fleet.messages import Bulletin, BulletinHeeded, Law, Message, Notified, Work
from sim.record.entries import Commanded, Frame, Happened, Opening
from sim.verdict.trespass import Trespass

_SLACK: Final = 0.01  # Metres.


class _Sworn:
    """One rover, what it knows that mission control has in force, and where it was when it learned that.

    Notes
    -----
    Who is driving is in the next frame where it was when it heard: a body that stops is told, and what is told has a
    frame.
    """

    def __init__(self, rover: RoverId, radius: float, law: Law) -> None:
        self._rover = rover
        self._radius = radius
        self._law = law
        self._version = 0
        self._is_to_stand = False
        self._stands_at: Point | None = None
        self._suspended: dict[TaskId, str] = {}
        self._closed: dict[str, Polygon] = {}
        self._fresh: set[str] = set()  # Closed zones of which it heard since the last frame.
        self._within: set[str] = (
            set()
        )  # Those that it was in when it heard of them, or that were told; until it leaves.

    def heeds(self, bulletin: Bulletin) -> None:
        """Take in that the rover knows what is in force."""
        if bulletin.version <= self._version:
            return
        self._version = bulletin.version
        self._is_to_stand = any(
            halt.rover == self._rover and self._law.ruling("stop", (halt.by,), self._rover).rule == "allow"
            for halt in bulletin.halts
        )
        self._suspended = {word.task: word.told() for word in self._law.lawful(bulletin.suspended)}
        before, self._closed = self._closed, {ground.zone: Polygon(ground.outline) for ground in bulletin.closed}
        self._fresh |= {zone for zone, shape in self._closed.items() if shape != before.get(zone)}

    def works(self, task: TaskId) -> str | None:
        """Take in that it begins to work; return what it does against orders."""
        told = self._suspended.get(task)
        return f"at work on {task}, which is {told}" if told is not None else None

    def look(self, place: Point) -> list[str]:
        """Take in where the body is now; return what it does against orders, in words, each once."""
        against = []
        if not self._is_to_stand:
            self._stands_at = None
        elif self._stands_at is None:
            self._stands_at = place
        elif distance(place, self._stands_at) > _SLACK:
            against.append("driving though it was to stand")
            self._stands_at = place
        if not self._closed:
            return against
        inside = {zone for zone, at in self._closed.items() if at.distance(Spot(place)) < self._radius - _SLACK}
        against += [f"in closed ground {zone}" for zone in sorted(inside - self._within - self._fresh)]
        self._within = inside
        self._fresh.clear()
        return against


class ObedienceWatch:
    """Notes each body that disobeys after its rover knew: drives, enters closed ground, or works at what is paused.

    Parameters
    ----------
    opening
        Who there is.
    """

    def __init__(self, opening: Opening | None = None) -> None:
        entries = opening.rovers if opening is not None else ()
        self.found: list[Trespass] = []  #: In order.
        law = opening.law if opening is not None else Law()
        self._sworn = {entry.rover: _Sworn(entry.rover, entry.radius, law) for entry in entries}
        self._bulletins: dict[int, Bulletin] = {}

    def hear(self, message: Message) -> None:
        """Take in what was said."""
        if isinstance(message.body, Bulletin):
            self._bulletins[message.body.version] = message.body
        elif isinstance(message.body, BulletinHeeded):
            self._heeds(message.sender, self._bulletins.get(message.body.version))

    def happen(self, entry: Happened) -> None:
        """Take in what happened to a rover."""
        if isinstance(entry.event, Notified):
            self._bulletins[entry.event.bulletin.version] = entry.event.bulletin
            self._heeds(entry.rover, entry.event.bulletin)

    def command(self, entry: Commanded) -> None:
        """Take in what a body does from now on."""
        sworn = self._sworn.get(entry.rover)
        if sworn is not None and isinstance(entry.command, Work):
            against = sworn.works(entry.command.task)
            if against is not None:
                self.found.append(Trespass(tick=entry.tick, rover=entry.rover, other=None, against=against))

    def look(self, frame: Frame) -> None:
        """Take in where the bodies are."""
        for body in frame.rovers:
            sworn = self._sworn.get(body.rover)
            for what in sworn.look((body.x, body.y)) if sworn is not None and self._bulletins else ():
                self.found.append(Trespass(tick=frame.tick, rover=body.rover, other=None, against=what))

    def _heeds(self, rover: RoverId, bulletin: Bulletin | None) -> None:
        if bulletin is not None and rover in self._sworn:
            self._sworn[rover].heeds(bulletin)
