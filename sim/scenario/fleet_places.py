"""The fleet on its ground: machines that stand, zones, docks, then the rovers that drive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import radians

import networkx as nx
import shapely
from msgspec.structs import replace

from fleet.core import AgencyId, Disc, Point, Pose, RoverId, distance, wrap_angle
from fleet.messages import Dock
from fleet.terrain import GroundMap, MapZone, Terrain
from fleet.vehicles import VehicleClass
from sim.scenario import candidates, references
from sim.scenario.placing import Placer
from sim.scenario.problems import Problem
from sim.scenario.reach import Group, Reach, Sunshine
from sim.scenario.recipes import able
from sim.scenario.scenario import RoverSpec
from sim.scenario.schema import RoverItem, ScenarioFile
from sim.scenario.wishes import Needs, Unplaceable, Wish


def needs_of(doc: ScenarioFile, classes: Mapping[str, VehicleClass]) -> Needs:
    """Return which vehicle classes must get to which named places."""
    vehicles = [classes[rover.vehicle] for rover in doc.rovers]
    found: dict[str, list[Group]] = {}
    for loc, ref in references.places(doc):
        if isinstance(ref, str) and loc[0] == "rovers":
            found.setdefault(ref, []).append((classes[doc.rovers[int(loc[1])].vehicle],))
        elif isinstance(ref, str) and loc[0] == "tasks":
            found.setdefault(ref, []).append(able(doc.tasks[int(loc[1])], vehicles))
    driving = tuple(sorted({v for v in vehicles if v.can_drive}, key=lambda vehicle: vehicle.name))
    return Needs(driving=driving, of_places={name: tuple(dict.fromkeys(groups)) for name, groups in found.items()})


class FleetPlaces:
    """Puts the fleet on the ground; what cannot be put goes to `problems`."""

    def __init__(
        self, doc: ScenarioFile, placer: Placer, needs: Needs, classes: Mapping[str, VehicleClass], sunshine: Sunshine
    ) -> None:
        self._doc = doc
        self._placer = placer
        self._needs = needs
        self._classes = classes
        self._sunshine = sunshine
        self._index = {rover.id: index for index, rover in enumerate(doc.rovers)}
        self.problems: list[Problem] = []
        self.rovers: list[RoverSpec] = []

    def settle(self, ground: GroundMap, craters: Mapping[str, shapely.Polygon]) -> GroundMap:
        """Find a place for everything; return the map with the scenario's zones."""
        placer, doc = self._placer, self._doc
        placer.shapes.update(craters)
        polygons = [index for index, zone in enumerate(doc.zones) if zone.circle is None]
        circles = [index for index, zone in enumerate(doc.zones) if zone.circle is not None]
        order = nx.lexicographical_topological_sort(references.graph(doc).reverse(), key=self._rank)
        rovers = [doc.rovers[self._index[name]] for name in order if name in self._index]
        ground = self._with_zones(ground, polygons)
        placer.on(Reach(Terrain(ground)), self._sunshine)
        self._place([rover for rover in rovers if not self._classes[rover.vehicle].can_drive])
        ground = self._with_zones(ground, circles)
        placer.on(Reach(Terrain(ground)), self._sunshine)
        self._dock()
        self._place([rover for rover in rovers if self._classes[rover.vehicle].can_drive])
        self.rovers.sort(key=lambda rover: rover.id)
        return ground

    def _rank(self, name: str) -> tuple[int, str]:
        return (self._index.get(name, -1), name)

    def _give_up(self, name: str, error: Unplaceable) -> None:
        self._placer.lost.add(name)
        if error.problem is not None:
            self.problems.append(error.problem)

    def _with_zones(self, ground: GroundMap, indices: Sequence[int]) -> GroundMap:
        zones = list(ground.zones)
        for index in indices:
            zone = self._doc.zones[index]
            try:
                shape = self._placer.shape(zone, Wish(loc=("zones", index), name=f"zones/{zone.id}"))
            except Unplaceable as error:
                self._give_up(zone.id, error)
                continue
            if not shape.intersects(_extent(ground)):
                fact = f"zone {zone.id} lies off the map"
                self.problems.append(self._placer.problem(("zones", index), fact, "places are metres from its centre"))
                continue
            self._placer.shapes[zone.id] = shape
            zones.append(MapZone(id=zone.id, kind=zone.kind, outline=outline(shape)))
        return replace(ground, zones=tuple(zones))

    def _place(self, rovers: Sequence[RoverItem]) -> None:
        for rover in rovers:
            try:
                self._place_one(rover)
            except Unplaceable as error:
                self._give_up(rover.id, error)

    def _place_one(self, rover: RoverItem) -> None:
        placer = self._placer
        vehicle = self._classes[rover.vehicle]
        groups = ((vehicle,),) if vehicle.can_drive else ()
        loc = ("rovers", self._index[rover.id], "place")
        x, y = placer.point(rover.place, Wish(loc=loc, name=f"rovers/{rover.id}", groups=groups, room=vehicle.radius))
        for name, body in sorted(placer.standing.items()):
            if distance((x, y), (body.x, body.y)) < vehicle.radius + body.radius:
                raise placer.fail(loc, f"{rover.id} stands in {name}")
        placer.standing[RoverId(rover.id)] = Disc(x=x, y=y, radius=vehicle.radius)
        placer.reach.homes.setdefault(vehicle, (x, y))
        self.rovers.append(
            RoverSpec(
                id=RoverId(rover.id),
                title=rover.title or rover.id,
                agency=AgencyId(rover.agency),
                vehicle=vehicle,
                agent=rover.agent,
                pose=Pose(x=x, y=y, heading=wrap_angle(radians(rover.heading_deg))),
                charge=rover.charge_percent / 100.0,
            )
        )

    def _dock(self) -> None:
        """Put docks where every class that drives can stand, and get to from the others; the first is their home."""
        docks, placer = self._doc.docks, self._placer
        body = placer.standing.get(RoverId(docks.source)) if docks is not None else None
        if docks is None or body is None:
            return
        ring = candidates.around((body.x, body.y), docks.ring_m, docks.count)
        best: list[Point] = []
        for home in ring:  # mostly the first will do
            joined = self._joined(home, ring) if len(best) < len(ring) else []
            best = joined if len(joined) > len(best) else best
        if not best:
            names = " and ".join(vehicle.name for vehicle in self._needs.driving)
            fact = f"no place {docks.ring_m:g} m around {docks.source} is free for {names}"
            self.problems.append(placer.problem(("docks", "ring_m"), fact, "a wider ring?"))
            return
        placer.docks.extend(best)
        placer.reach.homes.update(dict.fromkeys(self._needs.driving, best[0]))

    def _joined(self, home: Point, ring: Sequence[Point]) -> list[Point]:
        tables = [self._placer.reach.get_to(vehicle, ring, home) for vehicle in self._needs.driving]
        good = [point for index, point in enumerate(ring) if all(table[index] for table in tables)]
        return [home, *(point for point in good if point != home)] if home in good else []

    def docks(self) -> tuple[Dock, ...]:
        """Return the docks, in order of their places around the source."""
        if self._doc.docks is None:
            return ()
        return tuple(Dock(source=RoverId(self._doc.docks.source), place=place) for place in self._placer.docks)


def _extent(ground: GroundMap) -> shapely.Polygon:
    """Return the ground that the map has heights for."""
    east, north = (ground.columns - 1) / 2.0 * ground.pixel, (ground.rows - 1) / 2.0 * ground.pixel
    return shapely.box(-east, -north, east, north)


def outline(shape: shapely.Polygon) -> tuple[Point, ...]:
    """Return the corners of a polygon, the first not repeated."""
    return tuple((float(x), float(y)) for x, y in shape.exterior.coords[:-1])
