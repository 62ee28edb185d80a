"""Work as data: what is to be done, where, by what, and what it takes and gives."""

from __future__ import annotations

from math import isfinite
from typing import Final, Literal

import msgspec

from fleet.core import AgencyId, Point, RoverId, TaskId, Tick

TaskKind = Literal[
    "survey", "image", "deploy", "sample", "haul", "print", "measure", "relay", "film", "charge", "tow", "wait"
]
TASK_KINDS: Final[tuple[TaskKind, ...]] = (
    "survey",
    "image",
    "deploy",
    "sample",
    "haul",
    "print",
    "measure",
    "relay",
    "film",
    "charge",
    "tow",
    "wait",
)
Light = Literal["any", "lit", "dark"]
Contact = Literal["none", "earth", "coordinator"]


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """So much of something that is kept in stock at the base, such as 20 kg of regolith."""

    stock: str
    amount: float

    def __post_init__(self) -> None:
        if not (self.stock and isfinite(self.amount) and self.amount > 0.0):
            raise ValueError(f"Amount needs a stock and an amount > 0, got {self.stock!r}, {self.amount!r}")


class Bond(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What a step has to do with other machines, and with other work."""

    rover: RoverId | None = None  #: Whom it is about: who is filmed, charged, or taken elsewhere.
    within: float = 0.0  #: Metres, between the middles of the two, within which that one must be in view; 0: anywhere.
    charge: float = 0.0  #: The share of its battery that the other is to have in the end; 0: none is given.
    hears: tuple[RoverId, RoverId] | None = None  #: Time counts only while these two reach each other by radio.
    beside: tuple[TaskId, ...] = ()  #: Time counts only while all of these are worked on, or over.
    until: TaskId | None = None  #: Done as soon as another task has come so far, however long that takes,
    until_step: int = 0  #: that so many of its steps are done; 0: all, or it is over otherwise.
    tow: Literal["", "take", "leave"] = ""  #: The other is taken in tow when the step is done, or set down.

    def __post_init__(self) -> None:
        if not (isfinite(self.within) and self.within >= 0.0 and 0.0 <= self.charge <= 1.0 and self.until_step >= 0):
            raise ValueError(f"Bond needs within >= 0, charge from 0 to 1 and until_step >= 0, got {self!r}")
        if self.rover is None and (self.within > 0.0 or self.charge > 0.0 or self.tow):
            raise ValueError("Bond needs a rover to be near, to charge, or to tow")


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
    bond: Bond | None = None  #: With others; None for most.

    def __post_init__(self) -> None:
        x, y = self.place
        # A sum is finite only if all parts are: announcements bring many steps, and each is checked where it is heard.
        if not isfinite(x + y + self.radius + self.loads + self.unloads):
            raise ValueError("Step has a number that is not finite")
        if self.radius <= 0.0 or self.work < 1 or self.loads < 0.0 or self.unloads < 0.0:
            raise ValueError(f"Step needs radius > 0, work >= 1 and loads >= 0, got {self!r}")
        if not self.capability:
            raise ValueError("Step needs a capability")

    @property
    def is_at_rover(self) -> bool:
        """Whether it is done where another machine is by then, not at its place."""
        bond = self.bond
        is_beside = bond is not None and bond.rover is not None and bond.within == 0.0 and bond.tow != "leave"
        return is_beside or self.is_in_view_of_rover

    @property
    def is_in_view_of_rover(self) -> bool:
        """Whether it is done anywhere in view of another machine, which may drive: who does it follows.

        Notes
        -----
        That is so where any place within `Bond.within` of the other is near enough: `radius` is no smaller.
        """
        bond = self.bond
        return bond is not None and 0.0 < bond.within <= self.radius


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
    def partners(self) -> frozenset[TaskId]:
        """The tasks that must be worked on at the same time, by others."""
        bonds = [step.bond for step in self.steps if step.bond is not None]
        return frozenset({task for bond in bonds for task in (*bond.beside, bond.until) if task is not None})

    @property
    def payload(self) -> float:
        """The most kilograms on board at any time."""
        on_board, most = 0.0, 0.0
        for step in self.steps:
            on_board += step.loads - step.unloads
            most = max(most, on_board)
        return most
