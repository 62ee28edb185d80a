"""The traffic leader's ledger: who holds which ground, and who waits for whom.

Plans have an order, that of their acceptance. A segment is granted when every earlier plan has returned what crosses
it. Of plans that were made jointly, each goes first where their maker says, and they are accepted only when all of them
come to their ends so. Either way what must come before what has no cycle, and waiting ends. Two things stay true:

I.  The part of a plan that is not granted yet crosses no ground on which another rover is parked, nor ground on which
    the rover of a plan that goes first there will come to rest. So nobody waits for one who will not leave.
II. Ground held by two rovers never overlaps, where parked rovers hold what they stand on.

A plan that would break I is refused. When a rover gives up midway, falls silent on what it holds, or ground is closed,
and that would break I, what is not granted of the plans in question is withdrawn.

It does not matter in which order, how late or how often a rover's words come: its plans' numbers only go up, and what
it has left it has left. A request, or a return that ends a plan, is said only at the place it names, standing; so
either also ends every plan of a lower number.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Self

import numpy as np

from fleet.core import Disc, MessageError, RoverId
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Body,
    Holding,
)
from fleet.traffic.claims import holding_pieces
from fleet.traffic.closure import Closure
from fleet.traffic.corridor import (
    CONTROL_MARGIN,
    Pieces,
    covering_discs,
    crossings,
    disc_pieces,
    room,
    segment_pieces,
)
from fleet.traffic.plan import AcceptedPlan, join
from fleet.traffic.waiting import Wait, dependency_graph, next_waits, waits_of

if TYPE_CHECKING:
    import networkx as nx

Reply = tuple[RoverId, Body]
_OPEN = Closure({})


class Ledger:
    """Grants movement authorities segment by segment, so that delay only ever costs time.

    Parameters
    ----------
    parked
        The ground on which each rover stands at the start, those that never drive included; none may overlap.

    Raises
    ------
    ValueError
        When two rovers stand on each other's ground.

    Examples
    --------
    >>> ledger = Ledger({RoverId("a"): Disc(x=0.0, y=0.0, radius=1.0), RoverId("b"): Disc(x=9.0, y=0.0, radius=1.0)})
    >>> ledger.request(RoverId("a"), AuthorityRequest(plan=1, path=((0.0, 0.0), (0.0, 5.0)), radius=1.0))
    (('a', AuthorityGrant(plan=1, upto=1, waits_for=())),)
    >>> ledger.request(RoverId("b"), AuthorityRequest(plan=1, path=((9.0, 0.0), (0.0, 0.0)), radius=1.0))
    (('b', AuthorityGrant(plan=1, upto=0, waits_for=('a',))),)
    """

    def __init__(self, parked: Mapping[RoverId, Disc]) -> None:
        self._parked = {rover: parked[rover] for rover in sorted(parked)}
        self._plans: dict[RoverId, AcceptedPlan] = {}  # In order of acceptance.
        self._closed: dict[RoverId, int] = {}  # Highest number that is over; refused ones are over at once.
        self._refusals: dict[RoverId, AuthorityRefusal] = {}  # The answer to that number, when it was this.
        self._told: dict[RoverId, AuthorityGrant] = {}
        self._absent: dict[RoverId, Pieces] = {}  # What those may hold who have not told this leader.
        self._silent: set[RoverId] = set()  # Of those with plans, who is taken to stay where it is.
        self._closure = _OPEN
        self._accepted = 0
        for (a, a_disc), (b, b_disc) in combinations(self._parked.items(), 2):
            if crossings(disc_pieces([a_disc]), disc_pieces([b_disc])).any():
                raise ValueError(f"rovers {a} and {b} stand on each other's ground: {a_disc} and {b_disc}")

    @classmethod
    def inherited(cls, holdings: Mapping[RoverId, Holding], absent: Mapping[RoverId, Pieces]) -> Self:
        """Return the ledger of a new leader: authorities stand, and what was not granted yet is to be asked for anew.

        Parameters
        ----------
        holdings
            What each rover holds that has told this leader.
        absent
            The most that each other one may hold. No way leads over that until its rover has told more.
        """
        ledger = cls({})
        for rover in sorted(holdings):
            ledger._take(rover, holdings[rover])
        ledger._absent = {rover: absent[rover] for rover in sorted(absent)}
        return ledger

    def join(self, rover: RoverId, holding: Holding) -> None:
        """Take in what a rover holds that was absent until now.

        Raises
        ------
        MessageError
            When it is no absent member, or says that it holds what others hold; nothing has changed then.
        """
        if rover not in self._absent:
            raise MessageError(rover, "is not expected to tell what it holds")
        pieces = holding_pieces(holding)
        for other in (*self._parked, *self._plans):
            if crossings(pieces, self.ground(other)).any():
                raise MessageError(rover, f"says that it holds ground of {other}")
        del self._absent[rover]
        self._take(rover, holding)

    def request(self, rover: RoverId, request: AuthorityRequest) -> tuple[Reply, ...]:
        """Return what is to be said, and to whom, when a rover asks for a path from where it stands.

        Raises
        ------
        MessageError
            When the rover is unknown, does not stand where it holds ground, or asks for another path under one number;
            nothing has changed then.
        """
        plan = self._plans.get(rover)
        self._silent.discard(rover)
        if plan is not None and plan.number == request.plan:
            if plan.path != request.path or plan.radius != request.radius:
                raise MessageError(rover, f"asks for another path as plan {plan.number}")
            return ((rover, self._answer(plan)),)
        if request.plan <= self._latest(rover):
            return self._answer_closed(rover, request.plan)
        x, y = request.path[0]
        said = self._stand(rover, Disc(x=x, y=y, radius=request.radius), request.plan - 1)
        refusal = self._refuse(rover, request)
        if refusal is not None:
            self._closed[rover] = request.plan
            self._refusals[rover] = refusal
            return ((rover, refusal), *said, *self._grant())
        self._accept(rover, request)
        return (*said, *self._grant())

    def agree(
        self, requests: Mapping[RoverId, AuthorityRequest], entries: Mapping[RoverId, Sequence[float]]
    ) -> tuple[Reply, ...] | None:
        """Accept plans that were made jointly, all of them; None when one cannot be, and nothing has changed then.

        Parameters
        ----------
        requests
            Of parked rovers, from where they stand.
        entries
            When each means to enter each segment, seconds from any beginning: of two that cross, the sooner goes first.
        """
        for rover, request in requests.items():
            is_new = rover in self._parked and self._latest(rover) < request.plan
            if not is_new or self._refuse(rover, request, requests) is not None:
                return None
        plans = [self._planned(rover, requests[rover], order) for order, rover in enumerate(sorted(requests), 1)]
        if not join(plans, [entries[plan.rover] for plan in plans]):
            return None
        for plan in plans:
            for earlier in self._plans.values():
                plan.wait_for(earlier)
        for plan in plans:
            self._enter(plan)
        return self._grant()

    def presume_silent(self, rover: RoverId) -> tuple[Reply, ...]:
        """Take a rover to stay on what it holds until its next word about it, so that nobody waits for it."""
        plan = self._plans.get(rover)
        if plan is None or rover in self._silent:
            return ()
        self._silent.add(rover)
        said: list[Reply] = []
        if not plan.withdrawn:
            said.append((rover, AuthorityWithdrawal(plan=plan.number)))
            self._withdraw(plan)
        return (*said, *self._uphold(self.ground(rover)), *self._grant())

    def close(self, closure: Closure) -> tuple[Reply, ...]:
        """Let nobody enter this ground from now on, and all that was closed before; what is held stays held."""
        fresh, self._closure = closure.without(self._closure), closure
        return (*self._uphold(disc_pieces([]), fresh), *self._grant())

    def returned(self, rover: RoverId, report: AuthorityReturn) -> tuple[Reply, ...]:
        """Return what is to be said, and to whom, when a rover gives ground back.

        A return that ends a plan is answered with itself, so that the rover need not repeat it. Any other that tells
        nothing new is a question, and is answered with how the plan stands.

        Raises
        ------
        MessageError
            When the rover is unknown or does not stand where it holds ground; nothing has changed then.
        """
        plan = self._plans.get(rover)
        self._silent.discard(rover)
        news = report.plan > self._latest(rover) or (plan is not None and report.plan == plan.number)
        if not news:
            if report.plan != self._closed.get(rover):
                return ()
            return ((rover, report if report.ends is not None else AuthorityWithdrawal(plan=report.plan)),)
        if report.ends is not None:
            said = self._stand(rover, report.ends, report.plan)
            return ((rover, report), *said, *self._grant())
        if plan is None or report.plan != plan.number:
            return ()
        # The last segment held is what the rover stands on, so it cannot have left that.
        upto = min(report.upto, plan.granted - 1)
        if upto <= plan.returned:
            return ((rover, self._answer(plan)),)
        plan.returned = upto
        return self._grant()

    def answer(self, rover: RoverId) -> Body:
        """Return how the plan of a rover stands."""
        return self._answer(self._plans[rover])

    def ground(self, rover: RoverId) -> Pieces:
        """Return the ground that a rover holds now, parked or driving."""
        if rover in self._absent:
            return self._absent[rover]
        plan = self._plans.get(rover)
        return plan.held() if plan is not None else disc_pieces([self._parked[rover]])

    def ahead(self, rover: RoverId) -> Pieces:
        """Return the ground that a rover's plan still waits for."""
        return self._plans[rover].ahead() if rover in self._plans else disc_pieces([])

    def rests(self) -> dict[RoverId, Disc]:
        """Return where each rover is parked, or will be at the end of its plan, by rover id."""
        return dict(sorted((self._parked | {rover: plan.rest for rover, plan in self._plans.items()}).items()))

    def plans(self) -> dict[RoverId, tuple[int, int, int]]:
        """Return each accepted plan's number, waypoint returned and waypoint granted, in order of acceptance."""
        return {rover: (plan.number, plan.returned, plan.granted) for rover, plan in self._plans.items()}

    def explain(self) -> tuple[Wait, ...]:
        """Return why each rover waits that does, in order of acceptance."""
        return next_waits(tuple(self._plans.values()))

    def dependencies(self) -> nx.DiGraph[tuple[RoverId, int]]:
        """Return which segment can be entered after which; see `fleet.traffic.waiting.dependency_graph`."""
        return dependency_graph(tuple(self._plans.values()))

    def _latest(self, rover: RoverId) -> int:
        if rover not in self._parked and rover not in self._plans:
            fact = "has not told yet what it holds" if rover in self._absent else "is no member of this fleet"
            raise MessageError(rover, fact)
        plan = self._plans.get(rover)
        return plan.number if plan is not None else self._closed.get(rover, -1)

    def _answer(self, plan: AcceptedPlan) -> Body:
        return AuthorityWithdrawal(plan=plan.number) if plan.withdrawn else self._granting(plan)

    def _granting(self, plan: AcceptedPlan) -> AuthorityGrant:
        """Grant a plan what nothing blocks any more, and return what it has now."""
        waits = waits_of(plan, self._plans.values())
        plan.granted = min((wait.segment for wait in waits), default=plan.end)
        waits_for = sorted({wait.holder for wait in waits if wait.segment == plan.granted})
        return AuthorityGrant(plan=plan.number, upto=plan.granted, waits_for=tuple(waits_for))

    def _answer_closed(self, rover: RoverId, number: int) -> tuple[Reply, ...]:
        refusal = self._refusals.get(rover)
        if refusal is not None and refusal.plan == number:
            return ((rover, refusal),)
        if self._closed.get(rover) == number and rover in self._parked:
            return ((rover, AuthorityWithdrawal(plan=number)),)
        return ()

    def _refuse(
        self, rover: RoverId, request: AuthorityRequest, jointly: Container[RoverId] = ()
    ) -> AuthorityRefusal | None:
        """Return the refusal that keeps invariant I, if one must be; those it is planned with jointly aside."""
        rests = {other: disc for other, disc in self.rests().items() if other != rover and other not in jointly}
        way = segment_pieces(request.path, request.radius)
        crossed = crossings(way, disc_pieces(tuple(rests.values())))
        hit = [other for column, other in enumerate(rests) if crossed[:, column].any()]
        held = [rests[other] for other in hit]
        stuck = {other: self.ground(other) for other in sorted(self._silent - {rover}) if other not in hit}
        for other, pieces in {**self._absent, **stuck}.items():
            if len(met := np.flatnonzero(crossings(way, pieces).any(axis=0))) > 0:
                hit.append(other)
                held += covering_discs(pieces[met])
        zones = self._closure.bars(request.path, request.radius)
        if not held and not zones:
            return None
        return AuthorityRefusal(plan=request.plan, held=tuple(held), by=tuple(hit), zones=zones)

    def _accept(self, rover: RoverId, request: AuthorityRequest) -> None:
        plan = self._planned(rover, request, 1)
        for earlier in self._plans.values():
            plan.wait_for(earlier)
        self._enter(plan)

    def _enter(self, plan: AcceptedPlan) -> None:
        self._parked.pop(plan.rover, None)
        self._accepted += 1
        self._plans[plan.rover] = plan

    def _planned(self, rover: RoverId, request: AuthorityRequest, count: int) -> AcceptedPlan:
        """Return what the next plan but `count` - 1 to be accepted would be."""
        return AcceptedPlan(
            rover=rover,
            number=request.plan,
            order=self._accepted + count,
            path=request.path,
            radius=request.radius,
            start=self._parked[rover],
        )

    def _take(self, rover: RoverId, holding: Holding) -> None:
        """Enter what a rover holds, of which nothing waits for anybody."""
        if not holding.path:
            self._parked[rover] = holding.start
            self._closed[rover] = holding.plan
            return
        plan = AcceptedPlan(
            rover=rover,
            number=holding.plan,
            order=self._accepted + 1,
            path=holding.path,
            radius=holding.radius,
            start=holding.start,
            returned=holding.returned,
            withdrawn=not holding.whole,
        )
        plan.granted = plan.end
        self._enter(plan)

    def _stand(self, rover: RoverId, disc: Disc, number: int) -> list[Reply]:
        """Park a rover where it says it stands, its plans up to `number` being over; return who loses by that."""
        place = (disc.x, disc.y)
        # A body that its steering left beside the line still stands inside its corridor; its ground is cut to fit.
        radius = min(disc.radius, room(self.ground(rover), place))
        if radius < max(0.0, disc.radius - CONTROL_MARGIN):
            raise MessageError(rover, f"says that it stands at ({disc.x:.2f}, {disc.y:.2f}), where it holds no ground")
        self._closed[rover] = number
        self._told.pop(rover, None)
        if self._plans.pop(rover, None) is None:
            return []
        self._parked[rover] = Disc(x=disc.x, y=disc.y, radius=radius)
        return self._uphold(disc_pieces([self._parked[rover]]))

    def _uphold(self, ground: Pieces, closure: Closure = _OPEN) -> list[Reply]:
        """Withdraw what would enter closed ground, or wait for ground that nobody leaves, and who waits for those."""
        said: list[Reply] = []
        found = True
        while found:
            found = False
            for plan in tuple(self._plans.values()):
                ahead = plan.ahead()
                if crossings(ahead, ground).any() or closure.crossed(ahead).any():
                    said.append((plan.rover, AuthorityWithdrawal(plan=plan.number)))
                    ground = np.concatenate((ground, disc_pieces([self._withdraw(plan)])))
                    found = True
        return said

    def _withdraw(self, plan: AcceptedPlan) -> Disc:
        """Cut a plan to what it holds; return where its rover will rest."""
        plan.withdrawn = True
        plan.end = plan.granted
        if plan.granted == 0:
            del self._plans[plan.rover]
            self._parked[plan.rover] = plan.start
            self._closed[plan.rover] = plan.number
            self._told.pop(plan.rover, None)
        else:
            for other in self._plans.values():
                if plan.order in other.needs:
                    other.wait_for(plan)
        return plan.rest

    def _grant(self) -> tuple[Reply, ...]:
        """Grant what nothing blocks any more; return what is new to the holders."""
        said: list[Reply] = []
        for plan in self._plans.values():
            told = self._told.get(plan.rover)
            if plan.withdrawn or (told is not None and told.upto == plan.end):
                continue
            grant = self._granting(plan)
            if grant != told:
                self._told[plan.rover] = grant
                said.append((plan.rover, grant))
        return tuple(said)
