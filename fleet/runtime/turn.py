"""What one rover does and says at one tick, as it comes together."""

from __future__ import annotations

import msgspec

from fleet.core import EVERYONE, PluginError, RoverId, Tick
from fleet.messages import (
    QUIET,
    Announcement,
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Award,
    Body,
    Command,
    Event,
    Message,
    Observation,
    RoverAnswer,
    TowAnswer,
    TowClaim,
)

# Said to everyone by a leader, who takes part like everyone.
_FOR_ALL = (Announcement, Award)
# Said by a leader that drives to itself over the air, so that others can judge it: whose ground is whose.
_ON_RECORD = (
    AuthorityRequest,
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityWithdrawal,
    AuthorityReturn,
    TowClaim,
    TowAnswer,
)


class Turn:
    """Collects commands, words and wakes until the answer is due."""

    def __init__(self, rover: RoverId, seen: Observation, said: int) -> None:
        self.seen = seen
        self.tick = seen.tick
        self.command: Command | None = None  #: The last one counts.
        self.concerns_mind = False
        self.said = said  #: Messages of this rover so far.
        self.to_self: list[Message] = []
        self.fault = ""
        self.plugin = ""
        self._rover = rover
        self._outbox: list[Message] = []
        self._wake: Tick | None = None

    def observation(self, events: tuple[Event, ...]) -> Observation:
        """Return what is seen, with all that happened since the mind was last asked."""
        return msgspec.structs.replace(self.seen, events=events)

    def say(self, to: RoverId, body: Body) -> None:
        """Put something on the air; what is for this rover itself it hears in the next tick."""
        self.said += 1
        message = Message(
            tick=self.tick, sender=self._rover, seq=self.said, to=to, body=body, quiet=isinstance(body, QUIET)
        )
        if to != self._rover or isinstance(body, _ON_RECORD):
            self._outbox.append(message)
        elif to == self._rover:
            self.to_self.append(message)
        if to == EVERYONE and isinstance(body, _FOR_ALL):
            self.to_self.append(message)

    @property
    def has_said_to_all(self) -> bool:
        """Whether anything said so far is for everyone."""
        return any(message.to == EVERYONE for message in self._outbox)

    def wake_at(self, tick: Tick | None) -> None:
        """Name a tick at which to be asked again; the earliest counts."""
        if tick is not None:
            tick = max(tick, self.tick + 1)
            self._wake = tick if self._wake is None else min(self._wake, tick)

    def fail(self, error: PluginError) -> None:
        """Note that a plugin broke its contract."""
        self.fault = f"{self.fault}; {error.plugin} {error.fact}" if self.fault else error.fact
        self.plugin = self.plugin or error.plugin

    def answer(self) -> RoverAnswer:
        """Return all of it."""
        return RoverAnswer(
            rover=self._rover,
            command=self.command,
            outbox=tuple(self._outbox),
            wake=self._wake,
            fault=self.fault,
            plugin=self.plugin,
        )
