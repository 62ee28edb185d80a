"""The leader's desk: offers to those who stand in each other's way, and no waiting for the silent."""

from __future__ import annotations

import numpy as np

from fleet.core import AgencyId, Disc, Point, Pose, RoverId
from fleet.messages import (
    AuthorityGrant,
    AuthorityOffer,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    RosterEntry,
)
from fleet.planning.joint import RepairingJointPlanner
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.traffic import CONTROL_MARGIN, Dispatcher, Ledger
from fleet.vehicles import catalogue

A, B = RoverId("a"), RoverId("b")
VEHICLE = catalogue()["metu-micro"]
RADIUS = VEHICLE.radius + CONTROL_MARGIN
WEST, EAST = (-10.0, 0.0), (10.0, 0.0)


def desk(places: dict[RoverId, Point]) -> Dispatcher:
    level = np.zeros((41, 41), np.float32)
    terrain = Terrain(ground_map_from_heights(level, 3.0, latitude=-1.47, longitude=0.5, north=0.0))
    return Dispatcher(
        ledger=Ledger({rover: Disc(x=x, y=y, radius=RADIUS) for rover, (x, y) in places.items()}),
        roster=[
            RosterEntry(
                rover=rover, agency=AgencyId("X"), vehicle=VEHICLE, agent="micro", pose=Pose(x=x, y=y, heading=0.0)
            )
            for rover, (x, y) in places.items()
        ],
        terrain=terrain,
        planner=RepairingJointPlanner(seed=1),
        dt=1.0,
    )


def asks(*path: Point, plan: int = 1) -> AuthorityRequest:
    return AuthorityRequest(plan=plan, path=path, radius=RADIUS)


def offered() -> tuple[Dispatcher, dict[RoverId, AuthorityOffer]]:
    """Return the desk of two who want each other's places, and what it offers them."""
    traffic = desk({A: WEST, B: EAST})
    traffic.request(A, asks(WEST, EAST), 0)
    traffic.request(B, asks(EAST, WEST), 0)
    said, _ = traffic.step(20)
    return traffic, {rover: body for rover, body in said if isinstance(body, AuthorityOffer)}


def test_two_who_want_each_others_places_are_offered_ways_after_a_while() -> None:
    traffic = desk({A: WEST, B: EAST})
    first = traffic.request(A, asks(WEST, EAST), 0)
    traffic.request(B, asks(EAST, WEST), 0)
    early, wake = traffic.step(1)

    said, _ = traffic.step(15)

    assert isinstance(first[0][1], AuthorityRefusal)
    assert (early, wake) == ((), 15)
    assert {(rover, type(body)) for rover, body in said} == {(A, AuthorityOffer), (B, AuthorityOffer)}


def test_nobody_goes_before_all_have_asked_for_what_they_were_offered() -> None:
    traffic, offers = offered()

    first = traffic.request(A, asks(*offers[A].path, plan=2), 21)
    both = traffic.request(B, asks(*offers[B].path, plan=2), 22)

    assert first == ((A, AuthorityGrant(plan=2, upto=0, waits_for=(B,))),)
    assert {rover for rover, body in both if isinstance(body, AuthorityGrant) and body.upto > 0} == {A, B}


def test_an_offer_that_was_lost_is_said_again_to_who_did_not_ask() -> None:
    traffic, offers = offered()
    traffic.request(A, asks(*offers[A].path, plan=2), 21)

    said, _ = traffic.step(30)

    assert said == ((B, offers[B]),)


def test_who_takes_no_offer_is_judged_as_one_who_stays() -> None:
    traffic, offers = offered()
    traffic.request(A, asks(*offers[A].path, plan=2), 21)

    said, _ = traffic.step(20 + 60)

    assert [(rover, type(body)) for rover, body in said] == [(A, AuthorityRefusal)]
    assert traffic.ledger.plans() == {}


def test_who_falls_silent_on_the_way_is_waited_for_no_more() -> None:
    traffic = desk({A: WEST, B: (0.0, 10.0)})
    traffic.request(A, asks(WEST, (-5.0, 0.0), EAST), 0)
    traffic.heard(A, 0)
    waits = traffic.request(B, asks((0.0, 10.0), (0.0, -10.0)), 1)
    traffic.heard(B, 1)

    _, due = traffic.step(2)
    assert due is not None
    said, _ = traffic.step(due)
    again = traffic.request(B, asks((0.0, 10.0), (0.0, -10.0), plan=2), due + 1)

    assert waits == ((B, AuthorityGrant(plan=1, upto=0, waits_for=(A,))),)
    assert due > 600
    assert (B, AuthorityWithdrawal(plan=1)) in said
    assert isinstance(again[0][1], AuthorityRefusal)
    assert again[0][1].by == (A,)


def test_the_next_word_of_one_who_was_silent_makes_it_one_of_many_again() -> None:
    traffic = desk({A: WEST, B: (0.0, 10.0)})
    traffic.request(A, asks(WEST, (-5.0, 0.0), EAST), 0)
    traffic.request(B, asks((0.0, 10.0), (0.0, -10.0)), 1)
    _, due = traffic.step(2)
    assert due is not None
    traffic.step(due)

    there = Disc(x=EAST[0], y=EAST[1], radius=RADIUS)
    traffic.returned(A, AuthorityReturn(plan=1, upto=2, ends=there), due + 100)
    said = traffic.request(B, asks((0.0, 10.0), (0.0, -10.0), plan=2), due + 101)

    assert said == ((B, AuthorityGrant(plan=2, upto=1)),)
