"""A run as it goes on, for viewers: every entry on the feed, and the present for who comes late."""

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
    InstrumentChanged,
    Opening,
    Said,
    TaskChanged,
)

SNAPSHOT: Final = "snapshot"
NEWS: Final = "news"
_MOST: Final = 8192  # Entries kept as they came.


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


class _News(msgspec.Struct, frozen=True, kw_only=True):
    """`News` of entries that are bytes already."""

    before: int
    entries: list[msgspec.Raw]


class _Present(msgspec.Struct, frozen=True, kw_only=True):
    """`Present` of entries that are bytes already."""

    ground: GroundMap
    told: int
    numbers: list[int]
    entries: list[msgspec.Raw]


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
        case InstrumentChanged(instrument=instrument):
            return InstrumentChanged, instrument
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
        self._present: dict[Hashable, tuple[int, msgspec.Raw]] = {}
        self._sorted = 0  # So many entries are in the present already,
        self._recent: list[Entry] = []  # and these were written since; to sort them in at once would slow the run.
        self._data: list[msgspec.Raw] = []  # Of each of them.
        self._told = 0

    def write(self, entry: Entry, data: bytes) -> None:
        """Take an entry, and its bytes, to be told with others."""
        self._recent.append(entry)
        self._data.append(msgspec.Raw(data))
        if len(self._recent) >= _MOST:
            self.tell()
            self._sort_in()

    def tell(self) -> None:
        """Put on the feed what was written since this was last called, all at once: to send costs more than to say."""
        waiting = self._data[self._told - self._sorted :]
        if waiting:
            self._publisher.publish(NEWS, encode(_News(before=self._told, entries=waiting)))
            self._told += len(waiting)

    def _sort_in(self) -> None:
        """Keep what a latecomer needs of what was written."""
        for number, (entry, data) in enumerate(zip(self._recent, self._data, strict=True), self._sorted):
            kind = _kind_of(entry)
            key = number if kind is None else kind
            self._present.pop(key, None)  # So that it comes last.
            self._present[key] = (number, data)
        self._sorted += len(self._recent)
        self._recent, self._data = [], []

    def publish_present(self) -> None:
        """Put the present on the feed."""
        self.tell()
        self._sort_in()
        kept = self._present.values()
        numbers, entries = [number for number, _ in kept], [data for _, data in kept]
        present = _Present(ground=self._ground, told=self._told, numbers=numbers, entries=entries)
        self._publisher.publish(SNAPSHOT, encode(present))

    def close(self) -> None:
        """Tell the rest, and end the feed."""
        self.tell()
        self._publisher.close()
