"""One number for a whole run: equal runs have equal digests, on every bus and any number of hosts."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from sim.record.entries import Closing, Entry

# Stock is a dictionary: its order must not reach the digest.
_ENCODE: Final = msgspec.msgpack.Encoder(order="deterministic").encode


class Digest:
    """A sink that hashes every entry but the closing one, which tells the digest itself.

    >>> from sim.record.entries import Collided
    >>> one, other = Digest(), Digest()
    >>> one.write(Collided(tick=7, a="r1", b="r2"))
    >>> other.write(Collided(tick=7, a="r1", b="r2"))
    >>> one.hexdigest() == other.hexdigest() != Digest().hexdigest()
    True
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, entry: Entry) -> None:
        """Take in the next entry."""
        if not isinstance(entry, Closing):
            self._hash.update(_ENCODE(entry))

    def close(self) -> None:
        """Nothing is held open."""

    def hexdigest(self) -> str:
        """Return the digest of all entries so far."""
        return self._hash.hexdigest()
