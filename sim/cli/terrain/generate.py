"""`moonfleet terrain generate`: synthetic ground from a seed."""

from __future__ import annotations

from dataclasses import replace
from math import radians
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fleet.core import ConfigError
from sim.cli.output import SEED, emit
from sim.cli.progress import share_bar
from sim.cli.terrain.group import command

if TYPE_CHECKING:
    from sim.generate import GroundSpec  # loads numba

_FINEST: Final = 4.0  #: Pixels in the smallest crater that can be told from roughness.


@command.command(
    short_help="Make ground from a seed.",
    epilog="Example: moonfleet terrain generate -o ground.terrain.tif --seed 7 --size 2000 --lat -84.6 --lon 31",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The terrain file, .terrain.tif.")
@click.option("--seed", type=SEED, required=True, help="The same seed gives the same ground.")
@click.option("--size", type=float, required=True, metavar="M", help="Side of the square, metres.")
@click.option("--pixel", type=float, default=5.0, show_default=True, metavar="M", help="Metres between heights.")
@click.option("--lat", type=click.FloatRange(-90.0, 90.0), required=True, help="Of the centre, degrees.")
@click.option("--lon", type=click.FloatRange(-360.0, 360.0), required=True, help="Of the centre, degrees east.")
@click.option("--height", type=float, default=0.0, show_default=True, metavar="M", help="Mean, above 1737.4 km.")
@click.option("--roughness", type=float, metavar="M", help="Height difference over 5 m before craters, rms; else 0.3.")
@click.option("--hurst", type=float, help="Power of distance with which it grows; else 0.95.")
@click.option("--craters", type=float, metavar="K", help="K * 1.54 / D^2 of at least diameter D a m2; else 0.025.")
@click.option("--rocks", type=float, metavar="N", help="Of at least 0.5 m a km2; else 300.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def generate(output: Path, *, seed: int, as_json: bool, **figures: Any) -> None:
    """Make lunar ground from a seed and write a terrain file.

    Rough at every scale, cratered and strewn with rocks, like real ground near Shoemaker's rim: there, slopes over 5 m
    have a median of 4.3 and a 95th percentile of 13.4 degrees. Craters have 20 m at least, or four
    pixels where those are finer. The file holds the rocks of 2 m and more, which can be seen from orbit.
    """
    from fleet.terrain.geotiff import Origin, write_ground  # noqa: PLC0415 - loads GDAL
    from sim.cli.terrain.facts import facts_of, summary  # noqa: PLC0415 - with it
    from sim.generate import generate_ground  # noqa: PLC0415 - loads numba

    spec = _spec(figures)
    with share_bar("generate"):
        ground = generate_ground(spec, seed).map
        origin = Origin(source="generated", seed=seed)
        write_ground(ground, output, origin)
    facts = {"file": str(output)} | facts_of(ground, origin)
    emit(facts, as_json=as_json, text=f"wrote {output}\n{summary(facts)}")


def _spec(figures: dict[str, Any]) -> GroundSpec:
    from fleet.terrain.geotiff import FEWEST, MOST  # noqa: PLC0415 - loads GDAL
    from sim.generate import GroundSpec, RockSpec  # noqa: PLC0415 - loads numba

    keys = {"roughness": "roughness", "hurst": "hurst", "craters": "crater_density"}
    given: dict[str, Any] = {key: figures[name] for name, key in keys.items() if figures[name] is not None}
    try:
        if figures["rocks"] is not None:
            given["rocks"] = RockSpec(per_km2=figures["rocks"])
        spec = GroundSpec(
            size=figures["size"],
            pixel=figures["pixel"],
            latitude=radians(figures["lat"]),
            longitude=radians(figures["lon"]),
            base_height=figures["height"],
            **given,
        )
        smallest, largest = spec.crater_diameters
        spec = replace(spec, crater_diameters=(min(smallest, max(0.1, _FINEST * spec.pixel)), largest))
    except (ValueError, ZeroDivisionError) as error:
        raise ConfigError("terrain generate", str(error)) from None
    if not FEWEST <= spec.cells <= MOST:
        fact = f"{spec.cells:,} heights a side are not {FEWEST} to {MOST:,}"
        raise ConfigError("terrain generate", fact, "Give another --size or --pixel.")
    return spec
