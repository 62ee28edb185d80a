"""What one rover says and does for its authority, word by word."""

from __future__ import annotations

from fleet.core import Disc, Path, Pose, RoverId, distance
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
)
from fleet.sdk.view import Travel
from fleet.traffic import Drive, Effects, Holder

A, B = RoverId("a"), RoverId("b")
WAY: Path = ((0.0, 0.0), (20.0, 0.0), (40.0, 0.0), (60.0, 0.0), (80.0, 0.0))
NOTHING = Effects()


def at(x: float, y: float = 0.0) -> Pose:
    return Pose(x=x, y=y, heading=0.0)


def standing() -> Holder:
    return Holder(rover=A, radius=0.5, pose=at(0.0), dt=1.0)


def driving(upto: int) -> Holder:
    """Return a holder whose rover drives `WAY` as far as a waypoint."""
    holder = standing()
    holder.want(WAY, 0)
    holder.on_message(AuthorityGrant(plan=1, upto=upto, waits_for=(B,) if upto < 4 else ()), 1)
    return holder


def disc(x: float) -> Disc:
    return Disc(x=x, y=0.0, radius=1.0)


def test_a_wish_is_asked_for_in_short_segments() -> None:
    effects = standing().want(((0.0, 0.0), (60.0, 0.0)), 0)

    path = ((0.0, 0.0), (20.0, 0.0), (40.0, 0.0), (60.0, 0.0))
    assert effects == Effects(send=(AuthorityRequest(plan=1, path=path, radius=1.0),))


def test_the_body_drives_as_far_as_granted() -> None:
    holder = standing()
    holder.want(WAY, 0)

    effects = holder.on_message(AuthorityGrant(plan=1, upto=2, waits_for=(B,)), 1)

    assert effects == Effects(drive=Drive(path=WAY[1:3], report=(0,)))
    assert holder.travel() == Travel(path=WAY, granted=2, waits_for=(B,))


def test_a_longer_grant_is_driven_without_a_stop() -> None:
    holder = driving(upto=2)
    holder.on_passed(0)

    effects = holder.on_message(AuthorityGrant(plan=1, upto=4), 9)

    assert effects == Effects(drive=Drive(path=WAY[2:], report=(0, 1)))
    assert holder.on_passed(0) == Effects(send=(AuthorityReturn(plan=1, upto=2),))


def test_a_late_shorter_grant_is_no_news() -> None:
    holder = driving(upto=4)

    assert holder.on_message(AuthorityGrant(plan=1, upto=2), 9) == NOTHING


def test_where_the_grant_ends_the_rover_keeps_the_segment_it_stands_on() -> None:
    holder = driving(upto=2)
    holder.on_passed(0)

    arrived = holder.on_arrived(at(40.0), 900)
    asked = holder.on_wake(930)
    more = holder.on_message(AuthorityGrant(plan=1, upto=4), 940)

    assert arrived == NOTHING
    assert asked == Effects(send=(AuthorityReturn(plan=1, upto=1),))
    assert more == Effects(send=(AuthorityReturn(plan=1, upto=2),), drive=Drive(path=WAY[3:], report=(0,)))


def test_at_the_goal_the_plan_is_given_back_until_the_leader_confirms_it() -> None:
    holder = driving(upto=4)
    end = AuthorityReturn(plan=1, upto=4, ends=disc(80.0))

    arrived = holder.on_arrived(at(80.0), 2000)
    again = holder.on_wake(2030)
    holder.on_message(end, 2040)

    assert arrived == Effects(send=(end,), finished=True)
    assert again == Effects(send=(end,))
    assert holder.wake is None
    assert holder.travel() == Travel()


def test_a_question_without_an_answer_is_asked_ever_less_often() -> None:
    holder = standing()
    holder.want(WAY, 0)
    wakes = []
    for _ in range(7):
        assert holder.wake is not None
        wakes.append(holder.wake)
        assert holder.on_wake(holder.wake).send

    assert [after - before for before, after in zip([0, *wakes], wakes, strict=False)] == [
        30, 60, 120, 240, 480, 480, 480,
    ]  # fmt: skip


def test_the_same_wish_again_changes_nothing() -> None:
    holder = driving(upto=4)
    holder.on_passed(0)

    assert holder.want(WAY, 700) == NOTHING
    assert holder.want(((30.0, 0.0), *WAY[2:]), 700) == NOTHING


def test_another_wish_on_the_way_is_asked_for_when_the_body_stands() -> None:
    holder = driving(upto=4)

    wanted = holder.want(((10.0, 0.0), (10.0, 20.0)), 400)
    halted = holder.on_halted(at(10.0), 400)

    assert wanted == Effects(halt=True)
    assert halted == Effects(send=(AuthorityRequest(plan=2, path=((10.0, 0.0), (10.0, 20.0)), radius=1.0),))


def test_a_stop_on_the_way_gives_the_plan_back_when_the_body_stands() -> None:
    holder = driving(upto=4)
    holder.on_passed(0)

    wanted = holder.stop(at(30.0), 700)
    halted = holder.on_halted(at(30.0), 700)

    assert wanted == Effects(halt=True)
    assert halted == Effects(send=(AuthorityReturn(plan=1, upto=1, ends=disc(30.0)),))


def test_a_body_that_cannot_go_on_gives_the_plan_back() -> None:
    holder = driving(upto=4)

    assert holder.on_halted(at(7.0), 300) == Effects(send=(AuthorityReturn(plan=1, upto=0, ends=disc(7.0)),))


def test_a_stop_while_standing_says_nothing() -> None:
    assert standing().stop(at(0.0), 5) == NOTHING


def test_a_refusal_tells_the_mind_what_to_keep_clear_of() -> None:
    holder = standing()
    holder.want(WAY, 0)

    holder.on_message(AuthorityRefusal(plan=1, held=(disc(50.0),), by=(B,)), 1)
    travel = holder.travel()

    assert holder.wake is None
    assert travel.refused_by == (B,)
    # A body of 0.5 m that keeps clear of this has its corridor of 1 m clear of the ground refused.
    assert travel.refused == (Disc(x=50.0, y=0.0, radius=1.51),)


def test_a_refusal_of_an_earlier_wish_is_stale() -> None:
    holder = standing()
    holder.want(WAY, 0)
    holder.want(WAY[:2], 1)

    holder.on_message(AuthorityRefusal(plan=1, held=(disc(50.0),), by=(B,)), 2)

    assert holder.travel().refused == ()


def test_the_rest_of_a_withdrawn_plan_is_asked_for_anew() -> None:
    holder = driving(upto=2)
    holder.on_passed(0)

    withdrawn = holder.on_message(AuthorityWithdrawal(plan=1), 600)
    halted = holder.on_halted(at(25.0), 600)

    assert withdrawn == Effects(halt=True)
    assert halted == Effects(send=(AuthorityRequest(plan=2, path=((25.0, 0.0), *WAY[2:]), radius=1.0),))


def test_a_wish_to_be_where_it_is_needs_no_authority() -> None:
    holder = standing()

    wanted = holder.want(((0.0, 0.0),), 0)
    arrived = holder.on_arrived(at(0.0), 1)

    assert wanted == Effects(drive=Drive(path=((0.0, 0.0),), report=()))
    assert arrived == Effects(finished=True)


def test_out_of_touch_nothing_is_given_back() -> None:
    holder = driving(upto=4)
    holder.on_links(False, 300)

    passed = [holder.on_passed(waypoint) for waypoint in (0, 1)]
    heard = holder.on_links(True, 900)

    assert passed == [NOTHING, NOTHING]
    assert heard == Effects(send=(AuthorityReturn(plan=1, upto=2),))


def test_out_of_touch_it_can_go_back_over_what_it_kept() -> None:
    holder = driving(upto=4)
    holder.on_passed(0)
    holder.on_links(False, 600)
    holder.on_passed(1)
    holder.on_passed(2)

    assert holder.retreat() == Effects(drive=Drive(path=(WAY[3], WAY[2], WAY[1]), report=(0, 1)))


def test_a_wish_on_the_way_back_leads_on_back_from_there() -> None:
    holder = driving(upto=4)
    holder.on_links(False, 100)
    for waypoint in range(3):
        holder.on_passed(waypoint)
    holder.retreat()
    holder.on_passed(0)

    wanted = holder.want(((50.0, 0.0), (50.0, 9.0)), 900)
    halted = holder.on_halted(at(50.0), 900)

    assert wanted == Effects(halt=True)
    assert halted.drive == Drive(path=(WAY[2], WAY[1], WAY[0]), report=(0, 1))


def test_who_waits_out_of_touch_goes_back_after_a_while() -> None:
    holder = driving(upto=2)
    holder.on_passed(0)
    holder.on_arrived(at(40.0), 900)
    holder.on_links(False, 950)

    effects = holder.on_wake(1550)

    assert effects == Effects(drive=Drive(path=(WAY[2], WAY[1]), report=(0,)))


def test_where_it_has_gone_back_to_it_gives_the_plan_back() -> None:
    holder = driving(upto=4)
    holder.on_passed(0)
    holder.on_links(False, 600)
    holder.on_passed(1)
    holder.retreat()

    arrived = holder.on_arrived(at(20.0), 900)
    heard = holder.on_links(True, 1000)

    assert arrived.send == ()
    assert heard == Effects(send=(AuthorityReturn(plan=1, upto=1, ends=disc(20.0)),))


def test_who_cannot_go_on_on_its_way_back_keeps_what_is_left_of_it_while_nobody_hears_it() -> None:
    holder = driving(upto=4)
    holder.on_links(False, 100)
    for waypoint in range(3):
        holder.on_passed(waypoint)
    holder.retreat()
    holder.on_passed(0)

    stuck = holder.on_halted(at(50.0), 900)
    again = holder.want(((50.0, 0.0), (50.0, 9.0)), 1200)

    assert stuck == Effects(finished=True)
    assert again.drive == Drive(path=(WAY[2], WAY[1], WAY[0]), report=(0, 1))


def test_a_rover_that_holds_nothing_behind_cannot_go_back() -> None:
    assert standing().retreat() == NOTHING


def test_a_body_stays_inside_its_ground_when_what_it_believes_of_its_pose_jumps_as_it_arrives() -> None:
    holder, body = driving(upto=4), Disc(x=80.0, y=0.0, radius=0.5)
    holder.on_passed(2)

    (ended,) = holder.on_arrived(at(79.9, 0.3), 100).send

    assert isinstance(ended, AuthorityReturn)
    assert ended.ends is not None
    ground = holder.holding().start
    assert (ground.x, ground.y, ground.radius) == (ended.ends.x, ended.ends.y, 1.0)
    assert distance((ground.x, ground.y), (body.x, body.y)) + body.radius <= ground.radius


def test_who_believes_to_be_far_from_its_line_claims_no_full_ground() -> None:
    holder = driving(upto=4)

    holder.on_arrived(at(80.0, 3.0), 100)

    assert holder.holding().start.radius == 0.0


def test_a_turn_where_it_stands_takes_nobody_to_the_end_of_the_way_that_it_keeps_to_go_back_on() -> None:
    holder = driving(upto=4)
    holder.on_links(reachable=False, tick=10)
    holder.on_passed(0)
    holder.stop(at(30.0), 20)
    holder.on_halted(at(30.0), 20)

    assert holder.on_arrived(at(30.0), 30).finished
    back = holder.retreat().drive

    assert back is not None
    assert back.path[0][0] <= 30.0


def test_who_is_set_down_asks_from_the_ground_that_was_handed_over_whatever_it_believes() -> None:
    holder = standing()
    holder.moved((7.0, 0.0), at(7.3))

    effects = holder.want(((7.3, 0.0), (20.0, 0.0)), 0)

    assert holder.holding().start == disc(7.0)
    assert effects.send == (AuthorityRequest(plan=1, path=((7.0, 0.0), (7.3, 0.0), (20.0, 0.0)), radius=1.0),)
