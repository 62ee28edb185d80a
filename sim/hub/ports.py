"""What the hub needs of the world, of hosts and of those who record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from fleet.bus import HubBus
from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Command, Event, Observation, Task
from sim.hub.lobby import Invitation
from sim.record.checkpoint import Checkpoint
from sim.record.entries import Entry
from sim.record.exchange import Exchange
from sim.scenario.fault import Fault
from sim.world.values import BodyState, WorldCollision, WorldInstrument, WorldTask


class Truth(Protocol):
    """The world, as `sim.world.World` is it."""

    @property
    def tick(self) -> Tick:
        """The present."""
        ...

    @property
    def stock(self) -> Mapping[str, float]:
        """What is kept at the base."""
        ...

    @property
    def collisions(self) -> int:
        """Contacts so far."""
        ...

    def advance(self, until: Tick) -> Tick:
        """Run to the first later tick at which something happened, at most `until`."""
        ...

    def snapshot(self) -> bytes:
        """Return all that is true now."""
        ...

    def restore(self, data: bytes) -> None:
        """Let that be true from now on which was when a snapshot was taken.

        Raises
        ------
        FreezingError
            When it is none of an equal world.
        """
        ...

    def take_events(self) -> tuple[tuple[RoverId, Event], ...]:
        """Return what happened to rovers since this was last asked."""
        ...

    def take_changes(self) -> tuple[WorldTask | WorldInstrument | WorldCollision, ...]:
        """Return what became of tasks and instruments, and who touched whom, since this was last asked."""
        ...

    def instruments(self) -> tuple[WorldInstrument, ...]:
        """Return how all instruments are that stand."""
        ...

    def order(self, task: Task) -> None:
        """Let a task come into being."""
        ...

    def cancel(self, task: TaskId) -> None:
        """Let nobody begin a task any more."""
        ...

    def apply(self, rover: RoverId, command: Command) -> None:
        """Have a body do what its mind commands."""
        ...

    def suffer(self, faults: Sequence[Fault]) -> None:
        """Let bodies and radio suffer from these faults from now on, and from no others."""
        ...

    def observe(self, rover: RoverId, events: tuple[Event, ...]) -> Observation:
        """Return what a rover senses now."""
        ...

    def travel_times(self, sender: RoverId, size: int) -> Mapping[RoverId, float]:
        """Return the seconds that so many bytes need to each rover that is reached now."""
        ...

    def link_pairs(self) -> Sequence[tuple[RoverId, RoverId]]:
        """Return who hears whom directly."""
        ...

    def state(self, rover: RoverId) -> BodyState:
        """Return the truth of a body."""
        ...


class Sink(Protocol):
    """Takes down what happens."""

    def write(self, entry: Entry) -> None:
        """Take down one entry."""
        ...

    def close(self) -> None:
        """Finish; nothing follows."""
        ...


class Journal(Protocol):
    """Takes down what comes from outside, so that a run that is cut short can go on."""

    def note(self, exchange: Exchange) -> None:
        """Keep what came at a stop, all of whose entries have been written."""
        ...

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep all that is known at a stop that is noted."""
        ...

    def work(self, is_called: Callable[[], bool]) -> None:
        """Write what waits to be written, until somebody calls or nothing waits."""
        ...

    def keep_up(self) -> None:
        """Bring what is on disk up to date, if it is time; called often."""
        ...


class Hosts(Protocol):
    """Where the rovers' minds live, and the bus that leads there."""

    @property
    def bus(self) -> HubBus:
        """The hub's end."""
        ...

    @property
    def rovers(self) -> Mapping[str, tuple[RoverId, ...]]:
        """Which rovers live in which host."""
        ...

    @property
    def invitation(self) -> Invitation | None:
        """Which rovers come from elsewhere; None where nobody else can come."""
        ...

    def is_alive(self, host: str) -> bool:
        """Return False when the host is known to have died."""
        ...

    @property
    def can_restart(self) -> bool:
        """Whether hosts can be started anew."""
        ...

    def restart(self, host: str) -> None:
        """End a host, however it is, and start it anew."""
        ...

    def end(self, host: str) -> None:
        """End a host that is of no more use, as far as that can be done from here."""
        ...
