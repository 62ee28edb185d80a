"""The one place where sockets are made, so that limits and keys hold for all of them."""

from __future__ import annotations

from typing import Final

import zmq

from fleet.bus.keys import ClientLock
from fleet.core import ConfigError
from fleet.messages.codec import MAX_BYTES

Context = zmq.Context["zmq.Socket[bytes]"]
Socket = zmq.Socket[bytes]
_HEARTBEAT_MS: Final = 3_000
_SILENCE_MS: Final = 9_000


def make_socket(context: Context, kind: int) -> Socket:
    """Return a socket that takes no frame over `MAX_BYTES` and holds nobody up when it is closed."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.setsockopt(zmq.MAXMSGSIZE, MAX_BYTES)
    return socket


def bind(socket: Socket, endpoint: str) -> str:
    """Bind a socket and return the endpoint as it can be connected to.

    Raises
    ------
    ConfigError
        When nothing can be bound there.
    """
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        raise ConfigError(endpoint, f"cannot be bound: {error.strerror}") from None
    return socket.getsockopt_string(zmq.LAST_ENDPOINT)


def connect(socket: Socket, endpoint: str, lock: ClientLock | None = None) -> None:
    """Connect a socket; the other end may come later.

    Raises
    ------
    ConfigError
        When that is no endpoint; socket and context are then ended.
    """
    if lock is not None:
        socket.curve_secretkey = lock.key.secret.encode()
        socket.curve_publickey = lock.key.curve.encode()
        socket.curve_serverkey = lock.server.encode()
    try:
        socket.connect(endpoint)
    except zmq.ZMQError as error:
        socket.close()
        socket.context.term()
        raise ConfigError(endpoint, f"cannot be connected to: {error.strerror}") from None


def notice_silence(socket: Socket) -> None:
    """Have a socket hang up on whoever is silent for long: a machine that is gone says no goodbye.

    To be called before it is bound or connected; the heartbeats are those of ZMTP 3.1.
    """
    socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _SILENCE_MS)


class Patience:
    """Sets how long a socket waits to receive, and only when that changes."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._timeout = -1.0

    def set(self, timeout: float) -> None:
        """Wait `timeout` seconds from now on."""
        if timeout != self._timeout:
            self._timeout = timeout
            self._socket.setsockopt(zmq.RCVTIMEO, int(timeout * 1000.0))
