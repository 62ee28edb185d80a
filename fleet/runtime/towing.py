"""What a rover's node does about a tow: it says whose the ground is, and moves nobody before that is heeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fleet.core import Disc, Point, RoverId, Tick
from fleet.messages import Command, PutDown, Stop, TowAnswer, TowBegan, TowClaim, TowEnded, Work
from fleet.runtime.turn import Turn
from fleet.traffic import CONTROL_MARGIN, Holder, Phase

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
        self._towed: RoverId | None = None  # Whom this rover has in tow, or set down where nobody knows it yet,
        self._left: Point | None = None  # and where that stands, by what this rover knows of where it stands itself.
        self._reach = 0.0  # Metres around its middle in which both bodies lie.
        self._number = 0
        self._claim: TowClaim | None = None  # That was not heeded yet.
        self._wait = AGAIN

    @property
    def is_tower(self) -> bool:
        """Whether this rover has another in tow, or has set it down and was not heeded yet."""
        return self._towed is not None

    @property
    def must_stand(self) -> bool:
        """Whether the body must not drive now: in tow, or until the leader heeds what has become of whom it tows."""
        return self._tower is not None or self.wake is not None

    def is_held_up(self, tick: Tick) -> bool:
        """Whether a claim is due that cannot be made while the rover holds a way."""
        return self.wake is not None and tick >= self.wake and self._holder.phase is not Phase.STANDING

    def bars(self, command: Command) -> bool:
        """Whether the body must not do this now: in tow it does nothing, and a tower waits until it is heeded."""
        if self._tower is not None:
            return not isinstance(command, PutDown | Stop)
        return self.wake is not None and not isinstance(command, PutDown | Stop | Work)

    def began(self, event: TowBegan, turn: Turn) -> None:
        """Take in that this rover is in tow, or has another in tow."""
        if event.towed == self._rover:
            self._tower = event.tower
            return
        self._towed, self._left, self._reach = event.towed, None, event.reach
        self._renew(turn)

    def ended(self, event: TowEnded, turn: Turn) -> None:
        """Take in that a tow is over; a tower holds no way any more, or gives its way up.

        Notes
        -----
        A tower stands where its ground is, which is around the line that it drove. Where it believes to be may be
        beside that (`fleet.traffic.footing`); whom it set down is as far beside it.
        """
        pose = turn.seen.pose
        if event.towed == self._rover:
            self._tower = None
            self._holder.moved(event.place, pose)
            return
        x, y = self._holder.place
        self._towed, self._left = event.towed, (event.place[0] + (x - pose.x), event.place[1] + (y - pose.y))
        self._renew(turn)

    def hear(self, answer: TowAnswer, turn: Turn) -> None:
        """Take in what the leader makes of the last claim."""
        claim = self._claim
        if claim is None or answer.number != claim.number or answer.by:
            return
        self._claim = self.wake = None
        if claim.left is None:
            self._holder.widen(self._reach - self._radii[self._rover] + CONTROL_MARGIN)
        else:
            self._towed = self._left = None
        turn.concerns_mind = True

    def tell_leader(self, turn: Turn) -> None:
        """Tell another leader what is in tow."""
        if self._towed is not None:
            self._renew(turn)

    def step(self, turn: Turn, leader: RoverId | None) -> None:
        """Say what was not heeded, when it is time."""
        if self.wake is None or turn.tick < self.wake:
            return
        if self._claim is None:
            self._claim = self._made()
        if leader is not None and self._claim is not None:
            turn.say(leader, self._claim)
        self.wake = turn.tick + max(1, round(self._wait / self._dt))
        self._wait = min(2.0 * self._wait, AGAIN_LIMIT)

    def _renew(self, turn: Turn) -> None:
        """Claim anew from now on."""
        self._claim = None
        self.wake, self._wait = turn.tick, AGAIN

    def _made(self) -> TowClaim | None:
        """Return what to claim; None while the rover holds a way, which is as wide as both until it is given up."""
        if self._holder.phase is not Phase.STANDING or self._towed is None:
            return None
        x, y = self._holder.place
        self._number += 1
        if self._left is None:
            ground = Disc(x=x, y=y, radius=self._reach + CONTROL_MARGIN)
            return TowClaim(number=self._number, rover=self._towed, ground=ground)
        self._holder.widen(CONTROL_MARGIN)
        left = Disc(x=self._left[0], y=self._left[1], radius=self._radii[self._towed] + CONTROL_MARGIN)
        ground = Disc(x=x, y=y, radius=self._radii[self._rover] + CONTROL_MARGIN)
        return TowClaim(number=self._number, rover=self._towed, ground=ground, left=left)
