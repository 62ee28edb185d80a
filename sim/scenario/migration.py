"""Files of older formats rewritten word by word: comments, order and layout stay as they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from fleet.core import ConfigError
from sim.scenario.formats import NEWEST, VERSION, format_of, in_newest
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reading import read_as_written
from sim.scenario.yaml_tree import Node, YamlFile

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One word that is written otherwise in the newest format."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What becomes of one file."""

    file: Path
    number: int  #: Format in which it is written.
    edits: tuple[Edit, ...]  #: In the order of the file; empty when it is of the newest.
    text: str  #: In the newest format.

    def write(self) -> None:
        """Write the file anew, whole at any moment.

        Raises
        ------
        ConfigError
            When it cannot be written; then it is as it was.
        """
        place = self.file.resolve()  # What a link leads to.
        part = place.with_name(f".{place.name}.part")
        try:
            bom = _BOM if place.read_bytes().startswith(_BOM) else b""
            part.write_bytes(bom + self.text.encode())
            shutil.copymode(place, part)
            part.replace(place)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise ConfigError(str(self.file), f"cannot be written: {error.strerror}") from None


def migrations(files: Iterable[Path]) -> list[Migration]:
    """Return what becomes of scenario files and of the parts that they include, each file once; nothing is written.

    Raises
    ------
    ScenarioError
        When one of them is no YAML of the subset, says no format or one that there is not, or cannot be rewritten.
    """
    found: dict[Path, Migration] = {}
    waiting: list[tuple[Path, int | None]] = [(file, None) for file in files]
    while waiting:
        file, number = waiting.pop(0)
        if file.resolve() in found:
            continue
        tree = read_as_written(file)
        own = format_of(tree.root) or number
        if own is None:
            raise ScenarioError([_no_format(tree)])
        found[file.resolve()] = _migration(file, tree, own)
        waiting += [(file.parent / part, own) for part in _included(tree.root)]
    return list(found.values())


def _included(root: Node) -> Iterator[str]:
    node = root.at("include")
    for item in node.value if node is not None and isinstance(node.value, list) else [node]:
        if item is not None and isinstance(item.value, str):
            yield item.value


def _no_format(tree: YamlFile) -> Problem:
    said = tree.root.at(VERSION)
    if said is None:
        return tree.problem_at((), f"key {VERSION!r} is missing", f"a scenario says its format: {VERSION}: {NEWEST}")
    fact = f"{VERSION} must be 1 to {NEWEST}, got {str(said.value)[:40]}"
    return tree.problem_at((VERSION,), fact, "is the file for a newer Moonfleet? install that")


def _migration(file: Path, tree: YamlFile, number: int) -> Migration:
    goal = in_newest(tree.root, number)
    edits = tuple(sorted(set(_edits(tree.root, goal))))
    text = _rewritten(tree, edits)
    again = YamlFile(str(file), text)
    if again.root.plain() != goal.plain():
        raise ScenarioError([_two_meanings(tree, again.root, goal)])
    return Migration(file=file, number=number, edits=edits, text=text)


def _edits(node: Node, goal: Node) -> Iterator[Edit]:
    """Yield where two trees of one shape differ: names of keys, and plain values."""
    if isinstance(node.value, dict) and isinstance(goal.value, dict):
        for (old, child), (new, aim) in zip(node.value.items(), goal.value.items(), strict=True):
            if old != new:
                yield Edit(*node.keys[old], old, new)
            yield from _edits(child, aim)
    elif isinstance(node.value, list) and isinstance(goal.value, list):
        for child, aim in zip(node.value, goal.value, strict=True):
            yield from _edits(child, aim)
    elif node.value != goal.value:
        yield Edit(node.line, node.column, str(node.value), str(goal.value))


def _rewritten(tree: YamlFile, edits: Iterable[Edit]) -> str:
    """Return the text with each word changed where it stands, quotes and anchors kept."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for event in yaml.parse(tree.text, Loader=yaml.BaseLoader):
        begins, ends = event.start_mark, event.end_mark
        if (
            isinstance(event, yaml.ScalarEvent)
            and begins is not None
            and ends is not None
            and begins.index < ends.index
        ):
            spans[begins.line + 1, begins.column + 1] = begins.index, ends.index
    text = tree.text
    for edit in sorted(edits, reverse=True):
        begin, end = spans[edit.line, edit.column]
        before, found, after = text[begin:end].rpartition(edit.old)
        if not found:
            raise ScenarioError([tree.problem((edit.line, edit.column), f"write {edit.old} without escapes")])
        text = text[:begin] + before + edit.new + after + text[end:]
    return text


def _two_meanings(tree: YamlFile, found: Node, goal: Node) -> Problem:
    """Return the problem of an anchor that stands for what is called otherwise in one place and not in another."""
    edit = min(_edits(found, goal), default=Edit(1, 1, "", ""))
    fact = f"{edit.old or 'this'} stands for two things by an alias, of which only one is called {edit.new or 'so'} now"
    return tree.problem((edit.line, edit.column), fact, "write it out without the alias, then migrate")
