"""What an agent is shown, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.core import Disc, Point, RoverId, TaskId, Tick
from fleet.messages import Body, Command, Deed, Message, Observation, Task, Telemetry


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """How the drive that was last commanded stands with the fleet's traffic.

    A `FollowPath` is driven as far as the movement authority for it reaches; the rest follows when it is granted.
    """

    path: tuple[Point, ...] = ()  #: The path asked for; empty when there is none.
    granted: int = 0  #: Index of the last waypoint that may be driven to.
    waits_for: tuple[RoverId, ...] = ()  #: Whose leaving the rest waits for.
    refused: tuple[Disc, ...] = ()  #: Ground to plan around, when the path was refused; the rover stands.
    refused_by: tuple[RoverId, ...] = ()  #: Who holds that ground.
    closed: tuple[str, ...] = ()  #: Closed ground that the path leads into, when it was refused for that.

    @property
    def is_refused(self) -> bool:
        """Whether the path was refused; the rover stands."""
        return bool(self.refused or self.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """All that a rover knows when it is asked."""

    tick: Tick
    rover: RoverId
    observation: Observation
    inbox: tuple[Message, ...]  #: Said to this rover or to everyone since it was last asked, in order of hearing.
    tasks: tuple[Task, ...]  #: Awarded to this rover and not done, in order of award.
    steps: Mapping[TaskId, int]  #: Next step of each of these tasks.
    travel: Travel
    peers: Mapping[RoverId, Telemetry]  #: Last heard of the others.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What somebody asks of a rover, where the rights table leaves it to the rover's mind."""

    deed: Deed  #: To do a ``task``, or to ``stop``.
    by: str  #: The agency that asks, the leader or mission control.
    observation: Observation  #: How the rover is, without the events that it is still to be told.
    task: Task | None = None  #: The work, when it is asked for some.


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Something to say; the fleet's node adds who, when and the number."""

    body: Body
    to: RoverId


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """All that an agent returns.

    Parameters
    ----------
    command
        What the body does from now on; None to go on as before.
    outbox
        What is said, in order.
    wake
        When to ask again if nothing happens before; a later tick, or None.
    """

    command: Command | None = None
    outbox: tuple[Outgoing, ...] = ()
    wake: Tick | None = None
