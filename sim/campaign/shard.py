"""A share of a campaign, so that many machines can run it together without talking to each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fleet.core import ConfigError
from sim.campaign.trial import Trial

_FORM: Final = re.compile(r"(\d{1,7}|auto)/(\d{1,7})")
_REMEDY: Final = "say which: --shard I/N, such as 1/4 to 4/4, or 1/1 for the whole"


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `count` shares, from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        """As one writes it."""
        return f"{self.number}/{self.count}"

    @property
    def folder(self) -> str:
        """Name of the folder in that of the campaign that holds its results."""
        return f"shard-{self.number}-of-{self.count}"

    def of(self, trials: list[Trial]) -> list[Trial]:
        """Return this share: every trial is in exactly one of the shards, whose sizes differ by one at most."""
        return trials[self.number - 1 :: self.count]


def read_shard(text: str | None, environment: Mapping[str, str]) -> Shard | None:
    """Return the shard that is asked for, or None for the whole.

    Parameters
    ----------
    text
        ``I/N``; ``auto/N`` takes I from ``JOB_COMPLETION_INDEX``, as Kubernetes counts the pods of an indexed job,
        or from the task of a SLURM array. Without one, a SLURM array is noticed by itself.

    Raises
    ------
    ConfigError
        When it is no share of anything, or the environment does not say which.

    >>> read_shard("2/8", {})
    Shard(number=2, count=8)
    >>> read_shard("auto/8", {"JOB_COMPLETION_INDEX": "0"})
    Shard(number=1, count=8)
    >>> read_shard(None, {"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "8"})
    Shard(number=5, count=8)
    """
    if text is None:
        return _from_environment(environment)
    match = _FORM.fullmatch(text)
    if match is None:
        raise ConfigError("--shard", f"{text!r} is no share", _REMEDY)
    count = int(match[2])
    if match[1] != "auto":
        return _checked("--shard", int(match[1]), count)
    if "JOB_COMPLETION_INDEX" in environment:
        return _checked("JOB_COMPLETION_INDEX", _whole("JOB_COMPLETION_INDEX", environment) + 1, count)
    if "SLURM_ARRAY_TASK_ID" in environment:
        return _checked("SLURM_ARRAY_TASK_ID", _slurm_number(environment), count)
    fact = "neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set"
    raise ConfigError(f"--shard {text}", fact, _REMEDY)


def _from_environment(environment: Mapping[str, str]) -> Shard | None:
    if "SLURM_ARRAY_TASK_ID" in environment and "SLURM_ARRAY_TASK_COUNT" in environment:
        count = _whole("SLURM_ARRAY_TASK_COUNT", environment)
        return _checked("SLURM_ARRAY_TASK_ID", _slurm_number(environment), count)
    if "JOB_COMPLETION_INDEX" in environment:
        fact = "this is one pod of an indexed job, and nothing says of how many"
        raise ConfigError("JOB_COMPLETION_INDEX", fact, "say it: --shard auto/N, or --shard 1/1 for the whole")
    return None


def _slurm_number(environment: Mapping[str, str]) -> int:
    """Return the place of this task in its array, from 1; arrays may begin anywhere and go in steps."""
    task = _whole("SLURM_ARRAY_TASK_ID", environment)
    first = _whole("SLURM_ARRAY_TASK_MIN", environment, 0)
    step = max(1, _whole("SLURM_ARRAY_TASK_STEP", environment, 1))
    if (task - first) % step:
        raise ConfigError("SLURM_ARRAY_TASK_ID", f"{task} is not on the way from {first} in steps of {step}", _REMEDY)
    return (task - first) // step + 1


def _whole(name: str, environment: Mapping[str, str], otherwise: int | None = None) -> int:
    text = environment.get(name, "")
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    if name not in environment and otherwise is not None:
        return otherwise
    raise ConfigError(name, f"{text!r} is not a whole number of at least 0", _REMEDY)


def _checked(place: str, number: int, count: int) -> Shard:
    if not 1 <= number <= count:
        raise ConfigError(place, f"there is no shard {number} of {count}", _REMEDY)
    return Shard(number, count)
