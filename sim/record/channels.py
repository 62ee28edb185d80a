"""How entries lie in an MCAP file: topics, schemas, and ticks as UTC nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

from fleet.core import Tick
from sim.record.entries import Entry, Opening, Said

FORMAT: Final = 1  #: Version of the layout; a reader refuses those it does not know.
PROFILE: Final = "moonfleet"
HEAD: Final = "moonfleet"  #: Name of the metadata record at the start.
ORIGIN: Final = "moonfleet.origin"  #: Name of the metadata record that tells what the run can go on from.
RESULT: Final = "moonfleet.result"  #: Name of the metadata record at the end.
GROUND: Final = "ground.msgpack"  #: Name of the attachment that holds the `GroundMap`.

TOPICS: Final[dict[type[Entry], str]] = {kind: f"moonfleet.{kind.__struct_config__.tag}" for kind in get_args(Entry)}
KINDS: Final[dict[str, type[Entry]]] = {topic: kind for kind, topic in TOPICS.items()}

LOG_TOPIC: Final = "moonfleet.log"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LogTime:
    """Ticks of one mission as nanoseconds since 1970, in whole numbers.

    >>> time = LogTime(start=1_000_000_000, step=250_000_000)
    >>> time.at(3), time.tick(1_750_000_000)
    (1750000000, 3)
    """

    start: int  #: Of tick 0.
    step: int  #: Of one tick.

    @classmethod
    def of(cls, opening: Opening) -> LogTime:
        """Return the time of the mission that begins so."""
        since = datetime.fromisoformat(opening.start) - _EPOCH
        return cls(start=since // timedelta(microseconds=1) * 1000, step=round(opening.dt * 1e9))

    def at(self, tick: Tick) -> int:
        """Return the time of a tick."""
        return self.start + tick * self.step

    def tick(self, time: int) -> Tick:
        """Return the tick of a time."""
        return (time - self.start) // self.step


def tick_of(entry: Entry) -> Tick:
    """Return the tick at which an entry came to be."""
    if isinstance(entry, Said):
        return entry.message.tick
    return 0 if isinstance(entry, Opening) else entry.tick
