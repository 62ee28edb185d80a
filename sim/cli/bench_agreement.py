"""`moonfleet bench agreement`: how soon all agree, and that nobody does a task twice."""

from __future__ import annotations

import click

from sim.cli.output import SEED, cores, emit
from sim.cli.progress import campaign_bar


@click.command(epilog="Example: moonfleet bench agreement --seeds 20 --json")
@click.option("--seeds", type=click.IntRange(min=1), default=100, show_default=True, help="Fleets of each kind.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="The first of them.")
@click.option(
    "--loss",
    "losses",
    multiple=True,
    type=click.FloatRange(0.0, 0.9),
    help="Share of words lost; may be given several times.  [default: 0, 0.3, 0.5]",
)
@click.option(
    "--graph",
    "shapes",
    multiple=True,
    type=click.Choice(["line", "ring", "star", "random", "changing"]),
    help="Who hears whom; may be given several times.  [default: all]",
)
@click.option(
    "--method", "methods", multiple=True, type=click.Choice(["agreement", "cbba"]), help="How.  [default: both]"
)
@click.option("--rovers", type=click.IntRange(3, 40), default=8, show_default=True, help="In a fleet.")
@click.option(
    "--copies", type=click.IntRange(1, 8), default=2, show_default=True, help="Times a word is said in a round."
)
@click.option(
    "-j", "--workers", type=click.IntRange(1, 1024), default=cores, metavar="N",
    help="Processes; as many as there are cores if not given.",
)  # fmt: skip
@click.option("--table", "as_table", is_flag=True, help="A Markdown table: graphs, losses, and methods side by side.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def agreement(
    *,
    seeds: int,
    seed: int,
    losses: tuple[float, ...],
    shapes: tuple[str, ...],
    methods: tuple[str, ...],
    rovers: int,
    copies: int,
    workers: int,
    as_table: bool,
    as_json: bool,
) -> int:
    """Let fleets share out work over radio that loses words: rounds until all agree, over the diameter.

    Exit 1 when any fleet disagrees, leaves work undone, or begins a task twice.
    """
    from sim.bench import as_object, as_text  # noqa: PLC0415 - loads numba
    from sim.bench.agreement import (  # noqa: PLC0415 - with it
        LOSSES,
        METHODS,
        SHAPES,
        Plan,
        as_markdown,
        bench_agreement,
    )

    plan = Plan(
        seeds=range(seed, seed + seeds),
        shapes=tuple(shape for shape in SHAPES if not shapes or shape in shapes),
        losses=losses or LOSSES,
        methods=tuple(method for method in METHODS if not methods or method in methods),
        rovers=rovers,
        copies=copies,
        workers=workers,
    )
    with campaign_bar() as tell:
        figures = bench_agreement(plan, tell)
    rows = [one.row() for one in figures]
    told = as_object("agreement", rows, {}) | {"table": [one.as_object() for one in figures]}
    emit(told, as_json=as_json, text=as_markdown(figures) if as_table else as_text(rows))
    return 0 if all(one.holds for one in figures) else 1
