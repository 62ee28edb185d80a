"""One scenario made of several files: what it extends, what it includes, and how they are merged."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.scenario.merge import changed, merged
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.writing import scenario_text
from sim.scenario.yaml_tree import MAX_NODES, MAX_NODES_FACT, Loc, Node, YamlFile

MOST_FILES: Final = 32  #: That one scenario is made of.
PATHS: Final[tuple[Loc, ...]] = (
    ("terrain", "file"),
    ("terrain", "far", "file"),
)  # Relative to the file they stand in.
_OTHERS: Final = ("extends", "include")
_OF_ITS_OWN: Final = ("seeds", "matrix", "variants")  # What a file is run as; whoever extends it is run otherwise.


class Composer:
    """Reads the files that a scenario is made of: what a file extends lies under what it includes, that under itself.

    Parameters
    ----------
    main
        The scenario.
    read
        How a file is read that is of the format of another unless it says one itself.
    """

    def __init__(self, main: YamlFile, read: Callable[[Path, int | None], YamlFile]) -> None:
        self._main = main
        self._read = read
        self._folder = Path(main.file).parent
        self._files: list[YamlFile] = [main]

    def composed(self) -> YamlFile:
        """Return the scenario as one file; the file itself, where it names no others.

        Raises
        ------
        ScenarioError
            When one of the files is wrong, or they go in a circle.
        """
        main = self._main
        if not any(main.root.at(key) is not None for key in _OTHERS):
            return main
        root = self._whole(main, (Path(main.file).resolve(),))
        if root.size > MAX_NODES:
            raise ScenarioError([main.problem((1, 1), MAX_NODES_FACT)])
        plain = root.plain()
        assert isinstance(plain, dict)
        text = scenario_text(plain, [f"Made of {', '.join(file.file for file in self._files)}."])
        return main.composed(root, self._files, text)

    def _whole(self, yaml: YamlFile, chain: tuple[Path, ...]) -> Node:
        """Return the tree of a file upon what it extends and includes."""
        root = yaml.root
        under: Node | None = None
        for loc, name in self._named(yaml):
            part = self._whole(*self._part(yaml, loc, name, chain))
            if loc[0] == "extends":
                part = _without(part, _OF_ITS_OWN)
            under = part if under is None else merged(under, part)
        own = _without(root, _OTHERS)
        return own if under is None else merged(under, own)

    def _named(self, yaml: YamlFile) -> list[tuple[Loc, str]]:
        found: list[tuple[Loc, str]] = []
        problems: list[Problem] = []
        for key in _OTHERS:
            node = yaml.root.at(key)
            if node is None:
                continue
            items = node.value if isinstance(node.value, list) and key == "include" else [node]
            for index, item in enumerate(items):
                loc: Loc = (key, index) if item is not node else (key,)
                if isinstance(item.value, str) and item.value:
                    found.append((loc, item.value))
                else:
                    what = "a file" if key == "extends" else "a file or a list of files"
                    problems.append(yaml.problem_at(loc, f"{key} must be {what}"))
        if problems:
            raise ScenarioError(problems)
        return found

    def _part(self, yaml: YamlFile, loc: Loc, name: str, chain: tuple[Path, ...]) -> tuple[YamlFile, tuple[Path, ...]]:
        """Return another file, and the files that led there."""
        path = Path(yaml.file).parent / name
        try:
            place, is_file = path.resolve(), path.is_file()
        except (OSError, ValueError):
            place, is_file = path, False
        if not is_file:
            raise ScenarioError([yaml.problem_at(loc, f"there is no file {name!r}", "paths are relative to this file")])
        if place in chain:
            names = " -> ".join(file.name for file in (*chain[chain.index(place) :], place))
            raise ScenarioError([yaml.problem_at(loc, f"files go in a circle: {names}")])
        if len(self._files) >= MOST_FILES:
            raise ScenarioError([yaml.problem_at(loc, f"a scenario is made of at most {MOST_FILES} files")])
        other = self._read(path, yaml.format)
        if not isinstance(other.root.value, dict):
            raise ScenarioError([other.problem((1, 1), "must be a mapping of keys of a scenario")])
        self._files.append(other)
        return other.with_root(self._moved(other.root, path.parent), ()), (*chain, place)

    def _moved(self, root: Node, folder: Path) -> Node:
        """Return a tree whose paths are relative to the folder of the scenario."""
        for loc in PATHS:
            root = changed(root, loc, lambda text: os.path.relpath(folder / text, self._folder or "."))
        return root


def _without(node: Node, away: tuple[str, ...]) -> Node:
    if not isinstance(node.value, dict):
        return node
    values = {key: child for key, child in node.value.items() if key not in away}
    return replace(node, value=values, keys={key: node.keys[key] for key in values})
