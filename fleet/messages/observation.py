"""What the world (or a hardware driver) tells a rover about itself."""

from __future__ import annotations

from typing import Literal

import msgspec

from fleet.core import Disc, Point, Pose, RoverId, TaskId, Tick
from fleet.messages.bulletin import Bulletin
from fleet.messages.task import Task
from fleet.terrain.hazard import Hazard, HazardKind, Sense, Sighting

Activity = Literal["idle", "driving", "working", "charging", "lost", "asleep", "down"]
#: How a rover reaches the Earth: by its own radio, by its own over the relay satellite, over other machines, not.
EarthWay = Literal["none", "direct", "relay", "others"]


class _Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag=True):
    """Something that just happened to the rover; every kind below is one."""


class Arrived(_Event, frozen=True):
    """The path has been driven to its end."""


class Passed(_Event, frozen=True):
    """A waypoint that the command asked to be told of lies behind."""

    waypoint: int  #: Index into the path of the last FollowPath.


class Blocked(_Event, frozen=True):
    """The rover stopped: the way ahead cannot be driven, or, where a ``wheel`` is stuck, none can."""

    reason: Literal["rock", "slope", "edge", "body", "soft", "wheel"]


class HazardSeen(_Event, frozen=True):
    """Ground came into view, or under the wheels, of which no map warned; or what another saw there is not there.

    Notes
    -----
    Of rocks and steep ground a rover is told what stops its own vehicle, of soft ground all.
    """

    hazard: Disc
    kind: HazardKind = "rock"
    slip: float = 0.0  #: As in `fleet.terrain.Hazard`.
    how: Sense = "seen"  #: Soft ground is felt when wheels slip in it.
    sure: float = 1.0
    tilt: float = 0.0  #: As in `Hazard`.
    there: bool = True  #: False: it looked like that, and the rover is there now and finds none.

    def __post_init__(self) -> None:
        self.what()
        self.word(RoverId(""), 0)

    def what(self) -> Hazard:
        """Return the hazard."""
        return Hazard(disc=self.hazard, kind=self.kind, slip=self.slip, tilt=self.tilt)

    def word(self, rover: RoverId, tick: Tick) -> Sighting:
        """Return the sighting of the rover that is told this."""
        return Sighting(by=rover, tick=tick, how=self.how, sure=self.sure, there=self.there)


class StepDone(_Event, frozen=True):
    """Work on a step is complete; `final` when the task is."""

    task: TaskId
    step: int
    final: bool


class WorkStopped(_Event, frozen=True):
    """Work cannot start or go on.

    Parameters
    ----------
    reason
        ``place``: not there; ``capability``; ``light``: wrong light; ``stock``: too little in stock; ``payload``: too
        heavy or not on board; ``order``: not the next step, or a task before it is not done; ``taken``: another rover
        has begun it; ``contact``: radio does not reach whom the step needs; ``partner``: whom the step is about is not
        there, is busy, or has what it was to get.
    """

    task: TaskId
    reason: Literal["place", "capability", "light", "stock", "payload", "order", "taken", "contact", "partner"]
    step: int = 0  #: The step that is next in truth: who takes over another's work finds what is done.


class BatteryCrossed(_Event, frozen=True):
    """The charge went through a threshold."""

    level: Literal["critical", "low", "full"]  #: Below 15 %, below 30 %, up to 99.9 %.


class LightChanged(_Event, frozen=True):
    """The Sun rose over, or sank behind, the horizon of this place."""

    lit: bool


class LinksChanged(_Event, frozen=True):
    """Others came into, or went out of, reach of the radio, directly or over others."""


class EarthChanged(_Event, frozen=True):
    """Contact with the Earth came or went, by whatever way."""

    contact: bool


class ChargeStopped(_Event, frozen=True):
    """The rover is no longer charged by another.

    Parameters
    ----------
    reason
        ``full``; ``far``: source out of reach of the cable; ``source``: source has nothing to give or serves another;
        ``right``: its agency gives none to this rover's.
    """

    reason: Literal["full", "far", "source", "right"]


class TowBegan(_Event, frozen=True):
    """One rover has another in tow; told to both, to the one in tow as soon as it is gripped."""

    tower: RoverId
    towed: RoverId
    reach: float  #: Metres around the middle of the tower in which both bodies lie, however they turn.


class TowEnded(_Event, frozen=True):
    """A rover is no longer in tow; told to both."""

    tower: RoverId
    towed: RoverId
    place: Point  #: Where it stands now.


class Slept(_Event, frozen=True):
    """The rover fell asleep, as it was told to: from here on it neither hears nor says anything."""


class Woke(_Event, frozen=True):
    """The rover is awake again, and stands.

    Parameters
    ----------
    reason
        Of sleep: ``time`` is up; ``light``: enough Sun; ``charge``: enough of it, or another machine brings some, also
        to one that was down. ``revived``: it was down, and the Sun has warmed and charged it again.
    """

    reason: Literal["time", "light", "charge", "revived"]


class WentDown(_Event, frozen=True):
    """The rover is switched off, against its will; it comes back when the Sun warms and charges it in time.

    Parameters
    ----------
    reason
        ``empty``: no charge is left; ``cold``: the battery is too cold to give any.
    """

    reason: Literal["empty", "cold"]


class Froze(_Event, frozen=True):
    """The rover became colder than it can survive: it is lost for good."""


class Ordered(_Event, frozen=True):
    """Mission control wants this done; told to whoever leads, and what is not done yet to each new leader again."""

    task: Task


class Notified(_Event, frozen=True):
    """Mission control has this in force from now on; told to whoever leads, and to each new leader again."""

    bulletin: Bulletin


Event = (
    Arrived
    | Passed
    | Blocked
    | HazardSeen
    | StepDone
    | WorkStopped
    | BatteryCrossed
    | LightChanged
    | LinksChanged
    | EarthChanged
    | ChargeStopped
    | Slept
    | Woke
    | WentDown
    | Froze
    | Ordered
    | Notified
    | TowBegan
    | TowEnded
)


class Observation(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """The rover's own senses at one tick."""

    tick: Tick
    pose: Pose
    battery: float  #: Charge, 0 to 1.
    light: float  #: Share of the Sun's disc over the horizon here, 0 to 1.
    power: float  #: Watts into (+) or out of (-) the battery.
    activity: Activity
    payload: float  #: Kilograms on board.
    links: tuple[RoverId, ...]  #: Who can be reached now, over any number of hops; sorted.
    neighbours: tuple[RoverId, ...] = ()  #: Who is heard directly, whatever the others do; sorted.
    events: tuple[Event, ...] = ()  #: Since the rover was last asked, in order.
    temperature: float = 293.15  #: Of battery and electronics, kelvin.
    earth: EarthWay = "none"  #: How the Earth is reached now.
