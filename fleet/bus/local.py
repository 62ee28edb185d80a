"""A host's end on the hub's own machine: ZMTP straight over the socket, with no thread in between.

The hub cannot tell. libzmq has a thread read and write, which costs two more changes of context and many more
system calls an exchange; here one is a `poll` or a few, a `recv` and a `send`.
"""

from __future__ import annotations

import os
import select
import socket
from collections import deque
from contextlib import suppress
from typing import Final, Protocol

from fleet.bus.zmtp import COMMAND, GREETING, MORE, READ, Frames, framed, is_greeting, pong, ready
from fleet.core import ConfigError, WallClock
from fleet.messages.codec import MAX_BYTES

_SCHEME: Final = "ipc://"
_LOOKING: Final = 3e-4  # Seconds of its own in which one looks before one sleeps.
_TURN: Final = 5e-6  # Seconds that somebody else had the core for, if to give way took longer.
_TURNS: Final = 5  # Of others, before a host sleeps. More are worse where many hosts share a core.
_CLOCK: Final = WallClock()


def is_local(endpoint: str) -> bool:
    """Return whether a `LocalHostBus` leads there.

    >>> is_local("ipc:///run/hub"), is_local("tcp://127.0.0.1:7800")
    (True, False)
    """
    return endpoint.startswith(_SCHEME) and hasattr(socket, "AF_UNIX")


def path_of(endpoint: str) -> str:
    """Return where in the file system an endpoint lies.

    >>> path_of("ipc:///run/hub")
    '/run/hub'
    """
    return endpoint.removeprefix(_SCHEME)


class Inlet(Protocol):
    """A `select.poll` or `select.epoll`."""

    def poll(self, timeout: float, /) -> list[tuple[int, int]]:
        """Return who has something to say, at the latest when the time is up."""
        ...


def watch(inlet: Inlet, timeout: float, turns: int) -> list[tuple[int, int]]:
    """Return who has something to say: one looks for a while first, and has others go before each look, then sleeps.

    To fall asleep and be woken costs both sides more than most answers take: system calls, and where the core is idle
    an interrupt, for which a virtual machine has to be called back. Who looks, and has others go first meanwhile, is
    spared it and takes a core from nobody.

    Parameters
    ----------
    timeout
        As the inlet counts it; nobody who only looks (0) is held up.
    turns
        Of others, after which one sleeps: each is a change of context.
    """
    if timeout > 0.0:
        now = _CLOCK.now()
        until = now + _LOOKING
        while turns and now < until:
            if found := inlet.poll(0):
                return found
            os.sched_yield()
            before, now = now, _CLOCK.now()
            if now - before > _TURN:
                turns -= 1
                until += now - before
    return inlet.poll(timeout)


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

    __slots__ = ("_frames", "_heard", "_inlet", "_is_cut", "_socket")

    def __init__(self, endpoint: str, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._inlet = select.poll()
        self._inlet.register(self._socket, select.POLLIN)
        self._frames = Frames(MAX_BYTES)
        self._heard: deque[tuple[int, bytes]] = deque()  # Read, and not yet given.
        self._is_cut = False
        try:
            self._socket.connect(path_of(endpoint))
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
        self._socket.sendall(GREETING + ready("DEALER", name))
        theirs = b""
        while len(theirs) < len(GREETING) and (data := self._read()):
            theirs += data
        if is_greeting(theirs):
            self._take(theirs[len(GREETING) :] or self._read())
            while not self._heard and not self._is_cut:
                self._take(self._read())
        if not self._heard or not self._heard.popleft()[0] & COMMAND:
            raise ConnectionError("no hub is there, or one that lets nobody in without a key")

    def send(self, data: bytes) -> None:
        """Send to the hub; when it is gone, that is noticed where it is heard."""
        try:
            self._socket.sendall(framed(data))
        except OSError:
            return

    def receive(self, timeout: float) -> bytes | None:
        """Return what the hub said, None when nothing came in `timeout` seconds."""
        wait = timeout * 1000.0
        while True:
            if self._heard:
                flags, content = self._heard.popleft()
                if not flags & COMMAND:
                    return content
                with suppress(OSError):
                    self._socket.sendall(pong(content))
                wait = 0.0  # Nobody waits longer because the hub's socket looked who is here.
            # To wait in `recv` would save a call and cost a wake-up: it wakes, too, when the hub has read an answer.
            elif self._is_cut or not watch(self._inlet, wait, _TURNS):
                return None
            else:
                data = self._read()
                word = self._frames.word(data)
                if word is not None:
                    return word
                self._take(data)

    def _read(self) -> bytes:
        """Return what comes next; nothing is the end."""
        try:
            return self._socket.recv(READ)
        except OSError:
            return b""

    def _take(self, data: bytes) -> None:
        """Take in what was read: nothing is the end."""
        for flags, content in self._frames.take(data):
            self._is_cut |= bool(flags & MORE)
            if not self._is_cut:
                self._heard.append((flags, content))
        self._is_cut |= not data or bool(self._frames.fault)

    def is_cut(self) -> bool:
        """Return whether the hub hung up; it is then gone for good."""
        return self._is_cut

    def close(self) -> None:
        """Hang up; what was sent still gets there."""
        self._socket.close()
