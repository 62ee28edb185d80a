"""`moonfleet run`: one scenario."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import click

from sim.cli.here import look_here
from sim.cli.output import SEED, as_duration, as_settings, as_time
from sim.cli.running import BreakAt, Request, run_headless, run_in_window

_FILE = click.Path(path_type=Path)


def _rate(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    if value is None or value == "max":
        return None
    try:
        factor = float(value)
    except ValueError:
        factor = 0.0
    if not 0.0 < factor < 1e9:
        raise click.BadParameter(f"{value!r} is neither max nor a factor above 0", ctx, param)
    return factor


def _hosts(ctx: click.Context, param: click.Parameter, value: str) -> int | Literal["agency"]:
    if value == "agency":
        return "agency"
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither agency nor a number of at least 1", ctx, param)
    return int(value)


def _interval(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    seconds = None if value is None else as_duration(ctx, param, value)
    if seconds is not None and seconds <= 0.0:
        raise click.BadParameter(f"{value!r} is no time between two checkpoints", ctx, param)
    return seconds


def _remote(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    rovers = tuple(rover.strip() for rover in (value or "").split(",")) if value is not None else ()
    if "" in rovers or len(set(rovers)) < len(rovers):
        raise click.BadParameter(f"{value!r} names a rover twice or none", ctx, param)
    return rovers


def _agents(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        rover, equals, agent = value.partition("=")
        if not (rover and equals and agent):
            raise click.BadParameter(f"{value!r} is not ROVER=MODULE:CLASS", ctx, param)
        if rover in found:
            raise click.BadParameter(f"{rover} is given twice", ctx, param)
        found[rover] = agent
    return found


def _break_at(ctx: click.Context, param: click.Parameter, value: str | None) -> BreakAt | None:
    if value is None:
        return None
    rover, _, time = value.rpartition("@")
    moment = as_time(ctx, param, time)
    assert moment is not None
    return BreakAt(rover=rover, time=moment)


@click.command(epilog="Example: moonfleet run scenarios/mons_mouton.yaml --headless --report report.html")
@click.argument("scenario", type=_FILE, required=False)
@click.option("--headless", is_flag=True, help="No window.")
@click.option("--seed", type=SEED, help="Instead of the file's own.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    callback=as_settings,
    metavar="KEY=VALUE",
    help="Instead of what the file says: radio.loss_percent=20, rovers.micro-1.charge_percent=50.",
)
@click.option(
    "--agent",
    "agents",
    multiple=True,
    callback=_agents,
    metavar="ROVER=MODULE:CLASS",
    help="Another mind for a rover: an installed one by name, a class, also of the working directory, or an endpoint.",
)
@click.option("--terrain", type=_FILE, help="Real ground (GeoTIFF or PDS3 label) instead of the file's own.")
@click.option(
    "--rate",
    callback=_rate,
    metavar="max|FACTOR",
    help="Mission seconds a second; if not given, max when headless, 2400 in a window.",
)
@click.option(
    "--watch", is_flag=True, help="Run anew when the file of an agent changes, and catch up with the moment reached."
)
@click.option(
    "--break-at",
    callback=_break_at,
    metavar="[ROVER@]TIME",
    help="Stop in the debugger, inside the first decision of this rover's agent from then on.",
)
@click.option("--catch-up", type=click.IntRange(0), default=0, hidden=True, help="Tick until which no pace holds.")
@click.option("--until", callback=as_time, metavar="TIME", help="Stop then: 90s, 15m, 2h, 3d, or a UTC date.")
@click.option(
    "--bus",
    type=click.Choice(["memory", "inproc", "ipc", "tcp"]),
    default="ipc",
    show_default=True,
    help="How world and hosts talk; memory starts no processes.",
)
@click.option(
    "--hosts",
    callback=_hosts,
    default="agency",
    metavar="N|agency",
    show_default=True,
    help="Processes that the rovers live in: so many, or one an agency.",
)
@click.option("--reference", is_flag=True, help="Advance tick by tick in plain Python; slow, the same digest.")
@click.option("--record", type=_FILE, help="The recording; moonfleet-out/NAME.mcap if not given.")
@click.option("--no-record", is_flag=True, help="Leave no recording.")
@click.option("--report", type=_FILE, help="Also write an HTML report there.")
@click.option("--resume", type=_FILE, metavar="FILE", help="Go on with the run of this recording, which was cut short.")
@click.option(
    "--checkpoint-every",
    callback=_interval,
    metavar="TIME",
    help="Keep all that is known so often, in mission time, for --resume to go on from.",
)
@click.option("--feed", metavar="ENDPOINT", help="Let viewers attach: `moonfleet view ENDPOINT`.")
@click.option("--paused", is_flag=True, help="With --feed: wait until a viewer says go.")
@click.option("--patient", is_flag=True, help="Wait for minds as long as they take, as while a debugger holds one.")
@click.option("--secure", is_flag=True, help="Encrypt between world and hosts, and let in nobody without a key.")
@click.option(
    "--keys",
    type=_FILE,
    metavar="FOLDER",
    help="Its hub.key, operators/*.pub and hosts/*.pub say who may steer, and who may be which rover.",
)
@click.option(
    "--insecure", is_flag=True, help="Let anybody who reaches --feed look on and steer, and --listen be a rover."
)
@click.option("--listen", metavar="ENDPOINT", help="Let hosts from elsewhere come there: `moonfleet host --connect`.")
@click.option("--remote", callback=_remote, metavar="ROVER,...", help="With --listen: rovers that such hosts bring.")
@click.option(
    "--wait",
    callback=as_duration,
    default="60s",
    metavar="TIME",
    show_default=True,
    help="How long of the wall the run waits for a rover of --remote that is not there; then it goes on without.",
)
@click.option("--audit", type=_FILE, help="Note there who was refused, and why, a line of JSON each.")
@click.option("--ui-scale", type=click.FloatRange(0.75, 3.0), help="How large letters and signs in the window are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    scenario: Path | None, *, headless: bool, as_json: bool, until: float | datetime | None, **options: Any
) -> int:
    """Run one scenario, judge it by its expectations, and leave a recording.

    Exit codes: 0 passed; 1 an expectation failed; 2 the input is invalid; 3 an agent crashed, hung or broke its
    contract; 130 interrupted. The same scenario and seed give the same digest whatever the bus, the hosts, the pace or
    the window.
    """
    look_here()
    request = Request(scenario=scenario, until=until, as_json=as_json, **options)
    if request.watch:
        from sim.cli.watching import watch_headless, watch_in_window  # noqa: PLC0415 - loads pygame

        return watch_headless(request) if headless else watch_in_window(request)
    return run_headless(request) if headless or request.break_at is not None else run_in_window(request)
