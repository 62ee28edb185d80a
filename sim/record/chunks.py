"""What of an MCAP file is whole: its records, read from the front, so that a cut file gives all that it holds.

The index at the end of a finished file is not used: one pass over the record headers costs less than a millisecond a
chunk and works on a file whose end is missing.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Attachment, Channel, Chunk, Metadata
from mcap.writer import MCAP0_MAGIC

_RECORD: Final = struct.Struct("<BQ")  #: Kind and length of what follows.
_MESSAGE: Final = struct.Struct("<HIQQ")  #: Channel, sequence, log time, publish time; the data follows.
_MOST: Final = 256 * 1024 * 1024  #: Bytes that one chunk may unpack to.


class DamagedChunk(Exception):
    """A chunk does not hold what its checksum says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPlace:
    """Where a chunk lies in the file, and which times it covers, nanoseconds since 1970."""

    offset: int  #: Of its content, behind kind and length.
    length: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The whole records of a file."""

    chunks: tuple[ChunkPlace, ...]
    attachments: Mapping[str, bytes]
    metadata: Mapping[str, Mapping[str, str]]
    whole: bool  #: Whether the file was finished.
    bytes_read: int  #: Up to the end of its last whole record.


def is_mcap(data: bytes) -> bool:
    """Whether a file begins like MCAP."""
    return data.startswith(MCAP0_MAGIC)


def scan(data: bytes) -> Scan:
    """Return what is whole in a file that `is_mcap`."""
    chunks: list[ChunkPlace] = []
    attachments: dict[str, bytes] = {}
    metadata: dict[str, Mapping[str, str]] = {}
    whole, read = False, len(MCAP0_MAGIC)
    for kind, offset, length in _records(data, read):
        try:
            if kind == Opcode.CHUNK:
                start, end = struct.unpack_from("<QQ", data, offset)
                chunks.append(ChunkPlace(offset=offset, length=length, start=start, end=end))
            elif kind == Opcode.ATTACHMENT:
                attachment = Attachment.read(_stream(data, offset, length))
                attachments[attachment.name] = attachment.data
            elif kind == Opcode.METADATA:
                record = Metadata.read(_stream(data, offset, length))
                metadata[record.name] = record.metadata
        except (McapError, struct.error, UnicodeDecodeError):
            break
        whole = whole or kind == Opcode.DATA_END
        read = offset + length
    return Scan(chunks=tuple(chunks), attachments=attachments, metadata=metadata, whole=whole, bytes_read=read)


def unpack(data: bytes, place: ChunkPlace) -> bytes:
    """Return the records of a chunk.

    Raises
    ------
    DamagedChunk
        When they are not what was written.
    """
    try:
        chunk = Chunk.read(_stream(data, place.offset, place.length))
        if chunk.uncompressed_size > _MOST:
            raise DamagedChunk(f"claims to hold {chunk.uncompressed_size} bytes")
        if chunk.compression == "zstd":
            # What a frame claims to hold is made room for, whatever else is said of it.
            if zstandard.frame_content_size(chunk.data) not in (-1, chunk.uncompressed_size):
                raise DamagedChunk("holds another number of bytes than it says")
            content = zstandard.decompress(chunk.data, max_output_size=chunk.uncompressed_size)
        elif chunk.compression == "":
            content = chunk.data
        else:
            raise DamagedChunk(f"is packed by {chunk.compression}, which a recording is not")
    except (McapError, struct.error, UnicodeDecodeError, zstandard.ZstdError) as error:
        raise DamagedChunk(str(error) or "ends too early") from None
    if chunk.uncompressed_crc and zlib.crc32(content) != chunk.uncompressed_crc:
        raise DamagedChunk("does not fit its checksum")
    return content


def channels(content: bytes) -> dict[int, str]:
    """Return the topics that a chunk introduces, by number."""
    found: dict[int, str] = {}
    for kind, offset, length in _records(content, 0):
        if kind == Opcode.CHANNEL:
            channel = Channel.read(_stream(content, offset, length))
            found[channel.id] = channel.topic
    return found


def messages(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield channel, log time, and where the data begins and ends, of each message of a chunk, in order."""
    for kind, offset, length in _records(content, 0):
        if kind == Opcode.MESSAGE:
            channel, _, time, _ = _MESSAGE.unpack_from(content, offset)
            yield channel, time, offset + _MESSAGE.size, offset + length


def _records(data: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    size = len(data)
    while offset + _RECORD.size <= size:
        kind, length = _RECORD.unpack_from(data, offset)
        offset += _RECORD.size
        if offset + length > size:
            return
        yield kind, offset, length
        offset += length


def _stream(data: bytes, offset: int, length: int) -> Any:
    return ReadDataStream(BytesIO(data[offset : offset + length]))
