"""`moonfleet sweep`: many runs of one scenario, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fleet.core import ConfigError
from fleet.core.loading import loading
from fleet.core.nursery import open_nursery
from sim.cli.here import look_here
from sim.cli.older import tell_older
from sim.cli.output import as_duration, cores
from sim.crew import RUNS

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: moonfleet sweep scenarios/smoke.yaml --seeds 1-100 --set radio.loss_percent=0,10,20")
@click.argument("scenario", type=_FILE)
@click.option("-o", "--out", "folder", type=_FILE, help="Folder of the results; else moonfleet-out/sweep-SCENARIO.")
@click.option("--runs", type=click.IntRange(1), metavar="N", help="So many seeds, from the file's own on.")
@click.option("--seeds", metavar="A-B,C", help="These seeds.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=V1,V2",
    help="A key of the scenario and the values it takes; with several, all combinations.",
)
@click.option(
    "-j",
    "--workers",
    type=click.IntRange(1, 1024),
    default=cores,
    metavar="N",
    help="Processes; as many as there are cores if not given.",
)
@click.option("--dask", metavar="ADDRESS", help="Have the runs made by the Dask cluster of this scheduler.")
@click.option("--parquet", is_flag=True, help="Also write results.parquet.")
@click.option("--shard", metavar="I/N", help="Only this share of the runs; auto/N asks SLURM or Kubernetes which.")
@click.option("--merge", is_flag=True, help="Run nothing; put together what shards left in the folder.")
@click.option("--retry", is_flag=True, help="Run again what crashed or hung.")
@click.option(
    "--time-limit",
    callback=as_duration,
    default="10m",
    metavar="TIME",
    show_default=True,
    help="Wall time after which a run counts as hung.",
)
@click.option("--falsify", is_flag=True, help="Search for a run that breaks an expectation, and make it small.")
@click.option("--faults", metavar="KIND,KIND", help="With --falsify: faults that may be added; else any; or none.")
@click.option("--break", "wanted", metavar="NAME,NAME", help="With --falsify: only these expectations are of interest.")
@click.option(
    "--search",
    type=click.Choice(["random", "optuna"]),
    help="With --falsify: by chance if not given, or by what was learned.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    scenario: Path,
    *,
    folder: Path | None,
    falsify: bool,
    faults: str | None,
    wanted: str | None,
    search: str | None,
    **options: Any,
) -> int:
    """Run one scenario over many seeds and parameters, and tell how often and how well it went.

    Each run is kept as it ends, in results.sqlite of the folder; the same command goes on where an interrupted one
    stopped. Exit codes: 0 all runs were as expected; else the largest of the runs: 1 an expectation failed, 2 the
    scenario cannot be played with a seed, or runs are missing, 3 an agent broke, or the run crashed or hung; 130
    interrupted.
    """
    look_here()
    if options["dask"] is None and not options["merge"]:
        open_nursery(RUNS)  # What workers are made of is loaded while we load what we need ourselves.
    with loading():
        from sim.cli.sweeping import Request, Sweeping  # noqa: PLC0415 - loads numba

    tell_older([scenario])
    hunt = {"--faults": faults, "--break": wanted, "--search": search}
    if falsify:
        from sim.cli.falsifying import Falsifying, Hunt  # noqa: PLC0415 - loads numba

        asked = Hunt(scenario=scenario, folder=folder, faults=faults, wanted=wanted, search=search, **options)
        return Falsifying(asked).run()
    for name, value in hunt.items():
        if value is not None:
            raise ConfigError(name, "is for a search for runs that fail", "add --falsify")
    return Sweeping(Request(scenario=scenario, folder=folder, **options)).run()
