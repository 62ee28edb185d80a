"""The ground of a scenario, generated or read, and when the mission starts there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil, degrees, radians
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from msgspec.structs import replace as with_fields

from fleet.core import ConfigError, Disc, Point, stream
from fleet.moon import angles_over
from fleet.terrain import GroundMap
from sim.generate import (
    CraterSpec,
    Ground,
    GroundSpec,
    LevelSpec,
    PatchSpec,
    RockSpec,
    SoftSpec,
    generate_ground,
    scatter_rocks,
    scatter_soft,
)
from sim.scenario import candidates
from sim.scenario.problems import ScenarioError
from sim.scenario.schema import Generate, ScenarioFile, SunRule, TerrainItem
from sim.scenario.yaml_tree import Loc, YamlFile

_SEARCH_HOURS = 400 * 24
_SEARCH_AT_ONCE = 480


def ground_seeds(seed: int, draws: int) -> tuple[int, ...]:
    """Return the seeds of the grounds that a scenario's seed draws, in order; the first is the scenario's own."""
    chance = stream(seed, "ground/draws")
    return (seed, *(chance.getrandbits(32) for _ in range(1, draws)))


def ground_of(yaml: YamlFile, doc: ScenarioFile, seed: int, terrain: Path | None) -> Ground:
    """Return the true ground, with what the scenario knows of the ground around.

    Parameters
    ----------
    terrain
        File to read instead of what the scenario says; what lies around it must lie around that, too.

    Raises
    ------
    ScenarioError, ConfigError
        When there is none: the scenario's files or figures are wrong, or those of `terrain`.
    """
    ground = _near(yaml, doc, seed, terrain)
    far = doc.terrain.far
    if far is None:
        return ground
    from fleet.terrain.geotiff import FarCut, read_far  # noqa: PLC0415 - GDAL takes long to load, and few need it

    cut = FarCut(size=None if far.size_km is None else 1000.0 * far.size_km, pixel=far.pixel_m)
    try:
        around = read_far(Path(yaml.file).parent / far.file, ground.map, cut)
    except ConfigError as error:
        raise _at(yaml, ("terrain", "far", "file"), f"{error.place}: {error.fact}", error.remedy) from None
    return replace(ground, map=with_fields(ground.map, far=around))


def _near(yaml: YamlFile, doc: ScenarioFile, seed: int, terrain: Path | None) -> Ground:
    """Return the true ground of the map.

    Parameters
    ----------
    terrain
        File to read instead of what the scenario says.

    Raises
    ------
    ScenarioError, ConfigError
        When there is none: the scenario's file or figures are wrong, or those of `terrain`.
    """
    source = doc.terrain
    if terrain is not None:
        return _strewn(_read_ground(terrain), source, seed)
    if source.generate is not None:
        assert doc.site is not None  # seen to by the checks
        spec = _spec(source.generate, radians(doc.site.lat_deg), radians(doc.site.lon_deg))
        return generate_ground(spec, seed)
    assert source.file is not None
    file = Path(yaml.file).parent / source.file
    centre = _point(source.centre_m) if source.centre_m is not None else None
    try:
        return _strewn(_read_ground(file, centre=centre, size=source.size_m), source, seed)
    except ConfigError as error:
        raise _at(yaml, ("terrain", "file"), f"{error.place}: {error.fact}", error.remedy) from None


def _read_ground(file: Path, *, centre: Point | None = None, size: float | None = None) -> GroundMap:
    from fleet.terrain.geotiff import read_ground  # noqa: PLC0415 - GDAL takes long to load, and few need it

    return read_ground(file, centre=centre, size=size)


def _at(yaml: YamlFile, loc: Loc, fact: str, remedy: str = "") -> ScenarioError:
    return ScenarioError([yaml.problem_at(loc, fact, remedy)])


def craters_of(doc: ScenarioFile) -> dict[str, shapely.Polygon]:
    """Return the craters that generated ground is asked for, by id."""
    generate = doc.terrain.generate
    return {
        crater.id: shapely.Polygon(candidates.around(_point(crater.centre_m), crater.diameter_m / 2.0, 64))
        for crater in (generate.craters if generate is not None else ())
    }


def start_of(yaml: YamlFile, doc: ScenarioFile, ground: GroundMap) -> datetime:
    """Return the UTC date of tick 0: the one given, or the first whole hour with the Sun as high as asked for.

    Raises
    ------
    ScenarioError
        When the Sun does not stand so high there within 400 days.
    """
    start = doc.start
    if not isinstance(start, SunRule):
        return start
    hour = start.after.replace(minute=0, second=0, microsecond=0)
    hour += timedelta(hours=ceil((start.after - hour) / timedelta(hours=1)))
    for first in range(0, _SEARCH_HOURS, _SEARCH_AT_ONCE):
        hours = np.arange(first, first + _SEARCH_AT_ONCE)
        elevations = angles_over(hour, (3600.0 * hours).astype(np.float64), ground.latitude, ground.longitude)[:, 1]
        high = hours[np.degrees(elevations) >= start.sun_above_deg]
        if high.size:
            return hour + timedelta(hours=int(high[0]))
    fact = f"the Sun does not stand {start.sun_above_deg:g} degrees high there within 400 days"
    raise _at(
        yaml, ("start", "sun_above_deg"), fact, f"the site lies at {degrees(ground.latitude):.2f} degrees latitude"
    )


def _strewn(ground: GroundMap, source: TerrainItem, seed: int) -> Ground:
    """Strew rocks and soft ground over a file's, but for places that generated ground would have level."""
    given = source.generate or source
    clear = _level(source.generate) if source.generate is not None else ()
    strewn = scatter_rocks(ground, _rocks(given.rocks_per_km2), seed, clear=clear)
    return replace(strewn, soft=scatter_soft(ground, _soft(given.soft_per_km2), seed, clear=clear))


def _rocks(per_km2: float | None) -> RockSpec:
    return RockSpec() if per_km2 is None else RockSpec(per_km2=per_km2)


def _soft(per_km2: float | None) -> SoftSpec:
    return SoftSpec() if per_km2 is None else SoftSpec(per_km2=per_km2)


def _level(generate: Generate) -> tuple[LevelSpec, ...]:
    return tuple(LevelSpec(centre=_point(item.centre_m), radius=item.radius_m) for item in generate.level)


def _point(pair: list[float]) -> Point:
    return (pair[0], pair[1])


def _spec(generate: Generate, latitude: float, longitude: float) -> GroundSpec:
    given: dict[str, Any] = {
        "base_height": generate.base_height_m,
        "roughness": generate.roughness_m,
        "hurst": generate.hurst,
        "crater_density": generate.crater_density,
    }
    patches = tuple(
        PatchSpec(centre=_point(item.centre_m), radius=item.radius_m, slip=item.slip, is_firm=item.firm)
        for item in generate.soft
    )
    asked = tuple(Disc(x=item.centre_m[0], y=item.centre_m[1], radius=item.radius_m) for item in generate.rocks)
    return GroundSpec(
        size=generate.size_m,
        pixel=generate.pixel_m,
        latitude=latitude,
        longitude=longitude,
        rocks=replace(_rocks(generate.rocks_per_km2), asked=asked),
        map_pixel=generate.map_pixel_m,
        soft=replace(_soft(generate.soft_per_km2), patches=patches),
        craters=tuple(
            CraterSpec(centre=_point(item.centre_m), diameter=item.diameter_m, depth_ratio=item.depth_ratio)
            for item in generate.craters
        ),
        level=_level(generate),
        **{name: value for name, value in given.items() if value is not None},
    )
