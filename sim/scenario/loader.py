"""From a YAML file to a Scenario, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from fleet.core import ConfigError, MissionTime, Tick, parse_duration
from sim.scenario.cases import check_cases
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reading import checked, read_file, read_text
from sim.scenario.resolve import resolve
from sim.scenario.scenario import Scenario
from sim.scenario.settings import Settings, apply_settings
from sim.scenario.units import parse_utc
from sim.scenario.writing import scenario_text
from sim.scenario.yaml_tree import Plain, YamlFile


def load_scenario(
    file: str | Path,
    *,
    seed: int | None = None,
    terrain: str | Path | None = None,
    until: str | None = None,
    settings: Settings = MappingProxyType({}),
) -> Scenario:
    """Return the scenario that a file describes, with every place found.

    Parameters
    ----------
    seed
        Instead of the file's.
    terrain
        GeoTIFF or PDS3 label with the ground, instead of the file's.
    until
        Duration or UTC date at which the mission ends if that is before its own end; places are those of the whole
        mission.

    Raises
    ------
    ScenarioError
        When the file is wrong; it holds all problems of the first of these kinds that has any: not YAML, keys and
        types, names and work, ground, places.
    ConfigError
        When `terrain` or `until` is wrong.
    """
    yaml = apply_settings(read_file(file), settings)
    doc = checked(yaml)
    scenario = resolve(yaml, doc, doc.seed if seed is None else seed, Path(terrain) if terrain is not None else None)
    return scenario if until is None else replace(scenario, end=min(scenario.end, parse_time(until, scenario.time)))


def check_scenario(file: str | Path, settings: Settings = MappingProxyType({})) -> tuple[Problem, ...]:
    """Return all that is wrong with a file, as far as can be seen without its ground; empty when nothing is."""
    try:
        yaml = apply_settings(read_file(file), settings)
        check_cases(yaml, checked(yaml))
    except ScenarioError as error:
        return error.problems
    return ()


def check_text(text: str) -> tuple[Problem, ...]:
    """Return all that is wrong with the text of a scenario that stands in one file; empty when nothing is."""
    try:
        yaml = read_text("scenario", text)
        check_cases(yaml, checked(yaml))
    except ScenarioError as error:
        return error.problems
    return ()


def scenario_tree(file: str | Path) -> dict[str, Plain]:
    """Return what a file says as plain data, with all that it extends and includes.

    Raises
    ------
    ScenarioError
        When the file is wrong.
    """
    yaml = read_file(file)
    checked(yaml)
    tree = yaml.root.plain()
    assert isinstance(tree, dict)
    return tree


def tree_with(tree: Mapping[str, Plain], settings: Settings) -> dict[str, Plain]:
    """Return plain data of a scenario as if it said so under each key.

    Raises
    ------
    ScenarioError
        When a key leads nowhere.
    """
    found = apply_settings(YamlFile("scenario", scenario_text(tree, ())), settings).root.plain()
    assert isinstance(found, dict)
    return found


def declared_seed(file: str | Path) -> int:
    """Return the seed that a file names.

    Raises
    ------
    ScenarioError
        When the file is wrong.
    """
    return checked(read_file(file)).seed


def merged_text(file: str | Path) -> str:
    """Return a file as one scenario file, with all that it extends and includes; as it stands where it names none.

    Raises
    ------
    ScenarioError
        When the file is wrong.
    """
    yaml = read_file(file)
    checked(yaml)
    return yaml.text


def parse_time(text: str, time: MissionTime) -> Tick:
    """Return the tick of a time given as ``90``, ``15m``, ``1d12h`` or a UTC date.

    Raises
    ------
    ConfigError
        When it is neither, or a date before the mission.

    >>> from datetime import datetime, timezone
    >>> time = MissionTime(start=datetime(2029, 10, 20, tzinfo=timezone.utc), dt=1.0)
    >>> parse_time("15m", time), parse_time("2029-10-20T01:00:00Z", time)
    (900, 3600)
    """
    try:
        return time.tick(parse_duration(text))
    except ValueError as no_duration:
        try:
            seconds = (parse_utc(text) - time.start).total_seconds()
        except ValueError:
            raise ConfigError(repr(text), str(no_duration), "or a date like 2029-10-20T06:00:00Z") from None
    if seconds < 0.0:
        raise ConfigError(repr(text), f"lies before the start of the mission, {time.start.isoformat()}")
    return time.tick(seconds)
