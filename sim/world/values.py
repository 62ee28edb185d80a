"""What the world tells of itself: bodies, tasks and contacts as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Activity, EarthWay, TaskKind

WorkState = Literal["open", "running", "done", "failed", "cancelled"]
InstrumentState = Literal["stowed", "alive", "asleep", "dead"]


class BodyState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The truth of one rover; metres, radians, watts, joules."""

    x: float
    y: float
    heading: float
    battery: float  #: Charge, 0 to 1.
    light: float  #: Share of the Sun's disc, 0 to 1.
    power: float  #: Into (+) or out of (-) the battery; what a full battery cannot take is counted.
    activity: Activity
    task: TaskId | None  #: Begun by it and not done.
    payload: float  #: Kilograms on board.
    distance: float  #: Driven so far.
    energy_used: float  #: By its own loads so far.
    min_battery: float  #: Lowest charge so far, 0 to 1.
    temperature: float = 293.15  #: Of battery and electronics, kelvin.
    lost: bool  #: For good.
    earth: EarthWay = "none"  #: How it reaches the Earth.


class EnergyLedger(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a rover's joules came from and went, since the start.

    ``initial + solar + charged - used - given - spilled == battery``. What heaters draw is used; a radioisotope unit
    gives heat only.
    """

    initial: float
    solar: float  #: From its panels.
    charged: float  #: From other machines.
    used: float
    given: float  #: To other machines.
    spilled: float  #: What the battery, full or too cold, could not take.
    battery: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldTask:
    """The truth of one task."""

    id: TaskId
    kind: TaskKind
    state: WorkState
    rover: RoverId | None  #: Who has begun it, or did it.
    step: int  #: The next one.
    tick: Tick  #: Of its last change.


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldCollision:
    """Two bodies that touched, `a` before `b`."""

    a: RoverId
    b: RoverId
    tick: Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldInstrument:
    """The truth of one instrument."""

    id: TaskId  #: Of the task that set it up.
    state: InstrumentState
    charge: float  #: 0 to 1.
    temperature: float  #: Kelvin.
    light: float  #: Share of the Sun's disc.
    tick: Tick
