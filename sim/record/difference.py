"""Where two recordings part."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from sim.record.entries import Closing, Entry
from sim.record.recording import Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first entry that is not the same."""

    entry: int  #: From 0.
    a: Entry | None  #: None: this recording has ended.
    b: Entry | None


def first_difference(a: Path, b: Path) -> Difference | None:
    """Return where two recordings part; None when they are the same, but for how they were made.

    Raises
    ------
    ConfigError
        When one of them cannot be read.
    """
    for number, (left, right) in enumerate(zip_longest(Recording(a).entries(), Recording(b).entries())):
        if left == right or (isinstance(left, Closing) and isinstance(right, Closing) and left.tick == right.tick):
            continue
        return Difference(entry=number, a=left, b=right)
    return None
