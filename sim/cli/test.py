"""`moonfleet test`: scenarios as tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from fleet.core import WallClock
from fleet.core.nursery import open_nursery
from sim.cli.here import look_here
from sim.cli.output import as_duration, cores, emit
from sim.cli.progress import announce
from sim.crew import RUNS
from sim.suite.choice import read_choice
from sim.suite.files import scenario_files
from sim.suite.junit import check_place, write_junit
from sim.suite.kept import read_kept
from sim.suite.row import Row
from sim.suite.suite import SHAPE, Outcome, Suite, Wish
from sim.suite.telling import closing, details, heading, replay, view

_FILE: Final = click.Path(path_type=Path)
_KEPT: Final = Path("moonfleet-out") / "last-test.json"


@click.command(epilog="Example: moonfleet test scenarios/ -k 'crossing and not slow' -j 2 --junit junit.xml")
@click.argument("paths", nargs=-1, required=True, type=_FILE)
@click.option(
    "-j", "--workers", type=click.IntRange(1, 1024), default=cores, metavar="N",
    help="Processes; as many as there are cores if not given.",
)  # fmt: skip
@click.option(
    "-k", "choice", metavar="EXPR", help="Only what has these words in file, case or tags: 'pass and not slow'."
)
@click.option("-x", "--fail-fast", is_flag=True, help="Stop at the first that is not as expected.")
@click.option("--last-failed", "--lf", is_flag=True, help="Only what failed last time; everything, when nothing did.")
@click.option(
    "--twice", is_flag=True, help="Run each once more over another bus, hosts and hash seed: the same digest?"
)
@click.option(
    "--time-limit", callback=as_duration, default="10m", metavar="TIME", show_default=True,
    help="Wall time after which a run counts as hung.",
)  # fmt: skip
@click.option("--junit", type=_FILE, metavar="FILE", help="Also write JUnit XML there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(paths: tuple[Path, ...], *, choice: str | None, junit: Path | None, as_json: bool, **options: Any) -> int:
    """Run scenarios and judge each by its expectations: one case for each variant and seed.

    Exit codes: 0 all were as expected; else the largest of the cases: 1 an expectation failed, 2 a file is invalid, 3
    an agent broke its contract, or a run crashed or hung, 4 internal error; 130 interrupted.
    """
    look_here()
    open_nursery(RUNS, SHAPE if options["twice"] else {})  # What workers are made of is loaded while files are found.
    if junit is not None:
        check_place(junit)
    clock = WallClock()
    kept = read_kept(_KEPT)
    wish = Wish(
        files=scenario_files(paths),
        chosen=read_choice(choice) if choice is not None else None,
        workers=options["workers"],
        only_failed=options["last_failed"],
        fail_fast=options["fail_fast"],
        twice=options["twice"],
        time_limit=options["time_limit"],
    )
    if wish.only_failed and not kept.failed:
        announce("nothing failed last time; everything is run")
    began = clock.now()
    outcome = Suite(wish, kept, clock).run(lambda row: _tell(row, as_json=as_json))
    kept.note(outcome.rows)
    kept.write(_KEPT)
    if junit is not None:
        write_junit(outcome.rows, junit)
    seconds = clock.now() - began
    emit(_values(outcome, seconds), as_json=as_json, text=closing(outcome.rows, outcome.chosen, seconds))
    return outcome.exit_code


def _tell(row: Row, *, as_json: bool) -> None:
    lines = [heading(row)]
    if row.exit_code:
        lines += [f"  {line}" for line in details(row)]
    click.echo("\n".join(lines), err=as_json)


def _values(outcome: Outcome, seconds: float) -> dict[str, Any]:
    codes = [row.exit_code for row in outcome.rows]
    return {
        "passed": codes.count(0),
        "failed": len(codes) - codes.count(0),
        "found": outcome.found,
        "not_run": max(0, outcome.chosen - sum(bool(row.name) for row in outcome.rows)),
        "wall_seconds": seconds,
        "scenarios": [_row(row) for row in outcome.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    """Return a case as data: what `run --json` prints of it, and what the test made of that."""
    values = {**row.summary, **msgspec.to_builtins(row)}
    for key in ("summary", "words", "name"):
        del values[key]
    values["case"] = row.name
    if row.words and row.verdict != "invalid":
        values |= {"replay": replay(row), "view": view(row)}
    return values
