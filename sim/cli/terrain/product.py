"""`moonfleet terrain import`: ground from a real product."""

from __future__ import annotations

from math import radians
from pathlib import Path
from typing import Literal

import click

from fleet.core import ConfigError, Point
from sim.cli.output import emit
from sim.cli.progress import share_bar
from sim.cli.terrain.group import command

_FILE = click.Path(path_type=Path)


def _pair(ctx: click.Context, param: click.Parameter, value: str | None) -> Point | None:
    if value is None:
        return None
    try:
        a, b = (float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not two numbers like {param.metavar}", ctx, param) from None
    return (a, b)


def _latitude_longitude(ctx: click.Context, param: click.Parameter, value: str | None) -> Point | None:
    pair = _pair(ctx, param, value)
    if pair is not None and not (abs(pair[0]) <= 90.0 and abs(pair[1]) <= 360.0):
        raise click.BadParameter(f"{value!r} is no latitude and longitude in degrees", ctx, param)
    return pair


@command.command(
    "import",
    short_help="Cut ground out of a real product.",
    epilog="Example: moonfleet terrain import LDEM_80S_20M.LBL -o mouton.terrain.tif --centre -84.6,31 --size 20000",
)
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The terrain file, .terrain.tif.")
@click.option("--centre", callback=_latitude_longitude, metavar="LAT,LON", help="Degrees; else the file's own centre.")
@click.option("--centre-m", callback=_pair, metavar="X,Y", help="Or metres in the polar plane of the output.")
@click.option("--size", type=float, metavar="M", help="Side of the square, metres; else as much as there is.")
@click.option("--pixel", type=float, metavar="M", help="Metres between heights; else the file's own.")
@click.option(
    "--resample",
    type=click.Choice(["nearest", "bilinear", "cubic", "average"]),
    help="Else average where two pixels or more become one, bilinear otherwise.",
)
@click.option(
    "--smooth-steps", is_flag=True, help="Take half-metre steps and the like out of heights, within half a step."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def import_product(
    file: Path,
    output: Path,
    *,
    centre: Point | None,
    centre_m: Point | None,
    size: float | None,
    pixel: float | None,
    resample: Literal["nearest", "bilinear", "cubic", "average"] | None,
    smooth_steps: bool,
    as_json: bool,
) -> None:
    """Cut ground out of a LOLA or PGDA GeoTIFF, or a PDS3 label with its image, and write a terrain file.

    Any lunar map projection will do, and grids in degrees; the ground is brought to the polar stereographic plane of
    its hemisphere. Where that is the file's own and no other pixel is asked for, heights stay as they are. A file
    larger than memory is fine.
    """
    from fleet.terrain.geotiff import Cut, import_ground, write_ground  # noqa: PLC0415 - loads GDAL
    from sim.cli.terrain.facts import facts_of, summary  # noqa: PLC0415 - with it

    if output.exists() and file.exists() and output.samefile(file):
        raise ConfigError(str(output), "is the file itself", "Name another; nothing was written.")
    at = None if centre is None else (radians(centre[0]), radians(centre[1]))
    cut = Cut(at=at, centre=centre_m, size=size, pixel=pixel, resampling=resample, smooth_steps=smooth_steps)
    with share_bar("import") as progress:
        imported = import_ground(file, cut, progress)
    write_ground(imported.ground, output, imported.origin)
    facts = {"file": str(output)} | facts_of(imported.ground, imported.origin)
    emit(facts, as_json=as_json, text=f"wrote {output}\n{summary(facts)}")
