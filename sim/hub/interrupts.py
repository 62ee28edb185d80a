"""Ctrl-C, noticed where a mission can end cleanly: between ticks, and while it waits."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """Holds the first Ctrl-C back until `check`; the second is not held back.

    In a thread other than the main one, which Ctrl-C does not reach, only `press` counts.
    """

    def __init__(self) -> None:
        self._pressed = False
        self._before: Any = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        if self._pressed:
            raise KeyboardInterrupt
        self._pressed = True

    def press(self) -> None:
        """Ask for the end, as Ctrl-C does."""
        self._pressed = True

    def check(self) -> None:
        """Raise `KeyboardInterrupt` when the end was asked for."""
        if self._pressed:
            raise KeyboardInterrupt
