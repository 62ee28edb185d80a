"""Where two recordings part."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from fleet.messages import named
from sim.record.entries import Closing, Entry
from sim.record.recording import Recording

_WHOSE: Final = ("rover", "sender")  #: Keys under which an entry, or a part of it, says whose it is.


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """The first field in which two entries of one kind differ."""

    path: str  #: From the entry down, such as ``rovers[3].battery``.
    rover: str | None  #: Whose it is.
    a: Any  #: As in the recording's JSON.
    b: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first entry that is not the same."""

    entry: int  #: From 0.
    a: Entry | None  #: None: this recording has ended.
    b: Entry | None

    @property
    def field(self) -> FieldDifference | None:
        """The first field that is not the same; None when the entries are not of one kind."""
        if self.a is None or type(self.a) is not type(self.b):
            return None
        return _first_field(named(self.a), named(self.b))


def _first_field(a: Any, b: Any, path: str = "", rover: str | None = None) -> FieldDifference | None:
    if isinstance(a, dict) and isinstance(b, dict):
        rover = next((a[key] for key in _WHOSE if isinstance(a.get(key), str) and a[key] == b.get(key)), rover)
        for key in dict.fromkeys([*a, *b]):
            inner = f"{path}.{key}" if path else key
            found = _first_field(a.get(key), b.get(key), inner, rover)
            if found is not None:
                return found
    elif isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b):
        for index, (left, right) in enumerate(zip(a, b, strict=True)):
            found = _first_field(left, right, f"{path}[{index}]", rover)
            if found is not None:
                return found
    elif a != b:
        return FieldDifference(path=path, rover=rover, a=a, b=b)
    return None


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
