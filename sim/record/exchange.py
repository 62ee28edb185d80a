"""What a run took in from outside, stop by stop: all that it takes to have the same run once more, nobody asked.

It lies in the recording as attachments, one each time that the file was brought up to date, and is no part of the
digest: everything else follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

import msgspec
import zstandard

from fleet.core import ConfigError, MessageError, RoverId, Tick
from fleet.messages import SealedRoverAnswer, encode
from fleet.messages.codec import MAX_BYTES, Decoder
from sim.scenario.fault import Fault
from sim.scenario.order import ControlOrder

LAYOUT: Final = 1  #: Version of it; a run goes on only from one that it knows.
_NAME: Final = "exchanges-{:06d}.msgpack.zst"
_MEDIA: Final = "application/zstd"


class Silenced(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A rover that could not be asked."""

    rover: RoverId
    fact: str
    plugin: str = ""
    back: Tick | None = None  #: When its computer is on again; None: never.


class Exchange(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What came from outside at one stop; at tick -1, when hosts were greeted."""

    tick: Tick
    answers: tuple[SealedRoverAnswer, ...] = ()  #: Of all that were asked and answered, by rover id.
    silenced: tuple[Silenced, ...] = ()
    faults: tuple[Fault, ...] = ()  #: That somebody who steers the run wanted,
    orders: tuple[ControlOrder, ...] = ()  #: and orders.
    went: tuple[RoverId, ...] = ()  #: Whose host from elsewhere went before it,
    came: tuple[RoverId, ...] = ()  #: or came,
    left: tuple[RoverId, ...] = ()  #: or went instead of answering.

    @property
    def is_empty(self) -> bool:
        """Whether nothing came."""
        return self == Exchange(tick=self.tick)


_DECODER: Final[Decoder[tuple[Exchange, ...]]] = Decoder(tuple[Exchange, ...])


def pack(number: int, exchanges: Iterable[Exchange]) -> tuple[str, str, bytes]:
    """Return name, media type and content of the attachment that holds these."""
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(encode(tuple(exchanges)))
    return _NAME.format(number), _MEDIA, packed


def unpack_all(file: str, attachments: Mapping[str, bytes]) -> tuple[Exchange, ...]:
    """Return all exchanges of a recording, in order.

    Raises
    ------
    ConfigError
        When they are not what was written.
    """
    found: list[Exchange] = []
    number = 0
    while (data := attachments.get(_NAME.format(number))) is not None:
        try:
            found += _DECODER.decode(_unpacked(data), file)
        except (MessageError, zstandard.ZstdError) as error:
            raise ConfigError(file, f"holds answers that cannot be read: {error}", "run the scenario anew") from None
        number += 1
    if any(later.tick <= earlier.tick for earlier, later in pairwise(found)):
        raise ConfigError(file, "holds answers that are not in order", "run the scenario anew")
    return tuple(found)


def _unpacked(data: bytes) -> bytes:
    size = zstandard.frame_content_size(data)
    if not 0 <= size <= MAX_BYTES:
        raise MessageError("", f"{size} bytes at once are more than {MAX_BYTES}")
    return zstandard.decompress(data, max_output_size=MAX_BYTES)
