"""Figures of a run, added up from the entries of its recording, live or afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType

from fleet.core import AgencyId, RoverId, TaskId, Tick
from fleet.messages import Blocked, Distress, Froze, HazardReport, HazardSeen, WentDown, Woke
from fleet.terrain import Hazard
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Directed,
    Entry,
    FaultBegan,
    Faulted,
    Frame,
    Happened,
    InstrumentChanged,
    Opening,
    Said,
    TaskChanged,
)
from sim.scenario.order import SendTask
from sim.verdict.elections import ElectionWatch, Succession
from sim.verdict.lawfulness import LawWatch, Wrong
from sim.verdict.obedience import ObedienceWatch
from sim.verdict.separation import Separation
from sim.verdict.trespass import Trespass, TrespassWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class RoverMetrics:
    """One rover over a run."""

    agency: AgencyId
    vehicle: str
    state: str  #: Its last activity.
    distance: float  #: Metres driven.
    energy: float  #: Joules used.
    min_battery: float  #: 0 to 1, in any frame.
    charges: int  #: How often it began to be charged by another machine.
    lost: bool  #: Frozen, or down at the end.
    down: Tick | None = None  #: When it went down, or froze, for the last time.
    foretold: Tick | None = None  #: When it first said that it would.
    min_battery_at: Tick | None = None  #: When its charge was least.


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMetrics:
    """One task over a run."""

    kind: str
    state: str  #: open, running, done, failed, cancelled.
    rover: RoverId | None  #: Who had it last.
    started: Tick | None  #: When it first ran.
    done: Tick | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentMetrics:
    """One instrument at the end of a run."""

    state: str  #: stowed, alive, asleep, dead,
    since: Tick  #: since then.
    charge: float  #: Then, 0 to 1.
    temperature: float  #: Then, kelvin.
    asleep: Tick | None = None  #: When it last fell asleep.


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """A run in figures."""

    tick: Tick  #: Last tick that was seen.
    dt: float
    reason: str  #: Why it ended; empty while it has not.
    digest: str
    wakes: int
    frames: int
    rovers: Mapping[RoverId, RoverMetrics]  #: By id.
    tasks: Mapping[TaskId, TaskMetrics]  #: In order of the scenario.
    collisions: int
    min_separation: float  #: Metres between the nearest two bodies, edge to edge, in any frame; inf for a lone rover.
    nearest: tuple[RoverId, RoverId] | None  #: Which two these were.
    trespasses: tuple[Trespass, ...]  #: Bodies off ground of their own or against orders, ground granted to two.
    sent: int
    delivered: int  #: One message may be heard by several.
    lost_messages: int
    said: Mapping[str, int]  #: Messages by kind of body.
    faults: tuple[Faulted, ...]  #: Of agents.
    stock: Mapping[str, float]  #: In the last frame.
    blocked: int = 0  #: How often the ground stopped a rover.
    hazards_found: int = 0  #: Rocks, soft and steep ground that no map had, each counted once.
    hazards_told: int = 0  #: Those of which another rover heard.
    hazards_felt: int = 0  #: Those that wheels slipped in.
    hazards_denied: int = 0  #: Those of which a rover that went there said that there is none.
    suffered: tuple[FaultBegan, ...] = ()  #: What went wrong as it was wanted.
    elections: tuple[Succession, ...] = ()  #: Each change of the leader.
    first_collision: Collided | None = None
    refusals: int = 0  #: How often a rover said that somebody has no right, or that it does not consent.
    wrongs: tuple[Wrong, ...] = ()  #: What was done without right.
    nearest_at: Tick | None = None  #: When two bodies were nearest.
    instruments: Mapping[TaskId, InstrumentMetrics] = field(default_factory=dict)  #: By id.

    def tasks_in(self, state: str) -> int:
        """Return how many tasks are in a state."""
        return sum(task.state == state for task in self.tasks.values())


class _Rover:
    """What is being added up for one rover."""

    def __init__(self, agency: AgencyId, vehicle: str) -> None:
        self.agency = agency
        self.vehicle = vehicle
        self.state = "idle"
        self.distance = 0.0
        self.energy = 0.0
        self.min_battery = 1.0
        self.min_battery_at: Tick | None = None
        self.charges = 0
        self.down: Tick | None = None
        self.foretold: Tick | None = None

    def metrics(self) -> RoverMetrics:
        return RoverMetrics(
            agency=self.agency,
            vehicle=self.vehicle,
            state=self.state,
            distance=self.distance,
            energy=self.energy,
            min_battery=self.min_battery,
            charges=self.charges,
            lost=self.state in ("lost", "down"),
            down=self.down,
            foretold=self.foretold,
            min_battery_at=self.min_battery_at,
        )


class _Task:
    """What is being noted of one task."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.state = "open"
        self.rover: RoverId | None = None
        self.started: Tick | None = None
        self.done: Tick | None = None

    def metrics(self) -> TaskMetrics:
        return TaskMetrics(kind=self.kind, state=self.state, rover=self.rover, started=self.started, done=self.done)


class MetricsSink:
    """A sink of entries that adds up; ask `metrics` at any time."""

    def __init__(self) -> None:
        self._rovers: dict[RoverId, _Rover] = {}
        self._tasks: dict[TaskId, _Task] = {}
        self._said: dict[str, int] = {}
        self._faults: list[Faulted] = []
        self._suffered: list[FaultBegan] = []
        self._stock: dict[str, float] = {}
        self._separation = Separation({})
        self._trespass = TrespassWatch()
        self._obedience = ObedienceWatch()
        self._elections = ElectionWatch()
        self._law = LawWatch()
        self._dt = 1.0
        self._tick = 0
        self._frames = self._collisions = 0
        self._first_collision: Collided | None = None
        self._sent = self._delivered = self._lost = 0
        self._closing: Closing | None = None
        self._blocked = 0
        self._found: set[Hazard] = set()
        self._heard_of: set[Hazard] = set()
        self._felt: set[Hazard] = set()
        self._denied: set[Hazard] = set()
        self._instruments: dict[TaskId, InstrumentMetrics] = {}

    def write(self, entry: Entry) -> None:
        """Take in the next entry of the recording."""
        self._law.write(entry)
        match entry:
            case Frame():
                self._frame(entry)
            case Said():
                self._word(entry)
            case Happened():
                self._event(entry)
            case TaskChanged():
                self._task(entry)
            case InstrumentChanged():
                self._instrument(entry)
            case Collided():
                self._collisions += 1
                self._first_collision = self._first_collision or entry
            case Faulted():
                self._faults.append(entry)
            case FaultBegan():
                self._suffered.append(entry)
            case Opening():
                self._open(entry)
            case Directed(order=SendTask(task=task)):
                self._tasks[task.id] = _Task(task.kind)
            case Closing():
                self._closing = entry
                self._tick = max(self._tick, entry.tick)
            case Commanded():
                self._obedience.command(entry)
            case _:  # the ends of faults show in the frames
                pass

    def close(self) -> None:
        """Nothing is held open."""

    def _open(self, opening: Opening) -> None:
        self._dt = opening.dt
        self._rovers = {rover.rover: _Rover(rover.agency, rover.vehicle) for rover in opening.rovers}
        self._tasks = {task.task: _Task(task.kind) for task in opening.tasks}
        self._separation = Separation({rover.rover: rover.radius for rover in opening.rovers})
        self._trespass = TrespassWatch(opening)
        self._obedience = ObedienceWatch(opening)
        self._law = LawWatch(opening)

    def _frame(self, frame: Frame) -> None:
        self._tick = frame.tick
        self._frames += 1
        self._stock = frame.stock
        for seen in frame.rovers:
            rover = self._rovers.get(seen.rover)
            if rover is None:
                continue
            rover.charges += seen.activity == "charging" and rover.state != "charging"
            rover.state = seen.activity
            rover.distance = seen.distance
            rover.energy = seen.energy
            if seen.battery < rover.min_battery or rover.min_battery_at is None:
                rover.min_battery, rover.min_battery_at = min(rover.min_battery, seen.battery), frame.tick
        self._separation.look(frame)
        self._trespass.look(frame)
        self._obedience.look(frame)

    def _event(self, happened: Happened) -> None:
        rover = self._rovers.get(happened.rover)
        self._obedience.happen(happened)
        match happened.event:
            case Blocked():
                self._blocked += 1
            case HazardSeen() as event if event.there:
                self._found.add(event.what())
                if event.how == "felt":
                    self._felt.add(event.what())
            case HazardSeen() as event:
                self._denied.add(event.what())
            case WentDown() if rover is not None:
                rover.down = happened.tick
            case Froze() if rover is not None and rover.state != "down":
                rover.down = happened.tick
            case Woke(reason="revived") if rover is not None:
                rover.down = rover.foretold = None
            case _:
                pass

    def _word(self, said: Said) -> None:
        rover = self._rovers.get(said.message.sender)
        if isinstance(said.message.body, Distress) and rover is not None and rover.foretold is None:
            rover.foretold = said.message.tick
        self._trespass.hear(said.message)
        self._obedience.hear(said.message)
        self._elections.hear(said.message)
        if isinstance(said.message.body, HazardReport) and said.heard:
            self._heard_of.add(said.message.body.what())
        kind = type(said.message.body).__name__
        self._said[kind] = self._said.get(kind, 0) + 1
        self._sent += 1
        self._delivered += len(said.heard)
        self._lost += len(said.lost)

    def _task(self, change: TaskChanged) -> None:
        task = self._tasks.setdefault(change.task, _Task(""))
        task.state = change.state
        task.rover = change.rover if change.rover is not None else task.rover
        if change.state == "running" and task.started is None:
            task.started = change.tick
        if change.state == "done":
            task.done = change.tick

    def _instrument(self, change: InstrumentChanged) -> None:
        before = self._instruments.get(change.instrument)
        slept = before.asleep if before is not None else None
        self._instruments[change.instrument] = InstrumentMetrics(
            state=change.state,
            since=change.tick,
            charge=change.charge,
            temperature=change.temperature,
            asleep=change.tick if change.state == "asleep" else slept,
        )

    def metrics(self) -> Metrics:
        """Return the figures so far."""
        closing = self._closing
        least = self._separation.least
        return Metrics(
            tick=self._tick,
            dt=self._dt,
            reason=closing.reason if closing is not None else "",
            digest=closing.digest if closing is not None else "",
            wakes=closing.wakes if closing is not None else 0,
            frames=self._frames,
            rovers=MappingProxyType({name: self._rovers[name].metrics() for name in sorted(self._rovers)}),
            tasks=MappingProxyType({name: task.metrics() for name, task in self._tasks.items()}),
            collisions=self._collisions,
            min_separation=least[0] if least is not None else inf,
            nearest=least[1:] if least is not None else None,
            first_collision=self._first_collision,
            nearest_at=self._separation.least_at,
            trespasses=tuple(sorted((*self._trespass.found, *self._obedience.found), key=lambda found: found.tick)),
            elections=tuple(self._elections.found),
            sent=self._sent,
            delivered=self._delivered,
            lost_messages=self._lost,
            said=MappingProxyType(dict(sorted(self._said.items()))),
            faults=tuple(self._faults),
            stock=MappingProxyType(dict(self._stock)),
            blocked=self._blocked,
            hazards_found=len(self._found),
            hazards_told=len(self._heard_of),
            hazards_felt=len(self._felt),
            hazards_denied=len(self._denied),
            suffered=tuple(self._suffered),
            refusals=self._law.refusals,
            wrongs=tuple(self._law.wrongs),
            instruments=MappingProxyType(dict(sorted(self._instruments.items()))),
        )


def collect(entries: Iterable[Entry]) -> Metrics:
    """Return the figures of a whole recording."""
    sink = MetricsSink()
    for entry in entries:
        sink.write(entry)
    return sink.metrics()
