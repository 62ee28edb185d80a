"""Whether every body stays on ground that is its own: movement authorities, judged by what was said alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fleet.core import Disc, Point, RoverId, Tick, distance, distance_to_path
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Holding,
    Leading,
    Message,
    Pledge,
    TowAnswer,
    TowClaim,
)
from fleet.traffic import CONTROL_MARGIN, Pieces, crossings, disc_pieces, segment_pieces
from sim.record.entries import Frame, Opening, RoverEntry
from sim.record.ways import Way, way_after_message

_SLACK: Final = 1e-3  # Metres.


@dataclass(frozen=True, slots=True, kw_only=True)
class Trespass:
    """A body that was, or ground that was granted, where it must not be."""

    tick: Tick
    rover: RoverId
    other: RoverId | None  #: Who holds the ground that was granted; None where a body left its own.
    against: str = ""  #: What it does against an order of mission control that it knows, in words.


class _Holding:
    """What one rover holds, from the words about it."""

    def __init__(self, entry: RoverEntry) -> None:
        self.radius = entry.radius
        self.parked = Disc(x=entry.pose.x, y=entry.pose.y, radius=entry.radius + CONTROL_MARGIN)
        self.way = Way()
        self.place: Point = (entry.pose.x, entry.pose.y)

    def hear(self, message: Message) -> None:
        """Take in what the rover says, or what is said to it."""
        body = message.body
        match body:
            # Said only while it stands there; either ends every plan before. Who had none holds what it held.
            case AuthorityReturn(ends=Disc() as ends) if body.plan == self.way.plan:
                self._park(ends)
            case AuthorityRequest() if body.plan > self.way.plan and self.way.path:
                x, y = body.path[0]
                self._park(Disc(x=x, y=y, radius=body.radius))
            case _:
                pass
        self.way = way_after_message(self.way, message)

    def may_say(self, holding: Holding) -> bool:
        """Whether what the rover tells a new leader that it holds is within what was granted and not given back."""
        if not holding.path:
            return True
        way, held = self.way, len(holding.path) - 1
        is_granted = holding.plan == way.plan and holding.path == way.path[: held + 1] and held <= way.granted
        return is_granted and holding.returned >= way.returned

    def _park(self, disc: Disc) -> None:
        """Note that it stands; ground beside a line on which its steering left it is cut to fit."""
        radius = max(0.0, min(disc.radius, self.room((disc.x, disc.y))))
        self.parked = Disc(x=disc.x, y=disc.y, radius=radius)

    def stand(self, disc: Disc) -> None:
        """Note that it stands on just this ground, whatever it held before."""
        self.parked, self.way = disc, Way(plan=self.way.plan)

    def set_down(self, disc: Disc) -> None:
        """Note that it stands on just this ground now; what it asked for since it was in tow may be granted yet."""
        self.parked = disc

    def room(self, place: Point) -> float:
        """Return the radius of the largest disc around a place that lies in one piece of the ground."""
        room = self.way.radius - distance_to_path(place, self.way.corridor)
        if self._holds_start:
            room = max(room, self.parked.radius - distance(place, (self.parked.x, self.parked.y)))
        return room

    def pieces(self) -> Pieces:
        """Return the ground: what it stands on until it has left that, and the segments granted and not returned."""
        corridor = self.way.corridor
        found = [disc_pieces([self.parked])] if self._holds_start else []
        return np.concatenate([*found, segment_pieces(corridor, self.way.radius)] if corridor else found)

    @property
    def _holds_start(self) -> bool:
        return not self.way.corridor or self.way.returned == 0


class TrespassWatch:
    """Follows who holds which ground, and notes every body off its own and every piece of ground given to two.

    Notes
    -----
    It shares no code with the ledger that grants but the test whether two pieces of ground cross. Ground counts as
    granted when the leader says so whom the rover follows, and as given back when its holder says so. A rover follows
    whom it last pledged itself to; what it then says that it holds must have been granted to it, and is all that it
    has. Frames are looked at, which are at every tick at which anything happened.
    """

    def __init__(self, opening: Opening | None = None) -> None:
        self._holdings: dict[RoverId, _Holding] = {}
        self._follows: dict[RoverId, RoverId] = {}
        self._outside: set[RoverId] = set()
        self._claims: dict[RoverId, TowClaim] = {}  # Each one's last.
        self._towed: dict[RoverId, RoverId] = {}  # By whom each is that is in tow: it is on its tower's ground.
        self.found: list[Trespass] = []  #: In order; a body that stays outside counts once.
        if opening is not None:
            self._holdings = {entry.rover: _Holding(entry) for entry in opening.rovers}
            self._follows = {entry.rover: opening.coordinator for entry in opening.rovers}

    def hear(self, message: Message) -> None:
        """Take in what was said."""
        sender, to, body = message.sender, message.to, message.body
        match body:
            case Leading():
                self._follows[sender] = sender
            case Pledge() if sender in self._holdings:
                self._follows[sender] = to
                if not self._holdings[sender].may_say(body.holding):
                    self.found.append(Trespass(tick=message.tick, rover=sender, other=None))
                self._holdings[sender].hear(message)
            case AuthorityRequest() | AuthorityReturn() if to == self._follows.get(sender):
                self._holdings[sender].hear(message)
            case TowClaim() if to == self._follows.get(sender):
                self._claims[sender] = body
            case TowAnswer(by=()) if sender == self._follows.get(to):
                self._agree(to, body, message.tick)
            case AuthorityGrant() | AuthorityRefusal() | AuthorityWithdrawal() if sender == self._follows.get(to):
                self._holdings[to].hear(message)
                if isinstance(body, AuthorityGrant):
                    self._look_for_shared_ground(message.tick, to)
            case _:
                pass

    def _agree(self, rover: RoverId, answer: TowAnswer, tick: Tick) -> None:
        """Take in that the leader takes a claim for true: the two bodies are one on the ground, or two again."""
        claim = self._claims.pop(rover, None)
        if claim is None or claim.number != answer.number or claim.rover not in self._holdings:
            return
        tower, other = self._holdings[rover], self._holdings[claim.rover]
        if claim.left is None:
            self._towed[claim.rover] = rover
            tower.stand(claim.ground)
            other.stand(other.parked)
        elif self._towed.pop(claim.rover, None) == rover:
            tower.stand(claim.ground)
            other.set_down(claim.left)
        for name in (rover, claim.rover):
            self._look_for_shared_ground(tick, name)

    def _look_for_shared_ground(self, tick: Tick, rover: RoverId) -> None:
        if rover in self._towed:
            return
        ground = self._holdings[rover].pieces()
        for name, other in self._holdings.items():
            if name != rover and name not in self._towed and crossings(ground, other.pieces()).any():
                self.found.append(Trespass(tick=tick, rover=rover, other=name))

    def look(self, frame: Frame) -> None:
        """Take in where the bodies are."""
        for seen in frame.rovers:
            holding = self._holdings.get(seen.rover)
            place = (seen.x, seen.y)
            if holding is None or place == holding.place:
                continue
            holding.place = place
            tower = self._towed.get(seen.rover)
            room = holding.room(place) if tower is None else self._holdings[tower].room(place)
            if room >= holding.radius - _SLACK:
                self._outside.discard(seen.rover)
            elif seen.rover not in self._outside:
                self._outside.add(seen.rover)
                self.found.append(Trespass(tick=frame.tick, rover=seen.rover, other=None))
