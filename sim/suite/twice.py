"""A case run once more in another shape: another bus, other hosts, other hash seeds, and the same digest."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

import msgspec

from fleet.core import Clock
from fleet.core.nursery import Program, start_process
from sim.crew import RUNS
from sim.record import describe, first_difference
from sim.run import RunOptions, run
from sim.scenario import Case, load_scenario
from sim.suite.row import EXIT_CODES, Failure, Row

#: How the second run differs from the first, which is in one process, over memory, with hash seed 0.
OTHER_SHAPE: Final = ("--bus", "ipc", "--hosts", "2")
_OTHER_HASH: Final = {"PYTHONHASHSEED": "4711"}


def compare(case: Case, row: Row, clock: Clock) -> Row:
    """Return the row, or one that says where a second run in another shape parts from the first."""
    if not row.summary:
        return row  # There was no first run to speak of.
    began = clock.now()
    digest, said = _other(case)
    took = row.wall_seconds + clock.now() - began
    if digest == row.summary["digest"]:
        return msgspec.structs.replace(row, wall_seconds=took)
    if digest is None:
        fact = f"in another shape ({' '.join(OTHER_SHAPE)}) it came to no end: {said}"
        return msgspec.structs.replace(row, verdict="error", exit_code=EXIT_CODES["error"], errors=(fact,))
    failure = Failure(
        name="twice",
        expected=f"the digest {row.summary['digest'][:16]}... in every shape",
        got=f"{digest[:16]}... with {' '.join(OTHER_SHAPE)} and another hash seed; {_first(case)}",
        place=f"{case.file}:{case.line}",
    )
    return msgspec.structs.replace(
        row, verdict="differs", exit_code=EXIT_CODES["differs"], failures=(failure, *row.failures), wall_seconds=took
    )


def _other(case: Case, record: Path | None = None) -> tuple[str | None, str]:
    """Run the case in the other shape; return its digest, or what was said instead of one."""
    words = ("run", *case.words, "--headless", "--json", *OTHER_SHAPE)
    words += ("--no-record",) if record is None else ("--record", str(record))
    program = Program(code="sim.cli", words=words, prepared=RUNS, environment=_OTHER_HASH)
    with TemporaryFile() as out, TemporaryFile() as talk:
        code = start_process(program, stdout=out.fileno(), stderr=talk.fileno()).wait()
        out.seek(0)
        talk.seek(0)
        told, said = out.read(), talk.read().decode(errors="replace")
    try:
        return str(msgspec.json.decode(told)["digest"]), ""
    except msgspec.DecodeError:
        return None, (said.strip().splitlines() or [f"exit code {code}"])[-1]


def _first(case: Case) -> str:
    """Return where the two shapes part, from recordings of both; in this process the same mind may have other luck."""
    with TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.mcap", Path(folder) / "other.mcap"
        scenario = load_scenario(case.file, seed=case.seed, settings=case.settings)
        run(scenario, RunOptions(bus="memory", record=one))
        _other(case, other)
        if not other.is_file():
            return "the second run left no recording"
        found = first_difference(one, other)
    if found is None:
        return "recorded once more, both were the same: chance decides"
    return f"entry {found.entry} differs: {describe(found.a)!r} and {describe(found.b)!r}"
