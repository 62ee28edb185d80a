"""The ground of a scenario: generated, from its file, or from the one named instead; and when the mission starts there."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, degrees, radians
from pathlib import Path

import shapely

from fleet.core import ConfigError
from fleet.moon import sun_and_earth
from fleet.terrain import GroundMap, read_ground
from sim.generate import CraterSpec, Ground, GroundSpec, LevelSpec, generate_ground, scatter_rocks
from sim.scenario import candidates
from sim.scenario.problems import ScenarioError
from sim.scenario.schema import Generate, ScenarioFile, SunRule
from sim.scenario.yaml_tree import Loc, YamlFile

_SEARCH_HOURS = 400 * 24


def ground_of(yaml: YamlFile, doc: ScenarioFile, seed: int, terrain: Path | None) -> Ground:
    """Return the true ground.

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
        rocks = source.generate.rocks_per_km2 if source.generate is not None else source.rocks_per_km2
        return _with_rocks(read_ground(terrain), rocks, seed)
    if source.generate is not None:
        assert doc.site is not None  # seen to by the checks
        spec = _spec(source.generate, radians(doc.site.lat_deg), radians(doc.site.lon_deg))
        return generate_ground(spec, seed)
    assert source.file is not None
    file = Path(yaml.file).parent / source.file
    centre = (source.centre_m[0], source.centre_m[1]) if source.centre_m is not None else None
    try:
        return _with_rocks(read_ground(file, centre=centre, size=source.size_m), source.rocks_per_km2, seed)
    except ConfigError as error:
        raise _at(yaml, ("terrain", "file"), f"{error.place}: {error.fact}", error.remedy) from None


def _at(yaml: YamlFile, loc: Loc, fact: str, remedy: str = "") -> ScenarioError:
    return ScenarioError([yaml.problem_at(loc, fact, remedy)])


def craters_of(doc: ScenarioFile) -> dict[str, shapely.Polygon]:
    """Return the craters that generated ground is asked for, by id."""
    generate = doc.terrain.generate
    return {
        crater.id: shapely.Polygon(
            candidates.around((crater.centre_m[0], crater.centre_m[1]), crater.diameter_m / 2.0, 64)
        )
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
    for _ in range(_SEARCH_HOURS):
        if degrees(sun_and_earth(hour, ground.latitude, ground.longitude)[1]) >= start.sun_above_deg:
            return hour
        hour += timedelta(hours=1)
    fact = f"the Sun does not stand {start.sun_above_deg:g} degrees high there within 400 days"
    raise _at(yaml, ("start", "sun_above_deg"), fact, f"the site lies at {degrees(ground.latitude):.2f} degrees latitude")
