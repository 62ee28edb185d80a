"""The recorder: entries into an MCAP file that stays readable when the run is cut short."""

from __future__ import annotations

import json
import os
import platform
from collections import deque
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mcap.well_known import MessageEncoding, SchemaEncoding
from mcap.writer import CompressionType, Writer

from fleet.core import Clock, ConfigError, Tick
from fleet.messages import encode, named_json, schema_of, to_json
from fleet.terrain import GroundMap
from sim.record.channels import (
    FORMAT,
    GROUND,
    HEAD,
    LOG_TOPIC,
    ORIGIN,
    PROFILE,
    RESULT,
    TOPICS,
    LogTime,
    tick_of,
)
from sim.record.checkpoint import Checkpoint, pack_checkpoint
from sim.record.entries import (
    Closing,
    Collided,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    FaultEnded,
    Happened,
    Opening,
    TaskChanged,
)
from sim.record.exchange import LAYOUT, Exchange, pack
from sim.record.panels import Panels
from sim.record.sentences import gravity, is_news, sentence
from sim.record.well_known import Log, LogLevel, Time, WellKnown, schema_name, well_known_schema

_CHUNK: Final = 512 * 1024  #: Bytes of entries compressed together.
_MOST: Final = 1024  #: Entries that wait to be written.
_AT_ONCE: Final = 2  # Entries that are written between two looks at who calls.
_PATIENCE: Final = 0.5  #: Wall seconds that an entry may wait in memory while others follow.
_PACKAGES: Final = ("moonfleet", "numpy", "numba", "shapely", "msgspec", "mcap")

_LOGGED: Final = (Happened, TaskChanged, Faulted, FaultBegan, FaultEnded, Directed, Collided)


class RecordWriter:
    """A sink that writes a recording.

    Parameters
    ----------
    file
        Written anew; its folder must exist.
    ground
        The map that the fleet had; goes into the file before anything else.
    clock
        Wall time, by which the file is brought up to date on disk; None: by size only.
    origin
        What the scenario was made of, for a run that goes on from this recording.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """

    def __init__(
        self,
        file: Path,
        *,
        ground: GroundMap,
        clock: Clock | None = None,
        origin: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        try:
            self._stream = file.open("wb")
        except OSError as error:
            raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None
        self._ground = ground
        self._clock = clock
        self._origin = origin
        self._waiting: deque[Entry] = deque()
        self._noted: list[Exchange] = []  # And not in the file yet.
        self._packs = 0
        self._checkpoints = 0
        self._is_behind = False  # Whether there is anything that is not on disk.
        self._flushed = clock.now() if clock is not None else 0.0
        self._writer = Writer(self._stream, chunk_size=_CHUNK, compression=CompressionType.ZSTD)
        self._writer.start(profile=PROFILE, library=f"moonfleet {_version('moonfleet')}")
        self._channels = {kind: self._channel(topic, topic, schema_of(kind)) for kind, topic in TOPICS.items()}
        self._panels = Panels(ground)
        self._shown: dict[str, int] = {}  # Channels of what other programs show.
        self._time = LogTime(start=0, step=1)
        self._tick: Tick = 0
        self._count = 0
        self._closed = False

    def write(self, entry: Entry) -> None:
        """Append an entry, soon: `_MOST` may wait until there is time for them, or for the disk."""
        if isinstance(entry, Opening):
            self._open(entry)
        self._waiting.append(entry)
        self._is_behind = True
        if len(self._waiting) > _MOST:
            self._put(self._waiting.popleft())
        if isinstance(entry, Opening):
            self.flush()  # Whatever happens next, it can be told of what this is a recording.
        if isinstance(entry, Closing):
            self._end(entry)
        self.keep_up()

    def work(self, is_called: Callable[[], bool]) -> None:
        """Write what waits, until somebody calls: where hosts are waited for anyway it costs a run nothing."""
        while self._waiting and not is_called():
            for _ in range(min(_AT_ONCE, len(self._waiting))):
                self._put(self._waiting.popleft())

    def _put(self, entry: Entry) -> None:
        # Entries lie in the order of writing; times in a file that is searched by time must never go back.
        self._tick = max(self._tick, tick_of(entry))
        time = self._time.at(self._tick)
        self._add(self._channels[type(entry)], time, named_json(entry))
        for topic, message in self._panels.of(entry, time):
            self._show(topic, message, time)
        if isinstance(entry, _LOGGED) and is_news(entry):
            name = entry.rover if isinstance(entry, Happened | Faulted) else "world"
            level = LogLevel(LogLevel.INFO + gravity(entry))
            line = Log(timestamp=Time.at(time), level=level, message=sentence(entry), name=name)
            self._show(LOG_TOPIC, line, time)
        self._count += 1

    def note(self, exchange: Exchange) -> None:
        """Keep what came from outside at a stop, all of whose entries are written."""
        self._noted.append(exchange)
        self._is_behind = True

    def keep(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint into the file, behind all that led to it, so that it outlasts even the machine's failing."""
        self.flush()
        self._attach(*pack_checkpoint(self._checkpoints, checkpoint))
        self._checkpoints += 1
        self.flush()
        os.fsync(self._stream.fileno())

    def keep_up(self) -> None:
        """Bring the file on disk up to date when something has waited long enough for it."""
        if self._is_behind and self._clock is not None and self._clock.now() - self._flushed >= _PATIENCE:
            self.flush()

    def flush(self) -> None:
        """Bring the file on disk up to date."""
        self.work(lambda: False)
        if self._noted:
            self._attach(*pack(self._packs, self._noted))
            self._packs += 1
            self._noted = []
        self._writer.flush()  # type: ignore[no-untyped-call]  # mcap leaves it without types
        self._is_behind = False
        if self._clock is not None:
            self._flushed = self._clock.now()

    def close(self) -> None:
        """Finish the file; without a closing entry it tells that the run was cut short."""
        if not self._closed:
            self._closed = True
            self.flush()
            self._writer.finish()  # type: ignore[no-untyped-call]  # mcap leaves it without types
            self._stream.close()

    def _open(self, opening: Opening) -> None:
        self._time = LogTime.of(opening)
        time = self._time.at(0)
        head = {"format": str(FORMAT), "scenario": opening.scenario, "seed": str(opening.seed), **versions()}
        self._writer.add_metadata(HEAD, head)
        self._writer.add_metadata(ORIGIN, {"layout": str(LAYOUT), **self._origin})
        self._writer.add_attachment(
            create_time=time, log_time=time, name=GROUND, media_type="application/msgpack", data=encode(self._ground)
        )

    def _end(self, closing: Closing) -> None:
        result = {
            "digest": closing.digest,
            "reason": closing.reason,
            "ticks": str(closing.tick),
            "wakes": str(closing.wakes),
        }
        self.flush()
        self._writer.add_metadata(RESULT, result)

    def _show(self, topic: str, message: WellKnown, time: int) -> None:
        """Append what is there for other programs, and not read again."""
        if topic not in self._shown:
            kind = type(message)
            self._shown[topic] = self._channel(topic, schema_name(kind), well_known_schema(kind))
        self._add(self._shown[topic], time, to_json(message))

    def _attach(self, name: str, kind: str, data: bytes) -> None:
        time = self._time.at(self._tick)
        self._writer.add_attachment(create_time=time, log_time=time, name=name, media_type=kind, data=data)

    def _add(self, channel: int, time: int, data: bytes) -> None:
        self._writer.add_message(
            channel_id=channel, log_time=time, publish_time=time, data=data, sequence=self._count & 0xFFFFFFFF
        )

    def _channel(self, topic: str, name: str, schema: Mapping[str, object]) -> int:
        schema_id = self._writer.register_schema(
            name=name, encoding=SchemaEncoding.JSONSchema, data=json.dumps(schema).encode()
        )
        channel: int = self._writer.register_channel(
            topic=topic, message_encoding=MessageEncoding.JSON, schema_id=schema_id
        )
        return channel


def versions() -> dict[str, str]:
    """Return the versions of all that a digest depends on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
