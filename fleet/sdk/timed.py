"""Plans in time: when to drive and where to wait, so that the charge lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from fleet.core import Disc, Path, Point, Tick
from fleet.sdk.planning import NoPlan, Objective


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A part of a plan in which the rover drives."""

    begin: Tick
    end: Tick
    path: Path
    charge: float  #: Joules at its end.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A part of a plan in which the rover stands asleep, its panel to the Sun."""

    begin: Tick
    end: Tick
    place: Point
    heading: float
    reason: str  #: Why, for people.
    charge: float  #: Joules at its end.


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """A part of a plan in which the rover works at its goal."""

    begin: Tick
    end: Tick
    place: Point
    charge: float  #: Joules at its end.


Part: TypeAlias = Drive | Wait | Serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a rehearsal of a plan has at one moment."""

    tick: Tick
    point: Point
    light: float  #: Share of the Sun's disc.
    charge: float  #: Joules.
    temperature: float  #: Kelvin.


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedPlan:
    """When to drive and where to wait on the way to a goal, and on from there to where the rover can live."""

    parts: tuple[Part, ...]  #: In order, without gaps.
    arrival: Tick  #: At the goal.
    length: float  #: Metres driven to the goal.
    energy: float  #: Joules used until the goal is reached, whatever the Sun gave.
    haven: Point | None  #: Where the rover can stay; the goal itself, or where the last part ends.
    haven_tick: Tick | None  #: When it is there.
    samples: tuple[Sample, ...]  #: Rehearsed by the world's laws, a minute apart at the most.
    #: How many times what the best plan over these lanes costs it does at the most, by the search's own count.
    over_bound: float = 1.0

    @property
    def least(self) -> Sample:
        """When and where there is least charge."""
        return min(self.samples, key=lambda sample: sample.charge)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTimedPlan(NoPlan):
    """There is no plan in time, and why.

    Examples
    --------
    >>> bool(NoTimedPlan(reason="4.0 Wh short", short=14400.0))
    False
    """

    short: float = 0.0  #: Joules more with which there would be one; 0 when charge is not what is missing.
    tick: Tick | None = None  #: When the charge would come below the reserve,
    point: Point | None = None  #: and where.


@dataclass(frozen=True, slots=True, kw_only=True)
class Outset:
    """Where, when and with what a rover sets out."""

    point: Point
    tick: Tick
    charge: float  #: Joules.
    reserve: float = 0.0  #: Joules that it never means to go below.
    temperature: float = 293.15  #: Kelvin.


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a rover asks of a plan beside its goal."""

    until: Tick | None = None  #: Latest tick to be at the goal; a day later when not said.
    stay: Tick = 0  #: Ticks of work at the goal,
    light: Literal["any", "lit", "dark"] = "any"  #: in this light.
    has_haven: bool = True  #: Whether it must be able to live on afterwards, there or by going on.
    avoid: tuple[Disc, ...] = ()  #: Ground of others.
    objective: Objective = field(default_factory=Objective)


class TimedPlanner(Protocol):
    """Finds ways in time for one rover: light moves, and charge is used and gained on the way."""

    def plan(self, outset: Outset, goal: Point, demand: Demand = ...) -> TimedPlan | NoTimedPlan:
        """Return the best plan that never comes below the reserve, or why there is none."""
        ...

    def best_place(self, outset: Outset, until: Tick) -> TimedPlan | NoTimedPlan:
        """Return the plan that goes to where a rover will have most charge at a tick, and stays there."""
        ...

    def rehearse(self, outset: Outset, path: Path, stay: Tick = 0) -> tuple[Sample, ...]:
        """Return what driving a path at once, and working at its end, does to charge and temperature."""
        ...
