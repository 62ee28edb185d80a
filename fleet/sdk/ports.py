"""What a plugin implements. The ports are structural: a plugin inherits nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from fleet.core import Disc, MissionTime, Point, Rng, RoverId, TaskId
from fleet.messages import Bid, Dock, Law, RosterEntry, Task
from fleet.moon import Almanac
from fleet.sdk.planning import QUICKEST, NoPlan, Objective, Plan
from fleet.sdk.timed import TimedPlanner
from fleet.sdk.view import AgentView, Decision, Plea
from fleet.terrain import Terrain
from fleet.vehicles import VehicleClass


class Planner(Protocol):
    """Finds ways for one rover over the ground as the rover believes it to be.

    Made with ``(vehicle, terrain)``. It sees the terrain's rocks and zones as they are at the time of asking.
    """

    def plan(
        self, start: Point, goal: Point, avoid: Sequence[Disc] = (), objective: Objective = QUICKEST
    ) -> Plan | NoPlan:
        """Return a way from `start` to `goal` that this vehicle can drive.

        Parameters
        ----------
        start, goal
            Metres in the site frame.
        avoid
            Ground of others to keep clear of, beside what the terrain forbids.
        objective
            What the way shall keep low.
        """
        ...

    def costs(self, start: Point, goals: Sequence[Point]) -> tuple[tuple[float, float] | None, ...]:
        """Return seconds and joules from `start` to each goal, None where there is no way; much cheaper than plans."""
        ...


class Allocator(Protocol):
    """Decides who gets which task in one round of an auction. Made without arguments."""

    def award(
        self, tasks: Sequence[Task], bids: Mapping[RoverId, Sequence[Bid]]
    ) -> tuple[tuple[TaskId, RoverId, float], ...]:
        """Return task, winner and winning cost; each rover wins at most one task a round, each task has one winner."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentContext:
    """Everything that is injected into an agent when it is made."""

    rover: RoverId
    vehicle: VehicleClass
    roster: tuple[RosterEntry, ...]  #: The whole fleet at the start, this rover included.
    coordinator: RoverId  #: Who leads at the start; bids go to who announced the work.
    docks: tuple[Dock, ...]  #: Where machines that stand charge others, of agencies that give charge to this rover's.
    terrain: Terrain  #: What this rover believes about the ground.
    almanac: Almanac
    planner: Planner
    timed: TimedPlanner  #: Plans with light and charge, over the built-in planner's lanes.
    time: MissionTime
    rng: Rng  #: The rover's own stream of chance.
    log: logging.LoggerAdapter[logging.Logger]
    law: Law = field(default_factory=Law)  #: Who may do what to whose rover, at the start.


class Agent(Protocol):
    """A rover's mind. Made with an `AgentContext`.

    Its class may say ``made_for = "change8-lander"``: the class of vehicle on which the check judges it.
    """

    def decide(self, view: AgentView) -> Decision:
        """Return what to do, given all that the rover knows.

        Called when something concerns the rover or at the tick it named as `wake`. Must depend on nothing but its
        context and the views it was given, in order.
        """
        ...


@runtime_checkable
class Consenting(Protocol):
    """What an agent may offer beside `decide`: a say where the rights table asks; without it the answer is no."""

    def consent(self, plea: Plea) -> str:
        """Return why not; empty to consent. Asked each time anew, within the deadline of a decision."""
        ...


@runtime_checkable
class Resumable(Protocol):
    """What an agent may offer beside `decide`: to be put away and to go on later, on this computer or another.

    After ``restore(data)`` a new agent, made with an equal context, decides as the one would have that gave `data`.
    The state of ``context.rng`` is kept by whoever keeps the data, and needs no place in it.

    Examples
    --------
    >>> class Counter:
    ...     def __init__(self, context: AgentContext | None = None) -> None:
    ...         self.asked = 0
    ...     def snapshot(self) -> bytes:
    ...         return str(self.asked).encode()
    ...     def restore(self, data: bytes) -> None:
    ...         self.asked = int(data)
    >>> first, second = Counter(), Counter()
    >>> first.asked = 3
    >>> second.restore(first.snapshot())
    >>> isinstance(second, Resumable), second.asked
    (True, 3)
    """

    def snapshot(self) -> bytes:
        """Return all that later decisions depend on, beside context and views."""
        ...

    def restore(self, data: bytes) -> None:
        """Take in what `snapshot` of an agent of the same class returned; before the first `decide`.

        Raises
        ------
        ValueError
            When the data is of another version, or broken.
        """
        ...
