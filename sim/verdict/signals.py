"""The world at one moment, as conditions ask about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import degrees, hypot
from types import MappingProxyType
from typing import Final

import networkx as nx

from fleet.core import RoverId, TaskId, Tick
from sim.record.entries import Frame, Opening, RoverFrame, TaskChanged
from sim.scenario.condition_schema import Condition

Value = float | str | bool


@dataclass(slots=True)
class _Standing:
    """How a task stands."""

    state: str = "open"
    step: int = 0
    holder: RoverId | None = None


class Present:
    """What is so now: the last frame, and how tasks stand. Frames come whenever anything happened."""

    def __init__(self) -> None:
        self.tick: Tick = 0
        self.dt = 1.0
        self._radii: dict[RoverId, float] = {}
        self._rovers: Mapping[RoverId, RoverFrame] = {}
        self._tasks: dict[TaskId, _Standing] = {}
        self._frame: Frame | None = None
        self._reach: nx.Graph[RoverId] | None = None

    def open(self, opening: Opening) -> None:
        """Take in what there is."""
        self.dt = opening.dt
        self._radii = {rover.rover: rover.radius for rover in opening.rovers}
        self._tasks = {task.task: _Standing() for task in opening.tasks}

    def change(self, entry: TaskChanged) -> None:
        """Take in how a task stands now."""
        task = self._tasks.setdefault(entry.task, _Standing())
        task.state, task.step = entry.state, entry.step
        task.holder = entry.rover if entry.rover is not None or entry.state == "open" else task.holder

    def look(self, frame: Frame) -> None:
        """Take in where and how all are now."""
        self.tick, self._frame, self._reach = frame.tick, frame, None
        self._rovers = {rover.rover: rover for rover in frame.rovers}

    @property
    def rovers(self) -> tuple[RoverId, ...]:
        """All of them, by id."""
        return tuple(sorted(self._radii))

    def value(self, signal: str, condition: Condition) -> Value | None:
        """Return a signal; None when there is none, such as of a rover that is not there."""
        frame = self._frame
        if frame is None:
            return None
        if condition.task is not None:
            return self._of_task(signal, TaskId(condition.task))
        if condition.stock is not None:
            return frame.stock.get(condition.stock)
        if condition.rover is None:
            return self._of_fleet(signal, frame)
        rover = self._rovers.get(RoverId(condition.rover))
        if rover is None:
            return None
        if condition.other is None:
            return float(self._links(rover.rover)) if signal == "links" else _OF_ROVER[signal](rover)
        other = self._rovers.get(RoverId(condition.other))
        return self._between(signal, rover, other) if other is not None else None

    def _of_task(self, signal: str, name: TaskId) -> Value | None:
        task = self._tasks.get(name)
        if task is None:
            return None
        if signal == "step":
            return float(task.step)
        return task.state if signal == "state" else str(task.holder or "nobody")

    def _of_fleet(self, signal: str, frame: Frame) -> Value:
        if signal == "tasks_done":
            return float(sum(task.state == "done" for task in self._tasks.values()))
        return degrees(frame.sun[1])

    def _links(self, rover: RoverId) -> int:
        return sum(rover in pair for pair in self._frame.links) if self._frame is not None else 0

    def _between(self, signal: str, a: RoverFrame, b: RoverFrame) -> Value:
        if signal == "separation_m":
            return hypot(a.x - b.x, a.y - b.y) - self._radii[a.rover] - self._radii[b.rover]
        assert self._frame is not None
        if signal == "hears":
            return tuple(sorted((a.rover, b.rover))) in self._frame.links
        if self._reach is None:
            self._reach = nx.Graph(self._frame.links)
            self._reach.add_nodes_from(self._radii)
        return bool(nx.has_path(self._reach, a.rover, b.rover))


_OF_ROVER: Final[Mapping[str, Callable[[RoverFrame], Value]]] = MappingProxyType(
    {
        "state": lambda rover: str(rover.activity),
        "battery_percent": lambda rover: 100.0 * rover.battery,
        "distance_m": lambda rover: rover.distance,
        "energy_wh": lambda rover: rover.energy / 3600.0,
        "payload_kg": lambda rover: rover.payload,
        "power_w": lambda rover: rover.power,
        "temperature_c": lambda rover: rover.temperature - 273.15,
        "light": lambda rover: rover.light,
        "x_m": lambda rover: rover.x,
        "y_m": lambda rover: rover.y,
        "earth": lambda rover: str(rover.earth),
    }
)
