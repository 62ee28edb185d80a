"""The hub's end on its own machine: ZMTP straight over the sockets of its hosts, with no thread in between.

Hosts cannot tell it from a ROUTER of libzmq. To send is one system call for each host, to hear one for all that have
something to say and one for each of them.
"""

from __future__ import annotations

import select
import socket
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from fleet.bus.audit import Audit
from fleet.bus.local import path_of, watch
from fleet.bus.zmtp import COMMAND, GREETING, MORE, READ, Frames, Illegal, framed, is_greeting, pong, read_ready, ready
from fleet.core import ConfigError, WallClock

_FROM_HOST: Final = 8 * 1024 * 1024  # Bytes of a frame: no host has more to say in one tick.
_STRANGERS: Final = 64  # That may be connected and have not said who they are.
_BACKLOG: Final = 256
_TURNS: Final = 100  # Of hosts, before the hub sleeps.
_LAST_WORDS: Final = 0.5  # Seconds that the goodbye may take to leave.
_IN, _OUT = select.POLLIN, select.POLLOUT
# As `select.poll` takes them, or `select.epoll`, which looks at those alone that have something to say.
_PER_SECOND: Final = 1.0 if sys.platform == "linux" else 1000.0


class _Peer:
    """One connection."""

    __slots__ = ("frames", "greeting", "line", "name", "parts", "waiting")

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.name = ""  # Until it said who it is,
        self.greeting = b""  # and as far as it has greeted.
        self.frames = Frames(_FROM_HOST)
        self.parts = 0  # Of a message that has more frames than one.
        self.waiting = bytearray()  # Said to it, and not taken in yet.

    def greet(self, data: bytes) -> bytes:
        """Take in what may be a greeting, or the rest of one; return what follows it.

        Raises
        ------
        Illegal
            When it is none.
        """
        data = self.greeting + data
        self.greeting, rest = data[: len(GREETING)], data[len(GREETING) :]
        is_whole = len(self.greeting) == len(GREETING)
        if self.greeting[:1] != GREETING[:1] or (is_whole and not is_greeting(self.greeting)):
            raise Illegal("does not greet as hosts do here")
        return rest


class LocalHubBus:
    """The hub's end over ipc without keys, as `ZmqHubBus` is one over everything.

    Parameters
    ----------
    endpoint
        Where to bind, in a directory that nobody else can enter.
    audit
        Where it is noted who was refused, and why.

    Raises
    ------
    ConfigError
        When nothing can be bound there.

    Notes
    -----
    A host is who it says it is; a name that is taken stays with who has it, while that one lives. No host can hold up
    the others: what one does not take in waits for it here.
    """

    def __init__(self, endpoint: str, audit: Audit | None = None) -> None:
        self.endpoint = endpoint
        self.dropped = 0
        self._audit = audit or Audit()
        self._clock = WallClock()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listener.bind(path_of(endpoint))
            self._listener.listen(_BACKLOG)
        except OSError as error:
            self._listener.close()
            raise ConfigError(endpoint, f"cannot be bound: {error.strerror or error}") from None
        self._listener.setblocking(False)
        self._inlet = select.epoll() if sys.platform == "linux" else select.poll()
        self._inlet.register(self._listener.fileno(), _IN)
        self._peers: dict[int, _Peer] = {}
        self._named: dict[str, _Peer] = {}
        self._hosts: frozenset[str] = frozenset()
        self._greeted: set[str] = set()
        self._heard: deque[tuple[str, bytes]] = deque()

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:
        """Let these hosts in, wait until each was heard, and return those that were not."""
        self._hosts = frozenset(hosts)
        early: list[tuple[str, bytes]] = []
        while not self._greeted.issuperset(hosts):
            said = self.receive(timeout)
            if said is None:
                break
            self._greeted.add(said[0])
            early.append(said)
        self._heard.extendleft(reversed(early))
        return tuple(host for host in hosts if host not in self._greeted)

    def send(self, host: str, data: bytes) -> bool:
        """Send to a host; return whether it is still connected."""
        peer = self._named.get(host)
        return peer is not None and self._push(peer, framed(data))

    def receive(self, timeout: float) -> tuple[str, bytes] | None:
        """Return a host and what it said, None when nothing came in time or what came was dropped."""
        if self._heard:
            return self._heard.popleft()
        dropped, until = self.dropped, 0.0
        while True:
            events = watch(self._inlet, timeout * _PER_SECOND, _TURNS)
            for handle, event in events:
                self._attend(handle, event)
            if self._heard:
                return self._heard.popleft()
            if not events or dropped != self.dropped:
                return None
            # Somebody came or went: what is left of the time is waited for those who speak.
            now = self._clock.now()
            until = until or now + timeout
            timeout = max(0.0, until - now)

    def has_word(self) -> bool:
        """Return whether anything has come."""
        return bool(self._heard or self._inlet.poll(0))

    def refuse(self, sender: str, fact: str) -> None:
        """Count what a host sent and nobody wants, and note it."""
        self.dropped += 1
        self._audit.note(self.endpoint, sender, fact)

    def part(self) -> None:
        """Take it for granted from now on that hosts hang up: here it is never noted."""

    def close(self) -> None:
        """Let what was said last go out, and end all sockets."""
        until = self._clock.now() + _LAST_WORDS
        while any(peer.waiting for peer in self._peers.values()) and (left := until - self._clock.now()) > 0.0:
            for handle, event in self._inlet.poll(left * _PER_SECOND):
                self._attend(handle, event)
        for peer in tuple(self._peers.values()):
            self._drop(peer)
        self._listener.close()
        if isinstance(self._inlet, select.epoll):
            self._inlet.close()
        Path(path_of(self.endpoint)).unlink(missing_ok=True)

    def _attend(self, handle: int, event: int) -> None:
        """Do what a socket is ready for."""
        peer = self._peers.get(handle)
        if peer is None:
            self._let_in()
        elif (not event & _OUT or self._push(peer, b"")) and event & ~_OUT:
            self._read(peer)

    def _read(self, peer: _Peer) -> None:
        """Hear what somebody says."""
        try:
            data = peer.line.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        word = peer.frames.word(data)
        if word is not None and not peer.parts and peer.name in self._hosts:
            self._heard.append((peer.name, word))
            return
        if not data:
            self._drop(peer)
            return
        try:
            self._take(peer, data)
        except Illegal as error:
            self.refuse(peer.name or "somebody", f"{error}, and was cut off")
            self._drop(peer)

    def _let_in(self) -> None:
        with suppress(OSError):  # Who knocked may be gone again.
            line, _ = self._listener.accept()
            line.setblocking(False)
            peer = self._peers[line.fileno()] = _Peer(line)
            self._inlet.register(line.fileno(), _IN)
            self._push(peer, GREETING)
            strangers = [each for each in self._peers.values() if not each.name]
            if len(strangers) > _STRANGERS:
                self.refuse("somebody", "does not say who it is, and was cut off")
                self._drop(strangers[0])

    def _take(self, peer: _Peer, data: bytes) -> None:
        """Take in what somebody said.

        Raises
        ------
        Illegal
            When it is nothing that a host says.
        """
        if len(peer.greeting) < len(GREETING):
            data = peer.greet(data)
        for flags, content in peer.frames.take(data):
            if not peer.name:
                self._name(peer, flags, content)
            elif flags & COMMAND:
                self._push(peer, pong(content))
            elif flags & MORE or peer.parts:
                peer.parts += 1
                if not flags & MORE:
                    self.refuse(self._sender(peer), f"sent {peer.parts} frames instead of 1")
                    peer.parts = 0
            elif peer.name in self._hosts:
                self._heard.append((peer.name, content))
            else:
                self.refuse(self._sender(peer), "is no host of this mission")
        if peer.frames.fault:
            raise Illegal(peer.frames.fault)

    def _sender(self, peer: _Peer) -> str:
        return peer.name if peer.name in self._hosts else repr(peer.name[:40])

    def _name(self, peer: _Peer, flags: int, content: bytes) -> None:
        """Learn who somebody is.

        Raises
        ------
        Illegal
            When it does not say, or says what another is.
        """
        name = (read_ready(content) if flags & COMMAND else {}).get(b"identity", b"").decode("utf-8", "replace")
        if not name:
            raise Illegal("does not say who it is")
        other = self._named.get(name)
        if other is not None and not _is_gone(other.line):
            raise Illegal(f"says that it is {name[:80]}, which another is")
        if other is not None:
            self._drop(other)
        peer.name = name
        self._named[name] = peer
        self._push(peer, ready("ROUTER", b""))

    def _push(self, peer: _Peer, frame: bytes) -> bool:
        """Send what waits and this, as far as it is taken in; return whether anybody is there."""
        data = peer.waiting + frame if peer.waiting else frame
        try:
            sent = peer.line.send(data) if data else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(peer)
            return False
        if sent < len(data) or peer.waiting:
            self._keep(peer, data[sent:])
        return True

    def _keep(self, peer: _Peer, rest: bytes | bytearray) -> None:
        """Keep what somebody did not take in, and look when that can go on."""
        if bool(rest) != bool(peer.waiting):
            self._inlet.modify(peer.line.fileno(), _IN | _OUT if rest else _IN)
        peer.waiting = bytearray(rest)

    def _drop(self, peer: _Peer) -> None:
        if self._peers.pop(peer.line.fileno(), None) is None:
            return
        self._inlet.unregister(peer.line.fileno())
        peer.line.close()
        if self._named.get(peer.name) is peer:
            del self._named[peer.name]


def _is_gone(line: socket.socket) -> bool:
    """Return whether who was at the other end is there no more, and has nothing more to say."""
    try:
        return not line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
