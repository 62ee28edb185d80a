"""From a YAML file to a Scenario, or to everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from fleet.core import ConfigError, MissionTime, Tick, parse_duration
from sim.scenario.check import semantic_problems
from sim.scenario.explain_errors import schema_problems
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.resolve import resolve
from sim.scenario.scenario import Scenario
from sim.scenario.schema import ScenarioFile
from sim.scenario.settings import Settings, apply_settings
from sim.scenario.units import parse_utc
from sim.scenario.yaml_tree import MAX_BYTES, YamlFile


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
    path = Path(file)
    yaml = apply_settings(YamlFile(str(file), _read(path)), settings)
    doc = _checked(yaml)
    scenario = resolve(yaml, doc, doc.seed if seed is None else seed, Path(terrain) if terrain is not None else None)
    return scenario if until is None else replace(scenario, end=min(scenario.end, parse_time(until, scenario.time)))


def check_scenario(file: str | Path, settings: Settings = MappingProxyType({})) -> tuple[Problem, ...]:
    """Return all that is wrong with a file, as far as can be seen without its ground; empty when nothing is."""
    try:
        _checked(apply_settings(YamlFile(str(file), _read(Path(file))), settings))
    except ScenarioError as error:
        return error.problems
    return ()


def declared_seed(file: str | Path) -> int:
    """Return the seed that a file names.

    Raises
    ------
    ScenarioError
        When the file is wrong.
    """
    return _checked(YamlFile(str(file), _read(Path(file)))).seed


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


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Moonfleet scenario"}


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _whole(path, f"cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise _whole(path, f"{len(data)} bytes are more than the {MAX_BYTES} that a scenario may have")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _whole(path, f"line {line} is not UTF-8 text") from None


def _whole(path: Path, fact: str) -> ScenarioError:
    return ScenarioError([Problem(file=str(path), line=0, column=0, fact=fact)])


def _checked(yaml: YamlFile) -> ScenarioFile:
    try:
        doc = ScenarioFile.model_validate(yaml.root.plain())
    except ValidationError as error:
        raise ScenarioError(schema_problems(yaml, ScenarioFile, error)) from None
    problems = semantic_problems(yaml, doc)
    if problems:
        raise ScenarioError(problems)
    return doc
