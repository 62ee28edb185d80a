"""The turn to make a file that several processes may want at once, and one should make for all."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from fleet.core.clock import Clock, WallClock

_LOOKED_AT = 0.02  #: Seconds between looks at whether a turn has ended.


class Turn:
    """Held by one process at a time until it ends it, or ends itself.

    Parameters
    ----------
    file
        To be made; the lock lies beside it.
    patience
        Seconds after which one who waits goes on without. Where files cannot be locked, nobody waits.

    Notes
    -----
    A turn saves work. What must be right must be so without.
    """

    def __init__(self, file: Path, patience: float, clock: Clock | None = None) -> None:
        self._lock = file.with_name(f"{file.name}.lock")
        self._patience = patience
        self._clock = clock or WallClock()
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Wait until nobody else has it; return whether somebody had, who may have made the file by now."""
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return False
        until = self._clock.now() + self._patience
        has_waited = False
        while not _locks(descriptor):
            has_waited = True
            if self._clock.now() >= until:
                os.close(descriptor)
                return True
            self._clock.sleep(_LOOKED_AT)
        self._descriptor = descriptor
        return has_waited

    def end(self) -> None:
        """Let the next have it."""
        if self._descriptor is not None:
            with suppress(OSError):
                self._lock.unlink()
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":

    def _locks(_: int) -> bool:
        return True

else:
    from fcntl import LOCK_EX, LOCK_NB, flock

    def _locks(descriptor: int) -> bool:
        """Lock a file unless another process has; return whether nobody else has."""
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # No such thing here: everybody makes the file.
        return True
