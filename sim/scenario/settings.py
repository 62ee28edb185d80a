"""Keys of a scenario set from outside its file, such as ``radio.loss_percent=20``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from sim.scenario.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.yaml_tree import Node, Plain, YamlFile

Settings = Mapping[str, Plain]  #: Key in the file, its parts parted by dots, to value.

_ELSEWHERE = {
    "seed": "the seed is not set as a key; say --seed or --seeds, or seeds in the file",
    "moonfleet": "the version of the format is not to be changed",
}


def read_setting(text: str) -> tuple[str, list[Plain]]:
    """Return key and values of ``key=value,value``; the values are YAML as in a scenario file.

    Raises
    ------
    ScenarioError
        When it has no key, no value, one value twice, or is no YAML.

    >>> read_setting("radio.loss_percent=0,2.5")
    ('radio.loss_percent', [0, 2.5])
    >>> read_setting("rovers.micro-1.place={at_m: [3, 4]}")
    ('rovers.micro-1.place', [{'at_m': [3, 4]}])
    """
    key, equals, values = text.partition("=")
    key = key.strip()
    if not equals or not key:
        raise _error(f"--set {text}", "is not KEY=VALUE", "such as radio.loss_percent=0,5,10")
    if key in _ELSEWHERE:
        raise _error(f"--set {text}", _ELSEWHERE[key])
    tree = YamlFile(f"--set {key}", f"[{values}]").root.plain()
    assert isinstance(tree, list)
    if not tree:
        raise _error(f"--set {text}", "has no value")
    for number, value in enumerate(tree):
        # True == 1, but they are not the same setting.
        if any(repr(value) == repr(other) for other in tree[:number]):
            raise _error(f"--set {text}", f"gives the value {value!r} twice")
    return key, tree


def setting_text(key: str, value: Plain) -> str:
    """Return a setting as `read_setting` reads it.

    >>> setting_text("rovers.micro-1.place", {"at_m": [3, 4]}), setting_text("duration", "15m")
    ('rovers.micro-1.place={at_m: [3, 4]}', 'duration=15m')
    """
    return f"{key}={flow(value)}"


def apply_settings(yaml: YamlFile, settings: Settings, origins: Mapping[str, str] = MappingProxyType({})) -> YamlFile:
    """Return the file as if it said so under each key.

    Parts of a key name keys of mappings and items of lists: by ``id``, by the one key that an item has (``expect``), by
    the id that a fault or an order of this place gets (``silent-2``), or by number from 1.

    Parameters
    ----------
    origins
        What is named when a setting is wrong; else ``--set KEY=VALUE``.

    Raises
    ------
    ScenarioError
        When a key leads nowhere. What the schema does not know is found when the file is checked.
    """
    root = yaml.root
    for key, value in settings.items():
        origin = origins.get(key) or f"--set {setting_text(key, value)}"
        if key in _ELSEWHERE:
            raise _error(origin, _ELSEWHERE[key])
        root = _placed(root, key.split("."), value, origin)
    return yaml.with_root(root, tuple(setting_text(key, value) for key, value in settings.items()))


def _placed(node: Node, parts: Sequence[str], value: Plain, origin: str) -> Node:
    """Return a tree like `node` with a value where the parts lead; mappings on the way are made."""
    if not parts:
        return _as_node(value, node, origin)
    part, rest = parts[0], parts[1:]
    if node.value is None:
        node = replace(node, value={}, origin=origin)
    if isinstance(node.value, dict):
        empty = Node(None, node.line, node.column, {}, 1, origin)
        child = _placed(node.value.get(part, empty), rest, value, origin)
        keys = {part: (node.line, node.column), **node.keys}
        return replace(node, value={**node.value, part: child}, keys=keys)
    if isinstance(node.value, list):
        index = _index(node.value, part, origin)
        item = node.value[index]
        # An item with this one key: `expect.collisions` means its value.
        inner = parts if _only_key(item) == part else rest
        child = _placed(item, inner, value, origin)
        return replace(node, value=[*node.value[:index], child, *node.value[index + 1 :]])
    raise _error(origin, f"there are no keys under {node.value!r}, so none is called {part!r}")


def _index(items: Sequence[Node], part: str, origin: str) -> int:
    names = [names_of(item, number) for number, item in enumerate(items, start=1)]
    found = [index for index, own in enumerate(names) if part in own]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(index + 1) for index in found)
        raise _error(origin, f"{part!r} is more than one item", f"give its number: one of {numbers}")
    known = [own[0] for own in names]
    raise _error(origin, f"there is no item {part!r}", did_you_mean(part, known) or f"or a number, 1 to {len(items)}")


def names_of(item: Node, number: int) -> list[str]:
    """Return what an item of a list may be called: by its id, its one key, as a fault, by its number from 1."""
    found = [child.value for child in (item.at("id"),) if child is not None]
    only = _only_key(item)
    if only is not None:
        found.append(only)
    found += [f"{kind.value}-{number}" for key in ("fault", "order") if (kind := item.at(key)) is not None]
    return [*(str(name) for name in found), str(number)]


def _only_key(item: Node) -> str | None:
    return next(iter(item.value)) if isinstance(item.value, dict) and len(item.value) == 1 else None


def _as_node(value: Plain, at: Node, origin: str) -> Node:
    if isinstance(value, dict):
        children = {key: _as_node(child, at, origin) for key, child in value.items()}
        size = 1 + sum(child.size for child in children.values())
        return Node(children, at.line, at.column, dict.fromkeys(children, (at.line, at.column)), size, origin)
    if isinstance(value, list):
        items = [_as_node(child, at, origin) for child in value]
        return Node(items, at.line, at.column, {}, 1 + sum(item.size for item in items), origin)
    return Node(value, at.line, at.column, {}, 1, origin)


def flow(value: Plain) -> str:
    """Return a value as YAML in one line, plain where it can be."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(child) for child in value) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return value if _is_plain(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def _is_plain(text: str) -> bool:
    """Whether a text reads as itself in a flow without quotes."""
    if not text or not text[0].isalnum() or any(not (char.isalnum() or char in "_.:-/+") for char in text):
        return False
    try:
        return YamlFile("", f"[{text}]").root.plain() == [text]
    except ScenarioError:
        return False


def _error(place: str, fact: str, remedy: str = "") -> ScenarioError:
    return ScenarioError([Problem(file=place, line=0, column=0, fact=fact, remedy=remedy)])
