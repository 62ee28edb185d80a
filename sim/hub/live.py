"""A run as it goes on, for viewers: a sink that puts every entry on the feed, and the present for who comes late."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

import msgspec

from fleet.bus import FeedPublisher
from fleet.messages import HazardSeen, encode
from fleet.messages.codec import Decoder
from fleet.terrain.ground_map import GroundMap
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    FaultEnded,
    Frame,
    Happened,
    Opening,
    Said,
    TaskChanged,
)

SNAPSHOT: Final = "snapshot"
NEWS: Final = "news"
_MOST: Final = 4096  # Entries told at once.


class News(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that follow each other, and how many there were before them."""

    before: int
    entries: tuple[Entry, ...]


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What one who comes late must know: the ground, and of all that was told the last of each kind, in order."""

    ground: GroundMap
    told: int  #: How many entries there were so far.
    numbers: tuple[int, ...]  #: Of those that are here, among them.
    entries: tuple[Entry, ...]


_PRESENT: Final[Decoder[Present]] = Decoder(Present)
_NEWS: Final[Decoder[News]] = Decoder(News)


def read_feed(topic: str, data: bytes) -> Present | News | None:
    """Return what a frame of the feed holds, None for a topic that is not known.

    Raises
    ------
    MessageError
        When it is nothing that a run tells.
    """
    if topic == SNAPSHOT:
        return _PRESENT.decode(data, "feed")
    return _NEWS.decode(data, "feed") if topic == NEWS else None


def _kind_of(entry: Entry) -> Hashable:
    """Return what entries have in common of which the last replaces all before; None for those that all count."""
    match entry:
        case Opening() | Frame() | Closing():
            return type(entry)
        case TaskChanged(task=task):
            return TaskChanged, task
        case Commanded(rover=rover):
            return Commanded, rover
        case Said(message=message):
            return Said, message.sender, message.to, type(message.body)
        case Happened(rover=rover, event=event):
            return None if isinstance(event, HazardSeen) else (Happened, rover, type(event))
        case FaultBegan(fault=fault) | FaultEnded(fault=fault):
            return FaultBegan, fault.id
        case Collided() | Faulted() | Directed():
            return None


class LiveFeed:
    """Tells viewers what is told to the recorder.

    Parameters
    ----------
    publisher
        Closed with the run.
    ground
        For those who have no map.
    """

    def __init__(self, publisher: FeedPublisher, ground: GroundMap) -> None:
        self._publisher = publisher
        self._ground = ground
        self._present: dict[Hashable, tuple[int, Entry]] = {}
        self._written = 0
        self._waiting: list[Entry] = []  # The last ones written, which were not told yet.

    def write(self, entry: Entry) -> None:
        """Take an entry, to be told with others, and keep what a latecomer needs of it."""
        kind = _kind_of(entry)
        key = self._written if kind is None else kind
        self._present.pop(key, None)  # So that it comes last.
        self._present[key] = (self._written, entry)
        self._written += 1
        self._waiting.append(entry)
        if len(self._waiting) >= _MOST:
            self.tell()

    def tell(self) -> None:
        """Put on the feed what was written since this was last called, all at once: to send costs more than to say."""
        if self._waiting:
            news = News(before=self._written - len(self._waiting), entries=tuple(self._waiting))
            self._waiting = []
            self._publisher.publish(NEWS, encode(news))

    def publish_present(self) -> None:
        """Put the present on the feed."""
        self.tell()
        numbers, entries = zip(*self._present.values(), strict=True) if self._present else ((), ())
        present = Present(ground=self._ground, told=self._written, numbers=numbers, entries=entries)
        self._publisher.publish(SNAPSHOT, encode(present))

    def close(self) -> None:
        """Tell the rest, and end the feed."""
        self.tell()
        self._publisher.close()
