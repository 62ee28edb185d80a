"""Watches a call for what no plugin may reach for: wall clocks, global chance, and what lies outside of the process."""

from __future__ import annotations

import _posixsubprocess
import datetime
import gc
import io
import os
import random  # noqa: TID251 - to know when others draw from it
import socket
import sys
import time  # noqa: TID251 - to know when others read it
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

Report = Callable[[str, str], None]  #: Takes a rule and what was seen.

_CLOCKS: Final = frozenset(
    {
        *(time.time, time.time_ns, time.monotonic, time.monotonic_ns, time.perf_counter, time.perf_counter_ns),
        *(time.process_time, time.process_time_ns, time.thread_time, time.thread_time_ns, time.gmtime, time.localtime),
    }
)
_DATES: Final = (datetime.datetime, datetime.date)
# What happens beneath these is their business: a log line has its time, and what is compiled is kept in files.
_TRUSTED: Final = ("logging", "numba", "llvmlite", "importlib", "_frozen_importlib", "_frozen_importlib_external")
_TRUSTED_ROOMS: Final = ("fleet", "sim")
_OUR_PLUGINS: Final = ("fleet.agents", "fleet.planning", "fleet.tasks")
_OUTSIDE: Final = frozenset({io.open, os.open, os.system, os.fork, os.execv, os.execve, _posixsubprocess.fork_exec})
_SOCKET_CALLS: Final = ("connect", "connect_ex", "bind", "sendto")


class Attention:
    """Reports what is reached for beneath the calls that are made under it.

    Notes
    -----
    Calls into C are seen by the interpreter's profile hook. It does not see what compiled code does by itself; runs in
    several processes that differ show that.
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    @contextmanager
    def on(self) -> Iterator[None]:
        """Watch what is called meanwhile in this thread."""
        before = sys.getprofile()
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(before)

    def _profile(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            rule, what = _reached(arg)
        elif event == "call" and frame.f_code is random.Random.__init__.__code__ and frame.f_locals.get("x") is None:
            rule, what = "chance", "random.Random() without a seed"
        else:
            return
        if rule:
            where = _culprit(frame)
            if where:
                self._report(rule, f"{what} in {where}")


def _reached(function: Any) -> tuple[str, str]:
    """Return rule and name of what a call into C reaches for; empty when it is no matter."""
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if owner is time:
        return ("clock", f"time.{name}()") if function in _CLOCKS else ("", "")
    if isinstance(owner, type) and issubclass(owner, _DATES) and name in ("now", "utcnow", "today"):
        return "clock", f"{owner.__name__}.{name}()"
    if owner is random._inst:  # The generator behind random.random().
        return "chance", f"random.{name}()"
    if function is os.urandom:
        return "chance", "os.urandom()"
    if function in _OUTSIDE or (isinstance(owner, socket.socket) and name in _SOCKET_CALLS):
        return "outside", f"{getattr(function, '__module__', None) or type(owner).__name__}.{name}()"
    if type(owner).__name__ == "RandomState" and owner is _numpy_state():
        return "chance", f"numpy.random.{name}()"
    return "", ""


def _numpy_state() -> object:
    module = sys.modules.get("numpy.random.mtrand")
    return getattr(module, "_rand", None)


def _culprit(frame: FrameType | None) -> str:
    """Return file and line of the plugin beneath which this happened; empty when others answer for it."""
    found = ""
    collecting = [getattr(hook, "__code__", None) for hook in gc.callbacks]
    while frame is not None:
        if frame.f_code in collecting:  # Called in the midst of anything when garbage is collected.
            return ""
        module = frame.f_globals.get("__name__", "")
        room = module.partition(".")[0]
        if room in _TRUSTED:
            return ""
        if room in _TRUSTED_ROOMS and not module.startswith(_OUR_PLUGINS):
            return found
        if room not in sys.stdlib_module_names and not found:
            found = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        frame = frame.f_back
    return found
