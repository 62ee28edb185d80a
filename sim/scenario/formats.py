"""Formats of scenario files: which there are, and how the tree of an older one becomes one of the newest.

A step from one format to the next is a pure function over trees that keeps shape, order and places: errors are told
where they stand in the file, and a file is rewritten word by word (`sim.scenario.migration`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.yaml_tree import Node

VERSION: Final = "moonfleet"  #: The key that says which format a file has.

Way = tuple[str, ...]  #: Keys from the outermost mapping on; ``*`` is any key of it, or any item of a list.

_MATRIX: Final[Way] = ("matrix",)  # Its keys are ways, parted by dots, each to a list of values,
_SET: Final[Way] = ("variants", "*", "set")  # and those here each to one.
_NAMES: Final[tuple[Way, ...]] = (("variants", "*", "must_fail", "*"), ("expect-", "*"))  # Of expectations.


@dataclass(frozen=True, slots=True)
class Renaming:
    """A step by which keys get other names.

    Parameters
    ----------
    keys
        Way to a key by its old name, to its new name.
    """

    keys: Mapping[Way, str]

    def __call__(self, root: Node) -> Node:
        """Return the tree with the new names.

        Raises
        ------
        ScenarioError
            When a mapping has a key by its old and by its new name.
        """
        return self._renamed(root, ())

    def _renamed(self, node: Node, way: Way) -> Node:
        if isinstance(node.value, dict):
            if way == _MATRIX or _leads(_SET, way):
                return self._settings(node, is_matrix=way == _MATRIX)
            names = {key: self._name((*way, key)) for key in node.value}
            return _renamed(node, names, {k: self._renamed(child, (*way, k)) for k, child in node.value.items()})
        if isinstance(node.value, list):
            return replace(node, value=[self._renamed(item, (*way, "*")) for item in node.value])
        if isinstance(node.value, str) and any(_leads(names, way) for names in _NAMES):
            return replace(node, value=self._name(("expect", "*", node.value)))
        return node

    def _settings(self, node: Node, *, is_matrix: bool) -> Node:
        assert isinstance(node.value, dict)
        names, children = {}, {}
        for key, child in node.value.items():
            way = _way_of(key)
            names[key] = _key_of(tuple(self._name(way[: end + 1]) for end in range(len(way))))
            if is_matrix and isinstance(child.value, list):
                children[key] = replace(child, value=[self._renamed(value, way) for value in child.value])
            else:
                children[key] = self._renamed(child, way)
        return _renamed(node, names, children)

    def _name(self, way: Way) -> str:
        """Return how the last key of a way is called now."""
        bare = tuple(_bare(part) for part in way)
        found = next((new for old, new in self.keys.items() if _leads(old, bare)), None)
        return way[-1] if found is None else found + way[-1][len(bare[-1]) :]


def _leads(pattern: Way, way: Way) -> bool:
    return len(pattern) == len(way) and all(a in ("*", b) for a, b in zip(pattern, way, strict=True))


def _bare(part: str) -> str:
    """Return a key without the sign by which a file adds to what lies under it, or takes from it."""
    return part[:-1] if part[-1:] in ("+", "-") and len(part) > 1 else part


def _way_of(key: str) -> Way:
    """Return where a key of a setting leads; ``expect.collisions`` means the item that has that key."""
    parts = key.split(".")
    if parts[0] == "expect" and len(parts) > 1 and not parts[1].isdigit():
        return ("expect", "*", *parts[1:])
    return tuple(parts)


def _key_of(way: Way) -> str:
    return ".".join(part for part in way if part != "*")


def _renamed(node: Node, names: Mapping[str, str], children: Mapping[str, Node]) -> Node:
    """Return a mapping with other names and children, in its order."""
    for old, new in names.items():
        if old != new and new in names:
            line, column = node.keys[new]
            fact = f"{new!r} is what {old!r} is called since a later format; only one of them may be given"
            raise ScenarioError([Problem(file=node.file, line=line, column=column, fact=fact)])
    values = {new: children[old] for old, new in names.items()}
    return replace(node, value=values, keys={new: node.keys[old] for old, new in names.items()})


#: Where a rule for a place may stand.
_PLACES: Final[tuple[Way, ...]] = (
    ("places", "*"),
    ("rovers", "*", "place"),
    ("zones", "*", "circle", "centre"),
    *(("tasks", "*", key) for key in ("at", "from", "to", "bring_to")),
    ("tasks", "*", "circle", "centre"),
    ("faults", "*", "centre"),
)

#: From each format to the next.
STEPS: Final[Sequence[Callable[[Node], Node]]] = (
    Renaming(
        MappingProxyType(
            {
                **{(*place, "tilt_max_deg"): "max_tilt_deg" for place in _PLACES},
                **{(*place, "near_m"): "centre_m" for place in _PLACES},
                ("tasks", "*", "kg"): "total_kg",
                ("tasks", "*", "at_time"): "ordered_at",
                ("expect", "*", "faults"): "agents_broken",
                ("expect", "*", "expected_faults"): "broken",
            }
        )
    ),
)
NEWEST: Final = 1 + len(STEPS)


def format_of(root: Node) -> int | None:
    """Return the format that a tree says it has, where it is one that there is."""
    said = root.at(VERSION)
    number = said.value if said is not None else None
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= NEWEST:
        return None
    return number


def in_newest(root: Node, number: int) -> Node:
    """Return the tree of a file of some format as one of the newest.

    Raises
    ------
    ScenarioError
        When it cannot be.
    """
    for step in STEPS[number - 1 :]:
        root = step(root)
    said = root.at(VERSION)
    if number == NEWEST or said is None or not isinstance(root.value, dict):
        return root  # A part of a scenario says none.
    return replace(root, value={**root.value, VERSION: replace(said, value=NEWEST)})


def later_name(key: str) -> str | None:
    """Return what a key was called by a later format, if by any."""
    found = None
    for step in STEPS:
        if isinstance(step, Renaming):
            found = next((new for way, new in step.keys.items() if way[-1] == (found or key)), found)
    return found
