"""What the last calls left: which cases failed, and how long each took."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from sim.suite.row import Row


class Kept(msgspec.Struct, kw_only=True):
    """Of earlier calls; a file that cannot be read or written costs nothing but this memory."""

    failed: list[str] = []
    seconds: dict[str, float] = {}

    def note(self, rows: Iterable[Row]) -> None:
        """Take in what was run; what was not run stays as it was."""
        failed = dict.fromkeys(self.failed)
        for row in rows:
            self.seconds[row.id] = round(row.wall_seconds, 3)
            if row.exit_code:
                failed[row.id] = None
            else:
                failed.pop(row.id, None)
        self.failed = list(failed)

    def write(self, file: Path) -> None:
        """Keep it for the next call."""
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(msgspec.json.encode(self))


def read_kept(file: Path) -> Kept:
    """Return what the last calls left."""
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    return Kept()
