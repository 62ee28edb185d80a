"""Work that somebody who steers a run wants done: checked, and made a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely

from fleet.core import AgencyId, Point, TaskId, Tick
from fleet.messages import Step, Task
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass
from sim.scenario import candidates
from sim.scenario.order_schema import SendItem
from sim.scenario.place_schema import At, PlaceRef
from sim.scenario.problems import Problem, did_you_mean
from sim.scenario.scenario import Scenario
from sim.scenario.task_schema import Image, Survey, capability_of
from sim.scenario.yaml_tree import Loc, YamlFile

_MOST_STATIONS = 500
_CORNERS = 64  # of a circle


class LiveTasks:
    """Makes tasks for one run.

    Parameters
    ----------
    scenario
        That is being run.
    known
        Ids of tasks that were sent to it before.
    """

    def __init__(self, scenario: Scenario, known: Sequence[TaskId] = ()) -> None:
        self._time = scenario.time
        self._duration = scenario.time.seconds(scenario.end)
        self._terrain = Terrain(scenario.ground.map)
        self._places: dict[str, Point] = {**scenario.places}
        self._places.update(
            (str(rover.id), rover.pose.point) for rover in scenario.rovers if not rover.vehicle.can_drive
        )
        self._vehicles = tuple({rover.vehicle.name: rover.vehicle for rover in scenario.rovers}.values())
        self._agencies = tuple(agency.id for agency in scenario.agencies)
        lead = next(rover for rover in scenario.rovers if rover.id == scenario.coordinator)
        self._agency = lead.agency
        self._ids = {str(order.task.id) for order in scenario.orders} | {str(task) for task in known}

    def problems(self, yaml: YamlFile, loc: Loc, item: SendItem) -> Iterator[Problem]:
        """Yield what is wrong with work whose every key is right by itself."""
        task, loc = item.task, (*loc, "task")
        if task.id in self._ids:
            yield yaml.problem_at((*loc, "id"), f"there is a task {task.id!r} already", "give it another id")
        for before in task.after:
            if before not in self._ids:
                yield yaml.problem_at((*loc, "after"), f"there is no task {before!r}", did_you_mean(before, self._ids))
        if task.agency is not None and task.agency not in self._agencies:
            fact = f"there is no agency {task.agency!r}"
            yield yaml.problem_at((*loc, "agency"), fact, did_you_mean(task.agency, self._agencies))
        yield from self._untimely(yaml, loc, item)
        if not self._able(task):
            fact = f"no rover has the capability {capability_of(task)!r} that {task.kind} needs"
            yield yaml.problem_at((*loc, "kind"), fact, "choose work that somebody of this fleet can do")
            return
        at = task.at if isinstance(task, Image) else task.circle.centre if task.circle is not None else None
        if at is not None and self._point(at) is None:
            where = (*loc, "at") if isinstance(task, Image) else (*loc, "circle", "centre")
            yield yaml.problem_at(where, "is no place that this run knows", "give {at_m: [x, y]} or a named place")
        elif not self._stands(item):
            yield yaml.problem_at(loc, "no rover that can do it can stand there", "choose level ground on the map")
        elif len(self._stands(item)) > _MOST_STATIONS:
            yield yaml.problem_at((*loc, "spacing_m"), f"makes more than {_MOST_STATIONS} stations", "make it wider")

    def _untimely(self, yaml: YamlFile, loc: Loc, item: SendItem) -> Iterator[Problem]:
        """Yield what is wrong with when work is to be done, and after or beside what."""
        task = item.task
        key, least = ("work", task.work) if isinstance(task, Image) else ("dwell", task.dwell)
        if least <= 0.0:
            yield yaml.problem_at((*loc, key), f"{key} takes no time", "give how long it takes, such as 10m")
        least *= max(1, len(self._stands(item)))
        if task.latest is not None and task.earliest + least > task.latest:
            fact = f"cannot be done by latest ({task.latest:g} s): its work takes at least {least:g} s"
            began = f" and cannot begin before {task.earliest:g} s" if task.earliest > 0.0 else ""
            yield yaml.problem_at((*loc, "latest"), fact + began, "make its window longer")
        if item.at + task.earliest >= self._duration:
            fact = f"earliest ({task.earliest:g} s) lies after the end of the mission ({self._duration:g} s)"
            yield yaml.problem_at((*loc, "earliest"), fact)
        if task.beside:
            yield yaml.problem_at((*loc, "beside"), "work that is sent later goes on by itself", "leave beside out")
        if task.ordered_at > 0.0:
            yield yaml.problem_at((*loc, "ordered_at"), "is for scenario files", "give the order itself at: 1h")
        for place, before in enumerate(task.after):
            if before in task.after[:place]:
                yield yaml.problem_at((*loc, "after", place), f"{before!r} is named twice")

    def task(self, item: SendItem, now: Tick) -> Task:
        """Return the task that is sent; its times count from now."""
        told = item.task
        self._ids.add(told.id)
        seconds = told.work if isinstance(told, Image) else told.dwell
        first = now + self._time.tick(told.earliest)
        return Task(
            id=TaskId(told.id),
            kind=told.kind,
            title=told.title or told.id,
            agency=AgencyId(told.agency) if told.agency is not None else self._agency,
            steps=tuple(
                Step(
                    place=place,
                    radius=told.near_m,
                    work=max(1, self._time.tick(seconds)),
                    capability=capability_of(told),
                    light=told.light,
                    contact=told.contact,
                )
                for place in self._stands(item)
            ),
            after=tuple(TaskId(before) for before in told.after),
            earliest=first,
            latest=None if told.latest is None else max(now + self._time.tick(told.latest), first + 1),
            value=told.value,
        )

    def _able(self, task: Image | Survey) -> list[VehicleClass]:
        return [vehicle for vehicle in self._vehicles if capability_of(task) in vehicle.capabilities]

    def _point(self, ref: PlaceRef) -> Point | None:
        if isinstance(ref, At):
            return (ref.at_m[0], ref.at_m[1])
        return self._places.get(ref) if isinstance(ref, str) else None

    def _stands(self, item: SendItem) -> list[Point]:
        """Return the places of its steps, as far as somebody who can do it can stand there."""
        told = item.task
        if isinstance(told, Image):
            place = self._point(told.at)
            places = [] if place is None else [place]
        elif told.line is not None:
            places = candidates.along(told.line, max(told.spacing_m, told.line.length / _MOST_STATIONS / 2.0))
        else:
            places = candidates.stations(self._shape(item), told.spacing_m)
        least_x, least_y, most_x, most_y = self._terrain.extent
        on_map = [(x, y) for x, y in places if least_x <= x <= most_x and least_y <= y <= most_y]
        closed = [self._terrain.forbidden(vehicle) for vehicle in self._able(told) if vehicle.can_drive]
        return [place for place in on_map if any(not ground.intersects(shapely.Point(place)) for ground in closed)]

    def _shape(self, item: SendItem) -> shapely.Polygon:
        told = item.task
        assert not isinstance(told, Image)
        if told.circle is None:
            return shapely.Polygon(told.polygon_m)
        middle = self._point(told.circle.centre) or (0.0, 0.0)
        return shapely.Polygon(candidates.around(middle, told.circle.radius_m, _CORNERS))
