"""Rules about which keys of a mapping are given, as JSON Schema; a key that says null is not given."""

from __future__ import annotations

from itertools import combinations
from typing import Any


def given(key: str) -> dict[str, Any]:
    """Return what holds of a mapping in which a key is given."""
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def exactly_one(*keys: str) -> dict[str, Any]:
    """Return what holds of a mapping in which one of the keys is given."""
    return {"oneOf": [given(key) for key in keys]}


def one_or_more(*keys: str) -> dict[str, Any]:
    """Return what holds of a mapping in which any of the keys is given."""
    return {"anyOf": [given(key) for key in keys]}


def at_most_one(*keys: str) -> dict[str, Any]:
    """Return what holds of a mapping in which no two of the keys are given."""
    return {"not": {"anyOf": [{"allOf": [given(one), given(other)]} for one, other in combinations(keys, 2)]}}
