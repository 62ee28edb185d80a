"""What the schema cannot see: names that nothing has, names given twice, places in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import networkx as nx

from fleet.core import EVERYONE, GROUND
from fleet.messages import Law
from fleet.traffic import most_missing
from fleet.vehicles import VehicleClass, catalogue
from sim.scenario import references
from sim.scenario.check_expect import expectation_problems
from sim.scenario.check_schedule import schedule_problems
from sim.scenario.check_work import Work, work_problems
from sim.scenario.condition_schema import EACH
from sim.scenario.fault_check import Cast, fault_problems
from sim.scenario.order_check import Theatre, order_problems, suspension_problems, zone_problems
from sim.scenario.payload import payload_problems
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.rights_making import reserved, rights_of, rights_problems
from sim.scenario.schema import ScenarioFile
from sim.scenario.vehicles import make_vehicle
from sim.scenario.yaml_tree import Loc, YamlFile


def semantic_problems(yaml: YamlFile, doc: ScenarioFile) -> list[Problem]:
    """Return all that is wrong with a file whose every key is right by itself."""
    check = _Check(yaml, doc)
    twice = list(check.ids())
    if twice:  # what a name means is not known then
        return twice
    found = [*check.vehicles(), *check.fleet(), *check.ground(), *check.places(), *check.faults(), *check.orders()]
    found += check.rights()
    found += payload_problems(yaml, doc, check.classes)
    work = Work(yaml=yaml, doc=doc, classes=check.classes)
    found += [*work_problems(work), *schedule_problems(work), *expectation_problems(work)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


class _Check:
    """One file being checked; each method yields the problems of one part of it."""

    def __init__(self, yaml: YamlFile, doc: ScenarioFile) -> None:
        self._yaml = yaml
        self._doc = doc
        self._rovers = {rover.id: rover for rover in doc.rovers}
        self.classes: dict[str, VehicleClass] = dict(catalogue())  #: Those that can be made.

    def _unknown(self, loc: Loc, what: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
        names = list(known)
        if name not in names:
            yield self._yaml.problem_at(loc, f"there is no {what} {name!r}", did_you_mean(name, names))

    def _twice(self, ids: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
        seen: dict[str, int] = {}
        for loc, name in ids:
            line = self._yaml.root.locate(loc, key=True)[0]
            if name in seen:
                yield self._yaml.problem_at(loc, f"{name!r} is already an id in line {seen[name]}", key=True)
            seen.setdefault(name, line)

    def ids(self) -> Iterator[Problem]:
        """Ids given twice, or kept for others."""
        doc = self._doc
        yield from self._twice((("agencies", i, "id"), agency.id) for i, agency in enumerate(doc.agencies))
        yield from self._twice((("tasks", i, "id"), task.id) for i, task in enumerate(doc.tasks))
        yield from self._twice(references.spots(doc))
        for index, rover in enumerate(doc.rovers):
            if rover.id in (GROUND, EVERYONE):
                yield self._yaml.problem_at(("rovers", index, "id"), f"the id {rover.id!r} means mission control")
            if rover.id == EACH:
                yield self._yaml.problem_at(("rovers", index, "id"), f"the id {rover.id!r} means every rover in expect")

    def vehicles(self) -> Iterator[Problem]:
        """Vehicle classes made from nothing or with figures that make none; the others go to `classes`."""
        for name, item in self._doc.vehicles.items():
            base = item.base
            if base not in catalogue():
                yield from self._unknown(("vehicles", name, "base"), "vehicle class", base, catalogue())
                continue
            if name in catalogue():
                fact = f"{name!r} is a vehicle class of the catalogue"
                yield self._yaml.problem_at(("vehicles", name), fact, "give yours another name", key=True)
                continue
            try:
                self.classes[name] = make_vehicle(name, item)
            except ValueError as error:
                yield self._yaml.problem_at(("vehicles", name), str(error))

    def fleet(self) -> Iterator[Problem]:
        """Owners, vehicles, coordinator and docks that are not there; times that do not fit."""
        doc, yaml = self._doc, self._yaml
        agencies = [agency.id for agency in doc.agencies]
        for index, rover in enumerate(doc.rovers):
            yield from self._unknown(("rovers", index, "agency"), "agency", rover.agency, agencies)
            known = [*catalogue(), *doc.vehicles]
            yield from self._unknown(("rovers", index, "vehicle"), "vehicle class", rover.vehicle, known)
        yield from self._unknown(("coordinator",), "rover", doc.coordinator, self._rovers)
        yield from self._election()
        if doc.docks is not None:
            yield from self._unknown(("docks", "source"), "rover", doc.docks.source, self._rovers)
            source = self._rovers.get(doc.docks.source)
            vehicle = self.classes.get(source.vehicle) if source is not None else None
            if vehicle is not None and (vehicle.charge_power <= 0.0 or vehicle.can_drive):
                fact = f"docks need a machine that stands and charges others; a {vehicle.name} does not"
                yield yaml.problem_at(("docks", "source"), fact)
        for key, seconds in (("duration", doc.duration), ("frame_every", doc.frame_every)):
            if seconds < doc.tick_s:
                yield yaml.problem_at((key,), f"{key} must be at least one tick, {doc.tick_s:g} s")
        if doc.terrain.generate is not None and doc.site is None:
            yield yaml.problem_at(
                ("terrain",), "generated ground needs a site", "site: {lat_deg: -84.6, lon_deg: 31.0}"
            )

    def ground(self) -> Iterator[Problem]:
        """Things asked for on generated ground that would lie beside it."""
        generate = self._doc.terrain.generate
        if generate is None:
            return
        half = generate.size_m / 2.0
        asked = (
            ("craters", [(item.centre_m, item.diameter_m / 2.0) for item in generate.craters]),
            ("rocks", [(item.centre_m, item.radius_m) for item in generate.rocks]),
            ("soft", [(item.centre_m, item.radius_m) for item in generate.soft]),
        )
        for key, discs in asked:
            for index, ((x, y), radius) in enumerate(discs):
                if max(abs(x), abs(y)) > half + radius:
                    loc = ("terrain", "generate", key, index, "centre_m")
                    fact = f"[{x:g}, {y:g}] is off the map, which reaches to {half:g} m from its middle"
                    yield self._yaml.problem_at(loc, fact, "bring it nearer, or make size_m larger")

    def _election(self) -> Iterator[Problem]:
        item = self._doc.election
        if item is None:
            return
        for index, rover in enumerate(item.order):
            yield from self._unknown(("election", "order", index), "rover", rover, self._rovers)
        classes = [self.classes.get(rover.vehicle) for rover in self._doc.rovers]
        drive = [vehicle for vehicle in classes if vehicle is None or vehicle.can_drive]
        if item.voters == "drivers" and not drive:
            yield self._yaml.problem_at(("election", "voters"), "no rover drives", "voters: all")
            return
        voters = len(drive if item.voters == "drivers" else classes)
        most = most_missing(voters)
        if item.may_miss is not None and item.may_miss > most:
            who = "rovers that drive" if item.voters == "drivers" else "rovers"
            fact = f"of {voters} {who} fewer than half may be missing, not {item.may_miss}"
            yield self._yaml.problem_at(("election", "may_miss"), fact, f"at most {most}")

    def places(self) -> Iterator[Problem]:
        """Places that speak of nothing, or of each other in a circle."""
        doc = self._doc
        standing = [*doc.places, *self._rovers]
        for loc, ref in references.places(doc):
            target = references.target(ref)
            if target is None:
                continue
            key, name = target
            known = {"": standing, "near": [*standing, *references.areas(doc)], "in": references.areas(doc)}[key]
            what = {"": "place or rover", "near": "place, rover, crater or zone", "in": "crater or zone"}[key]
            yield from self._unknown((*loc, key) if key else loc, what, name, known)
        yield from self._circles(references.graph(doc), {name: loc for loc, name in references.spots(doc)})

    def faults(self) -> Iterator[Problem]:
        """Faults that befall nobody there is, or never."""
        doc = self._doc
        agency_of = {rover.id: rover.agency for rover in doc.rovers}
        cast = Cast(agency_of=agency_of, places=tuple(doc.places), duration=doc.duration)
        for index, item in enumerate(doc.faults):
            yield from fault_problems(self._yaml, ("faults", index), item, cast)

    def orders(self) -> Iterator[Problem]:
        """Orders for nobody, after the end, or to open what is not closed."""
        doc = self._doc
        theatre = Theatre(
            agency_of={rover.id: rover.agency for rover in doc.rovers},
            duration=doc.duration,
            zones=[name for _, name in references.spots(doc)],
            tasks=references.owners(doc),
            law=Law(table=rights_of(doc.rights)),
        )
        for index, item in enumerate(doc.orders):
            yield from order_problems(self._yaml, ("orders", index), item, theatre)
        yield from zone_problems(self._yaml, ("orders",), doc.orders)
        yield from suspension_problems(self._yaml, ("orders",), doc.orders)

    def rights(self) -> Iterator[Problem]:
        """Rights of agencies there are not, and lines that can never count."""
        agencies = [agency.id for agency in self._doc.agencies]
        if self._doc.rights:
            for index, name in reserved(agencies):
                fact = f"the id {name!r} means something else in a rights table"
                yield self._yaml.problem_at(("agencies", index, "id"), fact, "give the agency another id")
        yield from rights_problems(self._yaml, self._doc.rights, agencies)

    def _circles(self, graph: nx.DiGraph[str], where: dict[str, Loc]) -> Iterator[Problem]:
        for names in sorted(sorted(group) for group in nx.strongly_connected_components(graph)):
            if len(names) > 1 or graph.has_edge(names[0], names[0]):
                way = [edge[0] for edge in nx.find_cycle(graph.subgraph(names), names[0])]
                fact = f"where these are goes in a circle: {' -> '.join([*way, way[0]])}"
                yield self._yaml.problem_at(where[way[0]], fact, key=True)
