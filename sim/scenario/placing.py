"""Where everything is: names and rules of a scenario file turned into points, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import degrees

import shapely

from fleet.core import Disc, Point, RoverId, distance, stream
from fleet.sdk import NoPlan
from fleet.vehicles import VehicleClass
from sim.scenario import candidates
from sim.scenario.place_schema import At, Inside, Level, Near, PlaceRef, Shape
from sim.scenario.problems import Problem
from sim.scenario.reach import Reach, Sunshine
from sim.scenario.schema import ScenarioFile
from sim.scenario.wishes import Needs, Unplaceable, Wish, class_names, no_ground_fact, point_text, reachable_for
from sim.scenario.yaml_tree import Loc, YamlFile

_DRAWS = 1200  # points tried for a rule
_BATCH = 40  # points tried at a time
_PADS = 400  # level places tried
_PROBES = 16
_BESIDE = 6  # places of work around a machine, and as many between them
_TURN = 0.5236  # radians; between docks, of which there are mostly six
_ROOM = 1.5  # metres kept between bodies that are placed by rule


class Placer:
    """Finds places on one ground; remembers what it found, so that a name means one point.

    Parameters
    ----------
    needs
        What of the fleet matters to places.
    """

    def __init__(self, yaml: YamlFile, doc: ScenarioFile, seed: int, needs: Needs) -> None:
        self._yaml = yaml
        self._doc = doc
        self._seed = seed
        self._needs = needs
        self._named: dict[str, Point | None] = {}
        self._spots_used: dict[RoverId, int] = {}
        self._drawn: list[Point] = []
        self._rules: dict[type, Callable[..., Point]] = {
            At: self._at,
            Level: self._level,
            Inside: self._inside,
            Near: self._near,
        }
        self.standing: dict[RoverId, Disc] = {}  #: Rovers that have their place.
        self.docks: list[Point] = []
        self.shapes: dict[str, shapely.Polygon] = {}  #: Craters and zones.
        self.lost: set[str] = set()  #: Rovers and zones for which there was no place.

    def on(self, reach: Reach, sunshine: Sunshine) -> None:
        """Choose from this ground from now on."""
        self.reach = reach
        self.sunshine = sunshine

    def fail(self, loc: Loc, fact: str, remedy: str = "") -> Unplaceable:
        """Return the exception for a place that cannot be."""
        return Unplaceable(self.problem(loc, fact, remedy))

    def problem(self, loc: Loc, fact: str, remedy: str = "") -> Problem:
        """Return a problem in the file."""
        return self._yaml.problem_at(loc, fact, remedy)

    def point(self, ref: PlaceRef, wish: Wish) -> Point:
        """Return the point that a name or rule means.

        Raises
        ------
        Unplaceable
            When there is none.
        """
        if not isinstance(ref, str):
            return self._rules[type(ref)](ref, wish)
        rover = self.standing.get(RoverId(ref))
        if rover is not None:
            return (rover.x, rover.y)
        if ref in self._named:
            known = self._named[ref]
            if known is None:
                raise Unplaceable(None)
            return known
        if ref in self._doc.places:
            return self._first_time(ref)
        if ref in self.lost:
            raise Unplaceable(None)
        raise self.fail(wish.loc, f"where {ref!r} is, is not known yet", "name a place, or a machine that stands")

    def _first_time(self, name: str) -> Point:
        self._named[name] = None
        rule_wish = Wish(loc=("places", name), name=name, groups=self._needs.of_places.get(name, ()))
        found = self._named[name] = self.point(self._doc.places[name], rule_wish)
        return found

    def shape(self, shape: Shape, wish: Wish) -> shapely.Polygon:
        """Return a shape as a polygon; a circle has 64 corners."""
        if shape.circle is None:
            return shapely.Polygon(shape.polygon_m)
        centre_wish = Wish(loc=(*wish.loc, "circle", "centre"), name=wish.name, groups=wish.groups)
        middle = self.point(shape.circle.centre, centre_wish)
        corners = candidates.around(middle, shape.circle.radius_m, 64)
        return shapely.Polygon(corners)

    def beside(self, rover: RoverId, ring: float, wish: Wish) -> Point:
        """Return a place of work beside a machine that stands, outside a ring; another one each time.

        Raises
        ------
        Unplaceable
            When there is none.
        """
        body = self.standing.get(rover)
        if body is None:
            raise Unplaceable(None)
        for away in (3.0, 5.0, 8.0, 12.0):
            angles = candidates.around((body.x, body.y), ring + away, 2 * _BESIDE, _TURN)
            points = self._usable([*angles[::2], *angles[1::2]], wish)
            for table in self.reach.serves(wish.groups, points):
                good = [point for point, is_good in zip(points, table, strict=True) if is_good]
                if good:
                    used = self._spots_used.get(rover, 0)
                    self._spots_used[rover] = used + 1
                    return good[used % len(good)]
        raise self.fail(wish.loc, f"no free ground around {rover} {reachable_for(wish)}".rstrip())

    def usable_stations(self, stations: Sequence[Point], wish: Wish) -> list[Point]:
        """Return the stations that all able classes get to; if there are none, those that one of them gets to.

        Raises
        ------
        Unplaceable
            When there are none of these either.
        """
        points = self._usable(stations, wish)
        for table in self.reach.serves(wish.groups, points):
            good = [point for point, is_good in zip(points, table, strict=True) if is_good]
            if good:
                return good
        raise self.fail(wish.loc, f"none of the {len(stations)} stations is {reachable_for(wish)}")

    def _at(self, rule: At, wish: Wish) -> Point:
        point = (rule.at_m[0], rule.at_m[1])
        if not self.reach.terrain.contains(point):
            xmin, ymin, xmax, ymax = self.reach.terrain.extent
            extent = f"the map reaches from [{xmin:g}, {ymin:g}] to [{xmax:g}, {ymax:g}]"
            raise self.fail(wish.loc, f"[{point[0]:g}, {point[1]:g}] is off the map", extent)
        if wish.groups and not self.reach.serves(wish.groups, [point])[1][0]:
            raise self.fail(
                wish.loc, f"{class_names(wish.groups)} cannot get to {point_text(point)}", self._why(point, wish)
            )
        return point

    def _why(self, point: Point, wish: Wish) -> str:
        for vehicle in dict.fromkeys(vehicle for group in wish.groups for vehicle in group):
            if vehicle.can_drive:
                home = self.reach.homes.get(vehicle)
                if home is None:
                    return f"the ground there is not free for a {vehicle.name}"
                plan = self.reach.planner(vehicle).plan(home, point)
                if isinstance(plan, NoPlan):
                    return f"{vehicle.name}: {plan.reason}"
        return ""

    def _level(self, rule: Level, wish: Wish) -> Point:
        terrain = self.reach.terrain
        driving = self._needs.driving
        points = candidates.flattest(terrain, rule)[:_PADS]
        if rule.light != "any":
            # Of places with about the same light the flattest comes first still.
            sign = 1.0 if rule.light == "dark" else -1.0
            points = [point for point in points if self.sunshine.suits(point, rule.light)]
            points.sort(key=lambda point: sign * round(self.sunshine.mean(point), 1))
        for point in points:
            if any(distance((rock.x, rock.y), point) < rock.radius + rule.pad_m for rock in terrain.rocks):
                continue
            if all(self._is_open(point, rule.pad_m, vehicle) for vehicle in driving):
                self._drawn.append(point)
                return point
        lit = "" if rule.light == "any" else f"{rule.light} "
        fact = f"no {lit}level ground free of rocks within {rule.within_m:g} m of {point_text(rule.centre_m)}"
        raise self.fail(wish.loc, f"{fact}, from where {class_names((driving,))} could drive off", "search further")

    def _is_open(self, point: Point, pad: float, vehicle: VehicleClass) -> bool:
        """Whether half of the ground far around a pad can be got to from the pad."""
        far = 0.25 * min(self.reach.terrain.extent[2:])
        probes = [*candidates.around(point, far, _PROBES), *candidates.around(point, 2.0 * far, _PROBES)]
        probes = [probe for probe in probes if self.reach.terrain.is_free(probe, vehicle)]
        start = (point[0] + pad / 2.0, point[1])
        reached = self.reach.get_to(vehicle, [start, *probes], start)
        return reached[0] and sum(reached[1:]) >= max(1.0, len(probes) / 2.0)

    def _inside(self, rule: Inside, wish: Wish) -> Point:
        shape = self.shapes.get(rule.in_)
        if shape is None and rule.in_ in self.lost:
            raise Unplaceable(None)
        if shape is None:
            raise self.fail(
                (*wish.loc, "in"), f"{rule.in_!r} is not on this ground", "a file's ground has no such crater"
            )
        points = candidates.lattice(shape.buffer(-0.1 * shape.length / 6.0) or shape)
        points = self._usable(points, wish)
        if rule.light in ("lit", "dark"):
            sign = 1.0 if rule.light == "dark" else -1.0
            points = sorted(points, key=lambda point: sign * self.sunshine.mean(point))
        if rule.light != "any":
            points = [point for point in points if self.sunshine.suits(point, rule.light)]
        best, second_best = self._reachable(points, wish)
        best = best or second_best
        if best is None:
            light = "" if rule.light == "any" else f"{rule.light} "
            raise self.fail(wish.loc, f"no {light}ground in {rule.in_} {reachable_for(wish)}".rstrip())
        self._drawn.append(best)
        return best

    def _near(self, rule: Near, wish: Wish) -> Point:
        middle = self._middle(rule.near, wish)
        rng = stream(self._seed, f"place/{wish.name}")
        free = apart = suited = 0
        second_best: Point | None = None
        for _ in range(_DRAWS // _BATCH):
            points = [
                p for p in self._usable(candidates.ring(middle, rule, rng, _BATCH), wish) if self._is_flat(p, rule)
            ]
            free += len(points)
            points = [p for p in points if all(distance(p, other) >= rule.spread_m for other in self._drawn)]
            apart += len(points)
            points = [p for p in points if self.sunshine.suits(p, rule.light)]
            suited += len(points)
            best, next_best = self._reachable(points, wish)
            second_best = second_best or next_best
            if best is not None:
                break
        found = best or second_best
        if found is None:
            counts = f"of {_DRAWS} points {free} are free and flat enough, {apart} of these far enough from others"
            raise self.fail(wish.loc, no_ground_fact(rule, wish), f"{counts}, {suited} of these have the right light")
        self._drawn.append(found)
        return found

    def _is_flat(self, point: Point, rule: Near) -> bool:
        return rule.max_tilt_deg is None or degrees(self.reach.terrain.tilt(point)) <= rule.max_tilt_deg

    def _middle(self, name: str, wish: Wish) -> Point:
        if name in self.shapes:
            centre = self.shapes[name].centroid
            return (centre.x, centre.y)
        return self.point(name, Wish(loc=(*wish.loc, "near"), name=name))

    def _usable(self, points: Sequence[Point], wish: Wish) -> list[Point]:
        """Keep points on the map, free for one of each group, and clear of bodies and docks."""
        terrain = self.reach.terrain
        clear = [point for point in points if terrain.contains(point) and self.is_clear(point, wish.room)]
        return [
            point
            for point in clear
            if all(any(not v.can_drive or terrain.is_free(point, v) for v in group) for group in wish.groups)
        ]

    def is_clear(self, point: Point, room: float) -> bool:
        """Whether a body of radius `room` keeps its distance there from all that stand, and from docks."""
        bodies = self.standing.values()
        return all(distance(point, (body.x, body.y)) >= body.radius + room + _ROOM for body in bodies) and all(
            distance(point, dock) >= room + 2.0 * _ROOM for dock in self.docks
        )

    def _reachable(self, points: Sequence[Point], wish: Wish) -> tuple[Point | None, Point | None]:
        """Return the first point that all classes of each group get to, and the first that one of each does."""
        second_best: Point | None = None
        for start in range(0, len(points), _BATCH):
            batch = points[start : start + _BATCH]
            everyone, someone = self.reach.serves(wish.groups, batch)
            second_best = second_best or _first(batch, someone)
            if any(everyone):
                return _first(batch, everyone), second_best
        return None, second_best


def _first(points: Sequence[Point], table: Sequence[bool]) -> Point | None:
    return next((point for point, is_good in zip(points, table, strict=True) if is_good), None)
