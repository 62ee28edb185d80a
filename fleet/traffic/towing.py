"""What a traffic leader's ledger knows of machines in tow: their ground is that of whoever has them in tow."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.core import Disc, MessageError, RoverId, distance
from fleet.messages import AuthorityRequest, AuthorityReturn, TowAnswer, TowClaim
from fleet.traffic.corridor import CONTROL_MARGIN, Pieces, crossings, disc_pieces, room
from fleet.traffic.ledger import Ledger, Reply


class TowingLedger(Ledger):
    """Hands the ground of a machine in tow to its tower, and gives it ground of its own where it is set down.

    Notes
    -----
    The tower claims a disc that holds both bodies, however it turns; every corridor that it asks for then is as wide.
    So what is granted to others stays clear of both, and invariants I and II hold as before: the disc must cross
    nobody's ground, and who would wait for it is told to plan anew.

    Examples
    --------
    >>> tug, car = RoverId("tug"), RoverId("car")
    >>> ledger = TowingLedger({tug: Disc(x=0.0, y=0.0, radius=1.0), car: Disc(x=3.0, y=0.0, radius=1.0)})
    >>> ledger.claim(tug, TowClaim(number=1, rover=car, ground=Disc(x=0.0, y=0.0, radius=4.0)))
    (('tug', TowAnswer(number=1, by=())),)
    >>> sorted(ledger.rests())
    ['tug']
    """

    def __init__(self, parked: Mapping[RoverId, Disc]) -> None:
        super().__init__(parked)
        self._towed: dict[RoverId, RoverId] = {}  # By whom each is that is in tow.
        self._claims: dict[RoverId, int] = {}  # The number of the last claim of each.

    def claim(self, rover: RoverId, claim: TowClaim) -> tuple[Reply, ...]:
        """Take in that a rover has another in tow, or has set it down; return what is to be said, and to whom.

        A claim that comes after one that was made later is left alone.

        Raises
        ------
        MessageError
            When the rover does not hold the ground on which it says that the two stand; nothing has changed then.
        """
        if claim.number < self._claims.get(rover, 0):
            return ()
        self._claims[rover] = claim.number
        if claim.left is None:
            return self._hitch(rover, claim)
        return self._set_down(rover, claim, claim.left)

    def request(self, rover: RoverId, request: AuthorityRequest) -> tuple[Reply, ...]:
        """Return what is to be said when a rover asks for a path; nothing to one in tow."""
        return () if rover in self._towed else super().request(rover, request)

    def returned(self, rover: RoverId, report: AuthorityReturn) -> tuple[Reply, ...]:
        """Return what is to be said when a rover gives ground back; nothing to one in tow."""
        return () if rover in self._towed else super().returned(rover, report)

    def ground(self, rover: RoverId) -> Pieces:
        """Return the ground that a rover holds now: none in tow."""
        return disc_pieces([]) if rover in self._towed else super().ground(rover)

    def _hitch(self, rover: RoverId, claim: TowClaim) -> tuple[Reply, ...]:
        other, disc = claim.rover, claim.ground
        if self._towed.get(other) == rover:
            return ((rover, TowAnswer(number=claim.number)),)
        on_the_way = tuple(name for name in (rover, other) if name not in self._parked)
        if on_the_way:
            return ((rover, TowAnswer(number=claim.number, by=on_the_way)),)
        if room(self.ground(rover), (disc.x, disc.y)) <= 0.0:
            raise MessageError(rover, f"says that it stands at ({disc.x:.2f}, {disc.y:.2f}), where it holds no ground")
        pieces = disc_pieces([disc])
        names = sorted({*self._parked, *self._plans, *self._absent} - {rover, other})
        hit = tuple(name for name in names if crossings(pieces, self.ground(name)).any())
        if hit or self._closure.crossed(pieces).any():
            return ((rover, TowAnswer(number=claim.number, by=hit)),)
        del self._parked[other]
        self._parked[rover] = disc
        self._towed[other] = rover
        return ((rover, TowAnswer(number=claim.number)), *self._uphold(pieces), *self._grant())

    def _set_down(self, rover: RoverId, claim: TowClaim, left: Disc) -> tuple[Reply, ...]:
        answer = (rover, TowAnswer(number=claim.number))
        if self._towed.get(claim.rover) != rover:
            return (answer,)
        if rover not in self._parked:
            return ((rover, TowAnswer(number=claim.number, by=(rover,))),)
        held = self.ground(rover)
        here = _within(held, rover, claim.ground)
        apart = distance((here.x, here.y), (left.x, left.y)) - here.radius
        there = _within(held, rover, Disc(x=left.x, y=left.y, radius=min(left.radius, apart)))
        self._parked[rover], self._parked[claim.rover] = here, there
        del self._towed[claim.rover]
        return (answer, *self._uphold(disc_pieces([here, there])), *self._grant())


def _within(held: Pieces, rover: RoverId, disc: Disc) -> Disc:
    """Return the part of a disc that is held.

    Raises
    ------
    MessageError
        When it is too little to stand on.
    """
    radius = min(disc.radius, room(held, (disc.x, disc.y)))
    if radius <= max(0.0, disc.radius - CONTROL_MARGIN):
        raise MessageError(rover, f"sets down at ({disc.x:.2f}, {disc.y:.2f}), where it holds no ground")
    return Disc(x=disc.x, y=disc.y, radius=radius)
