"""What a hub calls hosts that come from elsewhere: by the key that they showed, and by the way they came.

One key may come by several ways, from several machines; none of them is another, and none is a host of the run's own.

>>> name = guest_name("cnsa", b"\\0\\x01")
>>> name, key_of(name), way_of(name)
('@cnsa/0001', 'cnsa', b'\\x00\\x01')
>>> key_of("host-1") is None, key_of(guest_name("", b"x"))
(True, '')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MARK: Final = "@"  # No host of the run's own begins with it, and no key has a slash in its name.


def as_guests(admitted: Mapping[str, str]) -> dict[str, str]:
    """Return public keys and their names as a lock takes them, whose owners come from elsewhere."""
    return {curve: f"{_MARK}{name}" for curve, name in admitted.items()}


def is_guest(user: str) -> bool:
    """Return whether somebody whom a lock let in under this name comes from elsewhere."""
    return user.startswith(_MARK)


def guest_name(key: str, way: bytes) -> str:
    """Return what the host is called that showed a key (empty: none was asked for) and came by a routing id."""
    return f"{_MARK}{key.removeprefix(_MARK)}/{way.hex()}"


def key_of(host: str) -> str | None:
    """Return the name of the key that a guest showed, empty where none was asked for; None for a host of the run."""
    return host[1:].partition("/")[0] if host.startswith(_MARK) else None


def way_of(host: str) -> bytes:
    """Return the routing id by which a host is reached."""
    return bytes.fromhex(host.partition("/")[2]) if host.startswith(_MARK) else host.encode()
