"""What travels between a rover's node and a mind that is a program of its own, in any language.

``Introduce`` (node) - ``Introduced`` (mind), then ``Consider`` and ``Decide`` in turn; before it decides, a mind may
ask the rover's planner: ``FindWay`` - ``Way``, ``FindCosts`` - ``Costs``. On the wire all of it is MessagePack in the
named form: maps, keys by name, the kind under ``type``.
"""

from __future__ import annotations

from typing import Final

import msgspec

from fleet.core import Disc, MessageError, Path, Point, RoverId, Tick
from fleet.messages.briefing import Dock, RosterEntry
from fleet.messages.codec import MAX_BYTES, encode
from fleet.messages.command import Command
from fleet.messages.named import from_named, named_form
from fleet.messages.observation import Observation
from fleet.messages.radio import Body, Message, Telemetry
from fleet.messages.task import Task
from fleet.terrain.ground_map import GroundMap

MIND_VERSION: Final = 1
MOST_GOALS: Final = 256  #: Of one `FindCosts`.


class Introduce(msgspec.Struct, frozen=True, kw_only=True, tag="introduce"):
    """Who the mind is to be, and all that it may know beforehand."""

    version: int
    rover: RoverId
    roster: tuple[RosterEntry, ...]  #: The whole fleet at the start, this rover included.
    coordinator: RoverId  #: Who leads at the start.
    docks: tuple[Dock, ...]
    start: str  #: UTC at tick 0, RFC 3339.
    dt: float  #: Seconds a tick.
    chance: int  #: Seed of the rover's own stream of chance; a mind takes chance from nowhere else.
    ground: GroundMap


class Introduced(msgspec.Struct, frozen=True, kw_only=True, tag="introduced"):
    """The mind is ready."""

    version: int
    fault: str = ""  #: Why it is not.


class Travelling(msgspec.Struct, frozen=True, kw_only=True):
    """How the drive that was last commanded stands with the fleet's traffic."""

    path: Path = ()  #: The path asked for; empty when there is none.
    granted: int = 0  #: Index of the last waypoint that may be driven to.
    waits_for: tuple[RoverId, ...] = ()  #: Whose leaving the rest waits for.
    refused: tuple[Disc, ...] = ()  #: Ground to plan around, when the path was refused; the rover stands.
    refused_by: tuple[RoverId, ...] = ()  #: Who holds that ground.
    closed: tuple[str, ...] = ()  #: Closed ground that the path leads into, when it was refused for that.


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """What was last heard of another rover."""

    rover: RoverId
    telemetry: Telemetry


class Consider(msgspec.Struct, frozen=True, kw_only=True, tag="consider"):
    """All that the rover knows now; decide."""

    number: int  #: Counts up.
    observation: Observation
    inbox: tuple[Message, ...]  #: Said to this rover or to everyone since it was last asked.
    tasks: tuple[Task, ...]  #: Awarded to this rover and not done.
    steps: tuple[int, ...]  #: Next step of each of these tasks.
    travel: Travelling
    peers: tuple[Peer, ...]


class FindWay(msgspec.Struct, frozen=True, kw_only=True, tag="find-way"):
    """How does this rover get there?"""

    start: Point
    goal: Point
    avoid: tuple[Disc, ...] = ()  #: Ground of others to keep clear of.


class Way(msgspec.Struct, frozen=True, kw_only=True, tag="way"):
    """So; or why not."""

    path: Path = ()
    length: float = 0.0  #: Metres.
    duration: float = 0.0  #: Seconds.
    energy: float = 0.0  #: Joules.
    reason: str = ""  #: Why there is no way.


class FindCosts(msgspec.Struct, frozen=True, kw_only=True, tag="find-costs"):
    """What would it take this rover to each of these places? Much cheaper than ways."""

    start: Point
    goals: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.goals) > MOST_GOALS:
            raise ValueError(f"FindCosts.goals may have {MOST_GOALS} places, not {len(self.goals)}")


class Costs(msgspec.Struct, frozen=True, kw_only=True, tag="costs"):
    """Seconds and joules to each goal; null where there is no way."""

    costs: tuple[tuple[float, float] | None, ...]


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say; the node adds who, when and the number."""

    to: RoverId
    body: Body


class Decide(msgspec.Struct, frozen=True, kw_only=True, tag="decide"):
    """What the rover does and says."""

    number: int  #: Of the `Consider` that it answers.
    command: Command | None = None  #: None: go on as before.
    outbox: tuple[Saying, ...] = ()
    wake: Tick | None = None  #: When to ask again if nothing happens before.
    fault: str = ""  #: What went wrong in the mind, when it cannot decide; it is then not asked again.


FromNode = Introduce | Consider | Way | Costs
FromMind = Introduced | FindWay | FindCosts | Decide


def to_mind(value: FromNode) -> bytes:
    """Return the bytes of what a node says to a mind."""
    return encode(named_form(value))


def read_from_mind(data: bytes, mind: str) -> FromMind:
    """Return what a mind says.

    Raises
    ------
    MessageError
        When it is nothing that a mind says; it names `mind`.
    """
    if len(data) > MAX_BYTES:
        raise MessageError(mind, f"{len(data)} bytes are more than the {MAX_BYTES} that a frame may have")
    try:
        found: FromMind = from_named(FromMind, msgspec.msgpack.decode(data))
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise MessageError(mind, str(error)) from None
    except MessageError as error:
        raise MessageError(mind, error.fact) from None
    return found
