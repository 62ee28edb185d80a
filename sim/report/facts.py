"""All that a report tells, gathered from a recording in one pass."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from fleet.core import Path, RoverId, TaskId, Tick
from fleet.messages import Award, HazardSeen, TowBegan, TowEnded
from fleet.terrain import Hazard
from sim.record import (
    IN_TOW,
    Closing,
    Collided,
    Directed,
    FaultBegan,
    Faulted,
    FaultEnded,
    Frame,
    Happened,
    InstrumentFrame,
    News,
    Opening,
    Recording,
    RoverFrame,
    Said,
    TaskChanged,
    gravity,
    is_news,
    sentence,
    tick_of,
)
from sim.record.opening import with_task
from sim.report.earth import EarthWatch
from sim.scenario.order import CloseGround, OpenGround, SendTask
from sim.verdict import ElectionWatch


@dataclass(slots=True, kw_only=True)
class Span:
    """What a rover did for a while."""

    start: Tick
    end: Tick
    activity: str
    task: TaskId | None


@dataclass(slots=True, kw_only=True)
class RoverFacts:
    """One rover's mission."""

    ticks: array[int] = field(default_factory=lambda: array("q"))
    battery: array[float] = field(default_factory=lambda: array("d"))
    light: array[float] = field(default_factory=lambda: array("d"))
    temperature: array[float] = field(default_factory=lambda: array("d"))
    track: list[tuple[float, float]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    last: RoverFrame | None = None
    is_in_tow: bool = False

    def add(self, tick: Tick, rover: RoverFrame) -> None:
        """Take in the rover as it is in the next frame."""
        self.ticks.append(tick)
        self.battery.append(rover.battery)
        self.light.append(rover.light)
        self.temperature.append(rover.temperature)
        self.last = rover
        if not self.track or self.track[-1] != (rover.x, rover.y):
            self.track.append((rover.x, rover.y))
        span = self.spans[-1] if self.spans else None
        doing = IN_TOW if self.is_in_tow else rover.activity
        if span is not None:
            span.end = tick
        if span is None or (span.activity, span.task) != (doing, rover.task):
            self.spans.append(Span(start=tick, end=tick, activity=doing, task=rover.task))


@dataclass(slots=True, kw_only=True)
class TaskFacts:
    """How one task went."""

    state: str = "open"
    rover: RoverId | None = None
    awarded: Tick | None = None
    begun: Tick | None = None
    ended: Tick | None = None


@dataclass(slots=True, kw_only=True)
class Traffic:
    """Messages of one kind."""

    sent: int = 0
    heard: int = 0  #: Counted once for each who heard it.
    lost: int = 0  #: Counted once for each whom the radio did not reach.


@dataclass(slots=True, kw_only=True)
class Closed:
    """Ground that mission control closed for a while."""

    zone: str
    outline: Path
    start: Tick
    end: Tick | None = None  #: None: to the end.


@dataclass(slots=True, kw_only=True)
class Facts:
    """A whole mission."""

    opening: Opening
    rovers: dict[RoverId, RoverFacts]
    tasks: dict[TaskId, TaskFacts]
    traffic: dict[str, Traffic] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    hazards: dict[Hazard, tuple[Tick, RoverId]] = field(default_factory=dict)
    denied: dict[Hazard, tuple[Tick, RoverId]] = field(default_factory=dict)
    earth: EarthWatch = field(default_factory=EarthWatch)
    elections: ElectionWatch = field(default_factory=ElectionWatch)
    closed: list[Closed] = field(default_factory=list)  #: In order of their closing.
    collisions: int = 0
    trouble: list[News] = field(default_factory=list)  #: Collisions, faults, and orders of mission control.
    news: list[News] = field(default_factory=list)
    stock: dict[str, float] = field(default_factory=dict)
    instruments: dict[TaskId, InstrumentFrame] = field(default_factory=dict)  #: That stand, in the last frame.
    closing: Closing | None = None
    end: Tick = 0


def gather(recording: Recording) -> Facts:
    """Return the facts of a recording."""
    opening = recording.opening
    facts = Facts(
        opening=opening,
        rovers={rover.rover: RoverFacts() for rover in opening.rovers},
        tasks={task.task: TaskFacts() for task in opening.tasks},
    )
    for entry in recording.entries():
        facts.end = max(facts.end, tick_of(entry))
        match entry:
            case Frame():
                _frame(facts, entry)
            case Said():
                _said(facts, entry)
            case TaskChanged():
                _changed(facts, entry)
            case Happened():
                facts.events[type(entry.event).__name__] += 1
                if isinstance(entry.event, HazardSeen):
                    found = facts.hazards if entry.event.there else facts.denied
                    found.setdefault(entry.event.what(), (entry.tick, entry.rover))
                elif isinstance(entry.event, TowBegan | TowEnded) and entry.event.towed in facts.rovers:
                    facts.rovers[entry.event.towed].is_in_tow = isinstance(entry.event, TowBegan)
            case Collided():
                facts.collisions += 1
            case Directed(order=SendTask(task=task)):
                facts.opening = with_task(facts.opening, entry.tick, task)
                facts.tasks[task.id] = TaskFacts()
            case Directed():
                _directed(facts, entry)
            case Closing():
                facts.closing = entry
        if is_news(entry):
            news = News(tick=tick_of(entry), text=sentence(entry), gravity=gravity(entry))
            facts.news.append(news)
            if isinstance(entry, Collided | Faulted | FaultBegan | FaultEnded | Directed):
                facts.trouble.append(news)
    return facts


def _frame(facts: Facts, frame: Frame) -> None:
    facts.stock = frame.stock
    facts.instruments = {each.instrument: each for each in frame.instruments}
    facts.earth.look(frame)
    for rover in frame.rovers:
        if rover.rover in facts.rovers:
            facts.rovers[rover.rover].add(frame.tick, rover)


def _directed(facts: Facts, entry: Directed) -> None:
    match entry.order:
        case CloseGround(zone=zone, outline=outline):
            _reopened(facts, zone, entry.tick)  # Of two orders about a zone the later counts.
            facts.closed.append(Closed(zone=zone, outline=outline, start=entry.tick))
        case OpenGround(zone=zone):
            _reopened(facts, zone, entry.tick)


def _reopened(facts: Facts, zone: str, tick: Tick) -> None:
    for closed in facts.closed:
        if closed.zone == zone and closed.end is None:
            closed.end = tick


def _said(facts: Facts, entry: Said) -> None:
    body = entry.message.body
    facts.elections.hear(entry.message)
    traffic = facts.traffic.setdefault(type(body).__name__, Traffic())
    traffic.sent += 1
    traffic.heard += len(entry.heard)
    traffic.lost += len(entry.lost)
    if isinstance(body, Award) and body.task.id in facts.tasks:
        task = facts.tasks[body.task.id]
        task.awarded, task.rover = entry.message.tick, body.rover


def _changed(facts: Facts, entry: TaskChanged) -> None:
    task = facts.tasks.get(entry.task)
    if task is None:
        return
    task.state = entry.state
    task.rover = entry.rover or task.rover
    if entry.state == "running" and task.begun is None:
        task.begun = entry.tick
    if entry.state in ("done", "failed", "cancelled"):
        task.ended = entry.tick
