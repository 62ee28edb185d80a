"""Whether what is said of orders can be: whom they are for exists, when lies within the mission, where on the map."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from shapely import Point as Spot
from shapely import Polygon, box

from fleet.core import GROUND, AgencyId, Point, TaskId
from fleet.messages import MOST_CLOSED, MOST_SUSPENDED, Law
from sim.scenario.order_schema import (
    CancelItem,
    CloseItem,
    LastingOrder,
    OpenItem,
    OrderItem,
    PauseItem,
    ResumeItem,
    RoversOrder,
    TasksOrder,
    WithdrawItem,
)
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.yaml_tree import Loc, YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """Whom, where and when orders can be about."""

    agency_of: Mapping[str, str]  #: Of every rover.
    duration: float  #: Seconds of the mission.
    zones: Collection[str]  #: Names of ground that closed ground may not have.
    tasks: Mapping[TaskId, AgencyId]  #: Whose work each task is.
    law: Law  #: Who may pause and cancel work of whom.


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The ground that can be closed."""

    half: tuple[float, float]  #: Metres from the middle of the map to its borders, in x and y.
    standing: Mapping[str, tuple[Point, float]]  #: Place and radius of machines that cannot drive.


def order_problems(yaml: YamlFile, loc: Loc, item: OrderItem, theatre: Theatre) -> Iterator[Problem]:
    """Yield what is wrong with an order whose every key is right by itself.

    Parameters
    ----------
    loc
        Where it stands in the file.
    theatre
        Who and what there is.
    """
    if item.at >= theatre.duration:
        fact = f"at ({item.at:g} s) lies after the end of the mission ({theatre.duration:g} s)"
        yield yaml.problem_at((*loc, "at"), fact)
    agencies = set(theatre.agency_of.values())
    match item:
        case RoversOrder():
            named = [((*loc, "rover"), item.rover)] if item.rover is not None else []
            if isinstance(item.rovers, list):
                named += [((*loc, "rovers", index), name) for index, name in enumerate(item.rovers)]
            for at, name in named:
                if name not in theatre.agency_of:
                    yield yaml.problem_at(at, f"there is no rover {name!r}", did_you_mean(name, theatre.agency_of))
            for key, agency in (("agency", item.agency), ("by", item.by)):
                if agency is not None and agency not in agencies:
                    fact = f"no agency {agency!r} has a rover"
                    yield yaml.problem_at((*loc, key), fact, did_you_mean(agency, agencies))
        case TasksOrder():
            yield from _tasks_problems(yaml, loc, item, theatre)
        case WithdrawItem() if item.agency not in agencies:
            fact = f"no agency {item.agency!r} has a rover"
            yield yaml.problem_at((*loc, "agency"), fact, did_you_mean(item.agency, agencies))
        case CloseItem() if item.zone in theatre.zones:
            fact = f"{item.zone!r} is a zone, a place or a crater of the map"
            yield yaml.problem_at((*loc, "zone"), fact, "give closed ground a name of its own")


def _tasks_problems(yaml: YamlFile, loc: Loc, item: TasksOrder, theatre: Theatre) -> Iterator[Problem]:
    agencies = set(theatre.agency_of.values())
    if item.by is not None and item.by not in agencies:
        fact = f"no agency {item.by!r} has a rover"
        yield yaml.problem_at((*loc, "by"), fact, did_you_mean(item.by, agencies))
    for at, name in _named(loc, item):
        agency = theatre.tasks.get(TaskId(name))
        if agency is None:
            yield yaml.problem_at(at, f"there is no task {name!r}", did_you_mean(name, theatre.tasks))
            continue
        ruling = theatre.law.of_suspension(item.by or GROUND, agency)
        if ruling.rule != "allow":
            yield yaml.problem_at(at, f"{name}: {ruling.why}", "give that right in the rights table")


def _named(loc: Loc, item: TasksOrder) -> list[tuple[Loc, str]]:
    """Return the tasks that an order is about, and where each is named."""
    if item.task is not None:
        return [((*loc, "task"), item.task)]
    return [((*loc, "tasks", place), name) for place, name in enumerate(item.tasks or ())]


def _in_time(items: Collection[OrderItem]) -> list[tuple[int, OrderItem]]:
    """Return orders as they will be given, each with where it stands."""
    return sorted(enumerate(items), key=lambda pair: (pair[1].at, pair[0]))


def suspension_problems(
    yaml: YamlFile, loc: Loc, items: Collection[OrderItem], before: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield orders to go on with what none before in time pauses, and more suspensions than one bulletin can say.

    Parameters
    ----------
    before
        Tasks that were paused or cancelled already.
    """
    known = set(before)
    for index, item in _in_time(items):
        if isinstance(item, PauseItem | CancelItem):
            known |= {name for _, name in _named((), item)}
            if len(known) > MOST_SUSPENDED:
                fact = f"{MOST_SUSPENDED} tasks were paused or cancelled already"
                yield yaml.problem_at((*loc, index), fact, "have an agency withdraw, or rovers stand")
                return
        elif isinstance(item, ResumeItem):
            for at, name in _named((*loc, index), item):
                if name not in known:
                    yield yaml.problem_at(at, f"{name!r} is not paused then", did_you_mean(name, known))


def zone_problems(
    yaml: YamlFile, loc: Loc, items: Collection[OrderItem], before: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield orders to open ground that none before in time closes, and to close more than one bulletin can say.

    Parameters
    ----------
    before
        Names that closed ground has had already.
    """
    closed = set(before)
    for index, item in _in_time(items):
        if isinstance(item, CloseItem):
            closed.add(item.zone)
            if len(closed) > MOST_CLOSED:
                fact = f"closed ground has {MOST_CLOSED} names already"
                yield yaml.problem_at((*loc, index, "zone"), fact, "use one of them for another place")
                return
        elif isinstance(item, OpenItem) and item.zone not in closed:
            fact = f"there is no closed ground {item.zone!r} then"
            yield yaml.problem_at((*loc, index, "zone"), fact, did_you_mean(item.zone, closed))


def ground_problems(yaml: YamlFile, loc: Loc, item: OrderItem, site: Site) -> Iterator[Problem]:
    """Yield what is wrong with where ground is to be closed."""
    if not isinstance(item, CloseItem):
        return
    where, zone = (*loc, "polygon_m"), Polygon(item.polygon_m)
    x, y = site.half
    whole = box(-x, -y, x, y)
    if not zone.intersects(whole):
        yield yaml.problem_at(where, f"{item.zone} lies off the map, which reaches to ({x:g}, {y:g})")
    elif zone.covers(whole):
        yield yaml.problem_at(where, f"{item.zone} covers the whole map: nobody could go anywhere", "leave some open")
    if item.inside == "leave":
        for name, (place, radius) in site.standing.items():
            if zone.distance(Spot(place)) < radius:
                fact = f"{name} stands in {item.zone} and cannot drive out of it"
                yield yaml.problem_at(where, fact, "close less, or say inside: stop")


def lasts(item: OrderItem) -> float | None:
    """Return after how many seconds from its beginning an order ends by itself; None when it does not."""
    if not isinstance(item, LastingOrder):
        return None
    return item.for_ if item.for_ is not None else item.until - item.at if item.until is not None else None
