"""Explanations say what the entries say: who bid what, what stopped work, who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from fleet.core import EVERYONE, AgencyId, Disc, Pose, RoverId, TaskId, Tick
from fleet.messages import (
    Announcement,
    AuthorityRefusal,
    Award,
    Bid,
    Bids,
    Body,
    ClosedGround,
    Declined,
    Halt,
    HazardReport,
    Message,
    Ordered,
    Step,
    Task,
    TaskReport,
    Work,
    WorkStopped,
)
from sim.record import (
    Commanded,
    Entry,
    FaultBegan,
    Happened,
    Moment,
    MomentRover,
    Opening,
    RoverEntry,
    Said,
    TaskChanged,
    TaskEntry,
)
from sim.scenario.fault import Silent
from sim.verdict.explain import Auction, Stop, TaskStory, explain_rover, explain_task, task_lines

LEADER, A, B = RoverId("leader"), RoverId("a"), RoverId("b")
CORE = TaskId("core")
TASK = Task(
    id=CORE,
    kind="sample",
    title="A core",
    agency=AgencyId("X"),
    steps=(Step(place=(0.0, 0.0), radius=1.0, work=10, capability="drill"),),
)


def _rover(rover: RoverId, *capabilities: str) -> RoverEntry:
    return RoverEntry(
        rover=rover,
        title=rover,
        agency=AgencyId("X"),
        vehicle="v",
        vehicle_title="V",
        radius=1.0,
        battery=1.0,
        can_drive=True,
        pose=Pose(x=0.0, y=0.0, heading=0.0),
        capabilities=capabilities,
    )


OPENING = Opening(
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
    rovers=(_rover(A, "drill"), _rover(B, "drill"), _rover(LEADER)),
    tasks=(TaskEntry(task=CORE, kind="sample", title="A core", agency=AgencyId("X"), places=(), after=(), at=0),),
    docks=(),
)


def _said(tick: Tick, sender: RoverId, body: Body, to: RoverId = EVERYONE) -> Said:
    return Said(message=Message(tick=tick, sender=sender, seq=tick, to=to, body=body), heard=(), lost=())


def _ordered(task: Task = TASK) -> list[Entry]:
    return [
        TaskChanged(tick=0, task=CORE, state="open", rover=None, step=0),
        Happened(tick=0, rover=LEADER, event=Ordered(task=task)),
    ]


def _auction(tick: Tick, bids: dict[RoverId, float | None], winner: RoverId | None, number: int = 1) -> list[Entry]:
    entries: list[Entry] = [_said(tick, LEADER, Announcement(round=number, tasks=(TASK,), deadline=tick + 9))]
    for rover, cost in bids.items():
        prices = () if cost is None else (Bid(task=CORE, cost=cost),)
        entries.append(_said(tick + 1, rover, Bids(round=number, bids=prices), LEADER))
    if winner is not None:
        award = Award(round=number, task=TASK, rover=winner, cost=bids[winner] or 0.0)
        entries += [_said(tick + 2, LEADER, award), _said(tick + 5, LEADER, award)]
    return entries


def test_the_winner_is_told_with_its_margin() -> None:
    entries = [*_ordered(), *_auction(5, {A: 120.0, B: 100.0}, B)]

    story = explain_task(CORE, OPENING, entries, 50)

    assert (story.state, story.holder) == ("awarded", B)
    assert "b bid 100 s, 20 s less than a, the next best" in story.why


def test_a_winner_that_was_not_the_cheapest_is_no_secret() -> None:
    entries = [*_ordered(), *_auction(5, {A: 90.0, B: 100.0}, B)]

    story = explain_task(CORE, OPENING, entries, 50)

    assert "b bid 100 s; a was 10 s cheaper, but won something else then" in story.why


def test_a_task_that_nobody_wants_names_for_each_rover_why() -> None:
    entries = [*_ordered(), *_auction(5, {A: None}, None), *_auction(20, {A: None}, None, 2)]

    story = explain_task(CORE, OPENING, entries, 50)

    assert story.state == "open"
    assert story.why[0] == "announced 2 times, nobody bids"
    assert [why.split()[0] for why in story.why[1:]] == ["a", "b", "leader"]
    assert "answered and did not want it" in story.why[1]
    assert "did not answer" in story.why[2]
    assert story.why[3] == "leader cannot drill"


def test_a_leader_that_does_not_want_a_task_itself_is_not_said_to_be_out_of_reach() -> None:
    announced = _said(5, A, Announcement(round=1, tasks=(TASK,), deadline=14))

    story = explain_task(CORE, OPENING, [*_ordered(), announced], 50)

    (why,) = [why for why in story.why if why.startswith("a ")]
    assert "answered and did not want it" in why


def test_a_leader_that_gives_a_task_to_itself_did_not_agree_with_all() -> None:
    award = _said(12, LEADER, Award(round=1, task=TASK, rover=LEADER, cost=4.0))

    story = explain_task(CORE, OPENING, [*_ordered(), *_auction(5, {A: 90.0}, None), award], 50)

    assert story.why[1] == "leader, who leads, took it itself in round 1; a, the best of the others, bid 90 s"


def test_what_would_have_to_change_is_told_of_a_task_that_nobody_has() -> None:
    may_not = _said(6, A, Declined(task=CORE, reason="no right"), LEADER)
    dig = TaskChanged(tick=0, task=TaskId("dig"), state="running", rover=A, step=0)

    refused = explain_task(CORE, OPENING, [*_ordered(), may_not, *_auction(5, {A: None}, None)], 50)
    waits = explain_task(CORE, OPENING, [dig, *_ordered(replace_task(after=(TaskId("dig"),), earliest=70))], 50)
    unable = explain_task(CORE, msgspec.structs.replace(OPENING, rovers=(_rover(A), _rover(B))), _ordered(), 50)

    assert refused.change == ("X lets a work for X", "b is heard again")
    assert waits.change == ("dig is done", "it is 0d 00:01:10")
    assert unable.change == ("a machine can drill",)


def test_an_announcement_is_no_refusal_before_answers_are_due() -> None:
    story = explain_task(CORE, OPENING, [*_ordered(), *_auction(5, {}, None)], 10)

    assert story.why == ("it was just announced, and offers are awaited until 0d 00:00:14",)


def test_a_task_waits_for_those_before_it_and_for_its_time() -> None:
    later = replace_task(after=(TaskId("dig"),), earliest=70)
    dig = TaskChanged(tick=0, task=TaskId("dig"), state="running", rover=A, step=0)

    story = explain_task(CORE, OPENING, [dig, *_ordered(later)], 50)

    assert story.why[:2] == ("dig must be done first, and is running", "its time has not come")


def test_what_was_not_ordered_yet_is_planned() -> None:
    assert explain_task(CORE, OPENING, [], 50).state == "planned"


def test_work_that_stopped_is_told_with_its_time() -> None:
    begun = [
        *_ordered(),
        *_auction(5, {A: 9.0}, A),
        Commanded(tick=20, rover=A, command=Work(task=CORE)),
        Happened(tick=21, rover=A, event=WorkStopped(task=CORE, reason="light")),
    ]

    waiting = explain_task(CORE, OPENING, begun, 50)
    going_on = explain_task(CORE, OPENING, [*begun, Commanded(tick=60, rover=A, command=Work(task=CORE))], 70)

    assert [(stop.reason, stop.since, stop.until) for stop in waiting.stops] == [("light", 21, None)]
    assert "the light is wrong" in waiting.why[0]
    assert [(stop.since, stop.until) for stop in going_on.stops] == [(21, 60)]


def test_what_was_given_back_is_open_again() -> None:
    returned = _said(30, A, TaskReport(task=CORE, state="returned", reason="no way there"), LEADER)

    story = explain_task(CORE, OPENING, [*_ordered(), *_auction(5, {A: 9.0}, A), returned], 50)

    assert story.state == "open"
    assert "a gave it back: no way there" in story.why


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(KeyError):
        explain_task(TaskId("nothing"), OPENING, [], 0)


def replace_task(*, after: tuple[TaskId, ...], earliest: Tick) -> Task:
    return Task(
        id=TASK.id,
        kind=TASK.kind,
        title=TASK.title,
        agency=TASK.agency,
        steps=TASK.steps,
        after=after,
        earliest=earliest,
    )


def _moment(waits: dict[RoverId, Sequence[RoverId]]) -> Moment:
    rovers = tuple(
        MomentRover(
            entry=entry,
            pose=entry.pose,
            battery=0.5,
            light=1.0,
            power=0.0,
            temperature=293.15,
            earth="none",
            activity="idle",
            faults=(),
            task=None,
            payload=0.0,
            distance=0.0,
            energy=0.0,
            path=(),
            corridor=(),
            corridor_radius=0.0,
            waits_for=tuple(waits.get(entry.rover, ())),
            epoch=None,
        )
        for entry in OPENING.rovers
    )
    return Moment(
        tick=10.0,
        sun=(0.0, 0.1),
        rovers=rovers,
        tasks=(),
        links=(),
        stock={},
        hazards=(),
        news=(),
        collisions=0,
        faults=0,
    )


def test_who_waits_for_whom_is_followed_to_the_end() -> None:
    moment = _moment({A: [B], B: [LEADER]})
    driving = replace(moment.rovers[2], activity="driving")

    story = explain_rover(A, replace(moment, rovers=(*moment.rovers[:2], driving)), [])

    assert story.waits == ((A, B, LEADER),)
    assert "a waits for b waits for leader, which drives" in story.why


def test_what_a_rover_was_told_of_its_way_is_named_with_who_and_how_sure() -> None:
    soft, far = Disc(x=5.0, y=3.0, radius=2.0), Disc(x=5.0, y=90.0, radius=2.0)
    entries: list[Entry] = [
        _report(HazardReport(hazard=soft, seen=1, kind="soft", slip=0.5, by=B, sure=0.6)),
        _report(HazardReport(hazard=far, seen=1, kind="soft", slip=0.5, by=B, sure=0.6)),
        _report(HazardReport(hazard=soft, seen=2, kind="soft", slip=0.5, by=LEADER, how="felt", sure=0.9, there=False)),
    ]
    moment = _moment({})
    driving = replace(moment.rovers[0], path=((0.0, 0.0), (10.0, 0.0)))
    rovers = (driving, *moment.rovers[1:])

    before, after = (explain_rover(driving.entry.rover, replace(moment, rovers=rovers), entries[:n]) for n in (2, 3))

    told = "knows of soft ground that takes 50% of wheel travel at (5, 3): seen by b"
    assert before.why[-1] == f"{told}, 60% sure"
    assert after.why[-1] == f"{told}, denied by leader, 6% sure, and does not heed it"


def _report(report: HazardReport) -> Said:
    message = Message(tick=5, sender=report.by, seq=0, to=EVERYONE, body=report)
    return Said(message=message, heard=tuple((rover.rover, 6) for rover in OPENING.rovers), lost=())


def test_a_rover_says_who_has_it_stand_since_when_and_what_closed_ground_has_to_do_with_it() -> None:
    moment = _moment({})
    halt = Halt(rover=A, by="ground", since=600, reason="dust")
    here = moment.rovers[0].pose
    outline = tuple((here.x + x, here.y + y) for x, y in ((-5.0, -5.0), (5.0, -5.0), (0.0, 5.0)))
    me = replace(moment.rovers[0], halts=(halt,), unheard=(Halt(rover=A, by="METU", since=660),))
    closed = (ClosedGround(zone="pit", outline=outline, inside="stop"),)
    refusal = AuthorityRefusal(plan=1, held=(), by=(), zones=("pit",))

    story = explain_rover(
        me.entry.rover,
        replace(moment, rovers=(me, *moment.rovers[1:]), closed=closed),
        [_said(700, LEADER, refusal, me.entry.rover)],
    )

    assert story.stands == (
        "stopped by mission control at 0d 00:10:00: dust",
        "does not stand as ordered by METU at 0d 00:11:00: not heard, or not heeded",
        "is in closed ground pit and stands until it is open again",
    )
    assert "ways were refused: they lead into closed ground, pit" in story.why


def test_a_ring_of_waits_ends_where_it_began() -> None:
    story = explain_rover(A, _moment({A: [B], B: [A]}), [])

    assert story.waits == ((A, B, A),)
    assert "a ring" in story.why[1]


def test_a_rover_says_what_is_wrong_with_it_and_since_when() -> None:
    moment = _moment({})
    broken = replace(moment.rovers[0], faults=("radio dead",))
    fault = Silent(id="s", begin=40, end=None, rover=broken.entry.rover)

    story = explain_rover(
        broken.entry.rover, replace(moment, rovers=(broken, *moment.rovers[1:])), [FaultBegan(tick=40, fault=fault)]
    )

    assert "something is wrong: radio dead" in story.why
    assert story.happened == ((40, f"Fault: {broken.entry.rover}: its radio is dead"),)


def test_what_came_before_is_told_in_order_and_once_where_it_went_on_alike() -> None:
    digger = RoverId("digger")
    story = TaskStory(
        task=TaskId("cold"),
        title="Cold",
        state="open",
        holder=None,
        why=(),
        auctions=tuple(
            Auction(leader=LEADER, round=n, announced=tick, deadline=tick + 30)
            for n, tick in ((1, 0), (2, 60), (7, 900))
        ),
        stops=tuple(Stop(rover=digger, reason="light", since=tick, until=tick + 50) for tick in (120, 180, 240)),
        returns=((300, digger, "needs dark ground"),),
    )

    assert task_lines(story, 1.0)[1:] == [
        "  0d 00:00:00 no bids, 2 times, the last at 0d 00:01:00",
        "  0d 00:02:00 digger could not work, for light, 3 times, until 0d 00:04:50",
        "  0d 00:05:00 digger gave it up: needs dark ground",
        "  0d 00:15:00 no bids in round 7",
    ]
