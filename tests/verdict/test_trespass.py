"""Who leaves the ground it has authority for is found, and ground that is granted to two."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.core import EVERYONE, AgencyId, Disc, Point, Pose, RoverId, Tick
from fleet.messages import (
    AuthorityGrant,
    AuthorityRequest,
    AuthorityReturn,
    Body,
    Holding,
    Leading,
    Message,
    Pledge,
    TowAnswer,
    TowClaim,
)
from fleet.traffic import ledger
from sim.record import Frame, Opening, RoverEntry, RoverFrame
from sim.run import RunOptions, run
from sim.scenario import load_scenario
from sim.verdict.trespass import TrespassWatch

LEADER, A, B = RoverId("leader"), RoverId("a"), RoverId("b")
HOME: dict[RoverId, Point] = {LEADER: (0.0, 50.0), A: (0.0, 0.0), B: (20.0, 10.0)}


def _entry(rover: RoverId) -> RoverEntry:
    x, y = HOME[rover]
    return RoverEntry(
        rover=rover,
        title=rover,
        agency=AgencyId("X"),
        vehicle="v",
        vehicle_title="V",
        radius=1.0,
        battery=1.0,
        can_drive=rover != LEADER,
        pose=Pose(x=x, y=y, heading=0.0),
    )


@pytest.fixture
def watch() -> TrespassWatch:
    return TrespassWatch(
        Opening(
            scenario="s",
            title="S",
            file="s.yaml",
            text="",
            seed=1,
            start="2029-10-24T00:00:00+00:00",
            dt=1.0,
            end=1000,
            coordinator=LEADER,
            agencies=(),
            rovers=tuple(_entry(rover) for rover in HOME),
            tasks=(),
            docks=(),
        )
    )


def _say(watch: TrespassWatch, sender: RoverId, to: RoverId, body: Body) -> None:
    watch.hear(Message(tick=1, sender=sender, seq=1, to=to, body=body))


def _ask(watch: TrespassWatch, rover: RoverId, *path: Point, plan: int = 1) -> None:
    _say(watch, rover, LEADER, AuthorityRequest(plan=plan, path=path, radius=1.5))


def _grant(watch: TrespassWatch, rover: RoverId, upto: int, plan: int = 1) -> None:
    _say(watch, LEADER, rover, AuthorityGrant(plan=plan, upto=upto))


def _drive(watch: TrespassWatch, tick: Tick, rover: RoverId, place: Point) -> None:
    seen = RoverFrame(
        rover=rover,
        x=place[0],
        y=place[1],
        heading=0.0,
        battery=1.0,
        light=1.0,
        power=0.0,
        activity="driving",
        task=None,
        payload=0.0,
        distance=0.0,
        energy=0.0,
    )
    watch.look(Frame(tick=tick, sun=(0.0, 0.1), rovers=(seen,), links=(), stock={}))


def test_a_body_on_granted_ground_is_no_trespasser(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 1)

    for tick, place in enumerate([(0.2, 0.0), (5.0, 0.4), (10.0, 0.0)]):
        _drive(watch, tick, A, place)

    assert watch.found == []


def test_a_body_that_goes_beyond_its_grant_is_found_once(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 1)

    for tick, place in enumerate([(9.0, 0.0), (12.0, 0.0), (13.0, 0.0)]):
        _drive(watch, tick, A, place)

    assert [(found.tick, found.rover, found.other) for found in watch.found] == [(1, A, None)]


def test_what_was_given_back_must_not_be_entered_again(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 2)
    _drive(watch, 1, A, (15.0, 0.0))
    _say(watch, A, LEADER, AuthorityReturn(plan=1, upto=1))

    _drive(watch, 2, A, (5.0, 0.0))

    assert [found.rover for found in watch.found] == [A]


def test_who_gave_its_plan_back_holds_what_it_stands_on(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0))
    _grant(watch, A, 1)
    _drive(watch, 1, A, (10.0, 0.0))
    _say(watch, A, LEADER, AuthorityReturn(plan=1, upto=1, ends=Disc(x=10.0, y=0.0, radius=1.5)))

    _drive(watch, 2, A, (10.4, 0.0))
    _drive(watch, 3, A, (11.0, 0.0))

    assert [found.tick for found in watch.found] == [3]


def test_ground_that_is_granted_to_two_is_found(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 1)
    _ask(watch, B, (20.0, 10.0), (10.0, -10.0))

    _grant(watch, B, 1)

    assert [(found.rover, found.other) for found in watch.found] == [(B, A)]


def test_the_words_of_others_than_the_leader_grant_nothing(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0))
    _say(watch, B, A, AuthorityGrant(plan=1, upto=1))

    _drive(watch, 1, A, (5.0, 0.0))

    assert [found.rover for found in watch.found] == [A]


def _pledge(*path: Point, plan: int = 1, returned: int = 0) -> Pledge:
    start = Disc(x=0.0, y=0.0, radius=1.5)
    holding = Holding(plan=plan, start=start, path=path, radius=1.5 if path else 0.0, returned=returned)
    return Pledge(epoch=1, holding=holding, claims=(), notes=())


def test_a_pledge_that_is_said_once_more_takes_back_no_request(watch: TrespassWatch) -> None:
    _say(watch, A, B, _pledge(plan=0))
    _say(watch, A, B, AuthorityRequest(plan=2, path=((0.0, 0.0), (10.0, 0.0)), radius=1.5))
    _say(watch, A, B, _pledge(plan=2))
    _say(watch, B, A, AuthorityGrant(plan=2, upto=1))

    _drive(watch, 1, A, (5.0, 0.0))

    assert watch.found == []


def test_a_pledge_that_is_said_while_a_grant_is_on_its_way_takes_it_not_back(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0))
    _grant(watch, A, 1)
    _say(watch, A, LEADER, _pledge(plan=1))

    _drive(watch, 1, A, (5.0, 0.0))

    assert watch.found == []


def test_what_an_earlier_leader_grants_after_a_pledge_is_nobodys(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0))
    _say(watch, A, B, _pledge())
    _grant(watch, A, 1)

    _drive(watch, 1, A, (5.0, 0.0))

    assert [found.rover for found in watch.found] == [A]


def test_an_authority_stands_under_a_new_leader(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 2)
    _say(watch, A, B, _pledge((0.0, 0.0), (10.0, 0.0), (20.0, 0.0)))

    _drive(watch, 1, A, (15.0, 0.0))

    assert watch.found == []


def test_who_pledges_to_hold_more_than_it_was_granted_is_found(watch: TrespassWatch) -> None:
    _ask(watch, A, (0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
    _grant(watch, A, 1)

    _say(watch, A, B, _pledge((0.0, 0.0), (10.0, 0.0), (20.0, 0.0)))

    assert [(found.rover, found.other) for found in watch.found] == [(A, None)]


def test_a_leader_that_drives_is_judged_like_everyone(watch: TrespassWatch) -> None:
    _say(watch, B, EVERYONE, Leading(epoch=1))
    _say(watch, B, B, AuthorityRequest(plan=1, path=((20.0, 10.0), (30.0, 10.0), (40.0, 10.0)), radius=1.5))
    _say(watch, B, B, AuthorityGrant(plan=1, upto=1))

    _drive(watch, 1, B, (30.0, 10.0))
    _drive(watch, 2, B, (35.0, 10.0))

    assert [(found.tick, found.rover) for found in watch.found] == [(2, B)]


def test_a_leader_that_grants_everything_at_once_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "waits_of", lambda plan, plans: ())
    scenario = load_scenario(Path(__file__).parents[2] / "scenarios" / "crossing.yaml")

    result = run(scenario, RunOptions(bus="memory", until=1200))

    assert result.metrics.trespasses
    assert not next(check for check in result.verdict.checks if check.name == "trespasses").passed


@pytest.fixture
def towed(watch: TrespassWatch) -> TrespassWatch:
    """Return the watch of a tow: `B` has `A` in tow, and neither has moved."""
    ground = Disc(x=0.0, y=0.0, radius=30.0)
    _say(watch, B, LEADER, TowClaim(number=1, rover=A, ground=ground))
    _say(watch, LEADER, B, TowAnswer(number=1))
    return watch


def _set_down(watch: TrespassWatch, place: Point) -> None:
    here, left = Disc(x=20.0, y=10.0, radius=1.5), Disc(x=place[0], y=place[1], radius=1.5)
    _say(watch, B, LEADER, TowClaim(number=2, rover=A, ground=here, left=left))
    _say(watch, LEADER, B, TowAnswer(number=2))


def test_what_was_asked_for_before_the_end_of_a_tow_was_heard_may_be_granted_after_it(towed: TrespassWatch) -> None:
    _ask(towed, A, (8.0, 0.0), (8.0, -20.0))
    _set_down(towed, (8.0, 0.0))
    _grant(towed, A, 1)

    _drive(towed, 1, A, (8.0, -10.0))
    _drive(towed, 2, A, (12.0, -10.0))

    assert [found.tick for found in towed.found] == [2]


def test_who_asks_from_where_it_believes_to_be_holds_the_ground_on_which_it_was_set_down(towed: TrespassWatch) -> None:
    _set_down(towed, (8.0, 0.0))

    _ask(towed, A, (8.4, 0.0), (20.0, 0.0))
    _drive(towed, 1, A, (7.6, 0.0))
    _drive(towed, 2, A, (7.4, 0.0))

    assert [found.tick for found in towed.found] == [2]
