"""A checked file and its ground made into the frozen Scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import shapely
from msgspec.structs import replace as with_fields

from fleet.core import AgencyId, MissionTime, Point, RoverId, TaskId
from fleet.messages import Election
from fleet.moon import Almanac
from fleet.terrain import GroundMap
from fleet.traffic import most_missing
from fleet.vehicles import VehicleClass
from sim.generate import Ground
from sim.scenario.check_work import gives, takes
from sim.scenario.fault import Fault
from sim.scenario.fault_draw import FaultDraw, in_order
from sim.scenario.fleet_places import FleetPlaces, needs_of
from sim.scenario.ground_source import craters_of, ground_of, ground_seeds, start_of
from sim.scenario.instrument import InstrumentSpec, figures_of
from sim.scenario.named_ground import named, shadow_shapes
from sim.scenario.order import ControlOrder, in_sequence
from sim.scenario.order_check import Site, ground_problems
from sim.scenario.order_making import Members, orders_of
from sim.scenario.payload import payload_of
from sim.scenario.placing import Placer
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reach import Sunshine
from sim.scenario.recipes import Recipes
from sim.scenario.references import owners
from sim.scenario.rights_making import rights_of
from sim.scenario.scenario import Agency, Expectation, Order, RoverSpec, Scenario
from sim.scenario.schema import ScenarioFile
from sim.scenario.task_schema import Deploy
from sim.scenario.vehicles import vehicle_classes
from sim.scenario.wishes import Unplaceable, Wish
from sim.scenario.yaml_tree import YamlFile, frozen

# Okabe and Ito, "Color Universal Design", 2008; for agencies that name no colour.
_COLOURS = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#999999")


def resolve(yaml: YamlFile, doc: ScenarioFile, seed: int, terrain: Path | None) -> Scenario:
    """Return the scenario, on the first ground of those its seed draws that has a place for everything.

    Raises
    ------
    ScenarioError
        When something in the file has no place on any of them; it tells of the first.
    """
    generate = doc.terrain.generate if terrain is None else None
    refused: ScenarioError | None = None
    for drawn in ground_seeds(seed, 1 if generate is None else generate.draws):
        ground = ground_of(yaml, doc, drawn, terrain)
        try:
            return _resolve(yaml, doc, seed, ground, is_drawn=terrain is None)
        except ScenarioError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _resolve(yaml: YamlFile, doc: ScenarioFile, seed: int, ground: Ground, *, is_drawn: bool) -> Scenario:
    """Return the scenario on one ground.

    Raises
    ------
    ScenarioError
        When something in the file has no place on this ground.
    """
    time = MissionTime(start=start_of(yaml, doc, ground.map), dt=doc.tick_s)
    end = time.tick(doc.duration)
    almanac = Almanac.over(ground.map, time, end)
    sunshine = Sunshine(almanac, end)
    classes = vehicle_classes(doc.vehicles)
    vehicles = {rover.id: classes[rover.vehicle] for rover in doc.rovers}
    needs = needs_of(doc, classes)
    placer = Placer(yaml, doc, seed, needs)
    fleet = FleetPlaces(doc, placer, needs, classes, sunshine)
    craters = craters_of(doc) if is_drawn else {}
    zoned = fleet.settle(ground.map, craters)
    places = _places(doc, placer, fleet.problems)
    standing: dict[str, Point] = {spec.id: spec.pose.point for spec in fleet.rovers}
    site = site_of(ground.map, fleet.rovers)
    for index, item in enumerate(doc.orders):
        fleet.problems += ground_problems(yaml, ("orders", index), item, site)
    orders = _orders(doc, Recipes(doc=doc, placer=placer, time=time, vehicles=vehicles), fleet.problems)
    if fleet.problems:
        raise ScenarioError(sorted(fleet.problems, key=lambda problem: (problem.line, problem.column)))
    return Scenario(
        name=doc.name,
        title=doc.title or doc.name,
        file=Path(yaml.file).name,
        text=yaml.text + "".join(f"\n# set for this run: {setting}" for setting in yaml.settings),
        seed=seed,
        time=time,
        end=end,
        frame_every=max(1, time.tick(doc.frame_every)),
        ground=replace(ground, map=_with_names(zoned, doc, placer, craters, almanac)),
        agencies=tuple(
            Agency(id=AgencyId(agency.id), name=agency.name or agency.id, colour=agency.colour or _colour(index))
            for index, agency in enumerate(doc.agencies)
        ),
        rovers=tuple(fleet.rovers),
        coordinator=RoverId(doc.coordinator),
        docks=fleet.docks(),
        orders=orders,
        stock=_stock(doc),
        radio_loss=doc.radio.loss_percent / 100.0,
        expectations=_expectations(yaml),
        planner=doc.planner,
        allocator=doc.allocator,
        agent_deadline=doc.agent_deadline_s,
        faults=_faults(doc, _fault_draw(doc, seed, time, {**standing, **places})),
        control=_control(doc, time),
        orders_need_earth=doc.radio.orders_need_earth,
        election=_election(doc, vehicles.values()),
        rights=rights_of(doc.rights),
        allocation=doc.allocation,
        places=places,
        vehicle_bases=_bases(doc),
        payload=payload_of(doc, classes),
        instruments=_instruments(doc, orders),
    )


def site_of(ground: GroundMap, rovers: Sequence[RoverSpec]) -> Site:
    """Return the ground that can be closed, and who could not leave it."""
    half = ((ground.columns - 1) / 2.0 * ground.pixel, (ground.rows - 1) / 2.0 * ground.pixel)
    standing = {str(spec.id): (spec.pose.point, spec.vehicle.radius) for spec in rovers if not spec.vehicle.can_drive}
    return Site(half=half, standing=standing)


def _control(doc: ScenarioFile, time: MissionTime) -> tuple[ControlOrder, ...]:
    fleet = {RoverId(rover.id): AgencyId(rover.agency) for rover in doc.rovers}
    members, items = Members(fleet=fleet, tasks=owners(doc)), enumerate(doc.orders, start=1)
    made = (order for number, item in items for order in orders_of(f"{item.order}-{number}", item, members, time))
    return in_sequence(made)


def _election(doc: ScenarioFile, fleet: Iterable[VehicleClass]) -> Election | None:
    item = doc.election
    if item is None:
        return None
    voters = [vehicle for vehicle in fleet if vehicle.can_drive or item.voters == "all"]
    may_miss = min(1, most_missing(len(voters))) if item.may_miss is None else item.may_miss
    return Election(
        rule=item.rule,
        order=tuple(RoverId(rover) for rover in item.order),
        heartbeat=item.heartbeat,
        heartbeat_driving=item.heartbeat_driving,
        may_miss=may_miss,
        voters=item.voters,
    )


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def _places(doc: ScenarioFile, placer: Placer, problems: list[Problem]) -> Mapping[str, Point]:
    found: dict[str, Point] = {}
    for name in doc.places:
        try:
            found[name] = placer.point(name, Wish(loc=("places", name), name=name))
        except Unplaceable as error:
            if error.problem is not None:
                problems.append(error.problem)
    return MappingProxyType(found)


def _orders(doc: ScenarioFile, recipes: Recipes, problems: list[Problem]) -> tuple[Order, ...]:
    owner = owners(doc)
    orders = []
    for index, item in enumerate(doc.tasks):
        try:
            task = recipes.task(index, item, owner[TaskId(item.id)])
        except Unplaceable as error:
            if error.problem is not None:
                problems.append(error.problem)
            continue
        least = sum(step.work for step in task.steps)
        if task.latest is not None and task.earliest + least > task.latest:  # Now that all its stations are known.
            fact = f"cannot be done by latest: {len(task.steps)} steps take at least {least * recipes.time.dt:g} s"
            problems.append(recipes.placer.problem(("tasks", index, "latest"), fact, "make its window longer"))
        orders.append(Order(task=task, at=recipes.time.tick(item.ordered_at)))
    return tuple(sorted(orders, key=lambda order: (order.at, order.task.id)))


def _instruments(doc: ScenarioFile, orders: Sequence[Order]) -> tuple[InstrumentSpec, ...]:
    items = {task.id: task.instrument for task in doc.tasks if isinstance(task, Deploy) and task.instrument is not None}
    return tuple(
        InstrumentSpec(
            id=order.task.id,
            title=order.task.title,
            agency=order.task.agency,
            place=order.task.steps[-1].place,
            figures=figures_of(items[order.task.id]),
        )
        for order in sorted(orders, key=lambda order: order.task.id)
        if order.task.id in items
    )


def _with_names(
    ground: GroundMap, doc: ScenarioFile, placer: Placer, craters: Mapping[str, shapely.Polygon], almanac: Almanac
) -> GroundMap:
    """Return the map with craters, areas of surveys and permanent shadow as zones too, for those who look at it."""
    surveys = {task.id: placer.shapes[task.id] for task in doc.tasks if task.id in placer.shapes}
    # What is narrower than two pixels of the map is not on it.
    seen = {name: shape for name, shape in craters.items() if shape.bounds[2] - shape.bounds[0] >= 2.0 * ground.pixel}
    found = [*named("crater", seen), *named("site", surveys)]
    if doc.terrain.permanent_shadow_m2 is not None:
        field = almanac.field()
        dark = almanac.permanent_shadow()
        shadows = shadow_shapes(dark, ground.pixel, (field.west, field.south), doc.terrain.permanent_shadow_m2)
        found += named("shadow", shadows)
    taken = {zone.id for zone in ground.zones}
    return with_fields(ground, zones=(*ground.zones, *(zone for zone in found if zone.id not in taken)))


def _stock(doc: ScenarioFile) -> Mapping[str, float]:
    names = {name: 0.0 for task in doc.tasks for name in (*gives(task), *takes(task))}
    return MappingProxyType(dict(sorted({**names, **doc.stock}.items())))


def _expectations(yaml: YamlFile) -> tuple[Expectation, ...]:
    items = yaml.root.at("expect")
    found = []
    for item in items.value if items is not None and isinstance(items.value, list) else ():
        plain = item.plain()
        assert isinstance(plain, dict)
        name, value = next(iter(plain.items()))
        node = item.find((name,))
        file = "" if node.file == yaml.file else node.file
        found.append(Expectation(name=name, value=frozen(value), line=item.keys[name][0], file=file))
    return tuple(found)


def _fault_draw(doc: ScenarioFile, seed: int, time: MissionTime, places: Mapping[str, Point]) -> FaultDraw:
    fleet = {RoverId(rover.id): AgencyId(rover.agency) for rover in doc.rovers}
    return FaultDraw(seed=seed, time=time, fleet=fleet, places=places)


def _faults(doc: ScenarioFile, draw: FaultDraw) -> tuple[Fault, ...]:
    items = enumerate(doc.faults, start=1)
    return in_order(fault for number, item in items for fault in draw.faults(f"{item.fault}-{number}", item))


def _bases(doc: ScenarioFile) -> Mapping[str, str]:
    return MappingProxyType({name: item.base for name, item in doc.vehicles.items()})
