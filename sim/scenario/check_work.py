"""Whether the work of a scenario can be done at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fleet.core import AgencyId
from fleet.vehicles import VehicleClass
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.schema import ScenarioFile
from sim.scenario.task_schema import (
    ChargeOther,
    Deploy,
    Film,
    Haul,
    Print,
    Relay,
    Sample,
    TaskItem,
    TowOther,
    capability_of,
)
from sim.scenario.yaml_tree import Loc, YamlFile

NOBODY_ABLE: Final = "give it to the vehicle of a rover (vehicles: capabilities), or leave this task out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A file to check and the vehicle classes that it may use."""

    yaml: YamlFile
    doc: ScenarioFile
    classes: Mapping[str, VehicleClass]

    def problem(self, loc: Loc, fact: str, remedy: str = "") -> Problem:
        """Return a problem in the file."""
        return self.yaml.problem_at(loc, fact, remedy)

    def unknown(self, loc: Loc, what: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem when nothing known has the name."""
        names = list(known)
        if name not in names:
            yield self.problem(loc, f"there is no {what} {name!r}", did_you_mean(name, names))

    def able(self, capability: str) -> list[VehicleClass]:
        """Return the classes of the rovers that have it; all of them while some class is unknown."""
        found = [self.classes[rover.vehicle] for rover in self.doc.rovers if rover.vehicle in self.classes]
        return [vehicle for vehicle in found if capability in vehicle.capabilities]

    @property
    def is_fleet_known(self) -> bool:
        """Whether every rover has a vehicle class."""
        return all(rover.vehicle in self.classes for rover in self.doc.rovers)


def work_problems(work: Work) -> list[Problem]:
    """Return what is wrong with tasks and stock."""
    return [
        *_names(work),
        *_bonds(work),
        *_hands(work),
        *_contact(work),
        *_stock(work),
    ]


def _names(work: Work) -> Iterator[Problem]:
    agencies: list[AgencyId | str] = [agency.id for agency in work.doc.agencies]
    ids = [task.id for task in work.doc.tasks]
    for index, task in enumerate(work.doc.tasks):
        if task.agency is not None:
            yield from work.unknown(("tasks", index, "agency"), "agency", task.agency, agencies)
        for place, before in enumerate(task.after):
            yield from work.unknown(("tasks", index, "after", place), "task", before, ids)


def _bonds(work: Work) -> Iterator[Problem]:
    """Find tasks that name machines or work which is not there."""
    rovers: list[str] = [rover.id for rover in work.doc.rovers]
    kind_of = {task.id: task.kind for task in work.doc.tasks}
    for index, task in enumerate(work.doc.tasks):
        loc = ("tasks", index)
        if isinstance(task, ChargeOther | Film | TowOther):
            yield from work.unknown((*loc, "rover"), "rover", task.rover, rovers)
        if isinstance(task, Relay):
            for place, rover in enumerate(task.hears or ()):
                yield from work.unknown((*loc, "hears", place), "rover", rover, rovers)
            if task.during is not None:
                yield from work.unknown((*loc, "during"), "task", task.during, kind_of)
                if kind_of.get(task.during) == "relay":
                    yield work.problem(
                        (*loc, "during"), f"{task.during!r} is a relay itself, which has no end of its own"
                    )
        for place, other in enumerate(task.beside):
            yield from work.unknown((*loc, "beside", place), "task", other, kind_of)
            if other == task.id:
                yield work.problem((*loc, "beside", place), f"{task.id!r} cannot go on beside itself")


def _hands(work: Work) -> Iterator[Problem]:
    if not work.is_fleet_known:
        return
    for index, task in enumerate(work.doc.tasks):
        able = work.able(capability_of(task))
        if not able:
            fact = f"no rover has the capability {capability_of(task)!r} that {task.kind} needs"
            yield work.problem(("tasks", index, "kind"), fact, NOBODY_ABLE)
            continue
        key, load = load_of(task)
        strongest = max(vehicle.payload for vehicle in able)
        if load > strongest:
            fact = f"no rover that can {capability_of(task)} carries {load:g} kg; the most is {strongest:g} kg"
            yield work.problem(("tasks", index, key), fact, "make it lighter, or give its vehicle more payload_kg")
        if isinstance(task, ChargeOther) and max(vehicle.charge_power for vehicle in able) <= 0.0:
            fact = "no rover that charges others gives any power"
            yield work.problem(("tasks", index, "kind"), fact, "give its vehicle charge_w")
        if isinstance(task, Print) and task.by is not None:
            yield from _printer(work, ("tasks", index, "by"), task.by)
        if isinstance(task, ChargeOther | Film | TowOther):
            yield from _another(work, index, task)
        if isinstance(task, TowOther):
            yield from _tow(work, index, task)


def _another(work: Work, index: int, task: ChargeOther | Film | TowOther) -> Iterator[Problem]:
    """Find what only the one could do that it is to be done to."""
    needed = capability_of(task)
    able = [rover.id for rover in work.doc.rovers if needed in work.classes[rover.vehicle].capabilities]
    if able == [task.rover]:
        fact = f"nobody but {task.rover} itself can {needed}"
        yield work.problem(("tasks", index, "rover"), fact, "give it to the vehicle of another rover")


def _tow(work: Work, index: int, task: TowOther) -> Iterator[Problem]:
    """Find tows of what stands for good, or with a charge that no tower gives."""
    vehicles = {rover.id: work.classes[rover.vehicle] for rover in work.doc.rovers}
    if task.rover not in vehicles:
        return  # which is told elsewhere
    if not vehicles[task.rover].can_drive:
        yield work.problem(("tasks", index, "rover"), f"{task.rover} has no wheels to be towed on")
    towers = [vehicle for name, vehicle in vehicles.items() if name != task.rover and "tow" in vehicle.capabilities]
    gives = any("charge-others" in vehicle.capabilities and vehicle.charge_power > 0.0 for vehicle in towers)
    if towers and task.charge_percent > 0.0 and not gives:
        fact = "nobody who can tow charges others as well"
        yield work.problem(
            ("tasks", index, "charge_percent"), fact, "give its vehicle charge-others, or leave this out"
        )


def _contact(work: Work) -> Iterator[Problem]:
    """Find work, or orders, that wait for an Earth which no machine reaches."""
    if not work.is_fleet_known:
        return
    vehicles = [work.classes[rover.vehicle] for rover in work.doc.rovers]
    if any(vehicle.earth_rate > 0.0 or vehicle.relay_rate > 0.0 for vehicle in vehicles):
        return
    fact = "no machine has a radio that reaches the Earth or the relay satellite"
    remedy = "give a vehicle relay_kbit_s or earth_kbit_s"
    for index, task in enumerate(work.doc.tasks):
        if not isinstance(task, ChargeOther | TowOther) and task.contact == "earth":
            yield work.problem(("tasks", index, "contact"), fact, remedy)
    if work.doc.radio.orders_need_earth:
        yield work.problem(("radio", "orders_need_earth"), fact, remedy)


def load_of(task: TaskItem) -> tuple[str, float]:
    """Return the key that says what a task's rover must carry at once, and the kilograms."""
    match task:
        case Deploy():
            return "item_kg", task.item_kg
        case Sample():
            return "sample_kg", task.sample_kg
        case Haul():
            return "load_kg", min(task.load_kg, task.total_kg)
        case _:
            return "", 0.0


def _printer(work: Work, loc: Loc, name: str) -> Iterator[Problem]:
    vehicles = {rover.id: work.classes[rover.vehicle] for rover in work.doc.rovers}
    yield from work.unknown(loc, "rover", name, vehicles)
    if name in vehicles and "print" not in vehicles[name].capabilities:
        yield work.problem(loc, f"{name!r} has no capability 'print'")


def gives(task: TaskItem) -> dict[str, float]:
    """Return what a task adds to stock when it is done."""
    match task:
        case Haul():
            return {task.stock: task.total_kg}
        case Sample() if task.stock is not None:
            return {task.stock: task.sample_kg}
        case Print():
            return dict(task.gives or {})
        case _:
            return {}


def takes(task: TaskItem) -> dict[str, float]:
    """Return what a task draws from stock when it starts."""
    return dict(task.takes or {}) if isinstance(task, Print) else {}


def _stock(work: Work) -> Iterator[Problem]:
    most = dict(work.doc.stock)
    for task in work.doc.tasks:
        for name, amount in gives(task).items():
            most[name] = most.get(name, 0.0) + amount
    for index, task in enumerate(work.doc.tasks):
        for name, amount in takes(task).items():
            if amount > most.get(name, 0.0) + 1e-9:
                fact = f"takes {amount:g} of {name!r}, but there will never be more than {most.get(name, 0.0):g}"
                remedy = "haul or make more of it, or take less" if name in most else did_you_mean(name, most)
                yield work.problem(("tasks", index, "takes", name), fact, remedy)
