"""A scenario that fails, on its way to a smaller one that fails still."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from fleet.core import parse_duration
from sim.scenario import Plain, ScenarioError, check_text, scenario_text, scenario_tree, tree_with

_OF_A_TEST: Final = ("seeds", "matrix", "variants", "tags")  # What a file is run as is no part of one run.
_GROUNDS: Final = (("terrain",), ("terrain", "far"))  # Where a file of ground may be named.

Fault = Mapping[str, Plain]


@dataclass(frozen=True)
class Candidate:
    """A scenario, and what was done to it so that it fails.

    Parameters
    ----------
    tree
        The scenario without that.
    settings
        Keys set otherwise than the tree has them.
    faults
        Faults beside those of the tree.
    """

    tree: Mapping[str, Plain]
    settings: Mapping[str, Plain] = field(default_factory=dict)
    faults: Sequence[Fault] = ()

    @property
    def is_stressed(self) -> bool:
        """Whether anything was done to it."""
        return bool(self.settings or self.faults)

    @cached_property
    def whole(self) -> dict[str, Plain] | None:
        """All of it as plain data; None when a setting leads nowhere any more."""
        try:
            tree = tree_with(self.tree, self.settings)
        except ScenarioError:
            return None
        own = tree.get("faults", [])
        assert isinstance(own, list)
        return {**tree, "faults": [*own, *map(dict, self.faults)]} if self.faults else tree

    @cached_property
    def text(self) -> str | None:
        """All of it as a scenario file; None when it is none."""
        return _checked(self.whole) if self.whole is not None else None

    @cached_property
    def calm_text(self) -> str | None:
        """The same without what was done to it; None when it is no scenario."""
        return _checked(self.tree)

    @property
    def rest(self) -> float:
        """Seconds between the end of the last fault that was added and the end of the mission."""
        if self.whole is None:
            return 0.0
        end = seconds(self.whole["duration"])
        return end - max((_end(fault, end) for fault in self.faults), default=0.0)


def candidate_of(
    file: Path, seed: int, settings: Mapping[str, Plain], faults: Sequence[Fault], folder: Path
) -> Candidate:
    """Return a run of a scenario file as a file of its own, which is to lie in a folder."""
    tree = {key: value for key, value in scenario_tree(file).items() if key not in _OF_A_TEST}
    tree["seed"] = seed
    for way in _GROUNDS:
        node: Plain = tree
        for key in way:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and isinstance(node.get("file"), str):
            node["file"] = os.path.relpath(file.parent / str(node["file"]), folder)
    return Candidate(tree=tree, settings=settings, faults=faults)


def seconds(value: Plain) -> float:
    """Return a time as a scenario file has it."""
    return parse_duration(value) if isinstance(value, str) else float(value) if isinstance(value, int | float) else 0.0


def _checked(tree: Mapping[str, Plain]) -> str | None:
    text = scenario_text(tree, ())
    return None if check_text(text) else text


def _end(fault: Fault, end: float) -> float:
    begin = seconds(fault.get("at", 0))
    return begin + seconds(fault["for"]) if "for" in fault else end
