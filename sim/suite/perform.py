"""One case, run in this process and judged."""

from __future__ import annotations

from typing import Any

import msgspec

from fleet.core import Clock, ConfigError, format_elapsed
from sim.run import RunOptions, RunResult, run
from sim.scenario import Case, load_scenario
from sim.suite.row import EXIT_CODES, Failure, Row
from sim.verdict import Check


def perform(case: Case, clock: Clock) -> Row:
    """Run a case, and return what came of it."""
    began = clock.now()
    try:
        scenario = load_scenario(case.file, seed=case.seed, settings=case.settings)
        result = run(scenario, RunOptions(bus="memory"), clock=clock)
    except ConfigError as error:
        # Such as a place that is not to be found on the ground of this seed.
        return invalid(case.file, str(error), case, clock.now() - began)
    return row_of(case, result, clock.now() - began)


def invalid(file: str, fact: str, case: Case | None = None, took: float = 0.0) -> Row:
    """Return the row of a file, or of a case of it, that cannot be played."""
    row = Row(file=file, verdict="invalid", exit_code=EXIT_CODES["invalid"], wall_seconds=took, errors=(fact,))
    return row if case is None else msgspec.structs.replace(row, **_facts(case))


def row_of(case: Case, result: RunResult, took: float) -> Row:
    """Return what came of a run that ended."""
    failed = [check for check in result.verdict.checks if not check.passed]
    failures, code = tuple(_failure(case, check, result) for check in failed), result.exit_code
    if case.must_fail and code in (0, 1):
        as_it_must = {check.name for check in failed} == set(case.must_fail)
        code = 0 if as_it_must else 1
        failures = () if as_it_must else (_missed(case, [check.name for check in failed]), *failures)
    return Row(
        **_facts(case),
        file=case.file,
        verdict=result.verdict.outcome,
        exit_code=code,
        wall_seconds=took,
        failures=failures,
        errors=result.unexpected_faults,
        summary=result.summary(),
    )


def _facts(case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "line": case.line,
        "tags": case.tags,
        "must_fail": case.must_fail,
        "words": tuple(case.words),
    }


def _failure(case: Case, check: Check, result: RunResult) -> Failure:
    at = None if check.tick is None else result.scenario.time.seconds(check.tick)
    return Failure(
        name=check.name,
        expected=check.expected,
        got=check.got,
        place=f"{check.file or case.file}:{check.line}",
        at_s=at,
        when="" if at is None else format_elapsed(at),
        rover=check.rover,
    )


def _missed(case: Case, failed: list[str]) -> Failure:
    return Failure(
        name="must_fail",
        expected=f"exactly {', '.join(case.must_fail)} to fail",
        got=f"{', '.join(dict.fromkeys(failed))} failed" if failed else "nothing failed",
        place=f"{case.file}:{case.line}",
    )
