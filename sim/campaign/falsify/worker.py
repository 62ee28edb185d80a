"""A process that plays scenarios which somebody makes smaller."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fleet.core import Clock
from sim.campaign.falsify.attempt import Attempt, Tried, lost
from sim.campaign.perform import perform
from sim.campaign.trial import Trial
from sim.crew import serve
from sim.run import compile_missing
from sim.scenario import declared_seed


def answer(attempt: Attempt, clock: Clock) -> Tried:
    """Play a scenario as it would lie in its folder."""
    file = Path(attempt.folder) / f".candidate-{os.getpid()}.yaml"
    try:
        file.write_text(attempt.text, encoding="utf-8")
        return Tried(number=attempt.number, row=perform(file, Trial(seed=declared_seed(file)), clock))
    finally:
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    serve(
        int(sys.argv[1]),
        Attempt,
        lambda: compile_missing(lambda _: None),
        answer,
        lambda attempt, fact, took: lost(attempt, "error", fact, took),
    )
