"""All that a host was told, and what it said: whoever takes its place is told the same and knows what it knew."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from typing import Final

_AT_HAND: Final = 8 * 1024 * 1024  #: Bytes that are kept in memory; the rest lies in a file without a name.
_LENGTHS: Final = struct.Struct("<II")


class Chronicle:
    """Pairs of asks and answers, in order.

    Examples
    --------
    >>> chronicle = Chronicle()
    >>> chronicle.append(b"ask", b"answer"), list(chronicle)
    (None, [(b'ask', b'answer')])
    >>> chronicle.close()
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_AT_HAND)  # noqa: SIM115 - it is open as long as this is

    def append(self, ask: bytes, answer: bytes) -> None:
        """Add a pair."""
        self._file.write(_LENGTHS.pack(len(ask), len(answer)))
        self._file.write(ask)
        self._file.write(answer)

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield all pairs; nothing is to be added meanwhile."""
        self._file.seek(0)
        while head := self._file.read(_LENGTHS.size):
            ask, answer = _LENGTHS.unpack(head)
            yield self._file.read(ask), self._file.read(answer)

    def close(self) -> None:
        """Forget everything."""
        self._file.close()
