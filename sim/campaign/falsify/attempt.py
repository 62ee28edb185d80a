"""What workers are asked while a scenario is made smaller, and what they answer."""

from __future__ import annotations

import msgspec

from sim.campaign.trial import Outcome, Row, Trial, row_without_verdict


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Play a scenario that is in no file yet."""

    number: int  #: Like no other's that waits for its answer.
    text: str
    folder: str  #: To which its paths are relative.


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    number: int
    row: Row


def lost(attempt: Attempt, outcome: Outcome, fact: str, took: float) -> Tried:
    """Return the answer to an attempt that came to no verdict."""
    return Tried(number=attempt.number, row=row_without_verdict(Trial(seed=0), outcome, fact, took))
