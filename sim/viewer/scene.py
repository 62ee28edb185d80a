"""What a picture shows, as one plain value: all about the fleet at one moment, nothing about how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fleet.core import AgencyId, MissionTime, Path, Point, RoverId, TaskId
from fleet.messages import EarthWay
from fleet.terrain import Hazard, MapZone

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRover:
    """One member of the fleet at one moment."""

    id: RoverId
    agency: AgencyId
    colour: Colour  #: Of its agency.
    vehicle: str  #: Name of its class.
    can_drive: bool
    radius: float
    x: float
    y: float
    heading: float
    battery: float  #: 0 to 1.
    light: float  #: Share of the Sun's disc over the horizon here, 0 to 1.
    power: float = 0.0  #: Watts into (+) or out of (-) the battery.
    temperature: float = 293.15  #: Of battery and electronics, kelvin.
    earth: EarthWay = "none"  #: How it reaches the Earth.
    activity: str = "idle"
    task: TaskId | None = None
    trail: Path = ()  #: Where it has been, oldest first.
    path: Path = ()  #: Where it means to go, from where it stands.
    corridor: Path = ()  #: The part of the path that it has authority for.
    corridor_radius: float = 0.0
    waits_for: tuple[RoverId, ...] = ()  #: Whose leaving it waits for.
    faults: tuple[str, ...] = ()  #: What is wrong with it, each in two words.
    stands_for: tuple[str, ...] = ()  #: Who has it stand, in words.
    unheard: tuple[str, ...] = ()  #: Who wants it to stand and is not heard, or not heeded, in words.
    tower: RoverId | None = None  #: Who has it in tow.
    leads: str = ""  #: In words, where it leads all, or some who do not hear of a later leader.

    @property
    def point(self) -> Point:
        """Where it stands."""
        return (self.x, self.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTask:
    """One piece of work and how it stands."""

    id: TaskId
    kind: str
    title: str
    colour: Colour  #: Of the agency whose work it is.
    places: Path  #: Of its steps.
    state: str = "open"  #: planned, open, awarded, running, paused, done, failed, cancelled.
    step: int = 0  #: Next step.
    holder: RoverId | None = None
    instrument: str = ""  #: What became of the instrument that it set up: alive, asleep, dead.


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneEvent:
    """Something that happened, as a sentence."""

    tick: int
    text: str
    grave: bool = False  #: A collision, a fault, or a loss.


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneMark:
    """Something that the bar of time shows."""

    tick: int
    kind: str  #: done, failed, or wrong: a collision, a fault, a mind that broke its contract.


class Subject(NamedTuple):
    """Of what a run is asked: a rover, or else a task, or else the radio between two rovers."""

    rover: RoverId | None = None
    task: TaskId | None = None
    link: tuple[RoverId, RoverId] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is told of one thing when somebody asks."""

    title: str
    figures: tuple[tuple[str, str], ...] = ()  #: Names and values.
    why: tuple[str, ...] = ()  #: Why it is as it is, the most important first,
    heading: str = "Why"  #: and what that is headed.
    said: tuple[tuple[int, str], ...] = ()  #: Ticks and sentences of what it last said and heard, newest first.


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The fleet at one moment."""

    title: str
    time: MissionTime
    tick: float  #: May lie between two ticks, for smooth motion.
    end: int
    sun: tuple[float, float]  #: Heading in the site frame and elevation, radians.
    rovers: tuple[SceneRover, ...] = ()  #: By id.
    tasks: tuple[SceneTask, ...] = ()
    links: tuple[tuple[RoverId, RoverId], ...] = ()  #: Pairs that hear each other directly.
    hazards: tuple[tuple[Hazard, RoverId], ...] = ()  #: Rocks and soft ground that no map had, and who found each.
    closed: tuple[MapZone, ...] = ()  #: Ground that mission control has closed.
    docks: tuple[Point, ...] = ()
    agencies: tuple[tuple[AgencyId, Colour], ...] = ()  #: That have machines or work here, with their colours.
    stock: tuple[tuple[str, float], ...] = ()
    events: tuple[SceneEvent, ...] = ()  #: The last ones, oldest first.
    marks: tuple[SceneMark, ...] = ()  #: For the bar of time, in order.
    is_over: bool = False  #: Whether a run that was going on has ended.

    @property
    def base(self) -> Point:
        """Where the machine is that stays where it is, the lander; the middle of the map when all drive."""
        return next((rover.point for rover in self.rovers if not rover.can_drive), (0.0, 0.0))

    def rover(self, wanted: RoverId | None) -> SceneRover | None:
        """Return the rover with this id, or None."""
        return next((rover for rover in self.rovers if rover.id == wanted), None)

    def task(self, wanted: TaskId | None) -> SceneTask | None:
        """Return the task with this id, or None."""
        return next((task for task in self.tasks if task.id == wanted), None)
