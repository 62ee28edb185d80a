"""Conditions asked of the present, and told in words."""

from __future__ import annotations

from sim.scenario.condition_schema import EACH, SUBJECTS, Bounds, Condition
from sim.verdict.signals import Present, Value


def holds(condition: Condition, now: Present) -> bool:
    """Whether a condition is so; one about what is not there is not."""
    if condition.all is not None:
        return all(holds(inner, now) for inner in condition.all)
    if condition.any is not None:
        return any(holds(inner, now) for inner in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, now)
    signal = signal_of(condition)
    value, wanted = now.value(signal, condition), getattr(condition, signal)
    return value is not None and _fits(value, wanted)


def _fits(value: Value, wanted: object) -> bool:
    if isinstance(wanted, Bounds):
        assert isinstance(value, int | float)
        low, high = wanted.at_least, wanted.at_most
        return (low is None or value >= low) and (high is None or value <= high)
    return value in wanted if isinstance(wanted, list) else value == wanted


def signal_of(condition: Condition) -> str:
    """Return the signal that a condition asks for."""
    return next(key for key in condition.given if key in SUBJECTS)


def told(condition: Condition) -> str:
    """Return a condition in words.

    >>> told(Condition(rover="scout", battery_percent=Bounds(at_least=20)))
    'battery_percent of scout at least 20'
    """
    if condition.all is not None:
        return f"({' and '.join(told(inner) for inner in condition.all)})"
    if condition.any is not None:
        return f"({' or '.join(told(inner) for inner in condition.any)})"
    if condition.not_ is not None:
        return f"not {told(condition.not_)}"
    signal = signal_of(condition)
    return f"{_whose(signal, condition)} {_wanted(getattr(condition, signal))}"


def value_told(condition: Condition, now: Present) -> str:
    """Return what is so instead, of every signal in a condition."""
    inner = [*(condition.all or ()), *(condition.any or ()), *([condition.not_] if condition.not_ is not None else [])]
    if inner:
        return ", ".join(dict.fromkeys(value_told(part, now) for part in inner))
    signal = signal_of(condition)
    value = now.value(signal, condition)
    shown = "unknown" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value).lower()
    return f"{_whose(signal, condition)} is {shown}"


def rover_of(condition: Condition) -> str | None:
    """Return the first rover that a condition speaks of."""
    inner = [*(condition.all or ()), *(condition.any or ()), *([condition.not_] if condition.not_ is not None else [])]
    found = [rover for part in inner if (rover := rover_of(part)) is not None]
    return condition.rover or (found[0] if found else None)


def speaks_of_each(condition: Condition) -> bool:
    """Whether a condition is about every rover by itself."""
    inner = [*(condition.all or ()), *(condition.any or ()), *([condition.not_] if condition.not_ is not None else [])]
    return EACH in (condition.rover, condition.other) or any(speaks_of_each(part) for part in inner)


def with_rover(condition: Condition, rover: str) -> Condition:
    """Return the condition about one rover."""
    changes: dict[str, object] = {}
    for key in ("rover", "other"):
        if getattr(condition, key) == EACH:
            changes[key] = rover
    for key in ("all", "any"):
        if getattr(condition, key) is not None:
            changes[key] = [with_rover(part, rover) for part in getattr(condition, key)]
    if condition.not_ is not None:
        changes["not_"] = with_rover(condition.not_, rover)
    return condition.model_copy(update=changes)


def _whose(signal: str, condition: Condition) -> str:
    names = [name for name in (condition.rover, condition.other, condition.task, condition.stock) if name is not None]
    return f"{signal} of {' and '.join(names)}" if names else signal


def _wanted(wanted: object) -> str:
    if isinstance(wanted, Bounds):
        low, high = wanted.at_least, wanted.at_most
        words = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
        return " and ".join(word for word in words if word)
    return " or ".join(wanted) if isinstance(wanted, list) else str(wanted).lower()
