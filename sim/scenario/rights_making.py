"""The rights table of a file: what is wrong with it, and what it becomes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import product

from fleet.core import GROUND
from fleet.messages import ALL, DEEDS, LEADER, Deed, Right
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.rights_schema import RightItem
from sim.scenario.yaml_tree import Loc, YamlFile

_ASKED = ("task", "stop")  # Only there the rover whose mind is asked is the one that would do it.
_OFFICES = (LEADER, GROUND)


def rights_of(items: Iterable[RightItem]) -> tuple[Right, ...]:
    """Return the lines that items stand for, in order."""
    return tuple(
        Right(who=who, what=what, whose=whose, rule=item.rule, reason=item.reason)
        for item in items
        for who, what, whose in product(_names(item.who), _deeds(item), _names(item.whose))
    )


def rights_problems(yaml: YamlFile, items: Iterable[RightItem], agencies: Collection[str]) -> Iterator[Problem]:
    """Yield names that no agency has, and lines that can never count.

    Parameters
    ----------
    agencies
        Ids of all.
    """
    for index, item in enumerate(items):
        loc: Loc = ("rights", index)
        deeds = _deeds(item)
        for key, known in (("who", (*agencies, ALL, *_OFFICES)), ("whose", (*agencies, ALL))):
            value = getattr(item, key)
            for place, name in enumerate(_names(value)):
                if name not in known:
                    at = (*loc, key, place) if isinstance(value, list) else (*loc, key)
                    yield yaml.problem_at(at, f"there is no agency {name!r}", did_you_mean(name, known))
        offices = [who for who in _names(item.who) if who in _OFFICES]
        if offices and deeds != ("stop",):
            fact = f"{offices[0]} gives orders to stop, and only that; all else is done for an agency"
            yield yaml.problem_at((*loc, "who"), fact, "name the agency whose work it is")
        if item.rule == "ask" and (others := [deed for deed in deeds if deed not in _ASKED]):
            fact = f"{others[0]} cannot be asked for: only task and stop are answered by the rover's mind"
            yield yaml.problem_at((*loc, "rule"), fact, "say allow or refuse")
        if isinstance(item.who, str) and item.who == item.whose and item.who != ALL:
            fact = f"{item.who} always has the say over its own rovers"
            yield yaml.problem_at((*loc, "who"), fact, "leave this line out")


def reserved(agencies: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield those agencies, by place in the file, whose ids mean something else in a rights table."""
    return ((index, name) for index, name in enumerate(agencies) if name in (ALL, *_OFFICES))


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _deeds(item: RightItem) -> tuple[Deed, ...]:
    if isinstance(item.what, list):
        return tuple(item.what)
    return DEEDS if item.what == "all" else (item.what,)
