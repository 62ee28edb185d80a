"""A process that tries one stretch of fleets after another."""

from __future__ import annotations

import sys

from fleet.core import Clock
from fleet.tasks.agreement import warm_plans
from sim.bench.agreement.stretch import Stretch, Trials, lost, perform
from sim.crew import serve


def _answer(stretch: Stretch, clock: Clock) -> Trials:
    assert clock
    return perform(stretch)


if __name__ == "__main__":
    serve(
        int(sys.argv[1]), Stretch, warm_plans, _answer, lambda stretch, fact, took: lost(stretch, "crash", fact, took)
    )
