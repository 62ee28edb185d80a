"""`moonfleet plan`: one path over a terrain."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from fleet.core import ConfigError, Point, WallClock
from sim.cli.output import as_duration, as_size, as_time, emit

#: What a program is told of a plan that there is none of.
NOT_FOUND: Final[dict[str, Any]] = {
    "found": False,
    "length_m": None,
    "time_s": None,
    "energy_wh": None,
    "waypoints": [],
}
_PERCENT: Final = click.FloatRange(0.0, 100.0)


def _point(ctx: click.Context, param: click.Parameter, value: str | None) -> Point | None:
    if value is None:
        return None
    try:
        x, y = (float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not X,Y in metres", ctx, param) from None
    return (x, y)


def _objective(ctx: click.Context, param: click.Parameter, value: str) -> Any:
    from fleet.sdk.planning import QUICKEST, SAFEST, THRIFTIEST, Objective  # noqa: PLC0415 - loads much

    named = {"time": QUICKEST, "energy": THRIFTIEST, "risk": SAFEST}
    if value in named:
        return named[value]
    try:
        weights = [(name, float(weight)) for name, weight in (part.split("=") for part in value.split(","))]
        if not dict(weights).keys() <= named.keys() or len(dict(weights)) < len(weights):
            raise ValueError
        return Objective(**({"time": 0.0} | dict(weights)))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not time, energy, risk or a sum such as time=1,energy=0.01 with weights >= 0", ctx, param
        ) from None


@click.command(epilog="Example: moonfleet plan ground.tif --from -100,20 --to 150,-60 --vehicle cnsa-rover --json")
@click.argument("terrain", type=click.Path(path_type=Path))
@click.option("--from", "start", callback=_point, required=True, help="X,Y in metres from the terrain's centre.")
@click.option("--to", "goal", callback=_point, help="X,Y too; with --at and without it: where charge will be greatest.")
@click.option("--vehicle", required=True, help="Vehicle class, such as suparco-rover.")
@click.option(
    "--at", "moment", callback=as_time, metavar="TIME",
    help="Plan in time, setting out then: a UTC date, or mission time of a scenario.",
)  # fmt: skip
@click.option("--charge", type=_PERCENT, default=100.0, show_default=True, metavar="PERCENT", help="When setting out.")
@click.option("--reserve", type=_PERCENT, default=20.0, show_default=True, metavar="PERCENT", help="Never below.")
@click.option("--until", callback=as_duration, default="24h", show_default=True, metavar="TIME", help="There by then.")
@click.option("--stay", callback=as_duration, default="0", metavar="TIME", help="Work at the goal for so long.")
@click.option(
    "--objective", callback=_objective, default="time", show_default=True, metavar="WHAT",
    help="What to keep low: time, energy, risk, or a sum: time=1,energy=0.01,risk=5 weighs seconds, joules and "
    "seconds at risk.",
)  # fmt: skip
@click.option("--no-haven", is_flag=True, help="It need not be able to live on afterwards.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Picture of the plan in time, .png.")
@click.option("--size", callback=as_size, default="1600x1200", show_default=True, metavar="WxH", help="In pixels.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    terrain: Path, start: Point, goal: Point | None, vehicle: str, *, moment: float | datetime | None, as_json: bool,
    **wishes: Any,
) -> int:  # fmt: skip
    """Plan the best path of one vehicle, with its length, time and energy; exit 1 when there is none.

    With --at, light and charge count: the plan says when to drive and where to wait, never comes below the reserve, and
    ends where the vehicle can live on. TERRAIN is then a terrain file or a scenario.
    """
    if moment is not None:
        from sim.cli.plan_in_time import Asked, plan_in_time  # noqa: PLC0415 - loads numba

        asked = Asked(terrain=terrain, start=start, goal=goal, vehicle=vehicle, moment=moment, **wishes)
        return plan_in_time(asked, as_json=as_json)
    if goal is None:
        raise ConfigError("--to", "a plan needs somewhere to go", "Give X,Y in metres, or --at for a plan in time.")
    if wishes["output"] is not None:
        raise ConfigError("--output", "only a plan in time has a picture", "Say when it sets out, with --at.")
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
    plan = planner.plan(start, goal, objective=wishes["objective"])
    seconds = clock.now() - begun
    if isinstance(plan, NoPlan):
        values = NOT_FOUND | {"risk_s": None, "over_bound": None}
        emit(values | {"plan_seconds": seconds, "reason": plan.reason}, as_json=as_json, text=f"no way: {plan.reason}")
        return 1
    found: dict[str, Any] = {
        "found": True,
        "length_m": plan.length,
        "time_s": plan.duration,
        "energy_wh": plan.energy / 3600.0,
        "risk_s": plan.risk,
        "over_bound": planner.over_bound(plan, wishes["objective"]),
        "waypoints": [list(point) for point in plan.path],
        "plan_seconds": seconds,
        "reason": "",
    }
    minutes, watt_hours = plan.duration / 60.0, plan.energy / 3600.0
    text = f"{plan.length:.1f} m, {minutes:.1f} min, {watt_hours:.1f} Wh, {len(plan.path)} waypoints"
    if plan.risk is not None:
        text += f", {plan.risk / 60.0:.1f} min at risk"
    emit(found, as_json=as_json, text=text)
    return 0
