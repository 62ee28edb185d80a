"""What came of one expectation, whoever judged it."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.core import RoverId, Tick


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one expectation."""

    passed: bool
    expected: str
    got: str
    tick: Tick | None = None  #: When it was decided, where that is one moment,
    rover: RoverId | None = None  #: and by whom.
