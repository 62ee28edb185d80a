"""`moonfleet terrain info`: what ground is."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.output import emit
from sim.cli.terrain.group import command


@command.command(
    short_help="Say what and where ground is.", epilog="Example: moonfleet terrain info ground.terrain.tif --json"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def info(file: Path, *, as_json: bool) -> None:
    """Say what and where the ground in a file is: plane, corners, heights, slopes over several distances, rocks, zones.

    Slopes are between the ground one baseline before and one after; roughness is what the best plane through that much
    ground leaves, median of all places.
    """
    from fleet.terrain.geotiff import read_ground, read_origin  # noqa: PLC0415 - loads GDAL
    from sim.cli.terrain.facts import facts_of, summary  # noqa: PLC0415 - with it

    facts = {"file": str(file)} | facts_of(read_ground(file), read_origin(file))
    emit(facts, as_json=as_json, text=summary(facts))
