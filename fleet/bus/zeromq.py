"""Hub and hosts over ZeroMQ: one ROUTER in the hub, one DEALER in each host, named by its routing id."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence

import zmq

from fleet.bus.sockets import Context, Patience, bind, connect, make_socket

_log = logging.getLogger(__name__)
_LOGGED_DROPS = 100  # After that many, drops are only counted: a stranger must not fill the disk.
_LAST_WORDS_MS = 500  # How long the goodbye may take to leave.


class ZmqHubBus:
    """The hub's end.

    Parameters
    ----------
    endpoint
        Where to bind: inproc, ipc, or tcp (``*`` as port takes a free one).

    Raises
    ------
    ConfigError
        When nothing can be bound there.

    Notes
    -----
    A host name that is taken stays with who has it: a second peer of that name is refused by the ROUTER.
    """

    def __init__(self, endpoint: str) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.ROUTER)
        self._socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self.endpoint = bind(self._socket, endpoint)  #: As it can be connected to.
        self._patience = Patience(self._socket)
        self._hosts: dict[bytes, str] = {}
        self._heard: set[str] = set()
        self._early: deque[tuple[str, bytes]] = deque()
        self.dropped = 0

    def connect_here(self, name: str) -> ZmqHostBus:
        """Return the end of a host that lives in a thread of this process; to be called in that thread."""
        return ZmqHostBus(self.endpoint, name, self._context)

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:
        """Let these hosts in, wait until each was heard, and return those that were not."""
        self._hosts = {host.encode(): host for host in hosts}
        if any(host not in self._heard for host in hosts):
            frame = self._receive(timeout)
            while frame is not None:
                self._heard.add(frame[0])
                self._early.append(frame)
                frame = None if all(host in self._heard for host in hosts) else self._receive(timeout)
        return tuple(host for host in hosts if host not in self._heard)

    def send(self, host: str, data: bytes) -> bool:
        """Send to a host; return whether it is still connected."""
        try:
            self._socket.send(host.encode(), zmq.SNDMORE | zmq.NOBLOCK)
            self._socket.send(data, zmq.NOBLOCK)
        except zmq.ZMQError as error:
            _log.warning("cannot send to host %s: %s", host, error.strerror)
            return False
        return True

    def receive(self, timeout: float) -> tuple[str, bytes] | None:
        """Return a host and what it said, None when nothing came in time or what came was dropped."""
        return self._early.popleft() if self._early else self._receive(timeout)

    def _receive(self, timeout: float) -> tuple[str, bytes] | None:
        self._patience.set(timeout)
        try:
            frames = self._socket.recv_multipart()
        except zmq.Again:
            return None
        host = self._hosts.get(frames[0])
        if host is None:
            self._drop(repr(frames[0][:40]), "is no host of this mission")
            return None
        if len(frames) != 2:
            self._drop(host, f"sent {len(frames) - 1} frames instead of 1")
            return None
        return host, frames[1]

    def _drop(self, sender: str, fact: str) -> None:
        self.dropped += 1
        if self.dropped <= _LOGGED_DROPS:
            _log.warning("dropped what %s sent: it %s", sender, fact)

    def close(self) -> None:
        """Let what was said last go out, and end the socket and its context."""
        self._socket.close(linger=_LAST_WORDS_MS)
        self._context.term()


class ZmqHostBus:
    """A host's end.

    Parameters
    ----------
    endpoint
        Of the hub.
    name
        Of this host.
    context
        Of the hub's bus, for a host in a thread of its process; else None.

    Raises
    ------
    ConfigError
        When that is no endpoint.
    """

    def __init__(self, endpoint: str, name: str, context: Context | None = None) -> None:
        self._own_context: Context | None = zmq.Context() if context is None else None
        self._socket = make_socket(context or self._own_context or zmq.Context(), zmq.DEALER)
        self._socket.setsockopt(zmq.ROUTING_ID, name.encode())
        connect(self._socket, endpoint)
        self._patience = Patience(self._socket)

    def send(self, data: bytes) -> None:
        """Send to the hub."""
        self._socket.send(data)

    def receive(self, timeout: float) -> bytes | None:
        """Return what the hub said, None when nothing came in `timeout` seconds."""
        self._patience.set(timeout)
        try:
            frames = self._socket.recv_multipart()
        except zmq.Again:
            return None
        return b"".join(frames)

    def close(self) -> None:
        """End the socket, and its context when it is its own."""
        self._socket.close(linger=_LAST_WORDS_MS)
        if self._own_context is not None:
            self._own_context.term()
