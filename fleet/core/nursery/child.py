"""A process that was forked elsewhere for this one, as if it had started it."""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import subprocess
import weakref
from contextlib import suppress
from threading import Lock
from typing import Final

from fleet.core.clock import WallClock

#: What is told of a process: its id when it is there, its exit code when it has ended.
TOLD: Final = struct.Struct("<i")


class Child:
    """What `subprocess.Popen` is for a process of one's own; let go of before the process is there, it never begins.

    Parameters
    ----------
    told
        Where its id is heard, then its exit code; nothing any more when whoever forked it is gone, and it with them.
    name
        For people.
    """

    def __init__(self, told: socket.socket, name: str) -> None:
        self._name = name
        told.setblocking(False)
        self._told = told
        weakref.finalize(self, told.close)  # When no thread can be waiting for it any more.
        self._lock = Lock()
        self._pid: int | None = None
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Its process id, waited for as long as what it needs is loaded; 0 when it never came to be."""
        while self._pid is None and self._code is None:
            self._hear(None)
        return self._pid or 0

    def poll(self) -> int | None:
        """Return its exit code, below 0 for a signal that ended it; None while it is there."""
        while self._code is None and self._hear(0.0):
            pass
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code when it has ended.

        Raises
        ------
        subprocess.TimeoutExpired
            When it has not in so many seconds.
        """
        clock = WallClock()
        end = None if timeout is None else clock.now() + timeout
        while (code := self.poll()) is None:
            rest = None if end is None else end - clock.now()
            if timeout is not None and rest is not None and rest <= 0.0:
                raise subprocess.TimeoutExpired(self._name, timeout)
            self._hear(rest)
        return code

    def kill(self) -> None:
        """End it at once, or, where it is not there yet, before it begins."""
        if self.poll() is not None:
            return
        if self._pid is None:
            with suppress(OSError):
                self._told.shutdown(socket.SHUT_RDWR)  # One that cannot be told of is ended where it was forked.
            self.poll()
        if self._pid:
            with suppress(ProcessLookupError):  # It has just ended, which is told in a moment.
                os.kill(self._pid, signal.SIGKILL)

    def _hear(self, timeout: float | None) -> bool:
        """Take in what is told next, and return whether there was anything; only the wait is not locked."""
        if self._is_over() or not select.select([self._told], [], [], timeout)[0]:
            return False
        with self._lock:
            if self._is_over():
                return False  # Another thread was first.
            try:
                data = self._told.recv(TOLD.size)
            except BlockingIOError:
                return False  # Another thread was first.
            except ConnectionResetError:
                data = b""
            if not data:
                self._code = -signal.SIGKILL
            elif self._pid is None:
                (self._pid,) = TOLD.unpack(data)
            else:
                (self._code,) = TOLD.unpack(data)
            return True

    def _is_over(self) -> bool:
        return self._code is not None
