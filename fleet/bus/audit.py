"""The audit log: who was refused, where, and why."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from fleet.core import ConfigError

_log = logging.getLogger("fleet.audit")
_SHOWN: Final = 100  # After so many of a place nothing more is shown, and
_WRITTEN: Final = 10_000  # after so many of a file nothing more is written: a stranger must not fill the disk.


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log."""

    at: float  #: Seconds since the log was begun.
    where: str  #: The endpoint that was tried.
    who: str  #: As far as known: a name, a key's fingerprint, an address.
    fact: str


class Audit:
    """Notes refusals, from any thread.

    Parameters
    ----------
    now
        Gives seconds that only go up.
    file
        Where lines of JSON go beside the program's log; None: nowhere.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """

    def __init__(self, now: Callable[[], float] = lambda: 0.0, file: Path | None = None) -> None:
        self._now = now
        self._begun = now()
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        try:
            self._file = None if file is None else file.open("wb")
        except OSError as error:
            raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None

    @property
    def count(self) -> int:
        """How many were refused."""
        return self._counts.total()

    def note(self, where: str, who: str, fact: str) -> None:
        """Note a refusal; beyond a limit, count it only."""
        with self._lock:
            total = self._counts.total()
            self._counts[where] += 1
            if self._counts[where] <= _SHOWN:
                _log.warning("%s: %s %s", where, who, fact)
            if self._file is not None and total < _WRITTEN:
                line = Refusal(at=round(self._now() - self._begun, 3), where=where, who=who, fact=fact)
                self._file.write(msgspec.json.encode(line) + b"\n")
                self._file.flush()

    def close(self) -> None:
        """Say how many there were beyond the limits, and end the file."""
        with self._lock:
            for where, count in sorted(self._counts.items()):
                if count > _SHOWN:
                    _log.warning("%s: %d more were refused", where, count - _SHOWN)
            if self._file is not None:
                over = self._counts.total() - _WRITTEN
                if over > 0:
                    line = Refusal(at=round(self._now() - self._begun, 3), where="", who="", fact=f"{over} more")
                    self._file.write(msgspec.json.encode(line) + b"\n")
                self._file.close()
                self._file = None
