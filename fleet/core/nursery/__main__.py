"""The nursery: ``python -m fleet.core.nursery PREPARED CONTROL PARENT`` loads, then forks as it is asked."""

from __future__ import annotations

import os
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module, invalidate_caches
from typing import Final, NamedTuple

from fleet.core.loading import loading
from fleet.core.nursery.child import TOLD
from fleet.core.nursery.order import PARENT, Order, is_file, take_order
from fleet.core.parentage import is_orphan

_LOOK: Final = 1.0  # Seconds between two looks at whether the parent is still there.


class Newborn(NamedTuple):
    """What a process that was just forked shall be."""

    order: Order
    streams: tuple[int, int, int]
    parent: int


def main(prepared: str, control: int, parent: int) -> None:
    """Load, fork until there is nobody to fork for, and in each that was forked run what was asked for."""
    own = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    ours = tuple(folder for folder in sys.path if folder not in own)
    # Ctrl-C reaches every process of the terminal; the parent decides what it means.
    at_ctrl_c = signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load(prepared, parent)
    with socket.socket(fileno=control) as orders:
        newborn = _tend(orders, parent)
    if newborn is not None:
        signal.signal(signal.SIGINT, at_ctrl_c)
        _become(newborn, ours)


def _load(prepared: str, parent: int) -> None:
    """Load what programs need; an end comes when the parent ends, though that may take minutes where it compiles."""

    def look(*_: object) -> None:
        if is_orphan(parent):
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK, _LOOK)
    module, _, function = prepared.partition(":")
    with loading():  # What is there is never searched, so that forked processes go on sharing its memory.
        getattr(import_module(module), function)()
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _tend(orders: socket.socket, parent: int) -> Newborn | None:
    """Fork and tell of ends; return in each forked process, and, with None, when there will be no more orders."""
    children: dict[int, socket.socket] = {}
    awake, waker = socket.socketpair()
    with awake, waker:
        waker.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        while not is_orphan(parent):
            ready, _, _ = select.select([orders, awake], [], [], _LOOK)
            if awake in ready:
                awake.recv(4096)
            _tell_ends(children)
            if orders not in ready:
                continue
            taken = take_order(orders)
            if taken is None:
                return None
            order, (*streams, end) = taken
            us = os.getpid()
            try:
                pid = os.fork()
            except OSError as error:  # Those who are there live on.
                os.write(2, f"no process can be forked: {error.strerror}\n".encode())
                pid = -1
            if pid == 0:
                signal.set_wakeup_fd(-1)
                os.close(end)
                for other in children.values():
                    other.close()
                return Newborn(order, (streams[0], streams[1], streams[2]), us)
            for stream in streams:
                os.close(stream)
            tells = socket.socket(fileno=end)
            if pid < 0:
                tells.close()
                continue
            children[pid] = tells
            if not _tell(tells, pid):
                os.kill(pid, signal.SIGKILL)  # Killed before it was there.
    return None


def _tell_ends(children: dict[int, socket.socket]) -> None:
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            with children.pop(pid) as tells:
                _tell(tells, os.waitstatus_to_exitcode(status))


def _tell(tells: socket.socket, number: int) -> bool:
    """Tell a number, and return whether anybody wants to know."""
    try:
        tells.send(TOLD.pack(number))
    except OSError:
        return False
    return True


def _become(newborn: Newborn, ours: tuple[str, ...]) -> None:
    """Run a module as a Python that was just started for it would."""
    order = newborn.order
    if order.own_group:
        os.setpgid(0, 0)
    for target, stream in enumerate(newborn.streams):
        os.dup2(stream, target)
    for stream in newborn.streams:
        os.close(stream)
    _reopen()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(order.folder)
    os.environ.clear()
    os.environb.update(order.environment)
    sys.path[:] = dict.fromkeys([*filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), *ours])
    invalidate_caches()
    words = (os.fsdecode(word) for word in order.words)
    sys.argv[1:] = [str(newborn.parent) if word == PARENT else word for word in words]
    if is_file(order.code):
        runpy.run_path(order.code, run_name="__main__")
    else:
        runpy.run_module(order.code, run_name="__main__", alter_sys=True)


def _reopen() -> None:
    """Open the standard streams anew, buffered as suits what they now are."""
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        old = getattr(sys, name)
        by_line = name == "stderr" or (name == "stdout" and os.isatty(number))
        stream = os.fdopen(number, mode, 1 if by_line else -1, old.encoding, old.errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
