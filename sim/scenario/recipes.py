"""How each kind of task becomes steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TypeAlias

from msgspec.structs import replace

from fleet.core import AgencyId, MissionTime, Point, RoverId, TaskId, Tick
from fleet.messages import Amount, Bond, Step, Task
from fleet.vehicles import VehicleClass
from sim.scenario import candidates
from sim.scenario.check_work import load_of
from sim.scenario.place_schema import PlaceRef
from sim.scenario.placing import Placer
from sim.scenario.reach import Group
from sim.scenario.schema import ScenarioFile
from sim.scenario.task_schema import (
    ChargeOther,
    Deploy,
    Film,
    Haul,
    Image,
    Measure,
    Print,
    Relay,
    Sample,
    Survey,
    TaskItem,
    TowOther,
    WaitThere,
    capability_of,
)
from sim.scenario.wishes import Unplaceable, Wish
from sim.scenario.yaml_tree import Loc

_MOST_STATIONS = 2000
_PRINTER_RADIUS = 5.0

_PLUGGED = 8.0  # Metres between two machines for a charge, at which the work is announced.

Carried: TypeAlias = Deploy | Sample | Haul
Standing: TypeAlias = Image | Measure | Relay | WaitThere


def able(item: TaskItem, vehicles: Iterable[VehicleClass]) -> Group:
    """Return the classes among `vehicles` that can do a task, each once, in order of name."""
    kilograms = load_of(item)[1]
    capability = capability_of(item)
    fit = {vehicle for vehicle in vehicles if capability in vehicle.capabilities and vehicle.payload >= kilograms}
    return tuple(sorted(fit, key=lambda vehicle: vehicle.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """Makes tasks of what a file says, with a fleet that has its place."""

    doc: ScenarioFile
    placer: Placer
    time: MissionTime
    vehicles: Mapping[str, VehicleClass]  #: Of every rover, by its id, in order of the file.

    def task(self, index: int, item: TaskItem, agency: AgencyId) -> Task:
        """Return the task at `index` of the file.

        Raises
        ------
        Unplaceable
            When some place of it cannot be found.
        """
        return Task(
            id=TaskId(item.id),
            kind=item.kind,
            title=item.title or item.id,
            agency=agency,
            steps=self._bound(self._steps(("tasks", index), item), item),
            after=tuple(TaskId(before) for before in item.after),
            earliest=self.time.tick(item.earliest),
            latest=None if item.latest is None else max(self.time.tick(item.latest), self.time.tick(item.earliest) + 1),
            value=item.value,
        )

    def _steps(self, loc: Loc, item: TaskItem) -> tuple[Step, ...]:
        match item:
            case Deploy():
                return self._deploy(loc, item)
            case Survey():
                return self._survey(loc, item)
            case Image() | Measure() | WaitThere():
                return (self._stand(loc, item),)
            case Relay():
                return (self._relay(loc, item),)
            case Film():
                return (self._film(loc, item),)
            case ChargeOther():
                return (self._charge(item, item.to_percent, capability_of(item)),)
            case TowOther():
                return self._tow(loc, item)
            case Sample():
                return self._sample(loc, item)
            case Haul():
                return self._haul(loc, item)
            case Print():
                return self._print(item)

    def _ticks(self, seconds: float) -> Tick:
        return max(1, self.time.tick(seconds))

    def _bound(self, steps: tuple[Step, ...], item: TaskItem) -> tuple[Step, ...]:
        """Return steps of which those at the task's own place go on only beside other tasks."""
        if not item.beside:
            return steps
        beside = tuple(TaskId(other) for other in dict.fromkeys(item.beside))
        main = main_steps(item, len(steps))
        return tuple(
            replace(step, bond=replace(step.bond or Bond(), beside=beside)) if number in main else step
            for number, step in enumerate(steps)
        )

    def _stand(self, loc: Loc, item: Standing) -> Step:
        return self._main_step(item, self._place(loc, "at", item.at, item), item.work)

    def _relay(self, loc: Loc, item: Relay) -> Step:
        hears = None if item.hears is None else (RoverId(item.hears[0]), RoverId(item.hears[1]))
        bond = Bond(hears=hears)
        if item.during is not None:
            other = next(task for task in self.doc.tasks if task.id == item.during)
            bond = replace(bond, until=TaskId(item.during), until_step=self._last_main(other))
        return replace(self._stand(loc, item), bond=bond)

    @staticmethod
    def _last_main(item: TaskItem) -> int:
        """Return how many steps of a task are done when its work at its own place is; 0 when all must be."""
        return 1 if isinstance(item, Sample) else 2 if isinstance(item, Deploy) else 0

    def _film(self, loc: Loc, item: Film) -> Step:
        """Return the step: at a place, or anywhere in view of who is filmed, which begins where that one stands."""
        bond = Bond(rover=RoverId(item.rover), within=item.within_m)
        if item.at is not None:
            return replace(self._main_step(item, self._place(loc, "at", item.at, item), item.work), bond=bond)
        body = self.placer.standing.get(RoverId(item.rover))
        if body is None:  # it has no place itself, which is told elsewhere
            raise Unplaceable(None)
        return replace(self._main_step(item, (body.x, body.y), item.work), radius=item.within_m, bond=bond)

    def _tow(self, loc: Loc, item: TowOther) -> tuple[Step, ...]:
        body = self.placer.standing.get(RoverId(item.rover))
        if body is None:  # it has no place itself, which is told elsewhere
            raise Unplaceable(None)
        rover, capability = RoverId(item.rover), capability_of(item)
        charge = [self._charge(item, item.charge_percent, "charge-others")] if item.charge_percent else []
        take = Step(
            place=(body.x, body.y),
            radius=_PLUGGED,
            work=self._ticks(item.work),
            capability=capability,
            bond=Bond(rover=rover, tow="take"),
        )
        place, work = self._place(loc, "to", item.to, item), self._ticks(item.unload)
        bond = Bond(rover=rover, tow="leave")
        leave = Step(place=place, radius=item.near_m, work=work, capability=capability, bond=bond)
        return (*charge, take, leave)

    def _charge(self, item: ChargeOther | TowOther, percent: float, capability: str) -> Step:
        """Return the step: its time is what an empty battery would take."""
        body = self.placer.standing.get(RoverId(item.rover))
        if body is None:  # it has no place itself, which is told elsewhere
            raise Unplaceable(None)
        able_ones = [vehicle.charge_power for vehicle in able(item, self.vehicles.values())]
        share = percent / 100.0
        seconds = share * self.vehicles[item.rover].battery / max(able_ones, default=1.0)
        bond = Bond(rover=RoverId(item.rover), charge=share)
        work = self._ticks(seconds)
        return Step(place=(body.x, body.y), radius=_PLUGGED, work=work, capability=capability, bond=bond)

    def _store_step(self, item: Carried, place: Point, seconds: float) -> Step:
        """Return a step where things are taken from, or brought to."""
        near = item.near_m if item.store_near_m is None else item.store_near_m
        return replace(self._step(item, place, seconds), radius=near)

    def _step(self, item: Carried | Survey | Standing | Film, place: Point, seconds: float) -> Step:
        return Step(place=place, radius=item.near_m, work=self._ticks(seconds), capability=capability_of(item))

    def _main_step(self, item: Carried | Survey | Standing | Film, place: Point, seconds: float) -> Step:
        """Return the step that needs the task's light and contact."""
        return replace(self._step(item, place, seconds), light=item.light, contact=item.contact)

    def _place(self, loc: Loc, key: str, ref: PlaceRef, item: TaskItem) -> Point:
        group = able(item, self.vehicles.values())
        wish = Wish(loc=(*loc, key), name=f"tasks/{item.id}/{key}", groups=(group,))
        if not isinstance(ref, str) or ref not in self.vehicles:
            return self.placer.point(ref, wish)
        if self.vehicles[ref].can_drive:
            raise self.placer.fail(wish.loc, f"{ref} drives away", "name a place, or a machine that stands")
        docks = self.doc.docks
        ring = docks.ring_m if docks is not None and docks.source == ref else self.vehicles[ref].radius + 2.0
        return self.placer.beside(RoverId(ref), ring, wish)

    def _deploy(self, loc: Loc, item: Deploy) -> tuple[Step, ...]:
        load = self._store_step(item, self._place(loc, "from", item.from_, item), item.load)
        set_up = self._main_step(item, self._place(loc, "at", item.at, item), item.work)
        return replace(load, loads=item.item_kg), replace(set_up, unloads=item.item_kg)

    def _sample(self, loc: Loc, item: Sample) -> tuple[Step, ...]:
        drill = self._main_step(item, self._place(loc, "at", item.at, item), item.work)
        bring = self._store_step(item, self._place(loc, "bring_to", item.bring_to, item), item.unload)
        gives = () if item.stock is None else (Amount(stock=item.stock, amount=item.sample_kg),)
        return replace(drill, loads=item.sample_kg), replace(bring, unloads=item.sample_kg, gives=gives)

    def _haul(self, loc: Loc, item: Haul) -> tuple[Step, ...]:
        load = self._main_step(item, self._place(loc, "from", item.from_, item), item.work)
        bring = self._store_step(item, self._place(loc, "to", item.to, item), item.unload)
        steps: list[Step] = []
        trips = ceil(item.total_kg / item.load_kg - 1e-9)
        for trip in range(trips):
            share = min(item.load_kg, item.total_kg - trip * item.load_kg)
            gives = (Amount(stock=item.stock, amount=share),)
            steps += [replace(load, loads=share), replace(bring, unloads=share, gives=gives)]
        return tuple(steps)

    def _print(self, item: Print) -> tuple[Step, ...]:
        able_ids = [name for name, vehicle in self.vehicles.items() if "print" in vehicle.capabilities]
        body = self.placer.standing.get(RoverId(item.by or able_ids[0]))
        if body is None:  # it has no place itself, which is told elsewhere
            raise Unplaceable(None)
        return (
            Step(
                place=(body.x, body.y),
                radius=_PRINTER_RADIUS,
                work=self._ticks(item.work),
                capability=capability_of(item),
                light=item.light,
                contact=item.contact,
                takes=_amounts(item.takes),
                gives=_amounts(item.gives),
            ),
        )

    def _survey(self, loc: Loc, item: Survey) -> tuple[Step, ...]:
        group = able(item, self.vehicles.values())
        wish = Wish(loc=loc, name=f"tasks/{item.id}", groups=(group,))
        line = item.line
        if line is not None:
            if line.length > _MOST_STATIONS * item.spacing_m:
                raise self.placer.fail(
                    (*loc, "spacing_m"),
                    f"more than {_MOST_STATIONS} stations",
                    f"spacing_m must be at least {line.length / _MOST_STATIONS:.1f}",
                )
            places = self.placer.usable_stations(candidates.along(line, item.spacing_m), wish)
            return tuple(self._main_step(item, place, item.dwell) for place in places)
        shape = self.placer.shape(item, wish)
        self.placer.shapes.setdefault(item.id, shape)
        if shape.area > _MOST_STATIONS * item.spacing_m**2:
            most = sqrt(shape.area / _MOST_STATIONS)
            fact = f"more than {_MOST_STATIONS} stations"
            raise self.placer.fail((*loc, "spacing_m"), fact, f"spacing_m must be at least {most:.1f}")
        places = self.placer.usable_stations(candidates.stations(shape, item.spacing_m), wish)
        return tuple(self._main_step(item, place, item.dwell) for place in places)


def main_steps(item: TaskItem, count: int) -> range:
    """Return which of so many steps are work at the task's own place, not the carrying before and after it."""
    match item:
        case Sample():
            return range(1)
        case Deploy():
            return range(1, 2)
        case _:
            return range(count)


def _amounts(amounts: dict[str, float] | None) -> tuple[Amount, ...]:
    return tuple(Amount(stock=name, amount=amount) for name, amount in sorted((amounts or {}).items()))
