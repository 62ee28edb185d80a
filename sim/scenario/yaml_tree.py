"""A strict reader of a YAML 1.2 subset that knows line and column of every key and value.

Only ``true`` and ``false`` are booleans, numbers are decimal and finite, keys are strings and never double; tags and
merge keys are not read. Aliases are, but what they expand to is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import yaml

from sim.scenario.problems import Problem, ScenarioError

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24
MAX_NODES: Final = 50_000  #: Values in a file, aliases expanded.
MAX_NODES_FACT: Final = f"more than {MAX_NODES} values, aliases expanded"

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
Loc = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands."""

    value: str | int | float | bool | list[Node] | dict[str, Node] | None
    line: int
    column: int
    keys: dict[str, tuple[int, int]]  #: Of a mapping: where each key stands.
    size: int  #: Values in it, itself included.
    origin: str = ""  #: What set it, where that was not the file.
    file: str = ""  #: In which it stands; empty for the file that was asked for.

    def plain(self) -> Plain:
        """Return the bare data."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def at(self, key: str) -> Node | None:
        """Return what a mapping holds under `key`."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def find(self, loc: Sequence[str | int]) -> Node:
        """Return what `loc` leads to, as far as it leads; what the tree does not have is passed over."""
        node: Node = self
        for part in loc:
            if isinstance(node.value, dict) and isinstance(part, str):
                node = node.value.get(part, node)
            elif isinstance(node.value, list) and isinstance(part, int) and 0 <= part < len(node.value):
                node = node.value[part]
        return node

    def locate(self, loc: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Return line and column of what `loc` leads to, as far as it leads.

        Parameters
        ----------
        loc
            Keys and indices; those that the tree does not have (such as the tag of a union) are passed over.
        key
            Point at the last key instead of its value.
        """
        node: Node = self
        at = (self.line, self.column)
        for part in loc:
            if isinstance(node.value, dict) and isinstance(part, str) and part in node.value:
                at = node.keys[part]
                node = node.value[part]
            elif isinstance(node.value, list) and isinstance(part, int) and 0 <= part < len(node.value):
                node = node.value[part]
                at = (node.line, node.column)
        return at if key else (node.line, node.column)

    def name_of(self, loc: Sequence[str | int]) -> str:
        """Return the last key on the way that `loc` leads."""
        node: Node = self
        name = "the file"
        for part in loc:
            if isinstance(node.value, dict) and isinstance(part, str) and part in node.value:
                name, node = part, node.value[part]
            elif isinstance(node.value, list) and isinstance(part, int) and 0 <= part < len(node.value):
                node = node.value[part]
        return name


class YamlFile:
    """A file read into a tree; makes the problems that are found in it.

    Raises
    ------
    ScenarioError
        When it is not YAML of the subset.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._sources = {file: text.splitlines()}  # Lines of each file that this one is made of.
        self._problems: list[Problem] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self.settings: tuple[str, ...] = ()  #: What was set beside the file.
        self.format: int | None = None  #: In which the file is written, where that is known.
        self.root = self._read()

    def with_root(self, root: Node, settings: tuple[str, ...]) -> YamlFile:
        """Return the file with another tree, and what was set to make it so."""
        other = copy(self)
        other.root, other.settings = root, settings
        return other

    def in_format(self, number: int, root: Node) -> YamlFile:
        """Return the file with the tree that it is in the newest format, and the number of its own."""
        other = copy(self)
        other.root, other.format = root, number
        return other

    def composed(self, root: Node, files: Sequence[YamlFile], text: str) -> YamlFile:
        """Return one file made of several: this one, with a tree of nodes of all of them."""
        other = copy(self)
        other.root, other.text = root, text
        other._sources = {file.file: lines for file in files for lines in file._sources.values()}
        return other

    def problem(self, at: tuple[int, int], fact: str, remedy: str = "", *, file: str = "") -> Problem:
        """Return a problem at line and column, of this file or of another that it is made of."""
        (line, column), place = at, file or self.file
        lines = self._sources.get(place, [])
        source = lines[line - 1] if 0 < line <= len(lines) else ""
        return Problem(file=place, line=line, column=column, fact=fact, remedy=remedy, source=source)

    def problem_at(self, loc: Sequence[str | int], fact: str, remedy: str = "", *, key: bool = False) -> Problem:
        """Return a problem at the key or value that `loc` leads to, or at what set it."""
        node = self.root.find(loc)
        if node.origin:
            return Problem(file=node.origin, line=0, column=0, fact=fact, remedy=remedy)
        return self.problem(self.root.locate(loc, key=key), fact, remedy, file=node.file)

    def place(self, loc: Sequence[str | int]) -> str:
        """Return the place of what `loc` leads to, as ``file:line:column``."""
        return self.problem_at(loc, "").place

    def _read(self) -> Node:
        try:
            events = yaml.parse(self.text, Loader=yaml.BaseLoader)
            root = self._document(events)
        except yaml.reader.ReaderError as error:
            at = (self.text.count("\n", 0, error.position) + 1, 1)
            raise ScenarioError([self.problem(at, f"character #x{error.character:04x} is not allowed")]) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
            raise ScenarioError([self.problem(at, f"not YAML: {error.problem or error.context}")]) from None
        except (ValueError, IndexError, OverflowError) as error:  # the scanner's own slips on odd escapes
            raise ScenarioError([self.problem((1, 1), f"not YAML: {error}")]) from None
        if self._problems:
            raise ScenarioError(self._problems)
        return root

    def _document(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    raise ScenarioError([self.problem(_at(event), "a scenario is one document")])
                root = self._node(event, events, 0)
        if root is None:
            raise ScenarioError([self.problem((1, 1), "the file is empty")])
        return root

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise ScenarioError([self.problem(_at(event), f"nested deeper than {MAX_DEPTH} levels")])
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._problems.append(self.problem(_at(event), f"the tag {tag!r} is not read", "leave it away"))
        self._count(1, event)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            node = self._mapping(event, events, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _count(self, size: int, event: yaml.NodeEvent) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise ScenarioError([self.problem(_at(event), MAX_NODES_FACT)])

    def _alias(self, event: yaml.AliasEvent) -> Node:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            raise ScenarioError(
                [self.problem(_at(event), f"alias {event.anchor!r} stands before its anchor is complete")]
            )
        self._count(node.size, event)
        return node

    def _sequence(self, start: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        children: list[Node] = []
        while isinstance(event := next(events), yaml.NodeEvent):
            children.append(self._node(event, events, depth + 1))
        return Node(children, *_at(start), {}, 1 + sum(child.size for child in children), file=self.file)

    def _mapping(self, start: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        children: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        while isinstance(event := next(events), yaml.NodeEvent):
            self._node(event, events, depth + 1)
            at = _at(event)
            value_event = next(events)
            assert isinstance(value_event, yaml.NodeEvent)
            value = self._node(value_event, events, depth + 1)
            if not isinstance(event, yaml.ScalarEvent):
                self._problems.append(self.problem(at, "a key must be a plain word"))
            elif event.value in children:
                first = keys[event.value][0]
                self._problems.append(self.problem(at, f"key {event.value!r} is already given in line {first}"))
            else:
                children[event.value], keys[event.value] = value, at
        size = 1 + sum(child.size for child in children.values())
        return Node(children, *_at(start), keys, size, file=self.file)

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        text: str = event.value
        value: str | int | float | bool | None = text
        if event.style is None:  # quoted text is always text
            if text in _WORDS:
                value = _WORDS[text]
            elif _INT.fullmatch(text):
                value = int(text)
            elif _NOT_FINITE.fullmatch(text):
                self._problems.append(self.problem(_at(event), f"{text} is not a finite number"))
            elif _FLOAT.fullmatch(text):
                value = self._number(event, text)
        return Node(value, *_at(event), {}, 1, file=self.file)

    def _number(self, event: yaml.ScalarEvent, text: str) -> float:
        digits = text.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
            fact = f"{text} begins with a zero, which some read as octal"
            self._problems.append(self.problem(_at(event), fact, f"write {digits.lstrip('0') or '0'}, or quote it"))
        value = float(text)
        if value in (float("inf"), float("-inf")):
            self._problems.append(self.problem(_at(event), f"{text[:24]} is too large"))
        return value


def _at(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def frozen(value: object) -> object:
    """Return plain data with tuples for lists and read-only mappings.

    >>> frozen({"a": [1, 2]})
    mappingproxy({'a': (1, 2)})
    """
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return tuple(frozen(inner) for inner in value)
    return value
