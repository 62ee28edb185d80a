"""What mission control has in force at any tick, and which rovers stand for it."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from fleet.core import EVERYONE, GROUND, AgencyId, RoverId, Tick
from fleet.messages import (
    Bulletin,
    BulletinHeeded,
    ClosedGround,
    Halt,
    Message,
    Notified,
    StopHeeded,
    StopOrder,
)
from sim.record.entries import Directed, Entry, Happened, Said
from sim.record.history import History
from sim.scenario.in_force import InForce

_Halts = tuple[Halt, ...]


class ControlHistory:
    """Follows orders, and who says that it heeds them.

    Parameters
    ----------
    agencies
        Of every rover: one stands for mission control and for its own agency.
    """

    def __init__(self, agencies: Mapping[RoverId, AgencyId]) -> None:
        self._agencies = agencies
        self._force = InForce()
        self._in_force = History(self._force.bulletin)
        self._bulletins: dict[int, Bulletin] = {}
        self._heard = {rover: History[_Halts](()) for rover in agencies}  # For whom of mission control it stands.
        self._signals: dict[tuple[RoverId, int], StopOrder] = {}
        self._stands = {rover: History[_Halts](()) for rover in agencies}  # For which other rovers.

    def note(self, tick: Tick, entry: Entry) -> None:
        """Take in the next entry."""
        match entry:
            case Directed(order=order):
                self._force.give([order])
                self._in_force.put(tick, self._force.bulletin)
            case Happened(rover=rover, event=Notified(bulletin=bulletin)):
                self._bulletins[bulletin.version] = bulletin
                self._hears(tick, rover, bulletin)
            case Said(message=message):
                self._note_message(tick, message)
            case _:
                pass

    def _note_message(self, tick: Tick, message: Message) -> None:
        sender, body = message.sender, message.body
        match body:
            case Bulletin():
                self._bulletins[body.version] = body
            case BulletinHeeded() if body.version in self._bulletins:
                self._hears(tick, sender, self._bulletins[body.version])
            case StopOrder():
                self._signals[sender, body.number] = body
                if message.to == EVERYONE:
                    self._heeds(tick, sender, sender, body)
            case StopHeeded(refused=""):
                order = self._signals.get((message.to, body.number))
                if order is not None:
                    self._heeds(tick, sender, message.to, order)
            case _:
                pass

    def _hears(self, tick: Tick, rover: RoverId, bulletin: Bulletin) -> None:
        if rover in self._heard:
            givers = (GROUND, self._agencies[rover])
            halts = tuple(halt for halt in bulletin.halts if halt.rover == rover and halt.by in givers)
            self._heard[rover].put(tick, halts)

    def _heeds(self, tick: Tick, rover: RoverId, giver: RoverId, order: StopOrder) -> None:
        if rover not in self._stands:
            return
        others = tuple(halt for halt in self._stands[rover].last if halt.by != giver)
        mine = next((halt for halt in self._stands[rover].last if halt.by == giver), None)
        halt = mine or Halt(rover=rover, by=giver, since=tick, reason=order.reason)
        self._stands[rover].put(tick, (*others, halt) if order.stand else others)

    def halts(self, rover: RoverId, tick: float) -> _Halts:
        """Return for whom a rover stands, and since when it was ordered."""
        return (*self._heard[rover].at(floor(tick)), *self._stands[rover].at(floor(tick)))

    def unheard(self, rover: RoverId, tick: float) -> _Halts:
        """Return who wants a rover to stand that has not heard it yet, or does not stand for them."""
        known = {(halt.by, halt.since) for halt in self.halts(rover, tick)}
        return tuple(
            halt
            for halt in self._in_force.at(floor(tick)).halts
            if halt.rover == rover and (halt.by, halt.since) not in known
        )

    def closed(self, tick: float) -> tuple[ClosedGround, ...]:
        """Return the ground that is closed, by name."""
        return self._in_force.at(floor(tick)).closed
