"""`moonfleet bench allocate`: who does what when, beside public solvers."""

from __future__ import annotations

from pathlib import Path

import click

from fleet.core import WallClock
from sim.cli.output import SEED, emit
from sim.cli.progress import announce


@click.command(epilog="Example: moonfleet bench allocate --json")
@click.option(
    "--instance",
    "--files",
    "instances",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Public instance instead of drawn fleets: Solomon VRPTW text, or coalitions as JSON lines (*.jsonl).",
)
@click.option("--time-limit", type=click.FloatRange(min=0.05), help="Seconds for ours.  [default: 1; files: 10]")
@click.option(
    "--peer-limit", type=click.FloatRange(min=0.05), default=10.0, show_default=True, help="Seconds for each peer."
)
@click.option("--allocator", metavar="NAME", help="Let this plugin's auction plan, by entry point or MODULE:CLASS.")
@click.option("--peers", is_flag=True, help="Let peers solve instances too.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Begins the solver's chance, and draws fleets.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def allocate(
    *,
    instances: tuple[Path, ...],
    time_limit: float | None,
    peer_limit: float,
    allocator: str | None,
    peers: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Measure the allocation of tasks: drawn fleets beside PyVRP and OR-tools, or public instances.

    Exit 1 when a plan leaves a task of an instance undone.
    """
    from sim.bench import as_object, as_text  # noqa: PLC0415 - loads numba
    from sim.bench.allocate import Budget, bench_coalitions, bench_fleets, bench_solomon  # noqa: PLC0415 - with it

    seconds = time_limit or (10.0 if instances else 1.0)
    budget = Budget(
        clock=WallClock(), say=announce, seconds=seconds, peer_seconds=peer_limit, seed=seed, allocator=allocator
    )
    if not instances:
        rows, skipped = bench_fleets(budget)
        emit(as_object("allocate", rows, skipped), as_json=as_json, text=as_text(rows))
        return 0
    rows, skipped, files = [], {}, []
    for file in instances:
        if file.suffix == ".jsonl":
            more, missed, figures = bench_coalitions(file, budget)
        else:
            more, missed, figures = bench_solomon(file, budget, beside=peers)
        rows += more
        skipped |= missed
        files.append({"file": file.name, **figures})
    # The keys of one instance stand at the top; of several, in a list.
    told = files[0] if len(files) == 1 else {"files": files}
    emit(as_object("allocate", rows, skipped) | told, as_json=as_json, text=as_text(rows))
    return 1 if any(figures.get("undone") for figures in files) else 0
