"""Which runs a campaign is made of: every combination of settings with every seed, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Final

from fleet.core import ConfigError
from sim.campaign.trial import Trial
from sim.scenario import Plain, Problem, ScenarioError, check_scenario, parse_seeds, read_setting

MOST_TRIALS: Final = 1_000_000


def read_seeds(text: str) -> list[int]:
    """Return the seeds of ``1-100`` or ``1,5,20-29``, in order.

    Raises
    ------
    ConfigError
        When it is neither, a range runs backwards, a seed comes twice, or there are too many.

    >>> read_seeds("7,1-3")
    [7, 1, 2, 3]
    """
    try:
        return parse_seeds(text)
    except ValueError as error:
        raise ConfigError("--seeds", str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A scenario, and what is varied."""

    file: Path
    seeds: tuple[int, ...]
    parameters: Mapping[str, tuple[Plain, ...]]  #: Key of the scenario to the values it takes.

    def trials(self) -> list[Trial]:
        """Return all runs: for each seed every combination of settings, so that what is there early is comparable."""
        keys = tuple(self.parameters)
        combinations = [dict(zip(keys, values, strict=True)) for values in product(*self.parameters.values())]
        return [Trial(seed=seed, settings=settings) for seed in self.seeds for settings in combinations]


def plan_campaign(file: Path, seeds: Sequence[int], settings: Sequence[str]) -> Campaign:
    """Return the campaign of a scenario, checked as far as can be without its ground.

    Parameters
    ----------
    settings
        ``key=value,value`` each.

    Raises
    ------
    ScenarioError
        When the file is wrong, or is with one of the settings.
    ConfigError
        When a key is given twice, or there are too many runs.
    """
    parameters: dict[str, tuple[Plain, ...]] = {}
    for text in settings:
        key, values = read_setting(text)
        if key in parameters:
            raise ConfigError(f"--set {text}", f"{key} is given twice", f"all values in one: --set {key}=A,B")
        parameters[key] = tuple(values)
    total = len(seeds) * prod(len(values) for values in parameters.values())
    if total > MOST_TRIALS:
        raise ConfigError("--set", f"{total} runs are more than {MOST_TRIALS}", "fewer seeds or values")
    if problems := check_scenario(file):
        raise ScenarioError(problems)
    # Each value on the ground of the first values of the others: what is wrong with it is found before hours have gone.
    first = {key: values[0] for key, values in parameters.items()}
    for key, taken in parameters.items():
        for value in taken:
            if problems := check_scenario(file, {**first, key: value}):
                raise ScenarioError([_with_remedy(problem, value) for problem in problems])
    return Campaign(file=file, seeds=tuple(seeds), parameters=parameters)


def _with_remedy(problem: Problem, value: Plain) -> Problem:
    """Return the problem of a value, with a word to who meant all values between two."""
    if problem.remedy or not (isinstance(value, str) and ".." in value):
        return problem
    low, _, high = value.partition("..")
    return replace(problem, remedy=f"a sweep takes values, such as {low},{high}; a span is for --falsify")
