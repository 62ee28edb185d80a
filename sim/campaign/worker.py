"""A process that runs trials of one scenario one after another."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.campaign.perform import perform
from sim.campaign.trial import Trial, row_without_verdict
from sim.crew import serve
from sim.run import compile_missing


def main(file: Path, parent: int) -> None:
    """Answer each trial with its row until the orders end."""
    serve(
        parent,
        Trial,
        lambda: compile_missing(lambda _: None),
        lambda trial, clock: perform(file, trial, clock),
        lambda trial, fact, took: row_without_verdict(trial, "error", fact, took),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
