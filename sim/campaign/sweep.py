"""A campaign from its plan to its table: what is there already is not run again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sim.campaign.identity import Identity
from sim.campaign.results import SQLITE, Results
from sim.campaign.trial import EXIT_CODES, Row, Trial, row_without_verdict
from sim.crew import Craft


class Workers(Protocol):
    """Whoever has trials run, on this machine or on many."""

    def run(self, work: Iterable[Trial]) -> Generator[Row, None, None]:
        """Yield all rows as they come; when it is closed early, the work ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it is."""

    done: int  #: Runs that have a row.
    total: int
    failed: int  #: Of the runs of this sweep.


def trials_of(file: Path) -> Craft[Trial, Row]:
    """Return what workers do that run trials of a scenario."""
    return Craft(module="sim.campaign.worker", words=(str(file),), answer=Row, lost=row_without_verdict)


def sweep(
    trials: Sequence[Trial],
    results: Results,
    crew: Workers,
    *,
    tell: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Run all trials that have no row yet, keep each row as it comes, and return how many were run.

    Raises
    ------
    KeyboardInterrupt
        When somebody wants it to end; all rows up to then are kept, and the next call goes on from there.
    """
    known = results.keys()
    wanted = [trial for trial in trials if trial.key not in known]
    done, failed = len(trials) - len(wanted), 0
    tell(Progress(done=done, total=len(trials), failed=failed))
    if not wanted:
        return 0
    with closing(crew.run(wanted)) as rows:
        for row in rows:
            results.add(row)
            done += 1
            failed += not row.is_success
            tell(Progress(done=done, total=len(trials), failed=failed))
    return len(wanted)


def rows_of(results: Results, trials: Sequence[Trial]) -> list[Row]:
    """Return the rows of trials, of those that have one."""
    keys = {trial.key for trial in trials}
    return [row for row in results.rows() if row.trial.key in keys]


def without_verdict(rows: Sequence[Row]) -> list[Trial]:
    """Return the trials that came to no verdict though the scenario can be played."""
    return [row.trial for row in rows if row.verdict in EXIT_CODES and row.verdict != "invalid"]


def gather(results: Results, folder: Path, identity: Identity) -> int:
    """Take in what the shards in a folder have done, and return how many rows were new.

    Raises
    ------
    ConfigError
        When one of them belongs to another campaign.
    """
    return sum(results.take_in(file, identity) for file in sorted(folder.glob(f"shard-*/{SQLITE}")))
