"""What a new leader's ledger makes of what the members tell, and of those who do not."""

from __future__ import annotations

import pytest

from fleet.core import Disc, MessageError, Point, Pose, RoverId
from fleet.messages import AuthorityGrant, AuthorityRefusal, AuthorityRequest, AuthorityReturn, Holding
from fleet.traffic import Claims, Holder, Ledger, claimed, crossings, disc_pieces
from fleet.traffic.claims import holding_pieces

A, B, C = RoverId("a"), RoverId("b"), RoverId("c")
HOME: dict[RoverId, Point] = {A: (0.0, 0.0), B: (0.0, 20.0), C: (60.0, 10.0)}


def _parked(rover: RoverId, plan: int = 0) -> Holding:
    x, y = HOME[rover]
    return Holding(plan=plan, start=Disc(x=x, y=y, radius=1.0))


def _driving(rover: RoverId, *path: Point, whole: bool = True, returned: int = 0) -> Holding:
    start = Disc(x=path[0][0], y=path[0][1], radius=1.0)
    return Holding(plan=3, start=start, path=path, radius=1.0, whole=whole, returned=returned)


def _ask(rover: RoverId, *path: Point, plan: int = 9) -> AuthorityRequest:
    return AuthorityRequest(plan=plan, path=(HOME[rover], *path), radius=1.0)


def _claims() -> Claims:
    return Claims({rover: Disc(x=x, y=y, radius=1.0) for rover, (x, y) in HOME.items()})


def _inherited(holdings: dict[RoverId, Holding], claims: Claims | None = None) -> Ledger:
    return Ledger.inherited(holdings, (claims or _claims()).absent(holdings))


def test_an_authority_stands_and_others_wait_for_it() -> None:
    ledger = _inherited({A: _driving(A, (0.0, 0.0), (20.0, 0.0), (40.0, 0.0)), B: _parked(B), C: _parked(C)})

    said = ledger.request(B, _ask(B, (0.0, 10.0), (20.0, -20.0)))

    assert said[-1] == (B, AuthorityGrant(plan=9, upto=1, waits_for=(A,)))
    assert ledger.returned(A, AuthorityReturn(plan=3, upto=1)) == ((B, AuthorityGrant(plan=9, upto=2)),)


def test_what_was_not_granted_is_void() -> None:
    ledger = _inherited({A: _driving(A, (0.0, 0.0), (20.0, 0.0), whole=False), B: _parked(B), C: _parked(C)})

    said = ledger.request(B, _ask(B, (60.0, 20.0)))

    assert said == ((B, AuthorityGrant(plan=9, upto=1)),)


def test_no_way_leads_over_ground_that_an_absent_rover_may_hold() -> None:
    claims = _claims()
    claims.note(C, claimed(_ask(C, (20.0, 10.0), (-20.0, 10.0), plan=4)))
    ledger = _inherited({A: _parked(A), B: _parked(B)}, claims)

    said = ledger.request(A, _ask(A, (0.0, 30.0), (60.0, 30.0)))

    refusal = said[0][1]
    assert isinstance(refusal, AuthorityRefusal)
    # B rests in the way as well; of C the piece that is crossed is covered with discs.
    assert refusal.by == (B, C)
    assert crossings(disc_pieces(refusal.held), disc_pieces([Disc(x=0.0, y=10.0, radius=0.5)])).any()


def test_an_absent_rover_that_tells_is_held_to_what_it_tells() -> None:
    claims = _claims()
    claims.note(C, claimed(_ask(C, (20.0, 10.0), (-20.0, 10.0), plan=4)))
    ledger = _inherited({A: _parked(A), B: _parked(B)}, claims)

    ledger.join(C, _parked(C, plan=4))

    assert ledger.request(A, _ask(A, (30.0, 30.0))) == ((A, AuthorityGrant(plan=9, upto=1)),)


def test_who_tells_that_it_holds_ground_of_another_stays_absent() -> None:
    ledger = _inherited({A: _parked(A), B: _parked(B)})

    with pytest.raises(MessageError, match="ground of a"):
        ledger.join(C, _driving(C, (60.0, 10.0), (0.0, 0.0)))

    with pytest.raises(MessageError, match="has not told yet"):
        ledger.request(C, _ask(C, (60.0, 30.0)))


def test_what_those_present_hold_nobody_else_does() -> None:
    claims = _claims()
    claims.note(C, claimed(_ask(C, (60.0, 0.0), (20.0, 0.0), (0.0, -30.0), plan=4)))
    present = {A: _driving(A, (0.0, 0.0), (20.0, 0.0), (40.0, 0.0), returned=1), B: _parked(B)}

    absent = claims.absent(present)[C]

    # The segments that cross the way of A from x = 20 on cannot be C's: only its first one, from where it stood.
    # But C may have ended its plan on one of them, and stand where that does not cross the way of A.
    assert absent[[0, -1], :4].tolist() == [[60.0, 10.0, 60.0, 0.0], [60.0, 10.0, 60.0, 10.0]]
    east, west = absent[1:-1, :4].tolist()
    assert east == pytest.approx([60.0, 0.0, 42.0, 0.0], abs=1e-6)
    assert west[2:] == [0.0, -30.0]
    assert not crossings(absent, holding_pieces(present[A])).any()


def test_who_ended_its_plan_beside_what_another_holds_by_now_is_not_forgotten() -> None:
    claims = _claims()
    claims.note(C, claimed(_ask(C, (20.0, 10.0), plan=4)))
    present = {A: _driving(A, (41.0, -20.0), (41.0, 30.0)), B: _parked(B)}

    ledger = _inherited(present, claims)
    refusals = [
        said for _, said in ledger.request(B, _ask(B, (20.0, 20.0), (20.0, 8.0))) if isinstance(said, AuthorityRefusal)
    ]

    assert [refusal.by for refusal in refusals] == [(C,)]


def test_of_claims_the_later_plan_counts_whenever_it_is_heard() -> None:
    claims = _claims()

    claims.note(C, _parked(C, plan=4))
    claims.note(C, claimed(_ask(C, (20.0, 10.0), plan=4)))
    claims.note(RoverId("stranger"), _parked(C, plan=4))

    assert [claim.holding for claim in claims.all()] == [_parked(A), _parked(B), _parked(C, plan=4)]


def test_a_holder_tells_what_it_holds_and_asks_a_new_leader_for_the_rest_under_a_new_number() -> None:
    holder = Holder(rover=A, radius=0.5, pose=Pose(x=0.0, y=0.0, heading=0.0), dt=1.0)
    holder.want(((0.0, 0.0), (20.0, 0.0), (40.0, 0.0)), 0)
    holder.on_message(AuthorityGrant(plan=1, upto=1, waits_for=(B,)), 1)

    holding = holder.holding()
    at_once = holder.on_leader(5)
    arrived = holder.on_arrived(Pose(x=20.0, y=0.0, heading=0.0), 9)

    assert (holding.path, holding.whole) == (((0.0, 0.0), (20.0, 0.0)), False)
    assert at_once.send == ()
    assert arrived.send == (AuthorityRequest(plan=2, path=((20.0, 0.0), (40.0, 0.0)), radius=1.0),)


def test_a_question_to_the_last_leader_is_put_to_the_new_one_under_a_new_number() -> None:
    holder = Holder(rover=A, radius=0.5, pose=Pose(x=0.0, y=0.0, heading=0.0), dt=1.0)
    holder.want(((0.0, 0.0), (20.0, 0.0)), 0)

    effects = holder.on_leader(5)
    late = holder.on_message(AuthorityGrant(plan=1, upto=1), 6)

    assert effects.send == (AuthorityRequest(plan=2, path=((0.0, 0.0), (20.0, 0.0)), radius=1.0),)
    assert late.drive is None
    assert holder.holding().path == ()
