"""What a recording holds: the truth at each event, and every word and command."""

from __future__ import annotations

import msgspec

from fleet.core import AgencyId, Pose, RoverId, TaskId, Tick
from fleet.messages import Activity, Command, EarthWay, Event, Law, Message, Right
from sim.scenario.fault import Fault
from sim.scenario.order import ControlOrder


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag="opening", omit_defaults=True):
    """First entry: what was run. The ground goes beside it, as an attachment."""

    scenario: str
    title: str
    file: str
    text: str
    seed: int
    start: str  #: UTC, ISO 8601.
    dt: float
    end: Tick
    coordinator: RoverId
    agencies: tuple[tuple[AgencyId, str, str], ...]  #: Id, name, colour.
    rovers: tuple[RoverEntry, ...]
    tasks: tuple[TaskEntry, ...]
    docks: tuple[tuple[RoverId, float, float], ...]
    rights: tuple[Right, ...] = ()  #: Who may do what to whose rover; of two about the same, the later counts.

    @property
    def law(self) -> Law:
        """Who may do what to whose rover, at the start."""
        return Law(table=self.rights, agencies={rover.rover: rover.agency for rover in self.rovers})


class RoverEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the fleet."""

    rover: RoverId
    title: str
    agency: AgencyId
    vehicle: str
    vehicle_title: str
    radius: float
    battery: float  #: Joules when full.
    can_drive: bool
    pose: Pose
    capabilities: tuple[str, ...] = ()  #: What it can do.


class TaskEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A task of the scenario."""

    task: TaskId
    kind: str
    title: str
    agency: AgencyId
    places: tuple[tuple[float, float], ...]  #: Of its steps.
    after: tuple[TaskId, ...]
    at: Tick


class InstrumentFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument that stands, in one frame."""

    instrument: TaskId
    state: str  #: alive, asleep, dead.
    charge: float  #: 0 to 1.
    temperature: float  #: Kelvin.
    light: float  #: Share of the Sun's disc.


class RoverFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One rover in one frame; metres, radians, watts."""

    rover: RoverId
    x: float
    y: float
    heading: float
    battery: float  #: 0 to 1.
    light: float
    power: float
    activity: Activity
    task: TaskId | None
    payload: float
    distance: float  #: Driven so far.
    energy: float  #: Joules used so far.
    temperature: float = 293.15  #: Of battery and electronics, kelvin.
    earth: EarthWay = "none"  #: How it reaches the Earth.


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag="frame", omit_defaults=True):
    """The true world at one tick."""

    tick: Tick
    sun: tuple[float, float]  #: Heading in the site frame and elevation, radians.
    rovers: tuple[RoverFrame, ...]
    links: tuple[tuple[RoverId, RoverId], ...]  #: Pairs that hear each other directly, sorted.
    stock: dict[str, float]
    instruments: tuple[InstrumentFrame, ...] = ()  #: Those that stand, by id.


class Happened(msgspec.Struct, frozen=True, kw_only=True, tag="event"):
    """Something happened to a rover."""

    tick: Tick
    rover: RoverId
    event: Event


class TaskChanged(msgspec.Struct, frozen=True, kw_only=True, tag="task"):
    """The truth of a task changed."""

    tick: Tick
    task: TaskId
    state: str  #: open, running, done, failed, cancelled.
    rover: RoverId | None
    step: int


class InstrumentChanged(msgspec.Struct, frozen=True, kw_only=True, tag="instrument"):
    """An instrument is there and stowed, as all are at tick 0, or was set up, fell asleep, woke or died."""

    tick: Tick
    instrument: TaskId  #: Named after the task that sets it up, whose title, agency and last place are its own.
    state: str  #: stowed, alive, asleep, dead.
    charge: float  #: 0 to 1.
    temperature: float  #: Kelvin.
    light: float  #: Share of the Sun's disc.


class Commanded(msgspec.Struct, frozen=True, kw_only=True, tag="command"):
    """A rover's mind told its body what to do."""

    tick: Tick
    rover: RoverId
    command: Command


class Said(msgspec.Struct, frozen=True, kw_only=True, tag="message"):
    """A message, with who will hear it and when."""

    message: Message
    heard: tuple[tuple[RoverId, Tick], ...]
    lost: tuple[RoverId, ...]  #: To whom the radio did not carry it.


class Collided(msgspec.Struct, frozen=True, kw_only=True, tag="collision"):
    """Two bodies touched."""

    tick: Tick
    a: RoverId
    b: RoverId


class Faulted(msgspec.Struct, frozen=True, kw_only=True, tag="fault"):
    """An agent crashed, hung or broke its contract."""

    tick: Tick
    rover: RoverId
    plugin: str
    fact: str


class FaultBegan(msgspec.Struct, frozen=True, kw_only=True, tag="fault-begins"):
    """Something goes wrong, as the scenario or somebody who steers the run wants it."""

    tick: Tick
    fault: Fault


class FaultEnded(msgspec.Struct, frozen=True, kw_only=True, tag="fault-ends"):
    """It is well again."""

    tick: Tick
    fault: Fault


class Directed(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """Mission control gives an order, as the scenario or somebody who steers the run wants it."""

    tick: Tick
    order: ControlOrder


class Closing(msgspec.Struct, frozen=True, kw_only=True, tag="closing"):
    """Last entry: how it ended. Not part of the digest."""

    tick: Tick
    reason: str  #: finished, until, interrupted, error.
    digest: str
    wakes: int


Entry = (
    Opening
    | Frame
    | Happened
    | TaskChanged
    | InstrumentChanged
    | Commanded
    | Said
    | Collided
    | Faulted
    | FaultBegan
    | FaultEnded
    | Directed
    | Closing
)
