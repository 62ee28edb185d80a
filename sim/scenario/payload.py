"""What the partners' payload weighs, and whether the lander takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fleet.vehicles import VehicleClass
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.scenario import Module, Payload
from sim.scenario.schema import ScenarioFile
from sim.scenario.task_schema import Deploy
from sim.scenario.yaml_tree import Loc, YamlFile

_ROUNDING = 1e-6  # Kilograms.


def payload_of(doc: ScenarioFile, classes: Mapping[str, VehicleClass]) -> Payload | None:
    """Return the payload of a file without problems; None where it says nothing of it."""
    if doc.payload is None:
        return None
    masses = _masses(doc, classes)
    modules = tuple(
        Module(
            id=item.id,
            title=item.title or item.id,
            agency=item.agency,
            mass=sum(masses[name] for name in item.rovers or item.tasks or ()),
        )
        for item in doc.payload.modules
    )
    return Payload(limit=doc.payload.limit_kg, modules=modules)


def payload_problems(yaml: YamlFile, doc: ScenarioFile, classes: Mapping[str, VehicleClass]) -> Iterator[Problem]:
    """Yield modules of what is not there or is in two, and what is too heavy, with the sum and the limit."""
    if doc.payload is None:
        return
    masses, agencies = _masses(doc, classes), [agency.id for agency in doc.agencies]
    known = {"rovers": [rover.id for rover in doc.rovers], "tasks": [t.id for t in doc.tasks if isinstance(t, Deploy)]}
    what = {"rovers": "rover", "tasks": "task of the kind deploy"}
    taken: dict[str, str] = {}
    found: list[Problem] = []
    for index, item in enumerate(doc.payload.modules):
        loc: Loc = ("payload", "modules", index)
        if item.agency not in agencies:
            fact = f"there is no agency {item.agency!r}"
            found.append(yaml.problem_at((*loc, "agency"), fact, did_you_mean(item.agency, agencies)))
        key = "rovers" if item.rovers is not None else "tasks"
        for place, name in enumerate(item.rovers or item.tasks or ()):
            if name not in known[key]:
                fact = f"there is no {what[key]} {name!r}"
                found.append(yaml.problem_at((*loc, key, place), fact, did_you_mean(name, known[key])))
            elif name in taken:
                found.append(yaml.problem_at((*loc, key, place), f"{name!r} is part of {taken[name]!r} already"))
            taken.setdefault(name, item.id)
    yield from found
    if found or not set(taken) <= masses.keys():
        return
    payload = payload_of(doc, classes)
    assert payload is not None
    limit = doc.payload.module_limit_kg
    for index, module in enumerate(payload.modules):
        if limit is not None and module.mass > limit + _ROUNDING:
            fact = f"{module.id} weighs {module.mass:g} kg; a module may weigh {limit:g} kg"
            yield yaml.problem_at(("payload", "modules", index), fact, "make it lighter, or two of it")
    if payload.mass > payload.limit + _ROUNDING:
        parts = ", ".join(f"{module.id} {module.mass:g}" for module in payload.modules)
        fact = f"the payload weighs {payload.mass:g} kg ({parts}); the lander takes {payload.limit:g} kg"
        yield yaml.problem_at(("payload", "limit_kg"), fact, "make something lighter, or leave it at home")


def _masses(doc: ScenarioFile, classes: Mapping[str, VehicleClass]) -> dict[str, float]:
    """Return what rovers and instruments weigh, as far as that is known."""
    rovers = {rover.id: classes[rover.vehicle].mass for rover in doc.rovers if rover.vehicle in classes}
    return rovers | {task.id: task.item_kg for task in doc.tasks if isinstance(task, Deploy)}
