"""What people are told of cases."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from sim.suite.row import Failure, Row

_WORD = {
    "differs": "DIFFERS",
    "invalid": "INVALID",
    "crash": "CRASH",
    "hang": "HANG",
    "error": "ERROR",
}


def heading(row: Row) -> str:
    """Return one line: what came of it, which case, how long it took."""
    if row.exit_code == 0:
        note = f"  (fails as it must: {', '.join(row.must_fail)})" if row.must_fail else ""
        return f"ok       {row.id}  {row.wall_seconds:.1f} s{note}"
    word = _WORD.get(row.verdict, "FAIL" if row.exit_code == 1 else "FAULT")
    return f"{word:<8} {row.id}  {row.wall_seconds:.1f} s"


def details(row: Row) -> list[str]:
    """Return why a case was not as expected, a line each: what, where, when, who, and how to see it."""
    lines = [line for failure in row.failures for line in _failure(failure)]
    lines += [f"{_why(row)}{line}" for error in row.errors for line in error.splitlines()]
    if row.words and row.verdict != "invalid":
        lines += [f"replay: {replay(row)}", f"view: {view(row)}"]
    return lines


def _failure(failure: Failure) -> list[str]:
    lines = [f"{failure.place}: {failure.name}: expected {failure.expected}, got {failure.got}"]
    where = [f"at {failure.when}"] if failure.when else []
    where += [f"rover {failure.rover}"] if failure.rover else []
    return [*lines, f"  {', '.join(where)}"] if where else lines


def _why(row: Row) -> str:
    return "" if row.verdict == "invalid" else "fault: " if row.verdict in ("pass", "fail", "none") else "why: "


def recording(row: Row) -> str:
    """Return where a replay is recorded."""
    name = re.sub(r"[^A-Za-z0-9_.=-]+", "-", f"{Path(row.file).stem}-{row.name}")
    return f"moonfleet-out/{name[:120]}.mcap"


def replay(row: Row) -> str:
    """Return the command that runs a case again and records it."""
    words = ["moonfleet", "run", *row.words, "--headless", "--bus", "memory", "--record", recording(row)]
    return shlex.join(words)


def view(row: Row) -> str:
    """Return the command that shows what the replay recorded, where it went wrong."""
    words = ["moonfleet", "view", recording(row)]
    decided = next((failure for failure in row.failures if failure.at_s is not None or failure.rover), None)
    if decided is not None and decided.at_s is not None:
        words += ["--at", f"{decided.at_s:g}s"]
    if decided is not None and decided.rover is not None:
        words += ["--select", decided.rover]
    return shlex.join(words)


def closing(rows: Sequence[Row], chosen: int, seconds: float) -> str:
    """Return the last line: how many were as expected, and how many were not, by kind.

    >>> closing([Row(file="a.yaml", name="seed-1", verdict="pass", exit_code=0)], 3, 2.0)
    '1 passed, 2 not run in 2.0 s'
    """
    kinds = {0: "passed", 1: "failed", 2: "invalid", 3: "crashed or broke their contract", 4: "internal errors"}
    parts = [f"{count} {word}" for code, word in kinds.items() if (count := sum(r.exit_code == code for r in rows))]
    missing = chosen - sum(bool(row.name) for row in rows)
    parts += [f"{missing} not run"] if missing > 0 else []
    return f"{', '.join(parts) or 'nothing was run'} in {seconds:.1f} s"
