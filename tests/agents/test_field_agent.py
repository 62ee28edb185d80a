"""What a rover that drives decides, one view at a time."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from math import pi, radians

import msgspec
import numpy as np
import pytest
from shapely import LineString
from shapely import Point as Spot

from fleet.agents import MicroAgent, ProspectorAgent
from fleet.core import AgencyId, Disc, MissionTime, Path, Point, Pose, RoverId, TaskId, Tick, distance, stream
from fleet.messages import (
    Activity,
    Announcement,
    Bids,
    Blocked,
    Body,
    Bond,
    Charge,
    ChargeStopped,
    Dock,
    EarthChanged,
    Event,
    FollowPath,
    HazardReport,
    HazardSeen,
    LinksChanged,
    Message,
    Observation,
    RosterEntry,
    Sleep,
    Step,
    Stop,
    Task,
    TaskReport,
    Telemetry,
    Turn,
    Work,
    WorkStopped,
)
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.sdk import AgentContext, AgentView, Decision, Plan
from fleet.sdk.skills import Prudence
from fleet.sdk.timed import Demand, Drive, NoTimedPlan, Outset, Sample, TimedPlan, TimedPlanner
from fleet.sdk.view import Travel
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

ME, LANDER, OTHER = RoverId("me"), RoverId("lander"), RoverId("other")
DAY = datetime(2029, 10, 20, tzinfo=UTC)  # The Sun stands 6.8 degrees high.
RELAY_DOWN = datetime(2029, 10, 24, 18, tzinfo=UTC)  # The relay satellite rises two hours later.
DAWN = datetime(2029, 10, 11, tzinfo=UTC)  # It rises some hours later.
NEAR_DOCK, FAR_DOCK = (30.0, 0.0), (-40.0, 0.0)
PATIENCE = 300


class Seat:
    """A mind on a plain of 120 m, and the views it is given."""

    def __init__(
        self,
        mind: type[ProspectorAgent | MicroAgent] = ProspectorAgent,
        vehicle: str = "cnsa-rover",
        start: datetime = DAY,
        docks: tuple[Point, ...] = (NEAR_DOCK, FAR_DOCK),
        timed: TimedPlanner | None = None,
    ) -> None:
        ground = ground_map_from_heights(
            np.zeros((60, 60), dtype=np.float32), 2.0, latitude=radians(-84.6), longitude=radians(31.0), north=0.0
        )
        terrain = Terrain(ground)
        time = MissionTime(start=start, dt=1.0)
        self.vehicle = catalogue()[vehicle]
        self.almanac = Almanac(
            latitude=ground.latitude, longitude=ground.longitude, north=ground.north, time=time, end=3 * 86400,
            heights=terrain.heights, pixel=ground.pixel,
        )  # fmt: skip
        roster = tuple(
            RosterEntry(
                rover=rover, agency=AgencyId("A"), vehicle=catalogue()[name], agent="", pose=Pose(x=0, y=0, heading=0)
            )
            for rover, name in ((ME, vehicle), (OTHER, "hk-operator"), (LANDER, "change8-lander"))
        )
        ways = RoadmapPlanner(self.vehicle, terrain)
        self.context = AgentContext(
            rover=ME,
            vehicle=self.vehicle,
            roster=roster,
            coordinator=LANDER,
            docks=tuple(Dock(source=LANDER, place=place) for place in docks),
            terrain=terrain,
            almanac=self.almanac,
            planner=ways,
            timed=timed or TimedRoadmapPlanner(ways, self.vehicle, terrain, self.almanac, time),
            time=time,
            rng=stream(1, "me"),
            log=logging.LoggerAdapter(logging.getLogger("test"), {}),
        )
        self.mind = mind(self.context)

    def decide(
        self,
        tick: Tick = 0,
        *events: Event,
        at: Point = (0.0, 0.0),
        heading: float = 0.0,
        battery: float = 1.0,
        activity: Activity = "idle",
        tasks: tuple[Task, ...] = (),
        heard: tuple[Body, ...] = (),
        travel: Travel | None = None,
        peers: Mapping[RoverId, Telemetry] | None = None,
        light: float = 1.0,
        power: float = 0.0,
        links: tuple[RoverId, ...] = (LANDER,),
    ) -> Decision:
        """Return what the mind makes of such a moment."""
        observation = Observation(
            tick=tick, pose=Pose(x=at[0], y=at[1], heading=heading), battery=battery, light=light, power=power,
            activity=activity, payload=0.0, links=links, events=events,
        )  # fmt: skip
        inbox = tuple(
            Message(tick=tick - 1, sender=LANDER, seq=number, to=ME, body=body) for number, body in enumerate(heard)
        )
        self.seen = AgentView(
            tick=tick, rover=ME, observation=observation, inbox=inbox, tasks=tasks,
            steps={task.id: 0 for task in tasks}, travel=travel or Travel(), peers=peers or {},
        )  # fmt: skip
        return self.mind.decide(self.seen)


def picture(name: str, place: Point, light: str = "any", capability: str = "image") -> Task:
    step = Step(place=place, radius=2.0, work=60, capability=capability, light=light)  # type: ignore[arg-type]
    return Task(id=TaskId(name), kind="image", title="", agency=AgencyId("A"), steps=(step,))


def path_of(decision: Decision) -> tuple[Point, ...]:
    assert isinstance(decision.command, FollowPath), decision
    return decision.command.path


def bids_of(decision: Decision) -> list[TaskId]:
    (bids,) = [outgoing.body for outgoing in decision.outbox if isinstance(outgoing.body, Bids)]
    assert decision.outbox[0].to == LANDER
    return [bid.task for bid in bids.bids]


def standing(at: Point, activity: Activity = "idle", battery: float = 1.0) -> Telemetry:
    return Telemetry(pose=Pose(x=at[0], y=at[1], heading=0.0), battery=battery, activity=activity)


CALL = Announcement(round=3, tasks=(picture("east", (20.0, 5.0)), picture("west", (-25.0, 5.0))), deadline=30)


def test_a_free_rover_bids_for_all_it_can_do_and_less_for_what_is_near() -> None:
    (outgoing,) = Seat().decide(1, heard=(CALL,)).outbox

    assert isinstance(outgoing.body, Bids)
    east, west = outgoing.body.bids
    assert (outgoing.body.round, east.task, west.task) == (CALL.round, "east", "west")
    assert east.cost < west.cost


@pytest.mark.parametrize(
    ("mind", "vehicle", "backlog"), [(ProspectorAgent, "cnsa-rover", 2), (MicroAgent, "metu-micro", 1)]
)
def test_a_rover_with_its_backlog_bids_nothing(
    mind: type[ProspectorAgent | MicroAgent], vehicle: str, backlog: int
) -> None:
    seat, tasks = Seat(mind, vehicle), tuple(picture(f"t{number}", (9.0, 9.0)) for number in range(backlog))

    almost, full = seat.decide(1, tasks=tasks[1:], heard=(CALL,)), seat.decide(2, tasks=tasks, heard=(CALL,))

    assert bids_of(almost) == ["east", "west"]
    assert bids_of(full) == []


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(picture("cannot", (9.0, 0.0), capability="print"), id="capability"),
        pytest.param(picture("outside", (900.0, 0.0)), id="no-way"),
    ],
)
def test_a_rover_does_not_bid_for_what_it_cannot_do(task: Task) -> None:
    assert bids_of(Seat().decide(1, heard=(Announcement(round=1, tasks=(task,), deadline=30),))) == []


def test_a_rover_does_not_bid_for_what_it_would_do_too_late() -> None:
    step = Step(place=(20.0, 0.0), radius=2.0, work=60, capability="image")
    late, soon = (
        Task(id=TaskId(name), kind="image", title="", agency=AgencyId("A"), steps=(step,), latest=latest)
        for name, latest in (("late", 3600), ("soon", 100))
    )

    assert bids_of(Seat().decide(1, heard=(Announcement(round=1, tasks=(late, soon), deadline=30),))) == ["late"]


def test_a_rover_does_not_bid_for_work_for_which_it_is_not_light_or_dark_long_enough() -> None:
    tasks = tuple(
        Task(
            id=TaskId(light), kind="image", title="", agency=AgencyId("A"),
            steps=(Step(place=(20.0, 0.0), radius=2.0, work=4 * 86400, capability="image", light=light),),
        )
        for light in ("any", "lit", "dark")
    )  # fmt: skip

    assert bids_of(Seat().decide(1, heard=(Announcement(round=1, tasks=tasks, deadline=30),))) == ["any"]


def test_waiting_for_the_sun_is_part_of_a_price() -> None:
    seat = Seat(start=DAWN)
    call = Announcement(round=1, tasks=(picture("any", (20.0, 0.0)), picture("lit", (20.0, 0.0), "lit")), deadline=30)

    (outgoing,) = seat.decide(1, heard=(call,)).outbox

    assert isinstance(outgoing.body, Bids)
    costs = {bid.task: bid.cost for bid in outgoing.body.bids}
    sunrise = seat.almanac.lit_from((20.0, 0.0), 0, 86400)
    assert sunrise is not None
    assert costs[TaskId("lit")] == pytest.approx(sunrise + 60, abs=5)
    assert costs[TaskId("any")] < 3600


def test_a_rover_sets_out_only_where_it_keeps_its_reserve_until_it_is_back_at_a_charger() -> None:
    seat, goal = Seat(start=DAWN), (-50.0, 40.0)
    prudence, reserve = Prudence(seat.context, 0.3), 0.3 * seat.vehicle.battery
    there = seat.context.planner.plan((0.0, 0.0), goal)
    back = seat.context.planner.plan(goal, FAR_DOCK)
    assert isinstance(there, Plan)
    assert isinstance(back, Plan)

    def used(path: tuple[Point, ...], stay: Tick = 0) -> float:
        outset = Outset(point=path[0], tick=0, charge=seat.vehicle.battery)
        return seat.vehicle.battery - seat.context.timed.rehearse(outset, path, stay)[-1].charge

    work, home = used(there.path, 3600), used(back.path)
    kept = []
    for spare in (0.5 * home, 1.5 * home):
        seat.decide(battery=(reserve + work + spare) / seat.vehicle.battery, light=0.0)
        kept.append(prudence.keeps_reserve(seat.seen, there.path, 3600))

    assert kept == [False, True]


class BentWays:
    """A planner in time for which the way to any refuge leads over one more place."""

    def __init__(self, over: Point, refuge: Point) -> None:
        self.path: Path = ((0.0, 0.0), over, refuge)

    def plan(self, outset: Outset, goal: Point, demand: Demand | None = None) -> TimedPlan | NoTimedPlan:
        """Return that there is no plan, whatever is asked."""
        return NoTimedPlan(reason="dark")

    def best_place(self, outset: Outset, until: Tick) -> TimedPlan | NoTimedPlan:
        """Return the plan of driving there at once."""
        drive = Drive(begin=outset.tick, end=until, path=self.path, charge=outset.charge)
        sample = Sample(tick=outset.tick, point=outset.point, light=0.0, charge=0.0, temperature=293.0)
        return TimedPlan(
            parts=(drive,), arrival=until, length=1.0, energy=1.0, haven=self.path[-1], haven_tick=until,
            samples=(sample,),
        )  # fmt: skip

    def rehearse(self, outset: Outset, path: Path, stay: Tick = 0) -> tuple[Sample, ...]:
        """Return nothing: nobody asks."""
        return ()


def test_into_the_sun_it_takes_the_way_that_was_found_with_the_refuge_and_not_the_quickest() -> None:
    ways = BentWays((0.0, 30.0), (30.0, 30.0))
    seat = Seat(start=DAWN, docks=(), timed=ways)

    decision = seat.decide(1, tasks=(picture("dark", (-20.0, 0.0)),), light=0.0)

    assert path_of(decision) == ways.path


class FarSun(BentWays):
    """A planner in time that finds a refuge only for who keeps no more than so many joules."""

    least = 0.1 * catalogue()["cnsa-rover"].battery

    def best_place(self, outset: Outset, until: Tick) -> TimedPlan | NoTimedPlan:
        """Return the plan of driving there at once, where that may use as much as it takes."""
        return super().best_place(outset, until) if outset.reserve <= self.least else NoTimedPlan(reason="too far")


def test_what_a_rover_keeps_in_reserve_brings_it_out_of_the_dark_where_nothing_else_would() -> None:
    ways = FarSun((0.0, 30.0), (30.0, 30.0))
    seat = Seat(start=DAWN, docks=(), timed=ways)

    decision = seat.decide(1, tasks=(picture("dark", (-20.0, 0.0)),), light=0.0, battery=0.35)

    assert path_of(decision) == ways.path


def test_of_two_tasks_that_must_go_on_at_once_it_gives_one_back() -> None:
    step = Step(place=(20.0, 0.0), radius=2.0, work=60, capability="image", bond=Bond(beside=(TaskId("left"),)))
    right = Task(id=TaskId("right"), kind="image", title="", agency=AgencyId("A"), steps=(step,))

    decision = Seat().decide(1, tasks=(picture("left", (20.0, 0.0)), right))

    assert [out.body.task for out in decision.outbox if isinstance(out.body, TaskReport)] == ["right"]


def test_a_low_rover_goes_to_the_nearest_dock_rather_than_to_work() -> None:
    decision = Seat().decide(1, battery=0.2, tasks=(picture("t", (0.0, 20.0)),))

    assert distance(path_of(decision)[-1], NEAR_DOCK) <= 1.0


def test_a_low_rover_picks_a_dock_where_nobody_stands() -> None:
    decision = Seat().decide(1, battery=0.2, peers={OTHER: standing(NEAR_DOCK, "charging")})

    assert distance(path_of(decision)[-1], FAR_DOCK) <= 1.0


def test_a_low_rover_leaves_a_dock_alone_that_it_was_refused() -> None:
    seat = Seat()
    path = path_of(seat.decide(1, battery=0.2))

    held = Disc(x=NEAR_DOCK[0], y=NEAR_DOCK[1], radius=1.0)
    decision = seat.decide(5, battery=0.2, travel=Travel(path=path, refused=(held,), refused_by=(OTHER,)))

    assert distance(path_of(decision)[-1], FAR_DOCK) <= 1.0


def test_who_is_refused_one_dock_after_the_other_waits_instead_of_asking_for_ever() -> None:
    seat = Seat()
    decision = seat.decide(1, battery=0.2)

    asked = 0
    for tick in range(3, 60, 2):
        if not isinstance(decision.command, FollowPath):
            break
        asked, path = asked + 1, decision.command.path
        held = Disc(x=path[-1][0], y=path[-1][1], radius=1.0)
        decision = seat.decide(tick, battery=0.2, travel=Travel(path=path, refused=(held,), refused_by=(OTHER,)))

    assert 1 < asked < 8
    assert decision.wake is not None
    assert decision.wake >= PATIENCE


def test_a_mobile_charger_that_is_idle_and_near_will_do() -> None:
    decision = Seat().decide(1, battery=0.2, peers={OTHER: standing((0.0, 12.0))})

    beside = distance(path_of(decision)[-1], (0.0, 12.0))
    assert 1.7 < beside < 6.0


@pytest.mark.parametrize("peer", [standing((0.0, 12.0), "driving"), standing((0.0, 12.0), battery=0.5)])
def test_a_mobile_charger_that_is_busy_or_low_is_left_alone(peer: Telemetry) -> None:
    decision = Seat().decide(1, battery=0.2, peers={OTHER: peer})

    assert distance(path_of(decision)[-1], NEAR_DOCK) <= 1.0


def test_a_rover_at_its_dock_charges_until_it_is_full_and_then_works() -> None:
    seat, tasks = Seat(), (picture("t", (0.0, 20.0)),)
    seat.decide(1, battery=0.2, tasks=tasks)

    arrived = seat.decide(900, at=NEAR_DOCK, battery=0.2, tasks=tasks)
    charging = seat.decide(950, at=NEAR_DOCK, battery=0.6, activity="charging", tasks=tasks)
    full = seat.decide(9000, at=NEAR_DOCK, battery=0.96, activity="charging", tasks=tasks)

    assert arrived.command == Charge(source=LANDER)
    assert charging == Decision()
    assert distance(path_of(full)[-1], (0.0, 20.0)) <= 2.0


def test_a_charger_that_has_nothing_is_asked_again_later() -> None:
    seat = Seat()
    seat.decide(1, battery=0.2)

    refused = seat.decide(900, ChargeStopped(reason="source"), at=NEAR_DOCK, battery=0.2, peers={})
    sooner = seat.decide(901, at=NEAR_DOCK, battery=0.2)
    later = seat.decide(900 + PATIENCE, at=NEAR_DOCK, battery=0.2)

    assert (refused.command, refused.wake) == (None, 900 + PATIENCE)
    assert (sooner.command, sooner.wake) == (None, 900 + PATIENCE)
    assert later.command == Charge(source=LANDER)


def test_a_rover_with_work_drives_to_it_and_goes_on_while_nothing_is_wrong() -> None:
    seat, tasks = Seat(), (picture("t", (40.0, 0.0)),)

    path = path_of(seat.decide(1, tasks=tasks))
    under_way = seat.decide(100, at=(5.0, 0.0), tasks=tasks, activity="driving", travel=Travel(path=path, granted=1))

    assert distance(path[-1], (40.0, 0.0)) <= 2.0
    assert under_way == Decision()


def test_ground_that_was_refused_is_driven_round() -> None:
    seat, tasks = Seat(), (picture("t", (40.0, 0.0)),)
    straight = path_of(seat.decide(1, tasks=tasks))
    held = Disc(x=20.0, y=0.0, radius=4.0)

    decision = seat.decide(5, tasks=tasks, travel=Travel(path=straight, refused=(held,), refused_by=(OTHER,)))

    assert Spot(held.x, held.y).distance(LineString(straight)) < held.radius
    assert Spot(held.x, held.y).distance(LineString(path_of(decision))) > held.radius + seat.vehicle.radius


def test_a_place_on_which_another_stands_is_gone_to_as_near_as_will_do_and_not_at_all_where_that_is_nowhere() -> None:
    wide, narrow = (
        Task(
            id=TaskId(name), kind="deploy", title="", agency=AgencyId("A"),
            steps=(Step(place=(40.0, 0.0), radius=radius, work=60, capability="image"),),
        )
        for name, radius in (("wide", 4.0), ("narrow", 2.0))
    )  # fmt: skip
    held, answers = Disc(x=40.0, y=0.0, radius=1.7), []
    for task in (wide, narrow):
        seat = Seat()
        path = path_of(seat.decide(1, tasks=(task,)))
        answers.append(seat.decide(5, tasks=(task,), travel=Travel(path=path, refused=(held,), refused_by=(OTHER,))))

    beside = path_of(answers[0])[-1]
    assert held.radius + seat.vehicle.radius < distance(beside, (40.0, 0.0)) <= 4.0
    assert beside[0] < 40.0, "it drives past the place to stand behind it"
    assert answers[1].command is None or isinstance(answers[1].command, Stop)


def test_refusal_after_refusal_makes_a_rover_wait_and_then_try_the_straight_way_again() -> None:
    seat, tasks = Seat(), (picture("t", (40.0, 0.0)),)
    path = path_of(seat.decide(1, tasks=tasks))
    discs = [Disc(x=20.0, y=5.0 * number, radius=4.0) for number in (0, 1, -1, 2, -2)]

    answers = []
    for number, disc in enumerate(discs):
        answers.append(seat.decide(5 + number, tasks=tasks, travel=Travel(path=path, refused=(disc,))))
        path = answers[-1].command.path if isinstance(answers[-1].command, FollowPath) else path
    again = seat.decide(9 + PATIENCE, tasks=tasks)

    assert [type(answer.command) for answer in answers] == [FollowPath] * 4 + [Stop]
    assert answers[-1].wake == 9 + PATIENCE
    assert Spot(20.0, 0.0).distance(LineString(path_of(again))) < 1.0


@pytest.mark.parametrize("by_radio", [False, True], ids=["seen", "heard-of"])
def test_a_rock_on_the_way_is_reason_to_plan_anew_and_one_beside_it_is_not(by_radio: bool) -> None:
    seat, tasks = Seat(), (picture("t", (40.0, 0.0)),)
    path = path_of(seat.decide(1, tasks=tasks))

    def meets(tick: Tick, rock: Disc) -> Decision:
        events = () if by_radio else (HazardSeen(hazard=rock),)
        heard = (HazardReport(hazard=rock, seen=tick),) if by_radio else ()
        return seat.decide(tick, *events, tasks=tasks, heard=heard, travel=Travel(path=path, granted=1))

    beside, on_it = meets(50, Disc(x=20.0, y=9.0, radius=0.5)), meets(60, Disc(x=20.0, y=0.0, radius=0.5))

    assert beside == Decision()
    assert isinstance(on_it.command, FollowPath)


def test_a_blocked_rover_plans_from_where_it_stands() -> None:
    seat, tasks = Seat(), (picture("t", (40.0, 0.0)),)
    path = path_of(seat.decide(1, tasks=tasks))

    decision = seat.decide(200, Blocked(reason="rock"), at=(8.0, 1.0), tasks=tasks, travel=Travel(path=path))

    assert path_of(decision)[0] == (8.0, 1.0)


def test_a_rover_before_ground_that_is_too_steep_tries_other_directions_and_then_waits() -> None:
    seat = Seat()
    path = path_of(seat.decide(1, at=(8.0, 0.0)))

    steep = [
        seat.decide(tick, Blocked(reason="slope"), at=(8.0, 0.0), heading=pi, travel=Travel(path=path))
        for tick in range(2, 8)
    ]

    assert path == ((8.0, 0.0), (0.0, 0.0))
    assert len(path_of(steep[0])) > 2
    assert [isinstance(decision.command, FollowPath) for decision in steep] == [True] * 4 + [False, True]
    assert steep[4].wake == 6 + PATIENCE


def test_where_there_is_no_way_a_rover_waits_tries_again_and_gives_the_task_back_in_the_end() -> None:
    seat, tasks = Seat(), (picture("t", (400.0, 0.0)),)

    answers = [seat.decide(1 + PATIENCE * number, tasks=tasks) for number in range(13)]

    (report,) = [outgoing.body for outgoing in answers[-1].outbox]
    assert [answer.wake for answer in answers[:12]] == [1 + PATIENCE * number for number in range(1, 13)]
    assert not any(answer.outbox for answer in answers[:12])
    assert isinstance(report, TaskReport)
    assert (report.task, report.state, bool(report.reason)) == ("t", "returned", True)
    assert answers[-1].command == Stop()


def test_at_its_place_a_rover_works_and_is_left_to_it() -> None:
    seat, tasks = Seat(), (picture("t", (1.0, 1.0)),)

    starts, works = seat.decide(1, tasks=tasks), seat.decide(9, tasks=tasks, activity="working")

    assert starts.command == Work(task=TaskId("t"))
    assert works == Decision()


def test_work_that_needs_light_waits_for_the_sun() -> None:
    seat, tasks = Seat(start=DAWN), (picture("t", (0.0, 0.0), "lit"),)
    sunrise = seat.almanac.lit_from((0.0, 0.0), 10, 86400)
    seat.decide(1, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason="light"), tasks=tasks)
    sooner = seat.decide(99, tasks=tasks)

    assert sunrise is not None
    assert sunrise > 3600
    assert (stopped.command, stopped.wake, sooner.command, sooner.wake) == (None, sunrise, None, sunrise)
    assert seat.decide(sunrise, tasks=tasks).command == Work(task=TaskId("t"))


def test_work_that_needs_the_earth_waits_for_the_relay_satellite_to_rise() -> None:
    seat, tasks = Seat(start=RELAY_DOWN), (picture("t", (0.0, 0.0)),)
    step = msgspec.structs.replace(tasks[0].steps[0], contact="earth")
    tasks = (msgspec.structs.replace(tasks[0], steps=(step,)),)
    seat.decide(8, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason="contact"), tasks=tasks)
    before = seat.decide(10, tasks=tasks)
    after = seat.decide(1000, EarthChanged(contact=True), tasks=tasks)

    rises = seat.almanac.relay_from((0.0, 0.0), 10, 86_400, seat.vehicle.antenna)
    assert rises is not None
    assert rises > 3600
    assert (stopped.command, stopped.wake) == (None, rises)
    assert (before.command, before.wake) == (None, rises)
    assert after.command == Work(task=TaskId("t"))


def test_work_that_needs_the_coordinator_is_tried_when_the_rover_is_told_that_links_changed() -> None:
    seat, tasks = Seat(), (picture("t", (0.0, 0.0)),)
    step = msgspec.structs.replace(tasks[0].steps[0], contact="coordinator")
    tasks = (msgspec.structs.replace(tasks[0], steps=(step,)),)
    seat.decide(8, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason="contact"), tasks=tasks)
    asked = seat.decide(9 + PATIENCE, tasks=tasks)
    linked = seat.decide(1000, LinksChanged(), tasks=tasks)

    assert (stopped.command, stopped.wake) == (None, 9 + 12 * PATIENCE)
    assert (asked.command, asked.wake) == (None, 9 + 12 * PATIENCE)
    assert linked.command == Work(task=TaskId("t"))


def test_links_mean_nothing_to_work_that_waits_for_light() -> None:
    seat, tasks = Seat(start=DAWN), (picture("t", (0.0, 0.0), "lit"),)
    seat.decide(1, tasks=tasks)
    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason="light"), tasks=tasks)

    linked = seat.decide(99, LinksChanged(), tasks=tasks)

    assert (linked.command, linked.wake) == (None, stopped.wake)


def test_a_rover_without_a_radio_for_it_looks_for_contact_again_soon() -> None:
    seat, tasks = Seat(MicroAgent, "metu-micro", start=RELAY_DOWN), (picture("t", (0.0, 0.0)),)
    seat.decide(8, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason="contact"), tasks=tasks)

    assert (stopped.command, stopped.wake) == (None, 9 + PATIENCE)


@pytest.mark.parametrize("reason", ["order", "stock"])
def test_work_that_must_wait_for_others_is_tried_again_later(reason: str) -> None:
    seat, tasks = Seat(), (picture("t", (0.0, 0.0)),)
    seat.decide(1, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason=reason), tasks=tasks)  # type: ignore[arg-type]

    assert (stopped.command, stopped.wake, stopped.outbox) == (None, 9 + PATIENCE, ())
    assert seat.decide(9 + PATIENCE, tasks=tasks).command == Work(task=TaskId("t"))


@pytest.mark.parametrize("reason", ["capability", "payload", "taken"])
def test_work_that_will_never_do_is_given_back_at_once(reason: str) -> None:
    seat, tasks = Seat(), (picture("t", (0.0, 0.0)),)
    seat.decide(1, tasks=tasks)

    stopped = seat.decide(9, WorkStopped(task=TaskId("t"), reason=reason), tasks=tasks)  # type: ignore[arg-type]

    assert [outgoing.body for outgoing in stopped.outbox] == [
        TaskReport(task=TaskId("t"), state="returned", reason=reason)
    ]


def test_a_rover_without_work_goes_home_wherever_its_mind_was_made() -> None:
    seat = Seat()

    decision = seat.decide(50, at=(30.0, 20.0))

    assert distance(path_of(decision)[-1], (0.0, 0.0)) <= 1.0


def test_a_rover_at_rest_turns_its_panel_to_the_sun_and_looks_again_in_two_hours() -> None:
    seat = Seat(MicroAgent, "metu-micro")
    (flank, _) = seat.vehicle.panels
    assert flank.offset is not None
    towards = seat.almanac.sun(0).heading - flank.offset

    away, facing = seat.decide(0, heading=towards + 2.0), seat.decide(50, heading=towards + 0.1)

    assert isinstance(away.command, Turn)
    assert away.command.heading == pytest.approx(towards)
    assert away.wake == 7200
    assert (facing.command, facing.wake) == (None, 7250)


def test_a_rover_whose_panel_follows_the_sun_just_rests() -> None:
    assert Seat().decide(0, heading=2.0) == Decision()


def test_without_a_charger_it_sleeps_through_a_dark_that_it_would_not_last() -> None:
    lone = Seat(MicroAgent, "metu-micro", start=DAWN, docks=())

    assert lone.decide(0, battery=0.5, light=0.0).command == Sleep()


def test_with_enough_charge_it_stays_awake_in_the_dark_and_looks_again_soon() -> None:
    rover = Seat(ProspectorAgent, "cnsa-rover", start=DAWN, docks=())

    decision = rover.decide(0, battery=1.0, light=0.0)

    assert not isinstance(decision.command, Sleep)
    assert decision.wake is not None
    assert decision.wake <= 6 * PATIENCE


def test_with_a_charger_in_reach_it_goes_there_instead_of_sleeping() -> None:
    rover = Seat(MicroAgent, "metu-micro", start=DAWN)

    assert path_of(rover.decide(0, battery=0.3, light=0.0))[-1] == NEAR_DOCK


def test_without_a_charger_it_waits_in_the_sun_until_it_has_enough_for_its_work() -> None:
    rover = Seat(MicroAgent, "metu-micro", docks=())
    tasks = (picture("east", (20.0, 5.0)),)

    poor = rover.decide(0, battery=0.2, tasks=tasks)
    rich = rover.decide(9000, battery=0.9, tasks=tasks)

    assert isinstance(poor.command, Turn | None)
    assert poor.wake == PATIENCE
    assert isinstance(rich.command, FollowPath)


def test_it_does_not_work_on_below_its_reserve_in_the_dark() -> None:
    rover = Seat(MicroAgent, "metu-micro", start=DAWN, docks=())

    decision = rover.decide(0, battery=0.25, light=0.0, activity="working", tasks=(picture("here", (0.0, 0.0)),))

    assert decision.command == Sleep()


def test_it_tops_up_before_the_dark_when_it_has_nothing_to_do() -> None:
    dusk = datetime(2029, 10, 28, tzinfo=UTC)
    rover = Seat(MicroAgent, "metu-micro", start=dusk)
    here = (0.0, 0.0)
    sunset = next(tick for tick in range(0, 3 * 86400, 1800) if rover.almanac.light(here, tick) < 0.5)

    early = rover.decide(sunset - 6 * 3600, battery=0.6)
    late = rover.decide(sunset - 2 * 3600, battery=0.6)

    assert not isinstance(early.command, FollowPath)
    assert path_of(late)[-1] == NEAR_DOCK


@pytest.mark.parametrize(("battery", "power", "sleeps"), [(0.25, -5.0, True), (0.25, 5.0, False), (0.5, -5.0, False)])
def test_who_cannot_move_and_runs_down_sleeps_between_its_tries(battery: float, power: float, sleeps: bool) -> None:
    seat = Seat(MicroAgent, "metu-micro")
    tasks = (picture("t", (20.0, 0.0)),)
    seat.decide(0, tasks=tasks)

    stuck = seat.decide(9, Blocked(reason="wheel"), battery=battery, power=power, tasks=tasks)

    assert isinstance(stuck.command, Sleep) is sleeps


@pytest.mark.parametrize(("links", "sleeps"), [((), True), ((LANDER,), False)])
def test_who_asks_for_its_way_in_the_dark_where_nobody_hears_it_sleeps_between(
    links: tuple[RoverId, ...], sleeps: bool
) -> None:
    seat = Seat(MicroAgent, "metu-micro", start=DAWN, docks=(NEAR_DOCK,))
    asks = seat.decide(1, at=(-50.0, 0.0), battery=0.1, light=0.0, links=links)

    waits = seat.decide(301, at=(-50.0, 0.0), battery=0.1, light=0.0, links=links, travel=Travel(path=path_of(asks)))

    assert isinstance(waits.command, Sleep) is sleeps


def test_who_waits_for_the_satellite_is_told_when_it_is_there_and_does_not_try_again_at_once() -> None:
    seat = Seat(start=RELAY_DOWN)
    step = Step(place=(0.0, 0.0), radius=2.0, work=60, capability="image", contact="earth")
    tasks = (Task(id=TaskId("t"), kind="image", title="", agency=AgencyId("A"), steps=(step,)),)
    seat.decide(0, tasks=tasks)
    rises = seat.almanac.relay_from((0.0, 0.0), 1, 86400, seat.vehicle.antenna)
    assert rises is not None

    late = seat.decide(rises, WorkStopped(task=TaskId("t"), reason="contact"), tasks=tasks)

    assert (late.command, late.wake) == (None, rises + PATIENCE)


def test_a_charger_to_which_there_is_no_way_is_left_for_another() -> None:
    seat, tasks = Seat(), (picture("t", (-20.0, 0.0)),)
    seat.context.terrain.add_rock(Disc(x=NEAR_DOCK[0], y=NEAR_DOCK[1], radius=3.0))

    first = seat.decide(0, battery=0.1, tasks=tasks)
    then = seat.decide(PATIENCE, battery=0.1, tasks=tasks)

    assert first.command is None
    assert isinstance(then.command, FollowPath)
    assert then.command.path[-1] == FAR_DOCK
