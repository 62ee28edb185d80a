"""The line from a rover's node to a mind that is a program of its own: a DEALER, and one frame a message."""

from __future__ import annotations

from typing import Final

import zmq

from fleet.bus.endpoint import is_within
from fleet.bus.sockets import Context, Patience, Socket, connect, make_socket
from fleet.core import ConfigError

_LARGEST: Final = 1024 * 1024  # Bytes of a frame: no mind has more to say,
_WAITING: Final = 16  # and it speaks when it is asked.
_SLICE_MS: Final = 50  # Tries to send, between which whoever watches a deadline may interrupt;
_TRIES: Final = 60  # so many are three seconds.


class MindLine:
    """One line is one mind: whoever listens at an endpoint may be several, a line each.

    Raises
    ------
    ConfigError
        When the endpoint is none, or not of this machine: what goes over this line is not encrypted.
    """

    def __init__(self, endpoint: str) -> None:
        if not is_within(endpoint):
            fact = "is on another machine, and what a node and its mind say is not encrypted"
            raise ConfigError(endpoint, fact, "run `moonfleet host` beside the mind, and have the mind on its loopback")
        self._context: Context = zmq.Context()
        self._socket: Socket = make_socket(self._context, zmq.DEALER)
        self._socket.setsockopt(zmq.MAXMSGSIZE, _LARGEST)
        self._socket.setsockopt(zmq.RCVHWM, _WAITING)
        # Nothing is said to nobody: whoever does not listen is noticed.
        self._socket.setsockopt(zmq.IMMEDIATE, 1)
        self._socket.setsockopt(zmq.SNDTIMEO, _SLICE_MS)
        self._endpoint = endpoint
        connect(self._socket, endpoint)
        self._patience = Patience(self._socket)

    def send(self, data: bytes) -> None:
        """Say something to the mind.

        Raises
        ------
        ConfigError
            When nobody listens there, or not any more.
        """
        for _ in range(_TRIES):
            try:
                self._socket.send(data)
            except zmq.Again:
                continue
            return
        raise ConfigError(self._endpoint, "nobody listens there", "start the mind first: its agent is this endpoint")

    def is_whole(self) -> bool:
        """Return whether somebody is at the other end."""
        return bool(int(self._socket.getsockopt(zmq.EVENTS)) & zmq.POLLOUT)

    def receive(self, timeout: float) -> bytes | None:
        """Return what the mind says, None when nothing came in `timeout` seconds.

        A message of several frames counts as its first: nobody sends such.
        """
        self._patience.set(timeout)
        try:
            return self._socket.recv_multipart()[0]
        except zmq.Again:
            return None

    def close(self) -> None:
        """Hang up."""
        self._socket.close(linger=0)
        self._context.term()
