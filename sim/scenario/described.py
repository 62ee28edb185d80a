"""What a model's source says under each key: read for the JSON Schema only, since a run has no use for it."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from inspect import cleandoc, getsource
from itertools import pairwise


def said_of_keys(model: type) -> dict[str, str]:
    """Return the docstring of each attribute of a class, those of its bases included.

    Notes
    -----
    Pydantic would do it too (``use_attribute_docstrings``), whenever the class is made: each command would read the
    sources of all models when it starts, which takes it a sixth of a second.

    Examples
    --------
    >>> from sim.scenario.place_schema import At
    >>> said_of_keys(At)
    {'at_m': 'x and y in the site frame, whose origin is the middle of the map.'}
    """
    said: dict[str, str] = {}
    for each in reversed(model.__mro__):
        said |= _by_class(each.__module__).get(each.__name__, {}) if each.__module__.startswith("sim.") else {}
    return said


@lru_cache(maxsize=64)
def _by_class(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(getsource(sys.modules[module]))
    return {each.name: _said(each) for each in tree.body if isinstance(each, ast.ClassDef)}


def _said(of: ast.ClassDef) -> dict[str, str]:
    return {
        key.target.id: cleandoc(text.value.value)
        for key, text in pairwise(of.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
