"""Work as data: what is to be done, where, by what, and what it takes and gives."""

from __future__ import annotations

from math import isfinite
from typing import Final, Literal

import msgspec

from fleet.core import AgencyId, Point, TaskId, Tick

TaskKind = Literal["survey", "image", "deploy", "sample", "haul", "print"]
TASK_KINDS: Final[tuple[TaskKind, ...]] = ("survey", "image", "deploy", "sample", "haul", "print")
Light = Literal["any", "lit", "dark"]
Contact = Literal["none", "earth", "coordinator"]


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """So much of something that is kept in stock at the base, such as 20 kg of regolith."""

    stock: str
    amount: float

    def __post_init__(self) -> None:
        if not (self.stock and isfinite(self.amount) and self.amount > 0.0):
            raise ValueError(f"Amount needs a stock and an amount > 0, got {self.stock!r}, {self.amount!r}")


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One piece of a task: work at one place, done by standing there."""

    place: Point
    radius: float  #: How near the place is near enough, metres.
    work: Tick  #: Ticks of work, at least 1.
    capability: str  #: What the rover must be able to do.
    light: Light = "any"  #: Work goes on only in this light.
    loads: float = 0.0  #: Kilograms taken on board when the step is done.
    unloads: float = 0.0  #: Kilograms put down when the step is done.
    takes: tuple[Amount, ...] = ()  #: Drawn from stock when the work starts.
    gives: tuple[Amount, ...] = ()  #: Added to stock when the step is done.
    contact: Contact = "none"  #: Work goes on only while radio reaches it, over any number of hops.

    def __post_init__(self) -> None:
        if not all(isfinite(value) for value in (*self.place, self.radius, self.loads, self.unloads)):
            raise ValueError("Step has a number that is not finite")
        if self.radius <= 0.0 or self.work < 1 or self.loads < 0.0 or self.unloads < 0.0:
            raise ValueError(f"Step needs radius > 0, work >= 1 and loads >= 0, got {self!r}")
        if not self.capability:
            raise ValueError("Step needs a capability")


class Task(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A piece of work for one rover, as steps in order."""

    id: TaskId
    kind: TaskKind
    title: str
    agency: AgencyId  #: Whose work it is.
    steps: tuple[Step, ...]
    after: tuple[TaskId, ...] = ()  #: Tasks that must be done before this one starts.
    earliest: Tick = 0
    latest: Tick | None = None  #: Worth nothing when done later; None when it may be done at any time.
    value: float = 1.0

    def __post_init__(self) -> None:
        if not self.id or not self.steps:
            raise ValueError("Task needs an id and at least one step")
        if not (isfinite(self.value) and self.value >= 0.0):
            raise ValueError(f"Task.value must be finite and >= 0, got {self.value!r}")
        if self.latest is not None and self.latest <= self.earliest:
            raise ValueError(f"Task {self.id}: latest {self.latest} is not after earliest {self.earliest}")

    @property
    def capabilities(self) -> frozenset[str]:
        """All that a rover must be able to do to take the task."""
        return frozenset(step.capability for step in self.steps)

    @property
    def payload(self) -> float:
        """The most kilograms on board at any time."""
        on_board, most = 0.0, 0.0
        for step in self.steps:
            on_board += step.loads - step.unloads
            most = max(most, on_board)
        return most
