"""`moonfleet bench`: side-by-side benchmarks."""

from __future__ import annotations

from math import radians
from pathlib import Path

import click

from fleet.core import ConfigError, WallClock
from sim.cli.bench_agreement import agreement
from sim.cli.bench_allocate import allocate
from sim.cli.bench_joint import mapf, roadmap
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


@command.command(epilog="Example: moonfleet bench lockstep --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def lockstep(*, as_json: bool) -> None:
    """Measure the exchange between world and agents beside bare pyzmq, HELICS and mosaik; takes some minutes."""
    from sim.bench import as_object, as_text, bench_lockstep  # noqa: PLC0415 - loads numba and zmq
    from sim.run import compile_kernels  # noqa: PLC0415 - with it
    from sim.scenario import load_scenario, shipped_scenario  # noqa: PLC0415 - with it

    compile_kernels(announce)
    rows, skipped = bench_lockstep(load_scenario(shipped_scenario("mons_mouton")), announce)
    emit(as_object("lockstep", rows, skipped), as_json=as_json, text=as_text(rows))


@command.command(epilog="Example: moonfleet bench light --json")
@click.option("--terrain", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Real ground instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def light(terrain: Path | None, *, as_json: bool) -> None:
    """Measure horizon maps and light on made ground: the line sweep against ray marches and topocalc."""
    from fleet.terrain.geotiff import read_ground  # noqa: PLC0415 - loads GDAL
    from fleet.terrain.heights import heights_of  # noqa: PLC0415 - with it
    from sim.bench import as_object, as_text, bench_light  # noqa: PLC0415 - loads numba
    from sim.generate import GroundSpec, generate_ground  # noqa: PLC0415 - with it

    if terrain is None:
        announce("making ground ...")
        spec = GroundSpec(size=511 * 5.0, pixel=5.0, latitude=radians(-84.6), longitude=radians(31.0))
        ground = generate_ground(spec, seed=7).map
    else:
        ground = read_ground(terrain)
    rows, skipped = bench_light(heights_of(ground), ground.pixel, WallClock(), announce)
    emit(as_object("light", rows, skipped), as_json=as_json, text=as_text(rows))


@command.command(epilog="Example: moonfleet bench path --json")
@click.option("--thorough", is_flag=True, help="Ask slow peers as often as others, and more of them: half an hour.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def path(*, thorough: bool, as_json: bool) -> None:
    """Measure shortest ways around polygons and cheapest ways over grids, beside public planners on the same ground."""
    from sim.bench import Measure, as_object, as_text, bench_path  # noqa: PLC0415 - loads numba

    rows, skipped = bench_path(Measure(clock=WallClock(), say=announce, thorough=thorough))
    emit(as_object("path", rows, skipped), as_json=as_json, text=as_text(rows))


@command.command(epilog="Example: moonfleet bench viewer --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def viewer(*, as_json: bool) -> None:
    """Measure the viewer: frames a second with up to 300 rovers, opening, seeking, and what it costs a run."""
    from sim.bench import as_object, as_text, bench_viewer  # noqa: PLC0415 - loads numba
    from sim.run import compile_kernels  # noqa: PLC0415 - with it
    from sim.scenario import load_scenario, shipped_scenario  # noqa: PLC0415 - with it

    compile_kernels(announce)
    rows = bench_viewer(load_scenario(shipped_scenario("mons_mouton")), WallClock(), announce)
    emit(as_object("viewer", rows, {}), as_json=as_json, text=as_text(rows))


@command.command(epilog="Example: moonfleet bench sweep --json")
@click.argument("scenario", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--runs", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="Seeds of each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def sweep(scenario: Path | None, *, runs: int, as_json: bool) -> None:
    """Measure what `sweep` and `test` cost a run, beside a bare loop, and how much faster two workers are than one."""
    from sim.bench import as_object, as_text, bench_sweep  # noqa: PLC0415 - loads numba
    from sim.run import compile_kernels  # noqa: PLC0415 - with it
    from sim.scenario import shipped_scenario  # noqa: PLC0415 - with it

    compile_kernels(announce)
    rows = bench_sweep(scenario or shipped_scenario("smoke"), WallClock(), announce, runs=runs)
    emit(as_object("sweep", rows, {}), as_json=as_json, text=as_text(rows))


@command.command(epilog="Example: moonfleet bench rl --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def rl(*, as_json: bool) -> None:
    """Measure decisions a second of rovers that learn, beside simple_spread of MPE2."""
    try:
        from sim.bench.rl import bench_rl  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError("bench rl", f"{error.name} is not installed", "pip install 'moonfleet[rl]'") from None
    from sim.bench import as_object, as_text  # noqa: PLC0415 - loads numba

    rows, skipped = bench_rl(WallClock(), announce)
    emit(as_object("rl", rows, skipped), as_json=as_json, text=as_text(rows))


command.add_command(agreement)
command.add_command(allocate)
command.add_command(mapf)
command.add_command(roadmap)
