"""Ways in which a scenario may be made smaller: each yields smaller ones, the boldest first.

What they yield has fewer parts, or shorter times, or rounder numbers, so that taking one after another ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import floor, log10
from typing import Final

from sim.campaign.falsify.candidate import Candidate, seconds
from sim.scenario import Plain

Way = tuple[str | int, ...]
Reduction = Callable[[Candidate], Iterator[Candidate]]

_TIME: Final = re.compile(r"(\d+(\.\d+)?[smhd])+")
_STEPS: Final = (86400, 21600, 3600, 1800, 600, 300, 60, 30, 10)  #: Times are rounded to; seconds.
_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "m"))
_LEFT: Final = frozenset(("moonfleet", "start", "seed", "lat_deg", "lon_deg", "expect"))  # Rounder is not simpler.


def without_faults(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates with some of the added faults."""
    for kept in _parts(candidate.faults):
        yield replace(candidate, faults=kept)


def without_settings(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates with some of the settings."""
    for kept in _parts(list(candidate.settings.items())):
        yield replace(candidate, settings=dict(kept))


def without_items(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates without some items of a list or of named things: tasks, rovers, zones, places."""
    for way, node in _containers(candidate.tree):
        if isinstance(node, list):
            for kept in _parts(node):
                yield replace(candidate, tree=_with(candidate.tree, way, list(kept)))


def without_keys(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates without one key, of the tree or of an added fault."""
    for way, node in _containers(candidate.tree):
        if isinstance(node, dict):
            for key in node:
                rest = {name: value for name, value in node.items() if name != key}
                yield replace(candidate, tree=_with(candidate.tree, way, rest))
    for index, fault in enumerate(candidate.faults):
        for key in fault:
            if key not in ("at", "for"):  # Another time, or no end, is another fault and not a smaller one.
                yield _with_fault(candidate, index, {name: value for name, value in fault.items() if name != key})


def shorter(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates with a shorter mission, and with shorter faults."""
    for part in (0.25, 0.5, 0.75, 0.9):
        if (time := _cut(candidate.tree.get("duration"), part)) is not None:
            yield replace(candidate, tree={**candidate.tree, "duration": time})
    for index, fault in enumerate(candidate.faults):
        for part in (0.25, 0.5, 0.75):
            if (time := _cut(fault.get("for"), part)) is not None:
                yield _with_fault(candidate, index, {**fault, "for": time})


def rounder(candidate: Candidate) -> Iterator[Candidate]:
    """Yield candidates in which a number or a time is rounded down."""
    for index, fault in enumerate(candidate.faults):
        for key, value in fault.items():
            for found in _rounded(value):
                yield _with_fault(candidate, index, {**fault, key: found})
    for key, value in candidate.settings.items():
        for found in _rounded(value):
            yield replace(candidate, settings={**candidate.settings, key: found})
    for way, value in _leaves(candidate.tree):
        for found in _rounded(value):
            yield replace(candidate, tree=_with(candidate.tree, way, found))


REDUCTIONS: Final[tuple[Reduction, ...]] = (
    without_faults,
    without_settings,
    without_items,
    shorter,
    without_keys,
    rounder,
)


def _parts(items: Sequence[Plain] | Sequence[Mapping[str, Plain]] | Sequence[object]) -> Iterator[list]:  # type: ignore[type-arg]
    """Yield the items without the whole, each half, each quarter and so on.

    Source
    ------
    Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Trans. Softw. Eng. 28(2), 2002: the
    complements of ddmin.
    """
    size = len(items)
    while size:
        for begin in range(0, len(items), size):
            yield [*items[:begin], *items[begin + size :]]
        size //= 2


def _with_fault(candidate: Candidate, index: int, fault: Mapping[str, Plain]) -> Candidate:
    return replace(candidate, faults=[*candidate.faults[:index], fault, *candidate.faults[index + 1 :]])


def _containers(tree: Mapping[str, Plain]) -> Iterator[tuple[Way, Plain]]:
    """Yield what holds something else, the outermost first."""
    level: list[tuple[Way, Plain]] = [((), dict(tree))]
    while level:
        yield from level
        level = [
            ((*way, key), child)
            for way, node in level
            for key, child in _children(node)
            if isinstance(child, dict) or (isinstance(child, list) and any(isinstance(item, dict) for item in child))
        ]


def _children(node: Plain) -> Iterator[tuple[str | int, Plain]]:
    if isinstance(node, dict):
        yield from node.items()
    elif isinstance(node, list):
        yield from enumerate(node)


def _leaves(node: Plain | Mapping[str, Plain], way: Way = ()) -> Iterator[tuple[Way, Plain]]:
    if isinstance(node, dict):
        for key, child in node.items():
            if key not in _LEFT:
                yield from _leaves(child, (*way, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _leaves(child, (*way, index))
    else:
        assert not isinstance(node, Mapping)
        yield way, node


def _with(node: Mapping[str, Plain] | Plain, way: Way, value: Plain) -> dict[str, Plain]:
    """Return a tree with another value where a way leads."""
    found = _replaced(dict(node) if isinstance(node, Mapping) else node, way, value)
    assert isinstance(found, dict)
    return found


def _replaced(node: Plain, way: Way, value: Plain) -> Plain:
    if not way:
        return value
    key, rest = way[0], way[1:]
    if isinstance(node, dict) and isinstance(key, str):
        return {**node, key: _replaced(node[key], rest, value)}
    assert isinstance(node, list)
    assert isinstance(key, int)
    return [*node[:key], _replaced(node[key], rest, value), *node[key + 1 :]]


def _cut(value: Plain, part: float) -> Plain:
    """Return a part of a time, in whole seconds of at least one; None when that is not shorter."""
    if value is None:
        return None
    before = seconds(value)
    after = max(1, int(before * part))
    return time_text(after) if after < before else None


def _rounded(value: Plain) -> Iterator[Plain]:
    """Yield rounder values that are nearer to zero, the roundest first."""
    if isinstance(value, bool):
        return
    if isinstance(value, str) and _TIME.fullmatch(value):
        before = seconds(value)
        for step in _STEPS:
            if 0 < (whole := floor(before / step) * step) < before:
                yield time_text(whole)
    elif isinstance(value, int | float) and value:
        for digits in (1, 2):
            after = _significant(value, digits)
            if after != value:
                yield after


def _significant(value: float, digits: int) -> float:
    """Return a number cut to so many digits, towards zero.

    >>> _significant(2347, 2), _significant(-0.0468, 1)
    (2300, -0.04)
    """
    places = digits - 1 - floor(log10(abs(value)))
    scaled = floor(round(abs(value) * 10.0**places, 6))
    found = round(scaled / 10.0**places, max(0, places))
    signed = found if value > 0 else -found
    return int(signed) if isinstance(value, int) else signed


def time_text(whole: float) -> str:
    """Return whole seconds as a scenario file has them.

    >>> time_text(90), time_text(7200), time_text(0)
    ('90s', '2h', '0s')
    """
    for size, unit in _UNITS:
        if whole and whole % size == 0:
            return f"{int(whole // size)}{unit}"
    return f"{int(whole)}s"
