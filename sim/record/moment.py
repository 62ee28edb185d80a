"""The state of everything at one moment, as plain values for those who draw or tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.core import Path, Pose, RoverId, TaskId, Tick
from fleet.messages import Activity, ClosedGround, EarthWay, Halt
from fleet.terrain import Hazard
from sim.record.entries import InstrumentFrame, RoverEntry, TaskEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentRover:
    """One member of the fleet."""

    entry: RoverEntry  #: What does not change.
    pose: Pose  #: Between two frames, on the straight line from one to the other.
    battery: float  #: Charge, 0 to 1.
    light: float  #: Share of the Sun's disc over the horizon here, 0 to 1.
    power: float  #: Watts into (+) or out of (-) the battery.
    temperature: float  #: Of battery and electronics, kelvin.
    earth: EarthWay  #: How it reaches the Earth.
    activity: Activity
    task: TaskId | None
    payload: float  #: Kilograms on board.
    distance: float  #: Metres driven so far.
    energy: float  #: Joules used so far.
    path: Path  #: Where it means to go, from where it stands; empty when it means to stay.
    corridor: Path  #: Middle line of the ground it has authority for; empty when that is only what it stands on.
    corridor_radius: float  #: Half the width of that ground.
    waits_for: tuple[RoverId, ...]  #: Whose leaving it waits for.
    faults: tuple[str, ...]  #: What is wrong with it, each in two words.
    halts: tuple[Halt, ...] = ()  #: For whom it stands, as it was ordered to.
    unheard: tuple[Halt, ...] = ()  #: Who ordered it to stand and was not heard yet, or is not heeded.
    epoch: int | None = (
        None  #: In which it leads; of two that do not hear each other the later one counts. None: it follows.
    )
    tower: RoverId | None = None  #: Who has it in tow.


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentTask:
    """One piece of work and how it stands."""

    entry: TaskEntry  #: What does not change.
    state: str  #: planned (not ordered yet), open, awarded, running, paused, done, failed, cancelled.
    step: int  #: The next one.
    holder: RoverId | None  #: Who has it, or did it.
    suspended: str = ""  #: Who has it paused or cancelled, and why, until it goes on or is over.


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that happened, as a sentence."""

    tick: Tick
    text: str
    gravity: int  #: 2 grave, 1 needs care, 0 the rest.


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything at one moment."""

    tick: float  #: May lie between two ticks, for smooth motion.
    sun: tuple[float, float]  #: Heading in the site frame and elevation, radians.
    rovers: tuple[MomentRover, ...]  #: In order of the opening.
    tasks: tuple[MomentTask, ...]  #: In order of the opening.
    links: tuple[tuple[RoverId, RoverId], ...]  #: Pairs that hear each other directly.
    stock: Mapping[str, float]
    hazards: tuple[tuple[Hazard, RoverId], ...]  #: Rocks and soft ground that no map had, and who found each.
    news: tuple[News, ...]  #: The last ones, oldest first.
    collisions: int  #: So far.
    faults: int  #: So far.
    closed: tuple[ClosedGround, ...] = ()  #: Ground that nobody enters for a while.
    instruments: tuple[InstrumentFrame, ...] = ()  #: That stand and have power and heat of their own, by id.
    dt: float = 1.0  #: Seconds a tick.
