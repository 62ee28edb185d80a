"""The leader's traffic desk: the ledger, and what is done where grants alone would leave somebody waiting for ever.

A way that is refused, because others rest on it, is remembered. When its rover found no other by itself, ways are made
for it and for all who stand in its way, jointly, and offered to them; the ledger accepts them together once every one
of them has asked for its own. An offer is only that: a rover that does not take it stays where it is, and the others
are then judged by themselves. Who falls silent on ground that others wait for is waited for no more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fleet.core import Disc, Path, RoverId, Tick, distance, path_length
from fleet.messages import (
    AuthorityGrant,
    AuthorityOffer,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    RosterEntry,
)
from fleet.sdk.joint import JointPlanner
from fleet.terrain import Terrain
from fleet.traffic.closure import Closure
from fleet.traffic.corridor import CONTROL_MARGIN, crossings, disc_pieces, segment_pieces
from fleet.traffic.junction import Agreement, Party, agree
from fleet.traffic.ledger import Ledger, Reply

PATIENCE: Final = 15.0  #: Seconds that a refused rover looks for another way by itself; doubles with each joint plan,
PATIENCE_LIMIT: Final = 480.0  #: up to this.
OFFER_AGAIN: Final = 10.0  #: Seconds after which an offer that was not taken is said again,
OFFER_LASTS: Final = 60.0  #: and after which it does not stand any more.
RELUCTANCE: Final = 300.0  #: Seconds for which one who took no offer is not asked to make way again.
UNHEARD: Final = 10.0  #: Seconds until what was granted to one who waited is said again, if it did not move; doubles.
_REPEATS = 6  # Times.
SILENCE: Final = 600.0  #: Seconds without a word, beyond what its segment may take, after which one is silent.
_SLOW: Final = 3.0  # Times as long as at full speed a segment may take.
_MOST = 12  # Rovers of one agreement.

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Wish:
    """A way that a rover asked for and that was refused."""

    path: Path
    due: Tick  #: When it is planned jointly.
    tries: int = 0


@dataclass(slots=True, kw_only=True)
class _Unheard:
    """A grant to one who waited, of which nothing shows yet that it was heard."""

    plan: int
    before: int  #: Waypoint that it waited at: when it moves, it gives back what leads there.
    again: Tick
    tries: int = 0


@dataclass(slots=True, kw_only=True)
class _Deal:
    """Ways that are offered, and who has asked for its own."""

    number: int
    agreement: Agreement
    deadline: Tick
    again: Tick
    asked: dict[RoverId, AuthorityRequest] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[RoverId, ...]:
        return tuple(sorted(self.agreement.paths.keys() - self.asked.keys()))

    def is_asked_for(self, rover: RoverId, request: AuthorityRequest) -> bool:
        return self.agreement.paths.get(rover) == request.path


class Dispatcher:
    """Answers what rovers ask and return, and does what is due; pure but for the joint planner that it is given.

    Parameters
    ----------
    ledger
        Who holds what.
    roster
        The fleet.
    terrain
        What the leader believes of the ground.
    planner
        Makes ways jointly.
    dt
        Seconds a tick.
    """

    def __init__(
        self, *, ledger: Ledger, roster: Iterable[RosterEntry], terrain: Terrain, planner: JointPlanner, dt: float
    ) -> None:
        self.ledger = ledger
        self._vehicles = {entry.rover: entry.vehicle for entry in roster}
        self._terrain = terrain
        self._planner = planner
        self._dt = dt
        self._wishes: dict[RoverId, _Wish] = {}
        self._deal: _Deal | None = None
        self._deals = 0
        self._reluctant: dict[RoverId, Tick] = {}
        self._heard: dict[RoverId, Tick] = {}
        self._told: dict[RoverId, AuthorityGrant] = {}
        self._unheard: dict[RoverId, _Unheard] = {}
        self._look: Tick | None = None  # When somebody who is waited for may be silent.

    def heard(self, rover: RoverId, tick: Tick) -> None:
        """Note that a rover is alive."""
        self._heard[rover] = tick

    def request(self, rover: RoverId, request: AuthorityRequest, tick: Tick) -> tuple[Reply, ...]:
        """Return what is to be said when a rover asks for a path; raises what `Ledger.request` does."""
        return self._noted(self._request(rover, request, tick), tick)

    def _request(self, rover: RoverId, request: AuthorityRequest, tick: Tick) -> tuple[Reply, ...]:
        deal = self._deal
        if deal is not None and rover in deal.agreement.paths:
            if deal.is_asked_for(rover, request):
                return self._take(deal, rover, request, tick)
            mine = deal.asked.get(rover)
            if mine is None or request.plan > mine.plan:
                # It wants something else.
                deal.asked.pop(rover, None)
                return (*self._call_off(tick), *self._ask(rover, request, tick))
        return self._ask(rover, request, tick)

    def returned(self, rover: RoverId, report: AuthorityReturn, tick: Tick) -> tuple[Reply, ...]:
        """Return what is to be said when a rover gives ground back; raises what `Ledger.returned` does."""
        unheard = self._unheard.get(rover)
        if unheard is not None and (report.ends is not None or report.upto >= max(1, unheard.before)):
            del self._unheard[rover]
        return self._noted(self._returned(rover, report, tick), tick)

    def _returned(self, rover: RoverId, report: AuthorityReturn, tick: Tick) -> tuple[Reply, ...]:
        deal = self._deal
        mine = deal.asked.get(rover) if deal is not None else None
        if deal is not None and mine is not None and report.plan == mine.plan:
            if report.ends is None:
                return ((rover, self._stay(deal, mine)),)
            del deal.asked[rover]
            return (*self.ledger.returned(rover, report), *self._call_off(tick))
        if report.ends is not None:
            # Where one comes to stand or leaves, others may find room.
            for wish in self._wishes.values():
                wish.due = min(wish.due, tick + self._ticks(PATIENCE))
        return self.ledger.returned(rover, report)

    def close(self, closure: Closure, tick: Tick) -> tuple[Reply, ...]:
        """Return what is to be said when this ground is closed, and no other; see `Ledger.close`."""
        return self._noted(self.ledger.close(closure), tick)

    def step(self, tick: Tick) -> tuple[tuple[Reply, ...], Tick | None]:
        """Return what is to be said now, and when to be asked again."""
        said = [*self._watch(tick)]
        if self._deal is not None and tick >= self._deal.deadline:
            said += self._call_off(tick)
        if self._deal is None:
            self._make_deal(tick)
        said += self._offer(tick)
        return (*self._noted(said, tick), *self._repeat(tick)), self._wake(tick)

    def _noted(self, said: Iterable[Reply], tick: Tick) -> tuple[Reply, ...]:
        """Mind to say again what is granted to those who waited for it."""
        said = tuple(said)
        for rover, body in said:
            if not isinstance(body, AuthorityGrant):
                continue
            told = self._told.get(rover)
            if told is not None and told.plan == body.plan and body.upto > told.upto and told.waits_for:
                again = tick + self._ticks(UNHEARD)
                self._unheard[rover] = _Unheard(plan=body.plan, before=told.upto, again=again)
            self._told[rover] = body
        return said

    def _repeat(self, tick: Tick) -> list[Reply]:
        plans = self.ledger.plans()
        said: list[Reply] = []
        for rover, unheard in tuple(self._unheard.items()):
            if unheard.tries == _REPEATS or rover not in plans or plans[rover][0] != unheard.plan:
                del self._unheard[rover]
            elif tick >= unheard.again:
                unheard.tries += 1
                unheard.again = tick + self._ticks(UNHEARD * 2.0**unheard.tries)
                said.append((rover, self.ledger.answer(rover)))
        return said

    # Requests

    def _ask(self, rover: RoverId, request: AuthorityRequest, tick: Tick) -> tuple[Reply, ...]:
        said = self.ledger.request(rover, request)
        answer = next((body for to, body in said if to == rover and isinstance(body, AuthorityRefusal)), None)
        if answer is None or answer.plan != request.plan:
            self._wishes.pop(rover, None)
            return said
        wish = self._wishes.get(rover)
        if wish is not None and wish.path[-1] == request.path[-1]:
            wish.path = request.path
        else:
            self._wishes[rover] = _Wish(path=request.path, due=tick + self._ticks(PATIENCE))
        return said

    # Agreements

    def _take(self, deal: _Deal, rover: RoverId, request: AuthorityRequest, tick: Tick) -> tuple[Reply, ...]:
        """Take in that a rover asks for what it was offered; accept all when it is the last."""
        self._reluctant.pop(rover, None)
        deal.asked[rover] = request
        if deal.missing:
            return ((rover, self._stay(deal, request)),)
        said = self.ledger.agree(deal.asked, deal.agreement.entries)
        if said is None:
            _log.info("agreement %d does not fit any more", deal.number)
            return self._call_off(tick)
        self._deal = None
        for name in deal.agreement.paths:
            self._wishes.pop(name, None)
        return said

    @staticmethod
    def _stay(deal: _Deal, request: AuthorityRequest) -> AuthorityGrant:
        return AuthorityGrant(plan=request.plan, upto=0, waits_for=deal.missing)

    def _call_off(self, tick: Tick) -> tuple[Reply, ...]:
        """End an agreement that did not come about; judge by itself what was asked for until now."""
        deal, self._deal = self._deal, None
        if deal is None:
            return ()
        for rover in deal.missing:
            self._reluctant[rover] = tick + self._ticks(RELUCTANCE)
        return tuple(reply for rover, request in deal.asked.items() for reply in self._ask(rover, request, tick))

    def _make_deal(self, tick: Tick) -> None:
        due = [(wish.due, rover) for rover, wish in self._wishes.items() if wish.due <= tick]
        for _, rover in sorted(due):
            wish = self._wishes[rover]
            wish.tries += 1
            wish.due = tick + self._ticks(min(PATIENCE * 2.0**wish.tries, PATIENCE_LIMIT))
            agreement = self._plan(rover, tick)
            if agreement is not None:
                self._deals += 1
                deadline = tick + self._ticks(OFFER_LASTS)
                self._deal = _Deal(number=self._deals, agreement=agreement, deadline=deadline, again=tick)
                _log.info("agreement %d: %s", self._deals, ", ".join(agreement.paths))
                return

    def _plan(self, rover: RoverId, tick: Tick) -> Agreement | None:
        """Return ways for one whose way was refused and for those who stand in it, and in theirs; None without any."""
        rests = self.ledger.rests()
        able = {
            name
            for name in rests
            if name not in self.ledger.plans()
            and self._vehicles[name].can_drive
            and self._reluctant.get(name, 0) <= tick
        }
        if rover not in able:
            return None
        members = [rover]
        for name in members:
            wish = self._wishes.get(name)
            if wish is not None:
                way = segment_pieces(wish.path, self._radius(name))
                hit = [other for other, disc in rests.items() if crossings(way, disc_pieces([disc])).any()]
                members += [other for other in hit if other in able and other not in members]
        if len(members) < 2:
            return None
        # When those in the way find no room, whoever stands near makes some.
        place = (rests[rover].x, rests[rover].y)
        near = sorted(able - {*members}, key=lambda name: (distance(place, (rests[name].x, rests[name].y)), name))
        for group in (members, [*members, *near][:_MOST]):
            others = [disc for name, disc in rests.items() if name not in group]
            parties = tuple(self._party(name, rests[name]) for name in group[:_MOST])
            agreement = agree(parties, others, self._terrain, self._planner)
            if agreement is not None:
                return agreement
        return None

    def _party(self, rover: RoverId, disc: Disc) -> Party:
        wish, place = self._wishes.get(rover), (disc.x, disc.y)
        is_from_here = wish is not None and distance(wish.path[0], place) <= CONTROL_MARGIN
        return Party(
            rover=rover,
            vehicle=self._vehicles[rover],
            place=place,
            radius=self._radius(rover),
            wish=(place, *wish.path[1:]) if wish is not None and is_from_here else (),
        )

    def _radius(self, rover: RoverId) -> float:
        return self._vehicles[rover].radius + CONTROL_MARGIN

    def _offer(self, tick: Tick) -> list[Reply]:
        deal = self._deal
        if deal is None or tick < deal.again:
            return []
        deal.again = tick + self._ticks(OFFER_AGAIN)
        paths = deal.agreement.paths
        return [(rover, AuthorityOffer(agreement=deal.number, path=paths[rover])) for rover in deal.missing]

    # Silence

    def _watch(self, tick: Tick) -> list[Reply]:
        """Wait no more for those who are silent."""
        if self._look is not None and tick < self._look:
            return []
        due = {wait.holder: self._silent_at(wait.holder) for wait in self.ledger.explain()}
        late = sorted(rover for rover, at in due.items() if at <= tick)
        # Nobody falls silent sooner who is not waited for now, or was heard since.
        self._look = min((at for at in due.values() if at > tick), default=None)
        return [reply for rover in late for reply in self.ledger.presume_silent(rover)]

    def _silent_at(self, rover: RoverId) -> Tick:
        speed = self._vehicles[rover].max_speed
        pieces = self.ledger.ground(rover)
        longest = max((path_length(((ax, ay), (bx, by))) for ax, ay, bx, by, _ in pieces.tolist()), default=0.0)
        driving = _SLOW * longest / speed if speed > 0.0 else 0.0
        return self._heard.get(rover, 0) + self._ticks(SILENCE + driving)

    def _wake(self, tick: Tick) -> Tick | None:
        wakes = [unheard.again for unheard in self._unheard.values()]
        if self._look is not None:
            wakes.append(self._look)
        if self._deal is not None:
            wakes += [self._deal.again, self._deal.deadline]
        else:
            wakes += [wish.due for wish in self._wishes.values()]
        return max(tick + 1, min(wakes)) if wakes else None

    def _ticks(self, seconds: float) -> Tick:
        return max(1, round(seconds / self._dt))
