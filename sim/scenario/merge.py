"""How one tree of a scenario file is laid over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sim.scenario.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.settings import names_of
from sim.scenario.yaml_tree import Loc, Node


def merged(under: Node, over: Node) -> Node:
    """Return a tree as if `over` were said after `under`.

    Mappings are merged key by key. Lists whose items all have an ``id`` are merged by it: an item with a known id is
    merged into that one, others are appended. Everything else is replaced. ``KEY: null`` takes a key away, ``KEY+``
    appends to a list, ``KEY-`` takes items away, by their id or their one key.

    Raises
    ------
    ScenarioError
        When something is to be appended to, or taken from, what is no list or does not have it, or when `over` has
        an id twice.
    """
    if isinstance(over.value, dict):
        return _mappings(under if isinstance(under.value, dict) else replace(over, value={}, keys={}), over)
    if isinstance(under.value, list) and isinstance(over.value, list) and _ids(under) and _ids(over):
        return _by_id(under, over)
    return over


def _mappings(under: Node, over: Node) -> Node:
    assert isinstance(under.value, dict)
    assert isinstance(over.value, dict)
    values, keys = dict(under.value), dict(under.keys)
    for key, node in over.value.items():
        name = key[:-1] if key[-1:] in ("+", "-") and len(key) > 1 else key
        before = values.get(name)
        found: Node | None
        if key == name:
            found = merged(before, node) if before is not None else _alone(node)
        else:
            found = _appended(name, before, node) if key.endswith("+") else _without(name, before, node)
        values.pop(name, None)
        keys.pop(name, None)
        if found is not None and found.value is not None:
            values[name], keys[name] = found, over.keys[key]
    order = [*(key for key in under.value if key in values), *(key for key in values if key not in under.value)]
    return _with(over, {key: values[key] for key in order}, {key: keys[key] for key in order})


def _alone(node: Node) -> Node:
    """Return what is laid over nothing."""
    return _mappings(replace(node, value={}, keys={}), node) if isinstance(node.value, dict) else node


def _with(node: Node, values: dict[str, Node], keys: dict[str, tuple[int, int]]) -> Node:
    return replace(node, value=values, keys=keys, size=1 + sum(child.size for child in values.values()))


def _list(node: Node, items: Sequence[Node]) -> Node:
    return replace(node, value=list(items), size=1 + sum(item.size for item in items))


def _items(name: str, before: Node | None, node: Node) -> list[Node]:
    if before is None:
        return []
    if not isinstance(before.value, list):
        raise _wrong(node, f"{name} is no list, so nothing is added to it or taken from it")
    return before.value


def _appended(name: str, before: Node | None, node: Node) -> Node:
    if not isinstance(node.value, list):
        raise _wrong(node, f"{name}+ must be a list")
    return _list(node, [*_items(name, before, node), *node.value])


def _without(name: str, before: Node | None, node: Node) -> Node | None:
    items = _items(name, before, node)
    wanted = node.value if isinstance(node.value, list) else [node]
    for away in wanted:
        known = [set(names_of(item, number)) for number, item in enumerate(items, start=1)]
        if all(away.value not in names for names in known):
            raise _wrong(away, f"{name} has no item {away.value!r}", did_you_mean(str(away.value), set().union(*known)))
    gone = {item.value for item in wanted if isinstance(item.value, str | int)}
    kept = [item for number, item in enumerate(items, start=1) if gone.isdisjoint(names_of(item, number))]
    return _list(before, kept) if before is not None else None


def _ids(node: Node) -> bool:
    return isinstance(node.value, list) and all(_id(item) is not None for item in node.value)


def _id(item: Node) -> str | None:
    found = item.at("id")
    return found.value if found is not None and isinstance(found.value, str) else None


def _by_id(under: Node, over: Node) -> Node:
    assert isinstance(under.value, list)
    assert isinstance(over.value, list)
    items = list(under.value)
    places = {_id(item): index for index, item in enumerate(items)}
    said: dict[str | None, int] = {}
    for item in over.value:
        if _id(item) in said:
            raise _wrong(item, f"{_id(item)!r} is already an id in line {said[_id(item)]}")
        said[_id(item)] = item.line
        place = places.get(_id(item))
        if place is None:
            items.append(_alone(item))
        else:
            items[place] = merged(items[place], item)
    return _list(over, items)


def _wrong(node: Node, fact: str, remedy: str = "") -> ScenarioError:
    return ScenarioError([Problem(file=node.file, line=node.line, column=node.column, fact=fact, remedy=remedy)])


def changed(node: Node, loc: Loc, change: Callable[[str], str]) -> Node:
    """Return a tree with the text changed to which `loc` leads; the same tree, where it leads to none."""
    if not loc:
        return replace(node, value=change(node.value)) if isinstance(node.value, str) else node
    key = str(loc[0])
    child = node.at(key)
    if child is None or not isinstance(node.value, dict):
        return node
    return replace(node, value={**node.value, key: changed(child, loc[1:], change)})
