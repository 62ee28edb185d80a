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
from types import MappingProxyType
from typing import Final, Protocol

from fleet.core.nursery.child import Child
from fleet.core.nursery.order import PARENT, Order, is_file, send_order
from fleet.core.parentage import environment_of_child

# Variables that decide something when Python or a library starts, so that a process cannot take them on later.
_SHAPING: Final = ("PYTHON", "NUMBA_", "OMP_", "OPENBLAS_", "MKL_", "LD_", "MOONFLEET_")
_LOCK: Final = Lock()
HOSTS: Final = "fleet.runtime.readiness:load_all"  #: What hosts are prepared by.


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
    words: tuple[str, ...] = ()  #: `PARENT` among them becomes the process id for `live_and_die_with`.
    prepared: str  #: ``module:function`` that loads what it needs, in a process that many of them are forked from.
    environment: Mapping[str, str] = field(default_factory=dict)  #: Beside our own.
    own_group: bool = False  #: Ctrl-C at the terminal does not reach it.


def start_process(program: Program, *, stdin: int = subprocess.DEVNULL, stdout: int, stderr: int = 2) -> Process:
    """Start a process that finds the same modules as this one.

    Parameters
    ----------
    stdin, stdout, stderr
        File descriptors.

    Notes
    -----
    A Python with all that a host needs takes a second and a half to load; forked from a nursery, where that was loaded
    once, it takes a few hundredths. The nursery is a fresh process without threads, nothing of ours is in it, and it
    ends with us, as do those who live and die with it. There is one for each environment that decides something when
    Python starts, such as ``PYTHONHASHSEED``. Where it is not Linux each process is started anew.
    """
    nursery = _nursery(program.prepared, program.environment)
    if nursery is not None:
        with suppress(OSError):  # The nursery is gone; nobody depends on it.
            return nursery.start(program, (stdin, stdout, stderr))
    words = [str(os.getpid()) if word == PARENT else word for word in program.words]
    return subprocess.Popen(
        [sys.executable, "-P", *([program.code] if is_file(program.code) else ["-m", program.code]), *words],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env={**environment_of_child(), **program.environment},
        process_group=0 if program.own_group else None,
    )


def open_nursery(prepared: str, environment: Mapping[str, str] = MappingProxyType({})) -> None:
    """Begin to load what programs need that are started soon, in a process beside this one.

    Parameters
    ----------
    environment
        Of those programs, beside our own.
    """
    _nursery(prepared, environment)


def _nursery(prepared: str, environment: Mapping[str, str]) -> _Nursery | None:
    if sys.platform != "linux":
        return None  # Libraries of the system are not made for a fork, or there is none.
    shaping = {name: text for name, text in {**os.environ, **environment}.items() if name.startswith(_SHAPING)}
    shaping.pop("PYTHONPATH", None)  # A process can take that on at any time.
    with _LOCK:
        return _kept(prepared, tuple(sorted(shaping.items())), os.getpid())


@lru_cache(maxsize=8)
def _kept(prepared: str, shape: tuple[tuple[str, str], ...], us: int) -> _Nursery:  # noqa: ARG001 - of this process
    return _Nursery(prepared, dict(shape))


class _Nursery:
    """A process that has loaded something, and forks when it is asked."""

    def __init__(self, prepared: str, shape: Mapping[str, str]) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "fleet.core.nursery", prepared, str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**environment_of_child(), **shape},
            )
        self._turn = Lock()
        atexit.register(self._close)

    def start(self, program: Program, streams: tuple[int, int, int]) -> Child:
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
        )
        told, tells = socket.socketpair()
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            with tells, self._turn:
                given = [nothing if stream == subprocess.DEVNULL else stream for stream in streams]
                send_order(self._control, order, [*given, tells.fileno()])
        except OSError:
            told.close()
            raise
        finally:
            os.close(nothing)
        return Child(told, program.code)

    def _close(self) -> None:
        self._control.close()
        self._process.kill()  # It may be loading still.
        self._process.wait()
