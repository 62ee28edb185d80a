"""Hub and hosts over ZeroMQ: one ROUTER in the hub, one DEALER in each host, named by its routing id."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from typing import Final, Literal

import zmq

from fleet.bus.audit import Audit
from fleet.bus.gate import Guard, check_guarded, open_server
from fleet.bus.guests import guest_name, is_guest, way_of
from fleet.bus.keys import ClientLock, ServerLock
from fleet.bus.sockets import Context, Patience, Socket, bind, connect, make_socket, notice_silence

_log = logging.getLogger(__name__)
# Plain numbers: flags are enumerations, slow to combine.
_NOBLOCK = int(zmq.NOBLOCK)
_MORE = int(zmq.SNDMORE | zmq.NOBLOCK)
_LAST_WORDS_MS = 500  # How long the goodbye may take to leave.
_LONGEST_ENDING = 3.0  # Seconds.
_FROM_HOST = 8 * 1024 * 1024  # Bytes of a frame: no host has more to say in one tick,
_WAITING = 64  # and it has not so many frames on the way, unless it floods.
_EARLY = 64  # Frames of guests that may wait while the run's own hosts start,
_GREETING = 64 * 1024  # none longer than a greeting.
#: How a host stands with its hub: nobody is there; somebody took the line; he let one in; he hung up; he knows no such
#: key; he speaks something else, or is locked where one is not.
Contact = Literal["none", "line", "in", "cut", "refused", "strange"]
_CONTACTS: Final[dict[int, Contact]] = {
    int(zmq.EVENT_CONNECTED): "line",
    int(zmq.EVENT_HANDSHAKE_SUCCEEDED): "in",
    int(zmq.EVENT_DISCONNECTED): "cut",
    int(zmq.EVENT_HANDSHAKE_FAILED_AUTH): "refused",
    int(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL): "strange",
    int(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL): "strange",
}


class ZmqHubBus:
    """The hub's end.

    Parameters
    ----------
    endpoint
        Where to bind: inproc, ipc, or tcp (``*`` as port takes a free one).
    guard
        Which hosts are let in.
    audit
        Where it is noted who was refused, and why.

    Raises
    ------
    ConfigError
        When nothing can be bound there.

    Notes
    -----
    Without a lock a host is who it says it is, by its routing id; a name that is taken stays with who has it. With one
    it is who its key says it is, in every frame, whatever routing id it took; who comes back is answered there.
    """

    def __init__(self, endpoint: str, guard: Guard = "none", audit: Audit | None = None) -> None:
        self._context: Context = zmq.Context()
        self._socket = make_socket(self._context, zmq.ROUTER)
        self._socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self._socket.setsockopt(zmq.MAXMSGSIZE, _FROM_HOST)
        self._socket.setsockopt(zmq.RCVHWM, _WAITING)
        self._guard = guard
        self._audit = audit or Audit()
        self._is_locked = isinstance(guard, ServerLock)
        #: As it can be connected to.
        self.endpoint, self._gate = open_server(self._socket, endpoint, guard, self._audit, leaving=True)
        self._patience = Patience(self._socket)
        self._hosts: dict[bytes, str] = {}
        self._ways: dict[str, bytes] = {}  # Routing ids.
        self._heard: set[str] = set()
        self._early: deque[tuple[str, bytes]] = deque()
        self._is_shared = False
        self._place = self.endpoint  # As refusals name it.
        self.door = ""  #: Where hosts from elsewhere come in, as it can be connected to; empty: they cannot.
        self.dropped = 0

    def listen(self, endpoint: str) -> str:
        """Let hosts from elsewhere come here, too; return the endpoint as it can be connected to.

        What they say is heard from then on, under names as `fleet.bus.guests` makes them.

        Raises
        ------
        ConfigError
            When nothing can be bound there, or others could come and nobody said that they may.
        """
        check_guarded(endpoint, self._guard)
        notice_silence(self._socket)
        self.door = self._place = bind(self._socket, endpoint)
        if self._gate is not None:
            self._gate.is_at(self.door)
        return self.door

    def connect_here(self, name: str) -> ZmqHostBus:
        """Return the end of a host that lives in a thread of this process; to be called in that thread."""
        self._is_shared = True
        return ZmqHostBus(self.endpoint, name, self._context)

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:
        """Let these hosts in, wait until each was heard, and return those that were not."""
        self._hosts = {host.encode(): host for host in hosts}
        self._ways = {host: self._ways.get(host, name) for name, host in self._hosts.items()}
        if any(host not in self._heard for host in hosts):
            frame = self._receive(timeout)
            while frame is not None:
                if frame[0] in self._ways:
                    self._heard.add(frame[0])
                    self._early.append(frame)
                elif len(self._early) < _EARLY and len(frame[1]) <= _GREETING:
                    self._early.append(frame)
                else:
                    self.refuse(frame[0], "says too much before the run has begun")
                frame = None if all(host in self._heard for host in hosts) else self._receive(timeout)
        return tuple(host for host in hosts if host not in self._heard)

    def send(self, host: str, data: bytes) -> bool:
        """Send to a host, nothing to see whether it is there; return whether it is still connected."""
        try:
            self._socket.send(self._ways.get(host) or way_of(host), _MORE)
            self._socket.send(data, _NOBLOCK)
        except zmq.ZMQError as error:
            if data:
                _log.warning("cannot send to host %s: %s", host, error.strerror)
            return False
        return True

    def receive(self, timeout: float) -> tuple[str, bytes] | None:
        """Return a host and what it said, None when nothing came in time or what came was dropped."""
        return self._early.popleft() if self._early else self._receive(timeout)

    def has_word(self) -> bool:
        """Return whether anything has come."""
        return bool(self._early or self._socket.poll(0))

    def _receive(self, timeout: float) -> tuple[str, bytes] | None:
        self._patience.set(timeout)
        try:
            name = self._socket.recv()
        except zmq.Again:
            return None
        # A `Frame` tells whether it is the last; to ask the socket costs more than all the rest.
        said = self._socket.recv(copy=False)
        extra = self._rest() if said.more else 0
        way = name
        if self._is_locked:
            name = str(said.get("User-Id")).encode()
        host = self._hosts.get(name)
        if host is None and self.door and (not self._is_locked or is_guest(name.decode())):
            host = guest_name(name.decode() if self._is_locked else "", way)
        if host is None:
            self.refuse(repr(name[:40]), "is no host of this mission")
            return None
        if extra:
            self.refuse(host, f"sent {1 + extra} frames instead of 1")
            return None
        if self._is_locked and host in self._ways:
            self._ways[host] = way
        return host, said.bytes

    def _rest(self) -> int:
        """Take what is left of a message, and return how many frames that was."""
        count = 1
        while self._socket.recv(copy=False).more:
            count += 1
        return count

    def refuse(self, sender: str, fact: str) -> None:
        """Count what a host sent and nobody wants, and note it."""
        self.dropped += 1
        self._audit.note(self._place, sender, fact)

    def part(self) -> None:
        """Take it for granted from now on that hosts hang up."""
        if self._gate is not None:
            self._gate.part()

    def close(self) -> None:
        """Let what was said last go out, and end the socket and its context."""
        if self._gate is not None:
            self._gate.close()
        self._socket.close(linger=_LAST_WORDS_MS)
        if not self._is_shared:
            self._context.term()
            return
        # A context ends only when the sockets of all threads have; one that hangs must not hang its hub.
        ending = threading.Thread(target=self._context.term, name="end of bus", daemon=True)
        ending.start()
        ending.join(_LONGEST_ENDING)
        if ending.is_alive():
            _log.error("a host in a thread of this process hangs and was left behind")


class ZmqHostBus:
    """A host's end.

    Parameters
    ----------
    endpoint
        Of the hub.
    name
        Of this host; empty for one from elsewhere, which the hub names.
    context
        Of the hub's bus, for a host in a thread of its process; else None.
    lock
        With it the key, and not the name, says who this is.

    Raises
    ------
    ConfigError
        When that is no endpoint.
    """

    def __init__(
        self, endpoint: str, name: str, context: Context | None = None, lock: ClientLock | None = None
    ) -> None:
        self._is_own = context is None
        self._context: Context = zmq.Context() if context is None else context
        self._socket = make_socket(self._context, zmq.DEALER)
        if not name:
            notice_silence(self._socket)
        elif lock is None:
            self._socket.setsockopt(zmq.ROUTING_ID, name.encode())
        connect(self._socket, endpoint, lock)
        self._patience = Patience(self._socket)
        # Within one process nobody hangs up.
        self._contact: Contact = "none"
        self._monitor: Socket | None = self._socket.get_monitor_socket(sum(_CONTACTS)) if self._is_own else None

    def send(self, data: bytes) -> None:
        """Send to the hub."""
        self._socket.send(data)

    def contact(self) -> Contact:
        """Return how it stands with the hub; what made it end (``cut``, ``refused``) stays until it is asked for."""
        from zmq.utils.monitor import recv_monitor_message  # noqa: PLC0415 - loads asyncio, which few runs need

        found = self._contact
        while self._monitor is not None and self._monitor.poll(0):
            event = _CONTACTS[int(recv_monitor_message(self._monitor)["event"])]
            # Whoever is sent away is then hung up on, and knocks again.
            if not (found == "refused" or (found == "strange" and event != "in")):
                found = event
        self._contact = "none" if found in ("cut", "refused", "strange") else found
        return found

    def is_cut(self) -> bool:
        """Return whether the hub hung up since this was last asked, and has not come back."""
        return self.contact() == "cut"

    def receive(self, timeout: float) -> bytes | None:
        """Return what the hub said, None when nothing came in `timeout` seconds."""
        self._patience.set(timeout)
        try:
            return self._socket.recv()
        except (zmq.Again, zmq.ContextTerminated):
            return None

    def close(self) -> None:
        """End the socket, and its context when it is its own."""
        if self._monitor is not None:
            self._socket.disable_monitor()
            self._monitor.close()
        self._socket.close(linger=_LAST_WORDS_MS)
        if self._is_own:
            self._context.term()
