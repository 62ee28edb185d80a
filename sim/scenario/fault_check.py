"""Whether what a file says of faults can be: whom they befall exists, and when lies within the mission."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.fault_schema import FaultItem, ObstacleItem, PartitionItem, RadioJamItem, RoverFault, WordFault
from sim.scenario.place_schema import At, PlaceRef
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.yaml_tree import Loc, YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Whom, where and when faults can befall."""

    agency_of: Mapping[str, str]  #: Of every rover.
    places: Collection[str]  #: Named ones.
    duration: float  #: Seconds of the mission.


def fault_problems(yaml: YamlFile, loc: Loc, item: FaultItem, cast: Cast) -> Iterator[Problem]:
    """Yield what is wrong with a fault whose every key is right by itself.

    Parameters
    ----------
    loc
        Where it stands in the file.
    cast
        Who and what there is.
    """
    agency_of, places, duration = cast.agency_of, cast.places, cast.duration
    last = item.window[1]
    if last >= duration:
        key = "at" if item.at is not None else "from" if item.from_ is not None else "between"
        fact = f"{key} ({last:g} s) lies after the end of the mission ({duration:g} s)"
        yield yaml.problem_at((*loc, key), fact)
    match item:
        case RoverFault():
            yield from _whom(yaml, loc, item, agency_of)
        case WordFault():
            yield from _unknown(yaml, (*loc, "rovers"), item.rovers or (), agency_of)
        case RadioJamItem() | ObstacleItem():
            yield from _centre(yaml, (*loc, "centre"), item.centre, (*agency_of, *places))
        case PartitionItem():
            yield from _groups(yaml, loc, item, agency_of)


def _unknown(yaml: YamlFile, loc: Loc, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    rovers = list(known)
    for index, name in enumerate(names):
        if name not in rovers:
            yield yaml.problem_at((*loc, index), f"there is no rover {name!r}", did_you_mean(name, rovers))


def _whom(yaml: YamlFile, loc: Loc, item: RoverFault, agency_of: Mapping[str, str]) -> Iterator[Problem]:
    rovers = list(agency_of)
    if item.rover is not None and item.rover not in rovers:
        yield yaml.problem_at((*loc, "rover"), f"there is no rover {item.rover!r}", did_you_mean(item.rover, rovers))
    if isinstance(item.rovers, list):
        yield from _unknown(yaml, (*loc, "rovers"), item.rovers, rovers)
    agencies = set(agency_of.values())
    if item.agency is not None and item.agency not in agencies:
        fact = f"no agency {item.agency!r} has a rover"
        yield yaml.problem_at((*loc, "agency"), fact, did_you_mean(item.agency, agencies))
    named = len(rovers)
    if isinstance(item.rovers, list):
        named = len(set(item.rovers))
    elif item.agency is not None:
        named = sum(agency == item.agency for agency in agency_of.values())
    if item.count is not None and item.count > named:
        yield yaml.problem_at((*loc, "count"), f"{item.count} rovers cannot be drawn from {named}")


def _centre(yaml: YamlFile, loc: Loc, centre: PlaceRef, known: Iterable[str]) -> Iterator[Problem]:
    if isinstance(centre, str):
        names = list(known)
        if centre not in names:
            yield yaml.problem_at(loc, f"there is no place or rover {centre!r}", did_you_mean(centre, names))
    elif not isinstance(centre, At):
        yield yaml.problem_at(loc, "the centre is a name or a point", "give the rule a name under places")


def _groups(yaml: YamlFile, loc: Loc, item: PartitionItem, agency_of: Mapping[str, str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, group in enumerate(item.groups):
        yield from _unknown(yaml, (*loc, "groups", index), group, agency_of)
        for place, name in enumerate(group):
            if name in seen:
                yield yaml.problem_at((*loc, "groups", index, place), f"{name!r} is in a group already")
            seen.add(name)
    if len(item.groups) == 1 and seen >= set(agency_of):
        yield yaml.problem_at((*loc, "groups"), "one group of all rovers parts nobody", "leave some out")
