"""One world for learners: the same that missions run in, decided for from outside, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from math import hypot
from typing import Any, Final

from fleet.core import Point, RoverId, TaskId, Tick, WallClock, stream
from fleet.messages import Command, Event, Observation, Task
from sim.hub import Hub, OpenHosts, Outside, Pace
from sim.learning.gate import Gate, hosts_of
from sim.record import Entry, TaskChanged
from sim.run import compile_kernels
from sim.scenario import Scenario, load_scenario
from sim.world import World

HALF: Final = 40.0  #: Metres from the middle within which rovers and tasks are placed.
_APART: Final = 4.0  # Metres that rovers begin apart at the least.
_VEHICLE: Final = "metu-micro"
_KEPT: Final = 8  # Scenarios that are kept ready.


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How big the exercise is; the seed decides where everything is."""

    rovers: int = 4
    tasks: int = 6
    steps: int = 180  #: Decisions of an episode.
    rocks_per_km2: float = 0.0  #: Rocks that stop who comes upon them; none, and nothing is in the way but others.
    period: Tick = 30  #: Ticks, of a second each, between decisions.


def course_scenario(course: Course, seed: int) -> Scenario:
    """Return the scenario of an exercise: rovers and pictures to be taken at drawn places."""
    return _scenario(course, seed)


@lru_cache(maxsize=_KEPT)
def _scenario(course: Course, seed: int) -> Scenario:
    rng = stream(seed, "learning/places")
    taken: list[Point] = []
    while len(taken) < course.rovers:
        place = (round(rng.uniform(-HALF, HALF), 1), round(rng.uniform(-HALF, HALF), 1))
        if all(hypot(place[0] - x, place[1] - y) > _APART for x, y in taken):
            taken.append(place)
    goals = [(round(rng.uniform(-HALF, HALF), 1), round(rng.uniform(-HALF, HALF), 1)) for _ in range(course.tasks)]
    settings: dict[str, Any] = {
        "terrain.generate.rocks_per_km2": course.rocks_per_km2,
        "duration": f"{(course.steps + 2) * course.period}s",
        "rovers": [
            {
                "id": f"rover-{n}",
                "agency": "METU",
                "vehicle": _VEHICLE,
                "agent": "micro",
                "place": {"at_m": list(place)},
            }
            for n, place in enumerate(taken, 1)
        ],
        "tasks": [
            {"id": f"task-{n}", "kind": "image", "at": {"at_m": list(place)}, "work": "30s", "near_m": 3.0}
            for n, place in enumerate(goals, 1)
        ],
    }
    with as_file(files("sim.learning") / "light.yaml") as file:
        return load_scenario(file, seed=seed, settings=settings)


class LearnersWorld:
    """A run that stops whenever its rovers are to decide.

    Bodies, ground, light, power and work are those of any mission. Nobody stands between learner and body: a command
    is obeyed as it is, ground is not shared by authorities, tasks belong to who begins them.
    """

    def __init__(self, course: Course, seed: int) -> None:
        scenario = course_scenario(course, seed)
        self.rovers: tuple[RoverId, ...] = tuple(spec.id for spec in scenario.rovers)
        self.tasks: tuple[Task, ...] = tuple(order.task for order in scenario.orders)
        self._tasks = _Tasks()
        self._scenario = scenario
        self._gate = Gate(course.period, self._run)
        compile_kernels(lambda _: None)
        self._gate.decide({})

    @property
    def seen(self) -> Mapping[RoverId, Observation]:
        """What those see who are to decide now; empty when it is over."""
        return self._gate.seen

    @property
    def done(self) -> Mapping[TaskId, RoverId | None]:
        """Tasks that are done, and who did them."""
        return self._tasks.done

    def felt(self, rover: RoverId) -> list[Event]:
        """Return what happened to a rover since it last decided, in order."""
        return self._gate.felt.get(rover, [])

    def step(self, commands: Mapping[RoverId, Command]) -> None:
        """Let rovers do this, the others go on as before, until they are to decide again."""
        self._gate.decide(commands)

    def close(self) -> None:
        """End the run where it stands."""
        self._gate.end()

    def _run(self) -> None:
        clock = WallClock()
        hosts = OpenHosts(bus=self._gate, rovers=hosts_of(self.rovers), alive=lambda _: True, kill=lambda _: None)
        pace = Pace(clock, dt=self._scenario.time.dt)
        outside = Outside(clock=clock, pace=pace, frames=False, owns_process=False)
        result = Hub(self._scenario, World(self._scenario), hosts, [self._tasks], outside).run()
        if result.reason == "interrupted" and not self._gate.is_closing:
            raise KeyboardInterrupt  # Ctrl-C is the learner's.


class _Tasks:
    """A sink that keeps who did what."""

    def __init__(self) -> None:
        self.done: dict[TaskId, RoverId | None] = {}

    def write(self, entry: Entry) -> None:
        """Take in what became of tasks."""
        if isinstance(entry, TaskChanged) and entry.state == "done":
            self.done[entry.task] = entry.rover

    def close(self) -> None:
        """Nothing is held open."""
