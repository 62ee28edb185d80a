"""What the coordinating rover does for all: leads traffic and auctions work."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fleet.core import EVERYONE, Disc, MessageError, PluginError, RoverId, Tick
from fleet.messages import (
    AuthorityRequest,
    AuthorityReturn,
    Bids,
    Body,
    Briefing,
    Message,
    Task,
    TaskReport,
)
from fleet.runtime.fence import FencedAllocator
from fleet.sdk import Allocator
from fleet.tasks import Coordinator
from fleet.traffic import CONTROL_MARGIN, Ledger

_log = logging.getLogger(__name__)
To = tuple[RoverId, Body]


class Leadership:
    """The traffic ledger and the auction, fed by what the others say."""

    def __init__(self, briefing: Briefing, rover: RoverId, allocator: Allocator) -> None:
        self.refused = 0  #: Words about traffic that nobody may say.
        self._rover = rover
        self._ledger = Ledger(_parked(briefing))
        self._allocator = FencedAllocator(briefing.allocator, rover, allocator, briefing.agent_deadline)
        self._coordinator = Coordinator(roster=briefing.roster, allocator=self._allocator, dt=briefing.dt)

    def order(self, task: Task) -> None:
        """Take in an order of mission control."""
        self._coordinator.order(task)

    def hear(self, message: Message, tick: Tick) -> list[To]:
        """Take in what a rover says; return the answers."""
        self._coordinator.heard(message.sender, message.tick)
        match message.body:
            case AuthorityRequest() | AuthorityReturn():
                return self._hear_of_traffic(message.sender, message.body)
            case Bids():
                self._coordinator.bid(message.sender, message.body)
            case TaskReport():
                return [(EVERYONE, body) for body in self._coordinator.report(message.sender, message.body, tick)]
            case _:
                pass
        return []

    def _hear_of_traffic(self, sender: RoverId, body: AuthorityRequest | AuthorityReturn) -> list[To]:
        try:
            if isinstance(body, AuthorityRequest):
                return list(self._ledger.request(sender, body))
            return list(self._ledger.returned(sender, body))
        except MessageError as error:
            self.refused += 1
            _log.warning("%s", error)
            return []

    def step(self, tick: Tick, reachable: tuple[RoverId, ...]) -> tuple[list[To], Tick | None]:
        """Return what is to be said to all now, and when to be asked again."""
        said, wake = self._coordinator.step(tick, (*reachable, self._rover))
        return [(EVERYONE, body) for body in said], wake

    def take_fault(self) -> PluginError | None:
        """Return what the allocator did wrong since the last call."""
        return self._allocator.take_fault()


def _parked(briefing: Briefing) -> Mapping[RoverId, Disc]:
    return {
        entry.rover: Disc(x=entry.pose.x, y=entry.pose.y, radius=entry.vehicle.radius + CONTROL_MARGIN)
        for entry in briefing.roster
    }
