"""From what a person asked for to the space in which is searched, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fleet.core import ConfigError
from sim.campaign.falsify.candidate import seconds
from sim.campaign.falsify.faults import FaultLot, read_kinds
from sim.campaign.falsify.ranges import Span, Values, values_of
from sim.campaign.falsify.space import FAULTS, Space
from sim.scenario import Plain, ScenarioError, check_scenario, did_you_mean, read_setting, scenario_tree


def plan_search(
    file: Path, seeds: Sequence[int], settings: Sequence[str], faults: str, *, most_faults: int = 3
) -> Space:
    """Return the space of a search.

    Parameters
    ----------
    settings
        ``key=value,value`` or ``key=A..B`` each.
    faults
        Kinds of fault that may be added: ``any``, ``none`` or names.

    Raises
    ------
    ScenarioError
        When the file is wrong, or is with one of the values.
    ConfigError
        When there is nothing to search.
    """
    tree = scenario_tree(file)
    if problems := check_scenario(file):
        raise ScenarioError(problems)
    parameters: dict[str, Values] = {}
    for text in settings:
        key, given = read_setting(text)
        if key in parameters:
            raise ConfigError(f"--set {text}", f"{key} is given twice", f"all values in one: --set {key}=A,B")
        if key == FAULTS:
            fact = "the faults of a run are drawn, beside those of the file"
            raise ConfigError(f"--set {text}", fact, "say which with --faults KIND,KIND")
        parameters[key] = values_of(key, given)
    _check(file, parameters)
    kinds = read_kinds(faults)
    if not kinds and not parameters and len(seeds) < 2:
        raise ConfigError("--falsify", "nothing is varied", "say --faults KIND,KIND, --set KEY=A..B or --seeds A-B")
    own = tree.get(FAULTS, [])
    lot = FaultLot(kinds=kinds, rovers=_ids(tree.get("rovers")), duration=seconds(tree["duration"]))
    assert isinstance(own, list)
    return Space(seeds=tuple(seeds), parameters=parameters, lot=lot, most_faults=most_faults, own_faults=tuple(own))


def check_names(file: Path, wanted: Sequence[str]) -> None:
    """Look whether the scenario expects what is to be broken.

    Raises
    ------
    ConfigError
        When it does not.
    """
    expect = scenario_tree(file).get("expect", [])
    assert isinstance(expect, list)
    known = {next(iter(item)) for item in expect if isinstance(item, dict)}
    for name in wanted:
        if name not in known:
            raise ConfigError(f"--break {name}", "the scenario does not expect that", did_you_mean(name, known))


def _check(file: Path, parameters: Mapping[str, Values]) -> None:
    """Try each value, and the ends of each span, beside the first values of the others."""
    ends = {key: values.ends if isinstance(values, Span) else values for key, values in parameters.items()}
    first = {key: values[0] for key, values in ends.items()}
    for key, taken in ends.items():
        for value in taken:
            if problems := check_scenario(file, {**first, key: value}):
                raise ScenarioError(problems)


def _ids(rovers: Plain) -> tuple[str, ...]:
    items = rovers if isinstance(rovers, list) else []
    return tuple(str(item["id"]) for item in items if isinstance(item, dict))
