"""Starting processes: forked from one that has loaded what they need, where that can be, or anew."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from fleet.core.nursery.child import Child
from fleet.core.nursery.order import Order, is_file, send_order
from fleet.core.parentage import environment_of_child

# Variables that decide something when Python or a library starts, so that a process cannot take them on later.
_SHAPING: Final = ("PYTHON", "NUMBA_", "OMP_", "OPENBLAS_", "MKL_", "LD_", "MOONFLEET_")
_LEAVE: Final = 3.0  # Seconds in which a nursery is gone when there is no more for it to do.
_LOCK: Final = Lock()


class Process(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    def poll(self) -> int | None:
        """Return its exit code, None while it is there."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code when it has ended; `subprocess.TimeoutExpired` when it has not in time."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a process runs."""

    code: str  #: A module, as of ``python -P -m``, or a file that ends in ``.py``.
    words: tuple[str, ...] = ()
    prepared: str  #: ``module:function`` that loads what it needs, in a process that many of them are forked from.
    environment: Mapping[str, str] = field(default_factory=dict)  #: Beside our own.
    own_group: bool = False  #: Ctrl-C at the terminal does not reach it.
    tells_parent: bool = True  #: The process id of its parent, for `live_and_die_with`, is its last word.


def start_process(program: Program, *, stdin: int = subprocess.DEVNULL, stdout: int) -> Process:
    """Start a process that finds the same modules as this one.

    Parameters
    ----------
    stdin, stdout
        File descriptors; its errors go where ours do.

    Notes
    -----
    A Python with all that a host needs takes a second and a half to load; forked from a nursery, where that was loaded
    once, it takes a few hundredths. The nursery is a fresh process without threads, nothing of ours is in it, and it
    ends with us, as do those who live and die with it. Where it is not Linux, or the process needs what can only be
    decided at the start of Python (``PYTHONHASHSEED``), it is started anew.
    """
    nursery = None if any(name.startswith(_SHAPING) for name in program.environment) else _nursery(program.prepared)
    if nursery is not None:
        with suppress(OSError):  # The nursery is gone; nobody depends on it.
            return nursery.start(program, stdin, stdout)
    words = [*program.words, str(os.getpid())] if program.tells_parent else program.words
    return subprocess.Popen(
        [sys.executable, "-P", *([program.code] if is_file(program.code) else ["-m", program.code]), *words],
        stdin=stdin,
        stdout=stdout,
        env={**environment_of_child(), **program.environment},
        process_group=0 if program.own_group else None,
    )


def open_nursery(prepared: str) -> None:
    """Begin to load what programs need that are started soon, in a process beside this one."""
    _nursery(prepared)


def _nursery(prepared: str) -> _Nursery | None:
    if sys.platform != "linux":
        return None  # Libraries of the system are not made for a fork, or there is none.
    shape = tuple(item for item in sorted(os.environ.items()) if item[0].startswith(_SHAPING))
    with _LOCK:
        return _kept(prepared, os.getpid(), tuple(item for item in shape if item[0] != "PYTHONPATH"))


@lru_cache(maxsize=8)
def _kept(prepared: str, us: int, shape: tuple[tuple[str, str], ...]) -> _Nursery:  # noqa: ARG001 - the cache's key
    """Return the nursery of this process for what is to be loaded, and for an environment."""
    return _Nursery(prepared)


class _Nursery:
    """A process that has loaded something, and forks when it is asked."""

    def __init__(self, prepared: str) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "fleet.core.nursery", prepared, str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=environment_of_child(),
            )
        self._turn = Lock()
        atexit.register(self._close)

    def start(self, program: Program, stdin: int, stdout: int) -> Child:
        """Ask for a process.

        Raises
        ------
        OSError
            When the nursery is gone.
        """
        environment = {**environment_of_child(), **program.environment}
        order = Order(
            code=program.code,
            words=tuple(os.fsencode(word) for word in program.words),
            environment={os.fsencode(name): os.fsencode(value) for name, value in environment.items()},
            folder=os.fsencode(Path.cwd()),
            own_group=program.own_group,
            tells_parent=program.tells_parent,
        )
        told, tells = socket.socketpair()
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            with tells, self._turn:
                own = [nothing if stream == subprocess.DEVNULL else stream for stream in (stdin, stdout)]
                send_order(self._control, order, (own[0], own[1], 2, tells.fileno()))
        except OSError:
            told.close()
            raise
        finally:
            os.close(nothing)
        return Child(told, program.code)

    def _close(self) -> None:
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVE)
