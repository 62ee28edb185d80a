"""What a nursery is asked for: a message over a socket, with the streams of the process that shall be."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Final

import msgspec

_LENGTH: Final = 4  # Bytes before each order that say how long it is.
_STREAMS: Final = 4  # File descriptors with each.

PARENT: Final = "{parent}"  #: Stands in a program's words for the process id of its parent.


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A process that shall be; paths and words as the system has them, in bytes."""

    code: str  # A module or a file.
    words: tuple[bytes, ...]
    environment: dict[bytes, bytes]
    folder: bytes
    own_group: bool


_DECODER: Final = msgspec.msgpack.Decoder(Order)


def is_file(code: str) -> bool:
    """Whether what shall run is a file of Python, and no module."""
    return code.endswith(".py")


def send_order(control: socket.socket, order: Order, streams: Sequence[int]) -> None:
    """Ask for a process with its input, output, errors, and where it is told what becomes of it.

    Raises
    ------
    OSError
        When nobody is there to be asked.
    """
    data = msgspec.msgpack.encode(order)
    head = len(data).to_bytes(_LENGTH, "little")
    socket.send_fds(control, [head], streams)
    control.sendall(data)


def take_order(control: socket.socket) -> tuple[Order, list[int]] | None:
    """Return the next order and its streams, waiting for it; None when there will be no more."""
    head, streams, _, _ = socket.recv_fds(control, _LENGTH, _STREAMS)
    if not head:
        return None
    data = _receive(control, int.from_bytes(head, "little"))
    return None if data is None else (_DECODER.decode(data), streams)


def _receive(control: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        more = control.recv(size - len(data))
        if not more:
            return None
        data += more
    return bytes(data)
