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
ENTRY: Final = "entry"


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What one who comes late must know: the ground, and of all that was told the last of each kind, in order."""

    ground: GroundMap
    entries: tuple[Entry, ...]


_PRESENT: Final[Decoder[Present]] = Decoder(Present)
_ENTRY: Final[Decoder[Entry]] = Decoder(Entry)


def read_feed(topic: str, data: bytes) -> Present | Entry | None:
    """Return what a frame of the feed holds, None for a topic that is not known.

    Raises
    ------
    MessageError
        When it is nothing that a run tells.
    """
    if topic == SNAPSHOT:
        return _PRESENT.decode(data, "feed")
    return _ENTRY.decode(data, "feed") if topic == ENTRY else None


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
        self._present: dict[Hashable, Entry] = {}
        self._told = 0

    def write(self, entry: Entry) -> None:
        """Publish an entry, and keep what a latecomer needs of it."""
        self._publisher.publish(ENTRY, encode(entry))
        kind = _kind_of(entry)
        self._told += 1
        key = self._told if kind is None else kind
        self._present.pop(key, None)  # So that it comes last.
        self._present[key] = entry

    def publish_present(self) -> None:
        """Put the present on the feed."""
        present = Present(ground=self._ground, entries=tuple(self._present.values()))
        self._publisher.publish(SNAPSHOT, encode(present))

    def close(self) -> None:
        """End the feed."""
        self._publisher.close()
