"""All that a run knew at one stop, from which it can go on without what came before being computed once more.

Checkpoints lie in the recording as attachments, and are no part of the digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import zstandard

import fleet
import sim
from fleet.core import MessageError, Tick
from fleet.messages import RoverState, encode
from fleet.messages.codec import MAX_BYTES, Decoder

_NAME: Final = "checkpoint-{:06d}.msgpack.zst"
_MEDIA: Final = "application/zstd"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The state of a run when all of a stop was done."""

    tick: Tick
    digest: str  #: Of all entries so far.
    program: bytes  #: `program_print` of what wrote it; nothing else can read it.
    hub: bytes
    world: bytes
    rovers: tuple[RoverState, ...]


_DECODER: Final[Decoder[Checkpoint]] = Decoder(Checkpoint)


@lru_cache(1)
def program_print() -> bytes:
    """Return what tells this state of the program's sources from all others: only it knows its own objects again."""
    found = sha256()
    for package in (fleet, sim):
        root = Path(next(iter(package.__path__)))
        for file in sorted(root.rglob("*.py")):
            found.update(str(file.relative_to(root)).encode())
            found.update(file.read_bytes())
    return found.digest()


def pack_checkpoint(number: int, checkpoint: Checkpoint) -> tuple[str, str, bytes]:
    """Return name, media type and content of the attachment that holds it."""
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(encode(checkpoint))
    return _NAME.format(number), _MEDIA, packed


def last_checkpoint(attachments: Mapping[str, bytes], most: Tick) -> Checkpoint | None:
    """Return the last one at a tick up to `most` that this program can go on from; None without any."""
    number = sum(name.startswith("checkpoint-") for name in attachments)
    while number > 0:
        number -= 1
        data = attachments.get(_NAME.format(number))
        found = None if data is None else _unpacked(data)
        if found is not None and found.tick <= most and found.program == program_print():
            return found
    return None


def _unpacked(data: bytes) -> Checkpoint | None:
    try:
        if not 0 <= zstandard.frame_content_size(data) <= MAX_BYTES:
            return None
        return _DECODER.decode(zstandard.decompress(data, max_output_size=MAX_BYTES))
    except (MessageError, zstandard.ZstdError):
        return None
