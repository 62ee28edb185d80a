"""What a host process is told before the mission: all that its rovers may know beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from fleet.core import AgencyId, MissionTime, Point, Pose, RoverId, Tick
from fleet.messages.rights import Law, Right
from fleet.terrain.ground_map import GroundMap
from fleet.vehicles import VehicleClass


class RosterEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the fleet, as everyone knows it at the start."""

    rover: RoverId
    agency: AgencyId
    vehicle: VehicleClass
    agent: str  #: Entry-point name or ``module:Class``.
    pose: Pose


class Dock(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a machine that stands charges others."""

    source: RoverId
    place: Point


#: By the leader, with an allocator; by records that all know; by bids, of those who keep what work takes to themselves.
Allocation = Literal["auction", "agreement", "cbba"]
ElectionRule = Literal["order", "most_energy", "most_heard", "lowest_id"]
Voters = Literal["all", "drivers"]


class Election(msgspec.Struct, frozen=True, kw_only=True):
    """How another leads when the leader falls silent."""

    rule: ElectionRule = "lowest_id"  #: Who of those that hear each other is the best; equals go by the smaller id.
    order: tuple[RoverId, ...] = ()  #: Best first, for the rule ``order``; the others come after these.
    heartbeat: float = 1800.0  #: Seconds after which all hear of the leader again, whatever it has to say.
    heartbeat_driving: float | None = None  #: The same while anybody has a plan; None: no sooner.
    may_miss: int = 1  #: So many voters may be missing when another is elected.
    voters: Voters = "all"  #: Whose pledges count: of all members, or of those that drive.


class Briefing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an agent is told before tick 0."""

    scenario: str
    seed: int
    start: datetime
    dt: float
    end: Tick
    roster: tuple[RosterEntry, ...]
    coordinator: RoverId  #: Who leads traffic and auctions work at the start.
    docks: tuple[Dock, ...]
    ground: GroundMap
    planner: str = "roadmap"
    allocator: str = "auction"
    allocation: Allocation = "auction"  #: How work is shared out.
    agent_deadline: float = 10.0  #: Wall seconds that one decision may take.
    election: Election | None = None  #: None: the coordinator leads for ever.
    rights: tuple[Right, ...] = ()  #: Of two about the same, the later counts.

    @property
    def time(self) -> MissionTime:
        """What a tick means in this mission."""
        return MissionTime(start=self.start, dt=self.dt)

    @property
    def law(self) -> Law:
        """Who may do what to whose rover, at the start."""
        return Law(table=self.rights, agencies={entry.rover: entry.agency for entry in self.roster})
