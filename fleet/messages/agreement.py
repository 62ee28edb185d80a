"""What rovers tell each other to share out work without a leader: records, of which the latest counts."""

from __future__ import annotations

from math import isfinite
from typing import Final, Literal

import msgspec

from fleet.core import Point, RoverId, TaskId, Tick
from fleet.messages.body import Content
from fleet.messages.task import Task

MOST_RECORDS: Final = 32  #: In one message,
MOST_MARKS: Final = 64  #: and so many marks.
MOST_ENTRIES: Final = 256  #: In one record.

#: Major, minor, check: of two marks of one record the greater is the later.
Mark = tuple[int, int, int]
#: Which record: its kind, and whose or of what.
Key = tuple[str, str]
Ending = Literal["done", "failed", "cancelled"]


class Price(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What a task takes a rover, from when it is free."""

    task: TaskId
    cost: Tick  #: Ticks until it would have it done.

    def __post_init__(self) -> None:
        if self.cost < 0:
            raise ValueError(f"Price.cost must be >= 0, got {self.cost!r}")


class Lease(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A task that a rover wants, or is granted, for a time."""

    task: TaskId
    holder: RoverId
    number: int  #: Counts up, one holder's leases: what was let go is never taken up again.
    until: Tick  #: From then on the holder leaves the task alone, and others may have it.
    secured: bool = False  #: Whether the holder knows of enough words: a task that goes with others waits for theirs.


class TaskOrder(Content, frozen=True):
    """This is to be done; from mission control."""

    task: Task
    version: int = 1


class Outcome(Content, frozen=True):
    """This task has come to its end."""

    task: TaskId
    state: Ending
    rover: RoverId
    tick: Tick


class Offer(Content, frozen=True):
    """I take part: where I shall be free, what tasks take me from there, and which I have."""

    rover: RoverId
    epoch: int
    version: int
    until: Tick  #: When not heard of again by then, count without me.
    place: Point
    ready: Tick
    prices: tuple[Price, ...] | None = (
        None  #: Tasks not named I cannot or will not do; None: as the way is long, or I bid.
    )
    has: tuple[Lease, ...] = ()  #: Tasks that are mine; of several that go together, begun once each is somebody's.

    def __post_init__(self) -> None:
        if not all(isfinite(value) for value in self.place):
            raise ValueError(f"Offer.place must be finite, got {self.place!r}")
        if len(self.prices or ()) > MOST_ENTRIES or len(self.has) > MOST_ENTRIES:
            raise ValueError(f"Offer has more than {MOST_ENTRIES} entries")


class Votes(Content, frozen=True):
    """Which tasks I want, and to whom I leave which."""

    rover: RoverId
    epoch: int
    version: int
    wants: tuple[Lease, ...]
    grants: tuple[Lease, ...]

    def __post_init__(self) -> None:
        if len(self.wants) > MOST_ENTRIES or len(self.grants) > MOST_ENTRIES:
            raise ValueError(f"Votes has more than {MOST_ENTRIES} entries")
        if any(lease.holder != self.rover for lease in self.wants):
            raise ValueError("Votes.wants has a lease of another rover")


class Bundle(Content, frozen=True):
    """What I bid for, in the order in which I would do it; what it takes me otherwise is mine to know."""

    rover: RoverId
    epoch: int
    version: int
    bids: tuple[Price, ...]

    def __post_init__(self) -> None:
        if len(self.bids) > MOST_ENTRIES:
            raise ValueError(f"Bundle has more than {MOST_ENTRIES} entries")


class Refinement(Content, frozen=True):
    """A better plan for these inputs than what you have computed; judge for yourself."""

    rover: RoverId
    epoch: int
    version: int
    inputs: str  #: Fingerprint of what it was computed from.
    orders: tuple[tuple[RoverId, tuple[TaskId, ...]], ...]

    def __post_init__(self) -> None:
        if len(self.orders) > MOST_ENTRIES or sum(len(tasks) for _, tasks in self.orders) > MOST_ENTRIES:
            raise ValueError(f"Refinement has more than {MOST_ENTRIES} entries")


Record = TaskOrder | Outcome | Offer | Votes | Bundle | Refinement


class Gossip(Content, frozen=True):
    """Records that you may lack, and how late those are that I have."""

    records: tuple[Record, ...] = ()
    marks: tuple[tuple[Key, Mark], ...] = ()

    def __post_init__(self) -> None:
        if len(self.records) > MOST_RECORDS or len(self.marks) > MOST_MARKS:
            raise ValueError(f"Gossip has more than {MOST_RECORDS} records or {MOST_MARKS} marks")
