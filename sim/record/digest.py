"""One number for a whole run: equal runs have equal digests, on every bus and any number of hosts."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from sim.record.entries import Closing, Entry

# Stock is a dictionary: its order must not reach the digest.
_ENCODE: Final = msgspec.msgpack.Encoder(order="deterministic").encode


class Digest:
    """Hashes every entry but the closing one, which tells the digest itself.

    >>> from sim.record.entries import Collided
    >>> one, other = Digest(), Digest()
    >>> one.take(Collided(tick=7, a="r1", b="r2")) == other.take(Collided(tick=7, a="r1", b="r2"))
    True
    >>> one.hexdigest() == other.hexdigest() != Digest().hexdigest()
    True
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def take(self, entry: Entry) -> bytes:
        """Take in the next entry, and return its bytes, for whoever else needs them: to encode costs a run time."""
        data = _ENCODE(entry)
        if not isinstance(entry, Closing):
            self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """Return the digest of all entries so far."""
        return self._hash.hexdigest()
