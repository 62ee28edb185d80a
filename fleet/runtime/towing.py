"""What a rover's node does about a tow: it says whose the ground is, and moves nobody before that is heeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fleet.core import Disc, RoverId, Tick
from fleet.messages import Command, PutDown, Stop, TowAnswer, TowBegan, TowClaim, TowEnded, Work
from fleet.runtime.turn import Turn
from fleet.traffic import CONTROL_MARGIN, Holder

AGAIN: Final = 5.0  #: Seconds after which a claim that was not heeded is said again; doubles each time,
AGAIN_LIMIT: Final = 320.0  #: up to this.


class Towing:
    """One rover's part in a tow, as tower or in tow.

    Parameters
    ----------
    radii
        Of the body of every rover.
    holder
        Of the rover's own ground; wider while it has another in tow.
    """

    def __init__(self, rover: RoverId, radii: Mapping[RoverId, float], holder: Holder, dt: float) -> None:
        self.wake: Tick | None = None  #: When `step` has something to say.
        self._rover = rover
        self._radii = radii
        self._holder = holder
        self._dt = dt
        self._tower: RoverId | None = None  # Who has this rover in tow.
        self._towed: RoverId | None = None  # Whom this rover has in tow.
        self._reach = 0.0  # Metres around its middle in which both bodies lie.
        self._number = 0
        self._claim: TowClaim | None = None  # That was not heeded yet.
        self._wait = AGAIN

    @property
    def is_tower(self) -> bool:
        """Whether this rover has another in tow."""
        return self._towed is not None

    def bars(self, command: Command) -> bool:
        """Whether the body must not do this now: in tow it does nothing, and a tower waits until it is heeded."""
        if self._tower is not None:
            return not isinstance(command, PutDown | Stop)
        return self._claim is not None and not isinstance(command, PutDown | Stop | Work)

    def began(self, event: TowBegan, turn: Turn) -> None:
        """Take in that this rover is in tow, or has another in tow."""
        if event.towed == self._rover:
            self._tower = event.tower
            return
        self._towed, self._reach = event.towed, event.reach
        self._say(turn, Disc(x=turn.seen.pose.x, y=turn.seen.pose.y, radius=event.reach + CONTROL_MARGIN))

    def ended(self, event: TowEnded, turn: Turn) -> None:
        """Take in that a tow is over."""
        pose = turn.seen.pose
        if event.towed == self._rover:
            self._tower = None
            self._holder.moved(pose)
            return
        self._holder.widen(CONTROL_MARGIN)
        body, other = self._radii[self._rover] + CONTROL_MARGIN, self._radii[event.towed] + CONTROL_MARGIN
        left = Disc(x=event.place[0], y=event.place[1], radius=other)
        self._towed = event.towed
        self._say(turn, Disc(x=pose.x, y=pose.y, radius=body), left)
        self._towed = None

    def hear(self, answer: TowAnswer, turn: Turn) -> None:
        """Take in what the leader makes of the last claim."""
        claim = self._claim
        if claim is None or answer.number != claim.number or answer.by:
            return
        self._claim = self.wake = None
        if claim.left is None:
            self._holder.widen(self._reach - self._radii[self._rover] + CONTROL_MARGIN)
        turn.concerns_mind = True

    def tell_leader(self, turn: Turn) -> None:
        """Tell another leader what is in tow."""
        if self._claim is not None:
            self._say(turn, self._claim.ground, self._claim.left)
        elif self._towed is not None:
            self._say(turn, Disc(x=turn.seen.pose.x, y=turn.seen.pose.y, radius=self._reach + CONTROL_MARGIN))

    def step(self, turn: Turn, leader: RoverId | None) -> None:
        """Say what was not heeded, when it is time."""
        if self._claim is None or self.wake is None or turn.tick < self.wake:
            return
        if leader is not None:
            turn.say(leader, self._claim)
        self.wake = turn.tick + max(1, round(self._wait / self._dt))
        self._wait = min(2.0 * self._wait, AGAIN_LIMIT)

    def _say(self, turn: Turn, ground: Disc, left: Disc | None = None) -> None:
        assert self._towed is not None or self._claim is not None
        rover = self._claim.rover if self._towed is None and self._claim is not None else self._towed
        assert rover is not None
        self._number += 1
        self._claim = TowClaim(number=self._number, rover=rover, ground=ground, left=left)
        self.wake, self._wait = turn.tick, AGAIN
