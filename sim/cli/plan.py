"""`moonfleet plan`: one path over a terrain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fleet.core import ConfigError, Point, WallClock
from sim.cli.output import emit


def _point(ctx: click.Context, param: click.Parameter, value: str) -> Point:
    try:
        x, y = (float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not X,Y in metres", ctx, param) from None
    return (x, y)


@click.command(epilog="Example: moonfleet plan ground.tif --from -100,20 --to 150,-60 --vehicle cnsa-rover --json")
@click.argument("terrain", type=click.Path(path_type=Path))
@click.option("--from", "start", callback=_point, required=True, help="X,Y in metres from the terrain's centre.")
@click.option("--to", "goal", callback=_point, required=True, help="X,Y in metres from the terrain's centre.")
@click.option("--vehicle", required=True, help="Vehicle class, such as suparco-rover.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(terrain: Path, start: Point, goal: Point, vehicle: str, *, as_json: bool) -> int:
    """Plan the quickest path of one vehicle, with its length, time and energy; exit 1 when there is none."""
    from fleet.planning import RoadmapPlanner  # noqa: PLC0415 - loads numba
    from fleet.sdk import NoPlan  # noqa: PLC0415 - with it
    from fleet.terrain import Terrain  # noqa: PLC0415 - with it
    from fleet.terrain.geotiff import read_ground  # noqa: PLC0415 - loads GDAL
    from fleet.vehicles import catalogue  # noqa: PLC0415 - with the others

    if vehicle not in catalogue():
        raise ConfigError("--vehicle", f"there is no class {vehicle!r}", "one of " + ", ".join(catalogue()))
    planner = RoadmapPlanner(catalogue()[vehicle], Terrain(read_ground(terrain)))
    clock = WallClock()
    begun = clock.now()
    plan = planner.plan(start, goal)
    seconds = clock.now() - begun
    if isinstance(plan, NoPlan):
        values: dict[str, Any] = {"found": False, "length_m": None, "time_s": None, "energy_wh": None, "waypoints": []}
        emit(values | {"plan_seconds": seconds, "reason": plan.reason}, as_json=as_json, text=f"no way: {plan.reason}")
        return 1
    found: dict[str, Any] = {
        "found": True,
        "length_m": plan.length,
        "time_s": plan.duration,
        "energy_wh": plan.energy / 3600.0,
        "waypoints": [list(point) for point in plan.path],
        "plan_seconds": seconds,
        "reason": "",
    }
    minutes, watt_hours = plan.duration / 60.0, plan.energy / 3600.0
    text = f"{plan.length:.1f} m, {minutes:.1f} min, {watt_hours:.1f} Wh, {len(plan.path)} waypoints"
    emit(found, as_json=as_json, text=text)
    return 0
