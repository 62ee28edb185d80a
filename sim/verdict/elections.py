"""Who came to lead, and how long the fleet was without a leader that anybody had missed."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import RoverId, Tick
from fleet.messages import Call, Leading, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One change of the leader."""

    epoch: int
    leader: RoverId
    called: Tick  #: When somebody first missed the leader before; later calls of attempts that failed do not count.
    led: Tick  #: When the new one said that it leads.


class ElectionWatch:
    """Follows calls and who leads, from words alone."""

    def __init__(self) -> None:
        self._epoch = 0
        self._called: Tick | None = None
        self.found: list[Succession] = []

    def hear(self, message: Message) -> None:
        """Take in what was said."""
        match message.body:
            case Call() if self._called is None:
                self._called = message.tick
            case Leading(epoch=epoch) if epoch > self._epoch:
                called = message.tick if self._called is None else self._called
                self.found.append(Succession(epoch=epoch, leader=message.sender, called=called, led=message.tick))
                self._epoch, self._called = epoch, None
            case Leading(epoch=epoch) if epoch == self._epoch:
                self._called = None  # It was missed too soon.
            case _:
                pass
