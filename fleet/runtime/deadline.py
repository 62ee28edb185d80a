"""Stops a call that takes too long, wherever it hangs: in a loop of its own, or asleep.

In the main thread an interval timer (`SIGALRM`) raises inside the call; in other threads, where signals do not reach,
a watcher thread does. Code that is inside a compiled function or a C library is stopped when it comes back to Python.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeVar

T = TypeVar("T")

#: Seconds between two attempts to stop a call that swallows the exception.
REPEAT: Final = 0.02


class Overdue(BaseException):
    """The call took longer than it may; not an `Exception`, so that the call itself does not handle it."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns.

    Raises
    ------
    Overdue
        When it has not returned in `seconds` of wall time.

    Notes
    -----
    A timer and a handler for `SIGALRM` that were set before are put back, with the time that is left. Calls may nest.

    Examples
    --------
    >>> within(1.0, lambda: 6 * 7)
    42
    """
    if threading.current_thread() is threading.main_thread():
        return _watched_by_signal(seconds, call)
    return _watched_by_thread(seconds, call)


def _inside(call: Callable[[], T]) -> T:
    # Its frame marks where the call begins: nothing is ever raised in a frame below it, so that no exception can
    # come too late and hit whoever asked.
    return call()


def _is_inside(frame: FrameType | None, end: FrameType) -> bool:
    """Return whether code of the call is running in `frame`, above the frame `end` that watches it."""
    while frame is not None and not (frame.f_code is _inside.__code__ and frame.f_back is end):
        frame = frame.f_back
    return frame is not None


def _raise_on_next_line(frame: FrameType, end: FrameType) -> None:
    """Have every frame of the call raise again on its next line.

    A call may swallow what is raised in it (``except: pass`` in a loop); it is then raised once more in the handler,
    outside of that ``try``.
    """

    def trace(here: FrameType, event: str, _arg: Any) -> Any:
        # Whoever asked is never hit: it could not put back what it changed.
        if not _is_inside(here, end):
            return None
        if event == "line":
            raise Overdue
        return trace

    above: FrameType | None = frame
    while above is not None and above is not end:
        above.f_trace = trace
        above = above.f_back
    sys.settrace(trace)


def _watched_by_signal(seconds: float, call: Callable[[], T]) -> T:
    end = sys._getframe()
    traced = sys.gettrace()
    fired = False

    def on_alarm(_signal: int, frame: FrameType | None) -> None:
        nonlocal fired
        if frame is not None and _is_inside(frame, end):
            if fired:
                _raise_on_next_line(frame, end)
            fired = True
            raise Overdue

    handler = signal.signal(signal.SIGALRM, on_alarm)
    left_before, interval_before = signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
    try:
        return _inside(call)
    finally:
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0.0)
        if fired:
            sys.settrace(traced)
        signal.signal(signal.SIGALRM, handler)
        if left_before > 0.0:
            spent = seconds if fired else max(0.0, seconds - left)
            signal.setitimer(signal.ITIMER_REAL, max(1e-6, left_before - spent), interval_before)


def _watched_by_thread(seconds: float, call: Callable[[], T]) -> T:
    end = sys._getframe()
    thread = threading.get_ident()
    # Plain locks: an exception that is raised anywhere may leave the lock within an Event taken for ever.
    goes_on, raising = threading.Lock(), threading.Lock()
    goes_on.acquire()
    sent = False

    def watch() -> None:
        nonlocal sent
        wait = seconds
        while not goes_on.acquire(timeout=wait):
            wait = REPEAT
            with raising:
                frame = sys._current_frames().get(thread)
                if not _is_called_from(frame, end):
                    return
                if _is_inside(frame, end):
                    sent = True
                    _send(thread)

    threading.Thread(target=watch, name="deadline", daemon=True).start()
    try:
        return _inside(call)
    finally:
        goes_on.release()
        with raising:
            is_due = sent
        if is_due:
            _take_what_is_due(thread)


def _is_called_from(frame: FrameType | None, end: FrameType) -> bool:
    while frame is not None and frame is not end:
        frame = frame.f_back
    return frame is end


def _send(thread: int) -> None:
    """Have `Overdue` raised in a thread; one that was sent and not raised yet is the same."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overdue))


def _take_what_is_due(thread: int) -> None:
    """Leave nothing to be raised in this thread.

    What is sent and never raised, because its thread ended or it was taken back, leaves Python 3.11 looking for it for
    ever; every traced thread then stands still at the next function that it calls.
    """
    try:
        _send(thread)
        while True:
            pass
    except Overdue:
        return
