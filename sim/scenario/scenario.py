"""A situation, resolved: what the world and the fleet start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fleet.core import AgencyId, MissionTime, Point, Pose, RoverId, Tick
from fleet.messages import Allocation, Briefing, Dock, Election, Law, Right, RosterEntry, Task
from fleet.vehicles import VehicleClass
from sim.generate.ground import Ground
from sim.scenario.fault import Fault
from sim.scenario.instrument import InstrumentSpec
from sim.scenario.order import ControlOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who owns rovers."""

    id: AgencyId
    name: str
    colour: str  #: ``#rrggbb``, from the Okabe-Ito palette.


@dataclass(frozen=True, slots=True, kw_only=True)
class RoverSpec:
    """A member of the fleet as the world starts it."""

    id: RoverId
    title: str
    agency: AgencyId
    vehicle: VehicleClass
    agent: str  #: Entry-point name or ``module:Class``.
    pose: Pose
    charge: float  #: Of the battery at the start, 0 to 1.


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A task and when mission control gives it to the coordinator."""

    task: Task
    at: Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A condition the run is judged by, as written in the file."""

    name: str  #: Key of the rule, such as ``collisions``.
    value: object  #: What the file says under it: a number, a string, or a mapping of these.
    line: int  #: In the file.
    file: str = ""  #: In which it stands, where that is not the scenario's own.


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A piece of payload that lands as one."""

    id: str
    title: str
    agency: str
    mass: float  #: Kilograms.


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """All modules and what they may weigh, kilograms."""

    limit: float
    modules: tuple[Module, ...]

    @property
    def mass(self) -> float:
        """What they weigh together."""
        return sum(module.mass for module in self.modules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation with its seed: everything that decides a run."""

    name: str
    title: str
    file: str
    text: str  #: The file as read and what was set beside it, for the recording.
    seed: int
    time: MissionTime
    end: Tick
    frame_every: Tick  #: A frame is recorded at least this often.
    ground: Ground
    agencies: tuple[Agency, ...]
    rovers: tuple[RoverSpec, ...]  #: By id.
    coordinator: RoverId
    docks: tuple[Dock, ...]
    orders: tuple[Order, ...]  #: By tick, then id.
    stock: Mapping[str, float]  #: At the start.
    radio_loss: float  #: Share of messages that are lost though the link is there.
    expectations: tuple[Expectation, ...]
    planner: str
    allocator: str
    agent_deadline: float  #: Wall seconds.
    faults: tuple[Fault, ...] = ()  #: What will go wrong, by beginning, then id.
    control: tuple[ControlOrder, ...] = ()  #: What mission control orders meanwhile, by tick, then id.
    orders_need_earth: bool = False  #: Orders wait until the leader reaches the Earth.
    election: Election | None = None  #: How another leads when the leader falls silent; None: nobody does.
    allocation: Allocation = "auction"  #: How work is shared out.
    places: Mapping[str, Point] = field(default_factory=dict)  #: Where the named places are.
    rights: tuple[Right, ...] = ()  #: Who may do what to whose rover; of two about the same, the later counts.
    payload: Payload | None = None  #: What the lander carries for partners; None: nobody weighs it.
    instruments: tuple[InstrumentSpec, ...] = ()  #: With power and heat of their own, once they are set up; by id.
    vehicle_bases: Mapping[str, str] = field(default_factory=dict)  #: Own vehicle class to the one it was made from.

    @property
    def law(self) -> Law:
        """Who may do what to whose rover, at the start."""
        return Law(table=self.rights, agencies={spec.id: spec.agency for spec in self.rovers})

    def briefing(self) -> Briefing:
        """Return what the fleet is told beforehand."""
        return Briefing(
            scenario=self.name,
            seed=self.seed,
            start=self.time.start,
            dt=self.time.dt,
            end=self.end,
            roster=tuple(
                RosterEntry(
                    rover=rover.id, agency=rover.agency, vehicle=rover.vehicle, agent=rover.agent, pose=rover.pose
                )
                for rover in self.rovers
            ),
            coordinator=self.coordinator,
            docks=self.docks,
            ground=self.ground.map,
            planner=self.planner,
            allocator=self.allocator,
            agent_deadline=self.agent_deadline,
            election=self.election,
            rights=self.rights,
            allocation=self.allocation,
        )
