"""A rover's node: duties that no mind can shirk."""

from __future__ import annotations

import time  # noqa: TID251 - a mind that oversleeps
from collections.abc import Callable
from datetime import UTC, datetime
from math import nan

import numpy as np
import pytest

from fleet.core import EVERYONE, AgencyId, Disc, PluginError, Pose, RoverId, TaskId
from fleet.messages import (
    WELL,
    Announcement,
    Arrived,
    AuthorityGrant,
    AuthorityRequest,
    AuthorityReturn,
    Award,
    Bids,
    Blocked,
    Body,
    Briefing,
    Bulletin,
    BulletinHeeded,
    ClosedGround,
    Distress,
    Event,
    FollowPath,
    Halt,
    HazardReport,
    HazardSeen,
    LinksChanged,
    Message,
    Observation,
    Ordered,
    Passed,
    Plight,
    PutDown,
    RosterEntry,
    RoverAnswer,
    Sleep,
    Step,
    StepDone,
    Stop,
    Task,
    TaskReport,
    Telemetry,
    Turn,
    Woke,
    Work,
)
from fleet.moon import Endurance
from fleet.runtime.lookout import Lookout
from fleet.runtime.make import almanac_of
from fleet.runtime.mind import Mind
from fleet.runtime.node import Node
from fleet.sdk import AgentView, Decision, Outgoing
from fleet.tasks import SingleItemAuction
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

DAY, NIGHT = datetime(2029, 10, 18, tzinfo=UTC), datetime(2028, 6, 21, tzinfo=UTC)
ROVER, LEADER = RoverId("rover"), RoverId("lander")
_TASK = Task(
    id=TaskId("t"),
    kind="image",
    title="",
    agency=AgencyId("A"),
    steps=(Step(place=(5.0, 0.0), radius=1.0, work=10, capability="image"),),
)

Script = Callable[[AgentView], object]


class _Scripted:
    """A mind that does what it is told and keeps what it saw."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.views: list[AgentView] = []

    def decide(self, view: AgentView) -> Decision:
        self.views.append(view)
        return self._script(view)  # type: ignore[return-value]  # scripts may break the contract


def _briefing(start: datetime) -> Briefing:
    ground = ground_map_from_heights(np.zeros((40, 40), np.float32), 5.0, latitude=-1.4, longitude=0.5, north=0.0)
    vehicles = {ROVER: "metu-micro", LEADER: "change8-lander"}
    return Briefing(
        scenario="test",
        seed=1,
        start=start,
        dt=1.0,
        end=100_000,
        roster=tuple(
            RosterEntry(
                rover=rover,
                agency=AgencyId("A"),
                vehicle=catalogue()[vehicle],
                agent="scripted",
                pose=Pose(x=0.0 if rover == ROVER else -30.0, y=0.0, heading=0.0),
            )
            for rover, vehicle in vehicles.items()
        ),
        coordinator=LEADER,
        docks=(),
        ground=ground,
    )


class _Bench:
    """A node on the bench: asked step by step."""

    def __init__(self, script: Script, rover: RoverId = ROVER, deadline: float = 5.0, start: datetime = DAY) -> None:
        briefing = _briefing(start)
        self.mind = _Scripted(script)
        self.minds = 0
        self.is_broken = False
        self.rover = rover
        self.heard = 0
        vehicle = next(entry.vehicle for entry in briefing.roster if entry.rover == rover)
        terrain = Terrain(briefing.ground)
        endurance = Endurance(vehicle, almanac_of(briefing, terrain), briefing.time)
        self.node = Node(
            briefing=briefing,
            rover=rover,
            mind=Mind("scripted", rover, self._made, deadline),
            terrain=terrain,
            make_allocator=SingleItemAuction,
            lookout=Lookout(endurance, vehicle, briefing.dt, ()),
        )

    def _made(self) -> _Scripted:
        if self.is_broken:
            raise PluginError("scripted", self.rover, 0, "has no more minds")
        self.minds += 1
        return self.mind

    def step(
        self,
        tick: int,
        *events: Event,
        inbox: tuple[Message, ...] = (),
        x: float = 0.0,
        links: tuple[RoverId, ...] | None = None,
        battery: float = 1.0,
    ) -> RoverAnswer:
        others = (LEADER,) if self.rover == ROVER else (ROVER,)
        seen = Observation(
            tick=tick,
            pose=Pose(x=x, y=0.0, heading=0.0),
            battery=battery,
            light=1.0,
            power=0.0,
            activity="idle",
            payload=0.0,
            links=others if links is None else links,
            neighbours=others if links is None else links,
            events=events,
        )
        return self.node.step(seen, inbox)

    def said(self, tick: int, body: Body, sender: RoverId = LEADER) -> Message:
        self.heard += 1
        return Message(tick=tick, sender=sender, seq=self.heard, to=self.rover, body=body)


def _bodies(answer: RoverAnswer, kind: type[Body]) -> list[Body]:
    return [message.body for message in answer.outbox if isinstance(message.body, kind)]


def _idle(_view: AgentView) -> Decision:
    return Decision()


def _drive(_view: AgentView) -> Decision:
    return Decision(command=FollowPath(path=((0.0, 0.0), (40.0, 0.0))))


def test_a_wish_to_drive_is_asked_for_and_not_driven_before_it_is_granted() -> None:
    bench = _Bench(_drive)

    answer = bench.step(0)

    assert answer.command is None
    assert _bodies(answer, AuthorityRequest)


def test_a_rover_drives_as_far_as_it_is_granted_and_returns_what_lies_behind() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)

    granted = bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),))
    passed = bench.step(400, Passed(waypoint=0), x=20.0)

    assert isinstance(granted.command, FollowPath)
    assert granted.command.path == request.path[1:3]
    assert _bodies(passed, AuthorityReturn) == [AuthorityReturn(plan=request.plan, upto=1)]


_WALL = ClosedGround(zone="wall", outline=((10.0, -50.0), (14.0, -50.0), (14.0, 50.0), (10.0, 50.0)))


def test_a_rover_does_not_drive_into_ground_that_it_knows_to_be_closed_whoever_grants_it() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)

    heard = bench.step(1, inbox=(bench.said(0, Bulletin(version=1, closed=(_WALL,))),))
    granted = bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),))

    assert [m.body for m in heard.outbox] == [BulletinHeeded(version=1)]
    assert granted.command == Stop()
    (given_back,) = _bodies(granted, AuthorityReturn)
    assert isinstance(given_back, AuthorityReturn)
    assert (given_back.upto, given_back.ends is not None) == (0, True)
    assert bench.mind.views[-1].tick == 2


def test_ground_ahead_is_given_back_by_its_holder_as_soon_as_it_hears_that_it_is_closed() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)
    bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),))

    heard = bench.step(60, inbox=(bench.said(59, Bulletin(version=1, closed=(_WALL,))),), x=4.0)
    again = bench.step(70, inbox=(bench.said(69, Bulletin(version=1, closed=(_WALL,))),), x=4.0)

    assert heard.command == Stop()
    assert [body.ends is not None for body in _bodies(heard, AuthorityReturn) if isinstance(body, AuthorityReturn)] == [
        True
    ]
    assert (again.command, _bodies(again, BulletinHeeded)) == (None, [BulletinHeeded(version=1)])


def test_who_is_to_stand_drives_nothing_of_what_it_holds_until_all_let_it_go() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)
    halts = tuple(Halt(rover=ROVER, by=by, since=0) for by in ("ground", "A", "METU"))

    answers = [
        bench.step(1, inbox=(bench.said(0, Bulletin(version=1, halts=halts)),)),
        bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),)),
        bench.step(3, inbox=(bench.said(2, Bulletin(version=3, halts=halts[2:])),)),
        bench.step(4, inbox=(bench.said(3, Bulletin(version=2, halts=halts[1:])),)),
    ]

    commands = [answer.command for answer in answers]
    refused = "rover of A stands for mission control, A and the leader, not for METU"
    assert _bodies(answers[0], BulletinHeeded) == [BulletinHeeded(version=1, refused=refused)]
    assert commands[:2] == [None, None]
    assert isinstance(commands[2], FollowPath)
    assert commands[3] is None
    assert _bodies(answers[3], Bulletin) == [Bulletin(version=3, halts=halts[2:])]


def test_the_mind_is_told_of_an_arrival_only_at_the_end_of_its_way() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)
    bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=1)),))

    bench.step(400, Arrived(), x=20.0)
    after_part = len(bench.mind.views)
    bench.step(402, inbox=(bench.said(401, AuthorityGrant(plan=request.plan, upto=2)),), x=20.0)
    bench.step(800, Arrived(), x=40.0)

    assert after_part == 1
    assert bench.mind.views[-1].observation.events == (Arrived(),)


def test_a_mind_that_raises_is_named_and_its_rover_stops() -> None:
    def fall_over(_view: AgentView) -> Decision:
        raise ZeroDivisionError("oops")

    answer = _Bench(fall_over).step(0)

    assert (answer.command, answer.plugin) == (PutDown(tasks=()), "scripted")
    assert "ZeroDivisionError: oops" in answer.fault


@pytest.mark.untraced
def test_a_mind_that_oversleeps_is_named_and_its_rover_stops() -> None:
    def oversleep(_view: AgentView) -> Decision:
        time.sleep(30.0)
        return Decision()

    answer = _Bench(oversleep, deadline=0.05).step(0)

    assert answer.command == PutDown(tasks=())
    assert "no answer within 0.05 s" in answer.fault


@pytest.mark.parametrize(
    ("nonsense", "fact"),
    [
        pytest.param(None, "answered NoneType", id="none"),
        pytest.param(Decision(wake=0), "not a tick after 0", id="past-wake"),
        pytest.param(Decision(wake=1.5), "not a tick after 0", id="half-tick"),  # type: ignore[arg-type]
        pytest.param(
            Decision(outbox=(Outgoing(to=LEADER, body=AuthorityGrant(plan=1, upto=1)),)), "AuthorityGrant", id="forged"
        ),
        pytest.param(Decision(command="drive"), "no one can read", id="no-command"),  # type: ignore[arg-type]
        pytest.param(
            Decision(outbox=(Outgoing(to=LEADER, body=Bids(round=1, bids=("x",))),)),  # type: ignore[arg-type]
            "no one can read",
            id="malformed",
        ),
        pytest.param(Decision(command=FollowPath(path=((1e12, 0.0),))), "more than 50000 m in one way", id="far"),
        pytest.param(Decision(command=FollowPath(path=((1.0, 0.0),) * 2000)), "more than 1024", id="waypoints"),
        pytest.param(Decision(outbox=7), "no one can read", id="no-outbox"),  # type: ignore[arg-type]
    ],
)
def test_nonsense_is_refused_with_what_was_wrong(nonsense: object, fact: str) -> None:
    answer = _Bench(lambda _view: nonsense).step(0)

    assert answer.command == PutDown(tasks=())
    assert fact in answer.fault


def test_a_path_that_is_not_finite_cannot_even_be_made() -> None:
    with pytest.raises(ValueError, match="not finite"):
        FollowPath(path=((0.0, nan),))


def test_a_failed_mind_is_not_asked_again_and_its_work_goes_back() -> None:
    calls = iter([Decision(), None])
    bench = _Bench(lambda _view: next(calls))
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    failed = bench.step(5, HazardSeen(hazard=Disc(x=9.0, y=9.0, radius=1.0)))
    later = bench.step(9, HazardSeen(hazard=Disc(x=-9.0, y=9.0, radius=1.0)))

    (report,) = _bodies(failed, TaskReport)
    assert isinstance(report, TaskReport)
    assert (report.task, report.state) == ("t", "returned")
    assert len(bench.mind.views) == 2
    assert later.fault == ""


def test_a_lost_mind_is_not_asked_its_work_goes_back_and_a_new_one_is_made() -> None:
    bench = _Bench(lambda _view: Decision(wake=_view.tick + 1))
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    bench.node.suffer(Plight(crashed=True))
    lost = bench.step(5)
    meanwhile = bench.step(6, inbox=(bench.said(5, Award(round=2, task=_TASK, rover=ROVER, cost=1.0)),))
    bench.node.suffer(WELL)
    bench.step(9)

    assert [report.state for report in _bodies(lost, TaskReport) if isinstance(report, TaskReport)] == ["returned"]
    assert isinstance(lost.command, PutDown)
    assert (lost.fault, meanwhile.fault) == ("", "")
    assert [view.tick for view in bench.mind.views] == [0, 9]
    assert bench.mind.views[-1].tasks == ()
    assert bench.minds == 2


def test_a_mind_that_cannot_be_made_anew_is_named() -> None:
    bench = _Bench(_idle)
    bench.step(0)
    bench.node.suffer(Plight(crashed=True))
    bench.step(1)

    bench.is_broken = True
    bench.node.suffer(WELL)
    answer = bench.step(2)

    assert "no more minds" in answer.fault
    assert len(bench.mind.views) == 1


def test_a_slow_mind_is_asked_at_once_and_obeyed_later_and_asked_again_if_something_was_meanwhile() -> None:
    turns = iter([1.0, 2.0])
    bench = _Bench(lambda _view: Decision(command=Turn(heading=next(turns))))
    bench.node.suffer(Plight(slow=20))

    first = bench.step(0)
    between = bench.step(8, HazardSeen(hazard=Disc(x=9.0, y=9.0, radius=1.0)))
    due = bench.step(20)
    last = bench.step(40)

    assert (first.command, first.wake, between.command, between.wake) == (None, 20, None, 20)
    assert (due.command, due.wake) == (Turn(heading=1.0), 40)
    assert last.command == Turn(heading=2.0)
    assert [view.tick for view in bench.mind.views] == [0, 20]


def test_what_a_slow_mind_decided_for_another_place_is_not_done() -> None:
    bench = _Bench(lambda _view: Decision(command=Turn(heading=1.0)))
    bench.node.suffer(Plight(slow=20))
    bench.step(0)

    due = bench.step(20, x=3.0)

    assert (due.command, due.wake) == (None, 21)


def test_who_was_off_gives_its_way_up_where_it_stands_and_has_a_new_mind_and_its_tasks() -> None:
    bench = _Bench(_drive)
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))
    bench.step(1, inbox=(bench.said(0, AuthorityGrant(plan=1, upto=2)),))

    bench.node.suffer(Plight(boots=1))
    answer = bench.step(100, x=7.0)

    (back,) = (body for body in _bodies(answer, AuthorityReturn) if isinstance(body, AuthorityReturn))
    assert back.ends is not None
    assert (back.plan, back.ends.x) == (1, 7.0)
    assert bench.minds == 2
    assert [task.id for task in bench.mind.views[-1].tasks] == ["t"]


def test_who_has_no_mind_takes_no_work() -> None:
    bench = _Bench(_idle)
    bench.step(0)
    bench.node.suffer(Plight(crashed=True))
    bench.step(1)

    answer = bench.step(3, inbox=(bench.said(2, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    states = [report.state for report in _bodies(answer, TaskReport) if isinstance(report, TaskReport)]
    assert states[-1] == "returned"


def test_work_that_was_begun_and_went_to_another_is_put_down() -> None:
    bench = _Bench(lambda view: Decision(command=Work(task=_TASK.id)) if view.tasks else Decision())
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    answer = bench.step(9, inbox=(bench.said(8, Award(round=2, task=_TASK, rover=LEADER, cost=1.0)),))

    assert answer.command == PutDown(tasks=(_TASK.id,))


def test_words_that_come_twice_are_taken_in_once() -> None:
    bench = _Bench(_idle)
    bench.step(0)
    award = bench.said(1, Award(round=1, task=_TASK, rover=ROVER, cost=1.0))

    first, again = bench.step(2, inbox=(award, award)), bench.step(3, inbox=(award,))

    assert len(_bodies(first, TaskReport)) == 1
    assert _bodies(again, TaskReport) == []
    assert len(bench.mind.views) == 2


def test_an_award_is_accepted_and_shown_to_the_mind() -> None:
    bench = _Bench(_idle)
    bench.step(0)

    answer = bench.step(3, inbox=(bench.said(2, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    assert _bodies(answer, TaskReport) == [TaskReport(task=TaskId("t"), state="accepted")]
    assert bench.mind.views[-1].tasks == (_TASK,)


def test_what_is_done_is_reported_by_the_node_not_the_mind() -> None:
    bench = _Bench(lambda view: Decision(command=Work(task=TaskId("t"))) if view.tasks else Decision())
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    answer = bench.step(20, StepDone(task=TaskId("t"), step=0, final=True))

    assert _bodies(answer, TaskReport) == [TaskReport(task=TaskId("t"), state="done")]
    assert bench.mind.views[-1].tasks == ()


def test_reports_wait_until_the_coordinator_can_be_reached() -> None:
    bench = _Bench(_idle)
    bench.step(0, inbox=(bench.said(0, Award(round=1, task=_TASK, rover=ROVER, cost=1.0)),))

    away = bench.step(20, StepDone(task=TaskId("t"), step=0, final=True), links=())
    back = bench.step(90)

    assert _bodies(away, TaskReport) == []
    assert _bodies(back, TaskReport) == [TaskReport(task=TaskId("t"), state="done")]


def test_a_rock_is_told_to_all_once() -> None:
    bench = _Bench(_idle)
    bench.step(0)
    rock = HazardSeen(hazard=Disc(x=9.0, y=0.0, radius=0.6))

    first, again = bench.step(5, rock), bench.step(6, rock)

    assert [(message.to, message.body) for message in first.outbox] == [
        (EVERYONE, HazardReport(hazard=rock.hazard, seen=5, by=RoverId("rover")))
    ]
    assert _bodies(again, HazardReport) == []


def test_a_mind_is_left_alone_when_nothing_concerns_it() -> None:
    bench = _Bench(lambda view: Decision(wake=500) if view.tick == 0 else Decision())
    bench.step(0)

    bench.step(
        100, inbox=(bench.said(99, Telemetry(pose=Pose(x=1.0, y=1.0, heading=0.0), battery=1.0, activity="idle")),)
    )
    at_100 = len(bench.mind.views)
    bench.step(500)

    assert at_100 == 1
    assert [view.tick for view in bench.mind.views] == [0, 500]


def test_a_mind_is_told_of_links_when_the_leader_comes_into_reach_or_goes_and_of_no_others() -> None:
    bench, other = _Bench(_idle), RoverId("other")
    bench.step(0)

    bench.step(60, LinksChanged(), links=(LEADER, other))
    bench.step(120, LinksChanged(), links=())
    bench.step(180, LinksChanged(), links=(other,))
    bench.step(240, LinksChanged(), links=(LEADER,))

    assert [view.tick for view in bench.mind.views] == [0, 120, 240]
    assert bench.mind.views[-1].observation.events == (LinksChanged(),)


def test_words_of_authority_count_only_from_the_leader() -> None:
    bench = _Bench(_drive)
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)

    forged = bench.said(1, AuthorityGrant(plan=request.plan, upto=2), sender=RoverId("mallory"))
    answer = bench.step(2, inbox=(forged,))

    assert answer.command is None


def test_the_leader_announces_what_it_is_ordered_and_hears_itself() -> None:
    bench = _Bench(_idle, rover=LEADER)

    ordered = bench.step(0, Ordered(task=_TASK))
    bench.step(1)

    (announcement,) = _bodies(ordered, Announcement)
    assert ordered.wake == 1
    assert [message.body for message in bench.mind.views[-1].inbox] == [announcement]


def test_the_leader_grants_ground_that_is_free() -> None:
    bench = _Bench(_idle, rover=LEADER)
    bench.step(0)
    request = AuthorityRequest(plan=1, path=((0.0, 0.0), (20.0, 0.0)), radius=0.75)

    answer = bench.step(5, inbox=(bench.said(4, request, sender=ROVER),))

    assert _bodies(answer, AuthorityGrant) == [AuthorityGrant(plan=1, upto=1)]


def test_a_blocked_rover_gives_its_plan_up_where_it_stands() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision())
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)
    bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),))

    answer = bench.step(90, Blocked(reason="rock"), x=4.0)

    (returned,) = _bodies(answer, AuthorityReturn)
    assert isinstance(returned, AuthorityReturn)
    assert returned.ends == Disc(x=4.0, y=0.0, radius=0.75)
    assert isinstance(bench.mind.views[-1].observation.events[0], Blocked)


def test_who_goes_to_sleep_gives_its_way_up_and_tells_the_others() -> None:
    bench = _Bench(lambda view: _drive(view) if view.tick == 0 else Decision(command=Sleep(until=900), wake=5000))
    (request,) = _bodies(bench.step(0), AuthorityRequest)
    assert isinstance(request, AuthorityRequest)
    bench.step(2, inbox=(bench.said(1, AuthorityGrant(plan=request.plan, upto=2)),))

    answer = bench.step(90, HazardSeen(hazard=Disc(x=9.0, y=9.0, radius=1.0)), x=4.0)

    assert answer.command == Sleep(until=900)
    (returned,) = _bodies(answer, AuthorityReturn)
    assert isinstance(returned, AuthorityReturn)
    assert returned.ends == Disc(x=4.0, y=0.0, radius=0.75)
    (telemetry,) = _bodies(answer, Telemetry)
    assert isinstance(telemetry, Telemetry)
    assert telemetry.activity == "asleep"


def test_who_wakes_tells_the_others_and_its_mind() -> None:
    bench = _Bench(_idle)
    bench.step(0)

    answer = bench.step(700, Woke(reason="light"))

    assert len(_bodies(answer, Telemetry)) == 1
    assert bench.mind.views[-1].observation.events == (Woke(reason="light"),)


def test_a_rover_that_will_run_out_says_so_until_somebody_hears_it() -> None:
    bench = _Bench(_idle, start=NIGHT)

    looks = [bench.step(1800 * k, battery=0.001, links=links) for k, links in enumerate([(), None, None])]

    assert [len(_bodies(answer, Distress)) for answer in looks] == [1, 1, 0]
    (distress,) = _bodies(looks[0], Distress)
    assert isinstance(distress, Distress)
    assert 0 < distress.empty < 3600


def test_a_mind_hears_of_the_distress_of_another() -> None:
    bench = _Bench(_idle)
    bench.step(0)
    distress = Distress(pose=Pose(x=1.0, y=1.0, heading=0.0), battery=0.1, empty=900)

    bench.step(7, inbox=(bench.said(6, distress),))

    assert [message.body for message in bench.mind.views[-1].inbox] == [distress]
