"""`moonfleet bench mapf` and `bench roadmap`: joint planning on public instances."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, Final

import click

from fleet.core import WallClock
from sim.cli.output import SEED, emit
from sim.cli.progress import announce

_RADIUS: Final = "0.35355339059327379"  # sqrt(2) / 4, what published results are for.


def _positive(ctx: click.Context, param: click.Parameter, value: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a list of numbers such as 0.2,0.45", ctx, param) from None
    if not all(isfinite(number) and number > 0.0 for number in numbers):
        raise click.BadParameter(f"{value!r}: each must be finite and greater than 0", ctx, param)
    return numbers


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that both have."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object."),
        click.option(
            "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan to this file, as JSON."
        ),
        click.option("--seed", type=SEED, default=0, show_default=True, help="Begins the planner's chance."),
        click.option(
            "--time-limit", type=click.FloatRange(min=0.0), default=5.0, show_default=True, help="Seconds to plan for."
        ),
        click.option(
            "-n", "count", type=click.IntRange(min=1), required=True, help="So many agents, the first of the file."
        ),
    ):
        command = option(command)
    return command


@click.command(
    epilog="Example: moonfleet bench mapf --map random-64-64-20.map --scen random-64-64-20.scen -n 400 --json"
)
@click.option("--map", "map_file", type=click.Path(path_type=Path), required=True, help="MovingAI map.")
@click.option("--scen", "scenario_file", type=click.Path(path_type=Path), required=True, help="MovingAI scenario.")
@_shared
def mapf(
    *, map_file: Path, scenario_file: Path, count: int, time_limit: float, seed: int, out: Path | None, as_json: bool
) -> int:
    """Plan for many on a MovingAI grid, a cell a step; exit 1 when no plan was found in time."""
    from fleet.planning.joint import warm_joint  # noqa: PLC0415 - loads numba
    from sim.bench import bench_joint, grid_problem, write_paths  # noqa: PLC0415 - with it

    problem = grid_problem(map_file, scenario_file, count)
    announce("loading the planner ...")
    warm_joint("steps")
    announce(f"planning for {count} agents ...")
    result = bench_joint(problem, WallClock(), time_limit, seed)
    if out is not None:
        write_paths(out, result)
    return _tell("mapf", result, as_json=as_json)


@click.command(epilog="Example: moonfleet bench roadmap --map map.xml --task 1_task.xml -n 60 --radius 0.2,0.45 --json")
@click.option("--map", "map_file", type=click.Path(path_type=Path), required=True, help="GraphML roadmap.")
@click.option("--task", "task_file", type=click.Path(path_type=Path), required=True, help="Starts and goals, XML.")
@click.option(
    "--radius", callback=_positive, default=_RADIUS, help="Radii, dealt to agents in turn.  [default: sqrt(2)/4]"
)
@click.option("--speed", callback=_positive, default="1", show_default=True, help="Speeds, dealt to agents in turn.")
@_shared
def roadmap(
    *,
    map_file: Path,
    task_file: Path,
    radius: tuple[float, ...],
    speed: tuple[float, ...],
    count: int,
    time_limit: float,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Plan for many discs on a roadmap, in continuous time; exit 1 when no plan was found in time."""
    from fleet.planning.joint import warm_joint  # noqa: PLC0415 - loads numba
    from sim.bench import bench_joint, roadmap_problem, write_plans  # noqa: PLC0415 - with it

    problem = roadmap_problem(map_file, task_file, count, radius, speed)
    announce("loading the planner ...")
    warm_joint("discs")
    announce(f"planning for {count} discs ...")
    result = bench_joint(problem, WallClock(), time_limit, seed)
    if out is not None:
        write_plans(out, result)
    return _tell("roadmap", result, as_json=as_json)


def _tell(bench: str, result: Any, *, as_json: bool) -> int:
    from sim.bench import as_object, as_text, joint_figures, joint_rows  # noqa: PLC0415 - loaded already

    rows = joint_rows(bench, result)
    text = as_text(rows) if result.plan else f"no plan: {result.reason}"
    emit(as_object(bench, rows, {}) | joint_figures(result), as_json=as_json, text=text)
    return 0 if result.plan else 1
