"""Which parts of a scenario file speak of which others."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from fleet.core import AgencyId, TaskId
from sim.scenario.place_schema import Inside, Near, PlaceRef, Shape
from sim.scenario.schema import ScenarioFile
from sim.scenario.task_schema import (
    Deploy,
    Film,
    Haul,
    Image,
    Measure,
    Relay,
    Sample,
    Survey,
    TaskItem,
    TowOther,
    WaitThere,
)
from sim.scenario.yaml_tree import Loc


def _of_shape(loc: Loc, shape: Shape) -> Iterator[tuple[Loc, PlaceRef]]:
    if shape.circle is not None:
        yield (*loc, "circle", "centre"), shape.circle.centre


def task_places(index: int, task: TaskItem) -> Iterator[tuple[Loc, PlaceRef]]:
    """Yield every place that a task names, and where in the file."""
    loc: Loc = ("tasks", index)
    match task:
        case Deploy():
            yield (*loc, "from"), task.from_
            yield (*loc, "at"), task.at
        case TowOther():
            yield (*loc, "to"), task.to
        case Haul():
            yield (*loc, "from"), task.from_
            yield (*loc, "to"), task.to
        case Image() | Measure() | Relay() | WaitThere():
            yield (*loc, "at"), task.at
        case Film(at=at) if at is not None:
            yield (*loc, "at"), at
        case Sample():
            yield (*loc, "at"), task.at
            yield (*loc, "bring_to"), task.bring_to
        case Survey():
            yield from _of_shape(loc, task)


def places(doc: ScenarioFile) -> Iterator[tuple[Loc, PlaceRef]]:
    """Yield every place named or ruled in a file, and where."""
    yield from ((("places", name), rule) for name, rule in doc.places.items())
    for index, zone in enumerate(doc.zones):
        yield from _of_shape(("zones", index), zone)
    yield from ((("rovers", index, "place"), rover.place) for index, rover in enumerate(doc.rovers))
    for index, task in enumerate(doc.tasks):
        yield from task_places(index, task)


def target(ref: PlaceRef) -> tuple[str, str] | None:
    """Return what a place is given by, is near to, or lies in: the rule's key, empty for a bare name, and the name."""
    match ref:
        case str():
            return "", ref
        case Near():
            return "near", ref.near
        case Inside():
            return "in", ref.in_
        case _:
            return None


def areas(doc: ScenarioFile) -> tuple[str, ...]:
    """Return the names of craters and zones."""
    craters = doc.terrain.generate.craters if doc.terrain.generate is not None else []
    return (*(crater.id for crater in craters), *(zone.id for zone in doc.zones))


def spots(doc: ScenarioFile) -> Iterator[tuple[Loc, str]]:
    """Yield everything that a place may speak of, with where its name stands; these names must differ."""
    craters = doc.terrain.generate.craters if doc.terrain.generate is not None else []
    yield from ((("terrain", "generate", "craters", i, "id"), crater.id) for i, crater in enumerate(craters))
    yield from ((("zones", index, "id"), zone.id) for index, zone in enumerate(doc.zones))
    yield from ((("rovers", index, "id"), rover.id) for index, rover in enumerate(doc.rovers))
    yield from ((("places", name), name) for name in doc.places)


def graph(doc: ScenarioFile) -> nx.DiGraph[str]:
    """Return what must be placed before what: an edge from everything to what its place speaks of."""
    owners = {loc[:2]: name for loc, name in spots(doc)}
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(owners.values())
    for loc, ref in places(doc):
        owner, speaks_of = owners.get(loc[:2]), target(ref)
        if owner is not None and speaks_of is not None:
            found.add_edge(owner, speaks_of[1])
    return found


def owners(doc: ScenarioFile) -> dict[TaskId, AgencyId]:
    """Return whose work each task is."""
    lead = next((rover.agency for rover in doc.rovers if rover.id == doc.coordinator), "")
    return {TaskId(task.id): AgencyId(task.agency or lead) for task in doc.tasks}
