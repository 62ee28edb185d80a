"""What workers are asked, and what came of one case."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

Verdict = Literal["pass", "fail", "none", "differs", "invalid", "crash", "hang", "error"]
"""What a run came to: its verdict; another digest in another shape; or why there is none: the file is wrong, the
process ended or did not end in its time, or we have a bug."""

NONE: Final = msgspec.Raw(b"null")
EXIT_CODES: Final = {"invalid": 2, "crash": 3, "hang": 3, "error": 4, "differs": 1}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A case as far as one must know to choose it."""

    file: str
    name: str
    scenario: str
    tags: tuple[str, ...]
    size: float = 0.0  #: Of what is to be played, for those of which it is not known how long that takes.
    case: msgspec.Raw  #: All of it, for the worker that plays it.

    @property
    def id(self) -> str:
        """Like no other's."""
        return f"{self.file}::{self.name}"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation that failed, or one that was to fail and did not."""

    name: str
    expected: str
    got: str
    place: str  #: ``file:line``.
    at_s: float | None = None  #: Mission time at which it was decided, where that is one moment.
    when: str = ""  #: The same for people.
    rover: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one case, or of a file that is none."""

    file: str
    name: str = ""  #: Of the case; empty for a file that cannot be read.
    line: int = 1
    tags: tuple[str, ...] = ()
    must_fail: tuple[str, ...] = ()
    verdict: Verdict
    exit_code: int  #: 0 when it was as expected: passed, or failed where exactly that must.
    wall_seconds: float = 0.0  #: Of the machine, reading and placing the scenario included.
    failures: tuple[Failure, ...] = ()
    errors: tuple[str, ...] = ()  #: What agents did wrong unexpectedly, or why there is no verdict.
    words: tuple[str, ...] = ()  #: What follows `moonfleet run` for the same run.
    summary: dict[str, Any] = {}  #: As of `moonfleet run --json`.

    @property
    def id(self) -> str:
        """Like no other's."""
        return f"{self.file}::{self.name}" if self.name else self.file


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Say which cases a file has, or play one."""

    file: str
    case: msgspec.Raw = NONE  #: What to play; or none: say which there are.
    twice: bool = False  #: Once more in another shape.

    @property
    def plays(self) -> bool:
        """Whether a case is to be played."""
        return bytes(self.case) != bytes(NONE)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of a file, or what came of one; of a file that is wrong, a row that says so."""

    items: tuple[Item, ...] = ()
    row: Row | None = None
