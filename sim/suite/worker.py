"""A process that says which cases a file has, and plays them."""

from __future__ import annotations

import sys
from typing import Final

import msgspec

from fleet.core import Clock
from sim.crew import serve
from sim.run import compile_missing
from sim.scenario import Case, ScenarioError, cases_of
from sim.suite.perform import invalid, perform
from sim.suite.row import Answer, Item, Order
from sim.suite.suite import lost
from sim.suite.twice import compare

_READ_CASE: Final = msgspec.json.Decoder(Case).decode


def answer(order: Order, clock: Clock) -> Answer:
    """Return the cases of a file, or what came of one."""
    if not order.plays:
        return cases(order.file)
    case = _READ_CASE(order.case)
    row = perform(case, clock)
    return Answer(row=compare(case, row, clock) if order.twice else row)


def cases(file: str) -> Answer:
    """Return the cases of a file, or what is wrong with it."""
    try:
        found = cases_of(file)
    except ScenarioError as error:
        return Answer(row=invalid(file, str(error)))
    return Answer(
        items=tuple(
            Item(
                file=case.file,
                name=case.name,
                scenario=case.scenario,
                tags=case.tags,
                size=case.size,
                case=msgspec.Raw(msgspec.json.encode(case)),
            )
            for case in found
        )
    )


if __name__ == "__main__":
    serve(
        int(sys.argv[1]),
        Order,
        lambda: compile_missing(lambda _: None),
        answer,
        lambda order, fact, took: lost(order, "error", fact, took),
    )
