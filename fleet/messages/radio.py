"""What rovers say to each other."""

from __future__ import annotations

from math import isfinite
from typing import Final, Literal

import msgspec

from fleet.core import Disc, Path, Pose, RoverId, TaskId, Tick, is_finite
from fleet.messages.agreement import Gossip
from fleet.messages.body import Content
from fleet.messages.bulletin import Bulletin, BulletinHeeded
from fleet.messages.election import Call, Heartbeat, Leading, Pledge, Standing, Witness, Witnessed
from fleet.messages.observation import Activity
from fleet.messages.rights import Declined
from fleet.messages.task import Task
from fleet.terrain.hazard import Hazard, HazardKind, Sense, Sighting

MOST_SEGMENTS: Final = 4096  #: Of one plan.


class Telemetry(Content, frozen=True):
    """Where I am and how I am; for information, it wakes nobody."""

    pose: Pose
    battery: float
    activity: Activity
    task: TaskId | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.battery):
            raise ValueError(f"Telemetry.battery must be finite, got {self.battery!r}")


class HazardReport(Content, frozen=True):
    """There is a rock, soft or steep ground that no map has; or, where another met it, there is none."""

    hazard: Disc
    seen: Tick
    kind: HazardKind = "rock"
    slip: float = 0.0  #: As in `Hazard`; of soft ground.
    by: RoverId = RoverId("")  #: Who met it, when that is not the sender: who was out of reach hears it from others.
    how: Sense = "seen"
    sure: float = 1.0  #: Over 0 to 1.
    there: bool = True
    tilt: float = 0.0  #: As in `Hazard`; of steep ground.

    def __post_init__(self) -> None:
        self.what()
        self.word(self.by)

    def what(self) -> Hazard:
        """Return the hazard that it is about."""
        return Hazard(disc=self.hazard, kind=self.kind, slip=self.slip, tilt=self.tilt)

    def word(self, sender: RoverId) -> Sighting:
        """Return who says so, and how sure."""
        return Sighting(by=self.by or sender, tick=self.seen, how=self.how, sure=self.sure, there=self.there)

    @classmethod
    def of(cls, hazard: Hazard, word: Sighting) -> HazardReport:
        """Return the report of a sighting."""
        return cls(
            hazard=hazard.disc,
            seen=word.tick,
            kind=hazard.kind,
            slip=hazard.slip,
            by=word.by,
            how=word.how,
            sure=word.sure,
            there=word.there,
            tilt=hazard.tilt,
        )


class Distress(Content, frozen=True):
    """I shall run out of charge, whatever I do by myself: no light and no charger comes in time."""

    pose: Pose
    battery: float
    empty: Tick  #: When nothing will be left, even asleep from now on.
    reason: str = ""  #: Why neither Sun nor charger helps, in words.


class Announcement(Content, frozen=True):
    """These tasks are to be had; bid before the deadline."""

    round: int
    tasks: tuple[Task, ...]
    deadline: Tick


class Bid(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A rover's price for one announced task."""

    task: TaskId
    cost: float  #: Seconds of mission time until the rover would have it done; finite, >= 0.

    def __post_init__(self) -> None:
        if not (isfinite(self.cost) and self.cost >= 0.0):
            raise ValueError(f"Bid.cost must be finite and >= 0, got {self.cost!r}")


class Bids(Content, frozen=True):
    """My prices in a round; tasks not named I cannot or will not do."""

    round: int
    bids: tuple[Bid, ...]


class Award(Content, frozen=True):
    """The task is yours (told to everyone, so that the others know)."""

    round: int
    task: Task
    rover: RoverId
    cost: float


class TaskReport(Content, frozen=True):
    """How a task stands, from the rover that has it."""

    task: TaskId
    state: Literal["accepted", "running", "done", "returned", "failed"]
    reason: str = ""


class StopOrder(Content, frozen=True):
    """Stand still until I say otherwise; what you hold stays yours."""

    number: int = 0  #: Counts up, one sender's orders; the node sets it.
    stand: bool = True  #: False: go on, as far as I am concerned.
    reason: str = ""


class StopHeeded(Content, frozen=True):
    """I do as your order says, or tell you why I do not."""

    number: int
    refused: str = ""  #: Why not.


class Letter(Content, frozen=True):
    """Take this to them, whom I do not reach; I tell them myself when I can."""

    origin: RoverId  #: Whose words these are.
    number: int  #: Counts up, one origin's letters.
    to: tuple[RoverId, ...]
    said: Tick
    body: TaskReport | HazardReport


class AuthorityRequest(Content, frozen=True):
    """May I drive this path? Its pieces between waypoints are the segments of the plan."""

    plan: int  #: Counts up, one rover's plans.
    path: Path
    radius: float  #: Half the width of the corridor.

    def __post_init__(self) -> None:
        if not 2 <= len(self.path) <= MOST_SEGMENTS or not is_finite(self.path):
            raise ValueError(f"AuthorityRequest.path needs 2 to {MOST_SEGMENTS} finite waypoints")
        if not (isfinite(self.radius) and self.radius > 0.0):
            raise ValueError(f"AuthorityRequest.radius must be finite and > 0, got {self.radius!r}")


class AuthorityGrant(Content, frozen=True):
    """You hold your plan's segments up to this waypoint, until you return them."""

    plan: int
    upto: int  #: Index of the last waypoint that may be driven to.
    waits_for: tuple[RoverId, ...] = ()  #: Whose leaving the next segment waits for.


class AuthorityRefusal(Content, frozen=True):
    """The path cannot be granted, because of ground that will not be free by waiting."""

    plan: int
    held: tuple[Disc, ...]  #: Plan around these.
    by: tuple[RoverId, ...]  #: Who holds them.
    zones: tuple[str, ...] = ()  #: Closed ground that the path leads into.


class AuthorityWithdrawal(Content, frozen=True):
    """The part of your plan that was not granted yet is void; what you hold stays yours."""

    plan: int


class AuthorityOffer(Content, frozen=True):
    """Ask for this way from where you stand: it goes with the ways of others, and together they will be granted."""

    agreement: int  #: Counts up, one leader's offers; all who are offered ways under one number go together.
    path: Path

    def __post_init__(self) -> None:
        if len(self.path) < 2 or not is_finite(self.path):
            raise ValueError("AuthorityOffer.path needs at least two finite waypoints")


class AuthorityReturn(Content, frozen=True):
    """I have left the segments before this waypoint; when `ends`, the whole plan, and I stand here."""

    plan: int
    upto: int
    ends: Disc | None = None  #: The ground on which the rover stands, when it gives the rest of its plan back.


class TowClaim(Content, frozen=True):
    """I have this one in tow, and what it stood on is mine; or I have set it down, and it has ground of its own."""

    number: int  #: Counts up, one sender's claims.
    rover: RoverId
    ground: Disc  #: What the sender stands on: with the other, or alone once that is set down.
    left: Disc | None = None  #: What the other stands on; None while it is in tow.


class TowAnswer(Content, frozen=True):
    """It is as the claim says; or not yet, because of those whose ground is in the way."""

    number: int
    by: tuple[RoverId, ...] = ()


Body = (
    Telemetry
    | HazardReport
    | Distress
    | Announcement
    | Bids
    | Award
    | TaskReport
    | Declined
    | Letter
    | AuthorityRequest
    | AuthorityGrant
    | AuthorityRefusal
    | AuthorityWithdrawal
    | AuthorityOffer
    | AuthorityReturn
    | StopOrder
    | StopHeeded
    | Bulletin
    | BulletinHeeded
    | Call
    | Pledge
    | Leading
    | Heartbeat
    | Standing
    | Witness
    | Witnessed
    | Gossip
    | TowClaim
    | TowAnswer
)

#: Bodies that wait in the inbox until the receiver wakes for another reason.
QUIET: tuple[type[Body], ...] = (Telemetry, Heartbeat, Standing, BulletinHeeded, Declined)


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One thing said: who, when, to whom, what."""

    tick: Tick  #: When it was said.
    sender: RoverId
    seq: int  #: Counts up, one sender's messages.
    to: RoverId  #: A rover, or `EVERYONE`.
    body: Body
    quiet: bool = False  #: Waits in the inbox until the receiver wakes for another reason; set for `QUIET` bodies.
