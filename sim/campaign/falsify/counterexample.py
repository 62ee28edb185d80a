"""A small failing scenario as a file that says what it is and how to see it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from fleet.core import ConfigError
from sim.campaign.falsify.candidate import Candidate
from sim.campaign.trial import Row
from sim.scenario import scenario_text

COUNTEREXAMPLE: Final = "counterexample.yaml"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How large a scenario is."""

    faults: int
    settings: int  #: Parameters that are not as in the file.
    rovers: int
    tasks: int
    duration: str


class Commands(msgspec.Struct, frozen=True, kw_only=True):
    """How to see a scenario fail."""

    replay: str
    view: str


def size_of(candidate: Candidate) -> Size:
    """Return how large a scenario is."""
    tree = candidate.whole or {}
    rovers, tasks = tree.get("rovers", []), tree.get("tasks", [])
    return Size(
        faults=len(candidate.faults),
        settings=len(candidate.settings),
        rovers=len(rovers) if isinstance(rovers, list) else 0,
        tasks=len(tasks) if isinstance(tasks, list) else 0,
        duration=str(tree.get("duration", "")),
    )


def commands_of(file: Path) -> Commands:
    """Return the commands that run a scenario file, record it and show it."""
    recording = str(file.with_suffix(".mcap"))
    return Commands(
        replay=shlex.join(["moonfleet", "run", str(file), "--headless", "--record", recording]),
        view=shlex.join(["moonfleet", "view", recording]),
    )


def why(row: Row) -> list[str]:
    """Return what went wrong in a run, a line each."""
    failed = [
        f"{finding.name}: expected {finding.expected}, got {finding.got}"
        for finding in row.expectations
        if not finding.passed
    ]
    return [line for text in (*row.faults, *failed) for line in text.splitlines()[:1]]


def write_counterexample(candidate: Candidate, row: Row, file: Path, found_by: Sequence[str]) -> None:
    """Write a scenario that fails, with why, and with the commands that replay and show it.

    Raises
    ------
    ConfigError
        When it cannot be written.
    """
    assert candidate.whole is not None
    commands = commands_of(file)
    comment = ["Fails:", *(f"  {line}" for line in why(row)), *_cause(candidate), f"Replay: {commands.replay}"]
    comment += [f"View:   {commands.view}", *found_by]
    part = file.with_suffix(".part")
    try:
        part.write_text(scenario_text(candidate.whole, comment), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}") from None


def _cause(candidate: Candidate) -> list[str]:
    done = [f"the fault{'s' if len(candidate.faults) > 1 else ''}"] if candidate.faults else []
    done += [f"the settings of {', '.join(candidate.settings)}"] if candidate.settings else []
    return [f"Without {' and '.join(done)} it passes."] if done else ["Nothing is needed for that beside the file."]
