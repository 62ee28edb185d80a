"""The truth about work: whose each task is, how far it has come, and what lies in stock and on board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Literal

from fleet.core import Point, RoverId, TaskId, Tick
from fleet.messages import Amount, Contact, Step, StepDone, Task
from fleet.vehicles import VehicleClass
from sim.world.values import WorkState, WorldTask

Refusal = Literal["place", "capability", "light", "stock", "payload", "order", "taken", "contact", "partner"]

_SLACK = 1e-6  # metres and kilograms, for rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who asks to work, where, and in which light."""

    rover: RoverId
    vehicle: VehicleClass
    point: Point
    is_lit: bool
    contacts: frozenset[Contact]  #: Kinds of contact that it has.


@dataclass(slots=True, kw_only=True)
class _Entry:
    task: Task
    state: WorkState = "open"
    rover: RoverId | None = None
    step: int = 0
    left: Tick | None = None  # of the step's work; None before it has begun
    changed: Tick = 0
    is_void: bool = False  # Nobody wants it any more: over as soon as nobody works on it.

    @property
    def now(self) -> Step:
        return self.task.steps[self.step]

    def on_board(self, steps: int) -> float:
        return sum(step.loads - step.unloads for step in self.task.steps[:steps])

    def is_in_tow(self, steps: int) -> bool:
        """Whether another is in tow for it when so many steps are done."""
        words = [step.bond.tow for step in self.task.steps[:steps] if step.bond is not None and step.bond.tow]
        return words[-1:] == ["take"]


class Works:
    """All tasks that have come into being, and the stock of the base.

    Notes
    -----
    A task belongs to the rover that has begun it, until it is done, failed or released. A step's takes are drawn when
    its work first starts; loads, unloads and gives count when it is done.
    """

    def __init__(self, stock: Mapping[str, float]) -> None:
        self.stock = dict(stock)
        self._entries: dict[TaskId, _Entry] = {}
        self._payloads: dict[RoverId, float] = {}
        self._changes: list[WorldTask] = []
        self._held: dict[RoverId, tuple[TaskId, ...]] = {}
        self.deadline: Tick | None = None  #: The first tick at which a task fails if it is not done.

    def payload(self, rover: RoverId) -> float:
        """Return the kilograms on board."""
        return self._payloads.get(rover, 0.0)

    def tasks(self) -> tuple[WorldTask, ...]:
        """Return all tasks, by id."""
        return tuple(self._value(self._entries[task]) for task in sorted(self._entries))

    def held_by(self, rover: RoverId) -> tuple[TaskId, ...]:
        """Return the tasks a rover has begun and not done, by id."""
        return self._held.get(rover, ())

    def take_changes(self) -> tuple[WorldTask, ...]:
        """Return what changed since the last call, in order."""
        changes, self._changes = tuple(self._changes), []
        return changes

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._changes)

    def order(self, task: Task, tick: Tick) -> None:
        """Let a task come into being."""
        self._entries[task.id] = _Entry(task=task)
        self._change(self._entries[task.id], tick)

    def refusal(self, worker: Worker, task: TaskId, tick: Tick) -> Refusal | None:
        """Return why work must not start or go on, None when it may."""
        entry = self._entries.get(task)
        return "order" if entry is None else self._refusal(entry, worker, tick)

    def begin(self, worker: Worker, task: TaskId, tick: Tick) -> Step:
        """Return the step that work, which is not refused, starts on or goes on with."""
        entry = self._entries[task]
        if entry.left is None:
            entry.left = entry.now.work
            self._put_in_stock(entry.now.takes, -1.0)
        if entry.state == "open":
            entry.state, entry.rover = "running", worker.rover
            self._change(entry, tick)
        return entry.now

    def step(self, task: TaskId) -> int:
        """Return the step that is next; 0 for a task that is not there."""
        entry = self._entries.get(task)
        return entry.step if entry is not None else 0

    def now(self, task: TaskId) -> Step:
        """Return the present step of a task that is not done."""
        return self._entries[task].now

    def is_over(self, task: TaskId, steps: int) -> bool:
        """Whether a task is done, failed or cancelled, or, unless `steps` is 0, so many of its steps are done."""
        entry = self._entries.get(task)
        return entry is not None and (entry.state in ("done", "failed", "cancelled") or 0 < steps <= entry.step)

    def left(self, task: TaskId) -> Tick:
        """Return the ticks of work left in the step that has begun."""
        return self._entries[task].left or 0

    def pause(self, task: TaskId, left: Tick) -> None:
        """Keep what is left of a step for later."""
        self._entries[task].left = left

    def finish(self, task: TaskId, tick: Tick) -> StepDone:
        """Count a step as done."""
        entry = self._entries[task]
        index, step = entry.step, entry.now
        rover = entry.rover
        assert rover is not None  # who works has begun it
        self._payloads[rover] = max(0.0, self.payload(rover) + step.loads - step.unloads)
        self._put_in_stock(step.gives, 1.0)
        entry.left = None
        entry.step += 1
        final = entry.step == len(entry.task.steps)
        if final:
            entry.state = "done"
        self._change(entry, tick)
        return StepDone(task=task, step=index, final=final)

    def release(self, task: TaskId, tick: Tick) -> None:
        """Take a task from the rover that has begun it.

        Notes
        -----
        What the rover has on board for it is given up, so the task goes back to the step that loaded it.
        """
        entry = self._entries.get(task)
        if entry is None or entry.state != "running":
            return
        self._put_down(entry)
        step = entry.step
        while entry.on_board(step) > _SLACK or entry.is_in_tow(step):
            step -= 1
        if step != entry.step:
            entry.step, entry.left = step, None
        entry.state, entry.rover = "cancelled" if entry.is_void else "open", None
        self._change(entry, tick)

    def cancel(self, task: TaskId, tick: Tick) -> None:
        """Let nobody begin a task any more; who is at it may finish it, or leave it."""
        entry = self._entries.get(task)
        if entry is not None:
            entry.is_void = True
            if entry.state == "open":
                entry.state = "cancelled"
                self._change(entry, tick)

    def expire(self, tick: Tick) -> tuple[TaskId, ...]:
        """Let the tasks fail that are not done in time; return them, by id."""
        late = []
        if self.deadline is not None and self.deadline <= tick:
            for task, entry in sorted(self._entries.items()):
                latest = entry.task.latest
                if entry.state in ("open", "running") and latest is not None and latest <= tick:
                    late.append(task)
                    self._put_down(entry)
                    entry.state = "failed"
                    self._change(entry, tick)
        return tuple(late)

    def _refusal(self, entry: _Entry, worker: Worker, tick: Tick) -> Refusal | None:
        if entry.state == "running" and entry.rover != worker.rover:
            return "taken"
        others = [self._entries.get(other) for other in entry.task.after]
        if (
            entry.state in ("done", "failed", "cancelled")
            or tick < entry.task.earliest
            or any(other is None or other.state != "done" for other in others)
        ):
            return "order"
        step, payload = entry.now, self.payload(worker.rover)
        if step.capability not in worker.vehicle.capabilities:
            return "capability"
        if (
            not step.is_at_rover
            and hypot(step.place[0] - worker.point[0], step.place[1] - worker.point[1]) > step.radius + _SLACK
        ):
            return "place"
        if step.light != "any" and worker.is_lit != (step.light == "lit"):
            return "light"
        if step.contact not in worker.contacts:
            return "contact"
        if payload + step.loads > worker.vehicle.payload + _SLACK and step.loads > 0.0:
            return "payload"
        if step.unloads > payload + _SLACK:
            return "payload"
        if entry.left is None and any(self.stock.get(a.stock, 0.0) < a.amount - _SLACK for a in step.takes):
            return "stock"
        return None

    def _put_in_stock(self, amounts: Iterable[Amount], sign: float) -> None:
        for amount in amounts:
            self.stock[amount.stock] = max(0.0, self.stock.get(amount.stock, 0.0) + sign * amount.amount)

    def _put_down(self, entry: _Entry) -> None:
        if entry.rover is not None:
            self._payloads[entry.rover] = max(0.0, self.payload(entry.rover) - entry.on_board(entry.step))

    def _change(self, entry: _Entry, tick: Tick) -> None:
        entry.changed = tick
        self._changes.append(self._value(entry))
        latest = [
            e.task.latest
            for e in self._entries.values()
            if e.state in ("open", "running") and e.task.latest is not None
        ]
        self.deadline = min(latest, default=None)
        self._held = {}
        for task, other in sorted(self._entries.items()):
            if other.state == "running" and other.rover is not None:
                self._held[other.rover] = (*self._held.get(other.rover, ()), task)

    @staticmethod
    def _value(entry: _Entry) -> WorldTask:
        return WorldTask(
            id=entry.task.id,
            kind=entry.task.kind,
            state=entry.state,
            rover=entry.rover,
            step=entry.step,
            tick=entry.changed,
        )
