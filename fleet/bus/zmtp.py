"""The bytes that two sockets of ZeroMQ say to each other without keys: greeting, commands, frames.

Source
------
ZMTP 3.1, ZeroMQ RFC 37: greeting, mechanism NULL, frames, heartbeats.
"""

from __future__ import annotations

from typing import Final

GREETING: Final = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, _LONG, COMMAND = 1, 2, 4  #: Flags of a frame.
READ: Final = 64 * 1024  #: Bytes taken in at once.
_SHORT_HEAD, _LONG_HEAD = 2, 9  # Bytes before a frame's content: flags, and a length of one byte or of eight.
_READY, _PING, _PONG = b"\x05READY", b"\x04PING", b"\x04PONG"
_TTL = 2  # Bytes of a ping before its context, which the pong gives back.
_VALUE_HEAD = 4  # Bytes of a property's length.


class Illegal(Exception):
    """The other side said what no socket says."""


def is_greeting(data: bytes) -> bool:
    """Return whether these 64 bytes greet without keys, in a version that is understood here.

    >>> is_greeting(GREETING), is_greeting(bytes(64))
    (True, False)
    """
    return data[:1] + data[9:11] + data[12:32] == b"\xff\x7f\x03" + GREETING[12:32]


def framed(content: bytes, flags: int = 0) -> bytes:
    """Return a frame.

    >>> framed(b"word"), framed(b"", COMMAND)
    (b'\\x00\\x04word', b'\\x04\\x00')
    """
    size = len(content)
    if size < 256:
        return bytes((flags, size)) + content
    return bytes((flags | _LONG,)) + size.to_bytes(8, "big") + content


def ready(kind: str, name: bytes) -> bytes:
    """Return the frame by which a socket says of what kind it is, and its name."""
    properties = {b"Socket-Type": kind.encode(), b"Identity": name}
    return framed(
        _READY
        + b"".join(
            bytes((len(key),)) + key + len(value).to_bytes(_VALUE_HEAD, "big") + value
            for key, value in properties.items()
        ),
        COMMAND,
    )


def read_ready(command: bytes) -> dict[bytes, bytes]:
    """Return what a socket says of itself, by key in small letters.

    Raises
    ------
    Illegal
        When that is something else.

    Examples
    --------
    >>> read_ready(ready("DEALER", b"one")[2:])
    {b'socket-type': b'DEALER', b'identity': b'one'}
    """
    if not command.startswith(_READY):
        raise Illegal("does not say who it is")
    found, at = {}, len(_READY)
    while at < len(command):
        key_end = at + 1 + command[at]
        start = key_end + _VALUE_HEAD
        end = start + int.from_bytes(command[key_end:start], "big")
        if end > len(command):
            raise Illegal("breaks off while it says who it is")
        found[command[at + 1 : key_end].lower()] = command[start:end]
        at = end
    return found


def pong(command: bytes) -> bytes:
    """Return the frame that answers one who looks whether anybody is here; empty for other commands."""
    return framed(_PONG + command[len(_PING) + _TTL :], COMMAND) if command.startswith(_PING) else b""


class Frames:
    """What comes in a stream, cut into frames.

    Parameters
    ----------
    limit
        Bytes of the longest frame, its head with it; nothing is kept for what is only claimed.

    Examples
    --------
    >>> frames = Frames(100)
    >>> frames.take(b"\\0\\2ab\\0\\2c"), frames.take(b"d"), frames.word(b"\\0\\2ef")
    ([(0, b'ab')], [(0, b'cd')], b'ef')
    """

    __slots__ = ("_data", "_limit", "fault")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()  # Begun, and not whole.
        self.fault = ""  #: What is wrong with the stream, which nothing comes out of any more.

    def word(self, data: bytes) -> bytes | None:
        """Return the content when these bytes are one message and nothing else, as they nearly always are; else None.

        They are then still to be taken.
        """
        size = len(data)
        if not self._data and _SHORT_HEAD <= size <= self._limit:
            if data[0] == 0 and data[1] == size - _SHORT_HEAD:
                return data[_SHORT_HEAD:]
            if data[0] == _LONG and int.from_bytes(data[1:_LONG_HEAD], "big") == size - _LONG_HEAD:
                return data[_LONG_HEAD:]
        return None

    def take(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return flags and content of the frames that are whole with these bytes."""
        self._data += data
        found = []
        while not self.fault and (frame := self._next()) is not None:
            found.append(frame)
        return found

    def _next(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < _SHORT_HEAD:
            return None
        start = _LONG_HEAD if data[0] & _LONG else _SHORT_HEAD
        if len(data) < start:
            return None
        end = start + int.from_bytes(data[1:start], "big")
        if end > self._limit:
            self.fault = f"sends a frame of {end - start} bytes"
            data.clear()
        if end > len(data):
            return None
        flags, content = data[0], bytes(data[start:end])
        del data[:end]
        return flags, content
