"""The live feed: what happens in a run, to whoever looks on. Nobody who looks on can hold the run up."""

from __future__ import annotations

from typing import Final

import zmq

from fleet.bus.audit import Audit
from fleet.bus.gate import Guard, open_server
from fleet.bus.keys import ClientLock
from fleet.bus.sockets import Context, Patience, connect, make_socket

_WAITING: Final = 600  # Frames that may wait for a slow viewer, twenty seconds, before it misses some.


class FeedPublisher:
    """The run's end; frames that nobody can take are dropped.

    Parameters
    ----------
    guard
        Who may look on.

    Raises
    ------
    ConfigError
        When nothing can be bound there.
    """

    def __init__(self, endpoint: str, guard: Guard = "none", audit: Audit | None = None) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.PUB)
        self._socket.setsockopt(zmq.SNDHWM, _WAITING)
        #: As it can be connected to.
        self.endpoint, self._gate = open_server(self._socket, endpoint, guard, audit or Audit())
        self._number = 0

    def publish(self, topic: str, data: bytes) -> None:
        """Send to all who look on."""
        self._number += 1
        self._socket.send_multipart([topic.encode(), self._number.to_bytes(8, "big"), data], zmq.NOBLOCK)

    def close(self) -> None:
        """Let the last frames go out, and end the socket."""
        if self._gate is not None:
            self._gate.close()
        self._socket.close(linger=200)
        self._context.term()


class FeedSubscriber:
    """The end of one who looks on.

    Raises
    ------
    ConfigError
        When that is no endpoint.
    """

    def __init__(self, endpoint: str, lock: ClientLock | None = None) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.SUB)
        self._socket.setsockopt(zmq.RCVHWM, _WAITING)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        connect(self._socket, endpoint, lock)
        self._patience = Patience(self._socket)
        self._number: int | None = None
        self.missed = 0  #: Frames lost on the way since the first; after a loss one asks for a snapshot.

    def receive(self, timeout: float) -> tuple[str, bytes] | None:
        """Return topic and content of the next frame, None when none came in `timeout` seconds or it had no form."""
        self._patience.set(timeout)
        try:
            frames = self._socket.recv_multipart()
        except zmq.Again:
            return None
        if len(frames) != 3 or len(frames[1]) != 8:
            return None
        number = int.from_bytes(frames[1], "big")
        if self._number is not None and number > self._number + 1:
            self.missed += number - self._number - 1
        self._number = number
        return frames[0].decode("utf-8", "replace"), frames[2]

    def close(self) -> None:
        """End the socket."""
        self._socket.close()
        self._context.term()
