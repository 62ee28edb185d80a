"""A host's end on the hub's own machine: ZMTP straight over the socket, with no thread in between.

The hub cannot tell. libzmq has a thread read and write, which costs two more changes of context and many more
system calls an exchange; here one is a `poll`, a `recv` and a `send`.

Source
------
ZMTP 3.1, ZeroMQ RFC 37: greeting, mechanism NULL, frames, heartbeats.
"""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from typing import Final

from fleet.core import ConfigError
from fleet.messages.codec import MAX_BYTES

_SCHEME: Final = "ipc://"
_GREETING: Final = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
_MORE, _LONG, _COMMAND = 1, 2, 4  # Flags of a frame.
_SHORT_HEAD, _LONG_HEAD = 2, 9  # Bytes before a frame's content: flags, and a length of one byte or of eight.
_PING, _PONG = b"\x04PING", b"\x04PONG"
_TTL = 2  # Bytes of a ping before its context, which the pong gives back.
_READ: Final = 64 * 1024  # Bytes taken in at once.


def is_local(endpoint: str) -> bool:
    """Return whether a `LocalHostBus` leads there.

    >>> is_local("ipc:///run/hub"), is_local("tcp://127.0.0.1:7800")
    (True, False)
    """
    return endpoint.startswith(_SCHEME) and hasattr(socket, "AF_UNIX")


class LocalHostBus:
    """A host's end over ipc, as `ZmqHostBus` is one over everything.

    Parameters
    ----------
    endpoint
        Of the hub, which listens there already.
    name
        Of this host.

    Raises
    ------
    ConfigError
        When no hub listens there.

    Notes
    -----
    Whatever no hub says (a frame of more than `MAX_BYTES`, a message of several frames) cuts the line.
    """

    def __init__(self, endpoint: str, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._inlet = select.poll()
        self._inlet.register(self._socket, select.POLLIN)
        self._data = bytearray()  # Read, and not yet given.
        self._is_cut = False
        try:
            self._socket.connect(endpoint.removeprefix(_SCHEME))
            self._greet(name.encode())
        except OSError as error:
            self._socket.close()
            raise ConfigError(endpoint, f"cannot be connected to: {error.strerror or error}") from None

    def _greet(self, name: bytes) -> None:
        """Agree with the hub's socket on who speaks to whom.

        Raises
        ------
        OSError
            When no hub is at the other end.
        """
        properties = {b"Socket-Type": b"DEALER", b"Identity": name}
        ready = b"\x05READY" + b"".join(
            bytes((len(key),)) + key + len(value).to_bytes(4, "big") + value for key, value in properties.items()
        )
        self._socket.sendall(_GREETING + _head(len(ready), _COMMAND) + ready)
        while len(self._data) < len(_GREETING) and not self._is_cut:
            self._read()
        theirs = bytes(self._data[: len(_GREETING)])
        del self._data[: len(_GREETING)]
        is_hub = theirs[:1] + theirs[9:11] + theirs[12:32] == b"\xff\x7f\x03" + _GREETING[12:32]
        answer = None
        while is_hub and not self._is_cut and answer is None:
            answer = self._take()
            if answer is None:
                self._read()
        if answer is None or not answer[0] & _COMMAND:
            raise ConnectionError("no hub is there, or one that lets nobody in without a key")

    def send(self, data: bytes) -> None:
        """Send to the hub; when it is gone, that is noticed where it is heard."""
        with suppress(OSError):
            self._socket.sendall(_head(len(data)) + data)

    def receive(self, timeout: float) -> bytes | None:
        """Return what the hub said, None when nothing came in `timeout` seconds."""
        wait = timeout * 1000.0
        while not self._is_cut:
            frame = self._take()
            if frame is not None:
                flags, content = frame
                if not flags & _COMMAND:
                    return content
                self._answer(content)
                wait = 0.0  # Nobody waits longer because the hub's socket looked who is here.
            # To wait in `recv` would save a call and cost a wake-up: it wakes, too, when the hub has read an answer.
            elif self._inlet.poll(wait):
                self._read()
            else:
                break
        return None

    def _read(self) -> None:
        """Take in what comes next."""
        data = b""
        with suppress(OSError):
            data = self._socket.recv(_READ)
        self._data += data
        self._is_cut |= not data

    def _take(self) -> tuple[int, bytes] | None:
        """Return flags and content of the next frame, None when it is not there, or not all of it."""
        data = self._data
        if len(data) < _SHORT_HEAD:
            return None
        flags = data[0]
        start = _LONG_HEAD if flags & _LONG else _SHORT_HEAD
        end = start + int.from_bytes(data[1:start], "big")
        if flags & _MORE or end > MAX_BYTES:
            self._is_cut = True
            data.clear()
        if end > len(data):  # Also of a head that is not whole itself.
            return None
        content = bytes(data[start:end])
        del data[:end]
        return flags, content

    def _answer(self, command: bytes) -> None:
        """Answer the hub's socket, which looks whether anybody is here; its other commands need no answer."""
        if command.startswith(_PING):
            pong = _PONG + command[len(_PING) + _TTL :]
            with suppress(OSError):
                self._socket.sendall(_head(len(pong), _COMMAND) + pong)

    def is_cut(self) -> bool:
        """Return whether the hub hung up; it is then gone for good."""
        return self._is_cut

    def close(self) -> None:
        """Hang up; what was sent still gets there."""
        self._socket.close()


def _head(size: int, flags: int = 0) -> bytes:
    return bytes((flags, size)) if size < 256 else bytes((flags | _LONG,)) + size.to_bytes(8, "big")
