"""Whether a plugin can be called as its port does, seen before it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from sim.proving.notes import Notes


def fits(make: Callable[..., Any], notes: Notes, *, made_with: int, methods: Mapping[str, int]) -> bool:
    """Return whether a plugin takes what its port gives it; note what does not.

    Parameters
    ----------
    make
        What the plugin names. Methods are seen when it is a class.
    made_with
        Arguments with which it is made.
    methods
        Each method that the port calls, with its number of arguments.
    """
    notes.judge("signature")
    calls = [("it", make, made_with)]
    if isinstance(make, type):
        calls += [(f"{name}()", getattr(make, name), 1 + count) for name, count in methods.items()]
    taken = [_takes(name, call, count, notes) for name, call, count in calls]
    return all(taken)


def _takes(name: str, call: Callable[..., Any], count: int, notes: Notes) -> bool:
    if inspect.iscoroutinefunction(call):
        notes.breach("signature", f"{name} is async, so that nobody gets its answer")
        return False
    try:
        inspect.signature(call).bind(*range(count))
    except (TypeError, ValueError) as error:
        notes.breach("signature", f"{name} cannot be called as the port does: {error}")
        return False
    return True
