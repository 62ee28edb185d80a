"""`moonfleet bench`: side-by-side benchmarks."""

from __future__ import annotations

import click

from fleet.core import WallClock
from sim.cli.output import emit
from sim.cli.progress import announce


@click.group(epilog="Example: moonfleet bench mission --json")
def command() -> None:
    """Side-by-side benchmarks: ratios from one call, above 1 where ours is better."""


@command.command(epilog="Example: moonfleet bench mission --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def mission(*, as_json: bool) -> None:
    """Measure the flagship mission: the compiled advance against the per-tick reference, the whole, and its scaling."""
    from sim.bench import as_object, as_text, bench_mission  # noqa: PLC0415 - loads numba
    from sim.run import compile_kernels  # noqa: PLC0415 - with it
    from sim.scenario import load_scenario, shipped_scenario  # noqa: PLC0415 - with it

    compile_kernels(announce)
    scenario = load_scenario(shipped_scenario("mons_mouton"))
    rows = bench_mission(scenario, WallClock(), announce)
    emit(as_object("mission", rows, {}), as_json=as_json, text=as_text(rows))
