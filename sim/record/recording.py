"""A recording, read."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from fleet.core import ConfigError, MessageError, MissionTime, Tick
from fleet.messages import from_named_json
from fleet.messages.codec import Decoder
from fleet.terrain import GroundMap
from sim.record.channels import FORMAT, GROUND, HEAD, KINDS, ORIGIN, RESULT, LogTime
from sim.record.checkpoint import Checkpoint, last_checkpoint
from sim.record.chunks import DamagedChunk, Scan, channels, is_mcap, messages, scan, unpack
from sim.record.entries import Closing, Entry, Frame, Opening
from sim.record.exchange import LAYOUT, Exchange, unpack_all

T = TypeVar("T", bound=Entry)

_KEPT_CHUNKS = 16  #: Unpacked chunks kept at hand, for seeking to and fro.
_KEPT_FRAMES = 256


class StoredEntry(NamedTuple):
    """An entry as it lies in the file."""

    kind: type[Entry]
    tick: Tick  #: When it was written.
    json: bytes


class _FramePlace(NamedTuple):
    chunk: int
    start: int
    end: int


class Recording:
    """A recording, of a run that ended or of one that was cut short.

    Everything is read when it is asked for. A file whose end is missing gives what it holds; `damage` tells.

    Parameters
    ----------
    file
        An MCAP file that a `RecordWriter` wrote.

    Raises
    ------
    ConfigError
        When the file cannot be read or is no recording, here or from any method.
    """

    def __init__(self, file: Path | str) -> None:
        self.file = Path(file)
        self._data = self._read()
        self._scan = self._scanned()
        self._is_damaged = False  # Not merely cut.
        self.damage = self._first_damage()  #: What is wrong with the file, as a sentence; empty when nothing is.
        self._channels = self._read_channels()
        self.opening: Opening = self._read_opening()
        self.time, self._log_time = self._read_time()
        self._unpacked: Callable[[int], bytes] = lru_cache(_KEPT_CHUNKS)(self._unpack)
        self.frame: Callable[[int], Frame] = lru_cache(_KEPT_FRAMES)(self._frame)  #: The frame of a number from 0 up.
        self._frame_ticks: array[int] | None = None
        self._frames: list[_FramePlace] = []
        self._ground: GroundMap | None = None

    @property
    def ground(self) -> GroundMap:
        """The map that the fleet had."""
        if self._ground is None:
            data = self._scan.attachments.get(GROUND)
            if data is None:
                raise ConfigError(str(self.file), "holds no ground")
            try:
                self._ground = Decoder[GroundMap](GroundMap).decode(data)
            except MessageError as error:
                raise ConfigError(str(self.file), f"holds a ground that cannot be read: {error.fact}") from None
        return self._ground

    @property
    def metadata(self) -> Mapping[str, str]:
        """What was noted beside the entries: scenario, seed, versions, and at the end digest and reason."""
        return {**self._scan.metadata.get(HEAD, {}), **self._scan.metadata.get(RESULT, {})}

    @property
    def origin(self) -> Mapping[str, str]:
        """What the scenario was made of, as far as a run that goes on must know it."""
        return self._scan.metadata.get(ORIGIN, {})

    def exchanges(self) -> tuple[Exchange, ...]:
        """Return what came from outside, from which a run can go on.

        Raises
        ------
        ConfigError
            When that is damaged, or was written in another way than this program's.
        """
        if self.origin.get("layout") != str(LAYOUT):
            fact = "was made by a version from whose recordings no run can go on"
            raise ConfigError(str(self.file), fact, "run the scenario anew")
        if self._is_damaged:
            raise ConfigError(str(self.file), self.damage, "run the scenario anew")
        return unpack_all(str(self.file), self._scan.attachments)

    def checkpoint(self) -> Checkpoint | None:
        """Return the last checkpoint from which this program can go on; None where it must begin at the beginning."""
        exchanges = self.exchanges()
        return last_checkpoint(self._scan.attachments, exchanges[-1].tick) if exchanges else None

    @property
    def closing(self) -> Closing | None:
        """How the run ended; None when the file was cut before."""
        last = None
        for chunk in range(max(0, len(self._scan.chunks) - 2), len(self._scan.chunks)):
            for stored in self._stored(chunk):
                last = self.decode(stored) if stored.kind is Closing else last
        return last if isinstance(last, Closing) else None

    @property
    def last_tick(self) -> Tick:
        """The tick of the last entry."""
        return self._log_time.tick(self._scan.chunks[-1].end)

    @property
    def frame_ticks(self) -> Sequence[Tick]:
        """The ticks of all frames, ascending; a tick may have several."""
        if self._frame_ticks is None:
            self._frame_ticks = array("q")
            for chunk in range(len(self._scan.chunks)):
                self._index_frames(chunk, self._frame_ticks)
        return self._frame_ticks

    def frame_at(self, tick: Tick) -> Frame:
        """Return the last frame at or before `tick`, or the first there is."""
        if not self.frame_ticks:
            raise ConfigError(str(self.file), "holds no frame")
        return self.frame(max(0, bisect_right(self.frame_ticks, tick) - 1))

    def entries(self, first: Tick = 0, last: Tick | None = None) -> Iterator[Entry]:
        """Yield the entries written from tick `first` to tick `last`, both included, in order."""
        for stored in self.stored(first, last):
            yield self.decode(stored)

    def stored(self, first: Tick = 0, last: Tick | None = None) -> Iterator[StoredEntry]:
        """Yield the same entries as they lie in the file; `decode` reads those that one needs."""
        start = self._log_time.at(first)
        end = self._scan.chunks[-1].end if last is None else self._log_time.at(last)
        for chunk, place in enumerate(self._scan.chunks):
            if place.end >= start and place.start <= end:
                yield from (entry for entry in self._stored(chunk) if start <= self._log_time.at(entry.tick) <= end)

    def decode(self, stored: StoredEntry) -> Entry:
        """Return the entry that lies there."""
        return self._decode(stored.kind, stored.json)

    def _decode(self, kind: type[T], data: bytes) -> T:
        try:
            return from_named_json(kind, data)
        except MessageError as error:
            raise ConfigError(str(self.file), f"holds an entry that cannot be read: {error.fact}") from None

    def _read(self) -> bytes:
        try:
            data = self.file.read_bytes()
        except OSError as error:
            raise ConfigError(str(self.file), f"cannot be read: {error.strerror}") from None
        if not is_mcap(data):
            raise ConfigError(str(self.file), "is no recording", "A recording is an MCAP file made by `moonfleet run`.")
        return data

    def _scanned(self) -> Scan:
        found = scan(self._data)
        version = found.metadata.get(HEAD, {}).get("format", str(FORMAT))
        if version != str(FORMAT):
            raise ConfigError(str(self.file), f"has format {version}; this program reads {FORMAT}", "Update Moonfleet.")
        return found

    def _first_damage(self) -> str:
        """Leave out the chunks from the first that is damaged on; return what is wrong."""
        for number, place in enumerate(self._scan.chunks):
            try:
                unpack(self._data, place)
            except DamagedChunk as error:
                self._cut(number)
                self._is_damaged = True
                return f"damaged at byte {place.offset}: a chunk {error}; what follows is left out"
        if self._scan.whole:
            return ""
        return f"cut after byte {self._scan.bytes_read}: the run was killed or the file is not complete"

    def _cut(self, chunks: int) -> None:
        found = self._scan
        self._scan = Scan(
            chunks=found.chunks[:chunks],
            attachments=found.attachments,
            metadata={name: record for name, record in found.metadata.items() if name == HEAD},
            whole=False,
            bytes_read=found.bytes_read,
        )

    def _read_channels(self) -> dict[int, type[Entry]]:
        if not self._scan.chunks:
            raise ConfigError(str(self.file), "is a recording that holds nothing", self.damage)
        topics = channels(unpack(self._data, self._scan.chunks[0]))
        return {number: KINDS[topic] for number, topic in topics.items() if topic in KINDS}

    def _read_opening(self) -> Opening:
        content = unpack(self._data, self._scan.chunks[0])
        for channel, _, start, end in messages(content):
            if self._channels.get(channel) is Opening:
                return self._decode(Opening, content[start:end])
        raise ConfigError(str(self.file), "is an MCAP file but no recording of Moonfleet")

    def _read_time(self) -> tuple[MissionTime, LogTime]:
        try:
            start = datetime.fromisoformat(self.opening.start)
            return MissionTime(start=start, dt=self.opening.dt), LogTime.of(self.opening)
        except (ValueError, TypeError, OverflowError) as error:
            raise ConfigError(str(self.file), f"begins at no date that can be read: {error}") from None

    def _unpack(self, chunk: int) -> bytes:
        return unpack(self._data, self._scan.chunks[chunk])

    def _stored(self, chunk: int) -> Iterator[StoredEntry]:
        content = self._unpacked(chunk)
        for channel, time, start, end in messages(content):
            kind = self._channels.get(channel)
            if kind is not None:
                yield StoredEntry(kind, self._log_time.tick(time), content[start:end])

    def _index_frames(self, chunk: int, ticks: array[int]) -> None:
        for channel, time, start, end in messages(self._unpacked(chunk)):
            if self._channels.get(channel) is Frame:
                ticks.append(self._log_time.tick(time))
                self._frames.append(_FramePlace(chunk, start, end))

    def _frame(self, number: int) -> Frame:
        chunk, start, end = self._frames[number]
        return self._decode(Frame, self._unpacked(chunk)[start:end])
