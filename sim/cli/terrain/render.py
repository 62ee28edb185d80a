"""`moonfleet terrain render`: charts of the ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from fleet.core import ConfigError
from sim.cli.output import as_size, as_time, emit
from sim.cli.terrain.group import command

if TYPE_CHECKING:
    from sim.viewer.chart.subject import Mast, Subject  # loads pygame and numba

_FILE: Final = click.Path(path_type=Path)
_LAYERS: Final = ("hillshade", "slope", "roughness", "height", "light", "shadow", "zones", "radio")
_MAST: Final = 8.0  # Metres: the lander's, where nothing else is said.
_EXAMPLE: Final = "moonfleet terrain render scenarios/mons_mouton.yaml -o light.png --layer light --at 12h --at 2d"


def _times(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[float | datetime, ...]:
    return tuple(time for time in (as_time(ctx, param, value) for value in values) if time is not None)


def _antenna(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, float, float] | None:
    if value is None:
        return None
    try:
        x, y, height = (float(part) for part in (value if value.count(",") > 1 else f"{value},{_MAST}").split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not X,Y or X,Y,HEIGHT in metres", ctx, param) from None
    if not (all(isfinite(part) for part in (x, y, height)) and height >= 0.0):
        raise click.BadParameter(f"{value!r} is no place of an antenna on or above the ground", ctx, param)
    return (x, y, height)


@command.command(epilog=f"Example: {_EXAMPLE}")
@click.argument("ground", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The picture, .png.")
@click.option("--layer", type=click.Choice(_LAYERS), default="hillshade", show_default=True, help="What to show.")
@click.option(
    "--at", "times", callback=_times, multiple=True, metavar="TIME",
    help="UTC date, or mission time of a scenario: 12h, 1d6h. Light has a map for each, shadow is between two.",
)  # fmt: skip
@click.option(
    "--vehicle", "vehicles", multiple=True, metavar="CLASS", help="A map for each class; for zones and radio."
)
@click.option("--antenna", callback=_antenna, metavar="X,Y[,HEIGHT_M]", help="Whose radio: metres from the centre.")
@click.option("--receiver", type=click.FloatRange(0.0, 1000.0), metavar="HEIGHT_M", help="Antenna of who hears it.")
@click.option("--far", type=_FILE, help="GeoTIFF or PDS3 label of the ground around, for light and shadow.")
@click.option("--size", callback=as_size, default="1600x1200", show_default=True, metavar="WxH", help="In pixels.")
@click.option(
    "--contours", type=click.FloatRange(0.01, 10000.0), metavar="M", help="A line each so many metres of height."
)
@click.option("--title", default="", help="Instead of the usual one.")
@click.option("--json", "as_json", is_flag=True, help="The figures in the picture, as one JSON object.")
def render(
    ground: Path,
    output: Path,
    layer: str,
    *,
    times: tuple[float | datetime, ...],
    vehicles: tuple[str, ...],
    antenna: tuple[float, float, float] | None,
    receiver: float | None,
    far: Path | None,
    size: tuple[int, int],
    contours: float | None,
    title: str,
    as_json: bool,
) -> None:
    """Draw a chart of a terrain file, or of a scenario's ground, for white paper.

    A terrain file is a GeoTIFF or a PDS3 label. A scenario brings dates, vehicles, the mast of its lander and the
    ground around with it; for a terrain file say them.
    """
    from sim.viewer.chart import save_chart  # noqa: PLC0415 - loads pygame
    from sim.viewer.chart.layers import Wish, chart_of, layer_of  # noqa: PLC0415 - loads numba
    from sim.viewer.chart.subject import subject_of  # noqa: PLC0415 - with them

    subject = subject_of(ground, far)
    wish = Wish(
        times=tuple(_date(time, subject) for time in times),
        vehicles=tuple(subject.vehicle(name) for name in dict.fromkeys(vehicles)),
        mast=_mast(antenna) if antenna is not None else None,
        receiver=receiver,
        far=far,
    )
    drawn = layer_of(layer, subject, wish)
    save_chart(chart_of(subject, drawn, title=title.strip(), contours=contours), output, size)
    figures: dict[str, object] = {
        "ground": subject.name,
        "layer": layer,
        "picture": str(output),
        "size": list(size),
        "far": _far(subject),
    }
    click.echo(f"wrote {output}", err=True)
    lines = [f"{panel.title or drawn.title}: {panel.facts}" for panel in drawn.panels]
    emit(figures | {"panels": [dict(panel) for panel in drawn.figures]}, as_json=as_json, text="\n".join(lines))


def _far(subject: Subject) -> dict[str, object] | None:
    far = subject.ground.far
    if far is None:
        return None
    return {"source": far.source, "pixel_m": far.pixel, "rows": far.rows, "columns": far.columns}


def _mast(antenna: tuple[float, float, float]) -> Mast:
    from fleet.vehicles import catalogue  # noqa: PLC0415 - here only
    from sim.viewer.chart.subject import Mast  # noqa: PLC0415 - loads pygame and numba

    x, y, height = antenna
    return Mast(point=(x, y), vehicle=replace(catalogue()["change8-lander"], antenna=height), name="antenna")


def _date(time: float | datetime, subject: Subject) -> datetime:
    """Return the UTC date of a moment, which may be counted from the start of a scenario's mission."""
    if isinstance(time, datetime):
        return time
    if subject.mission is None:
        raise ConfigError("--at", "a terrain file has no mission whose time this could be", "Give a UTC date.")
    try:
        return subject.mission.time.start + timedelta(seconds=time)
    except OverflowError:
        raise ConfigError("--at", f"{time:g} s of mission time is beyond all dates") from None
