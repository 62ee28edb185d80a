"""What the ready skills do, one view at a time; whole missions of minds made of them are in `examples/`."""

from __future__ import annotations

import logging
from dataclasses import replace as dataclass_replace
from datetime import UTC, datetime
from math import radians

import numpy as np
import pytest
from msgspec.structs import replace

from fleet.core import AgencyId, MissionTime, stream
from fleet.messages import Arrived, Bond, Dock, Event, Observation, RosterEntry, Step, TaskReport, WorkStopped
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.sdk import (
    AgentContext,
    AgentView,
    Announcement,
    Charge,
    Decision,
    Disc,
    FollowPath,
    Point,
    Pose,
    RoverId,
    Sleep,
    Stop,
    Task,
    TaskId,
    Tick,
    Work,
    distance,
)
from fleet.sdk.skills import Bidding, Charging, Following, GoTo, Homing, Relaying, Schedule, Sleeping, Working, first_of
from fleet.sdk.skills.relaying import is_heard
from fleet.sdk.view import Travel
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

ME, LANDER, SCOUT, BASE = RoverId("me"), RoverId("lander"), RoverId("scout"), RoverId("base")
HOME, DOCK = (-20.0, -20.0), (30.0, 0.0)
SCOUT_AT, LANDER_AT = (45.0, 40.0), (-45.0, 40.0)


def _context(*, ridge: float = 0.0) -> AgentContext:
    """A plain of 120 m, with a ridge along y = ... that hides its east from its west, but at its southern end."""
    heights = np.zeros((60, 60), dtype=np.float32)
    heights[20:, 28:32] = ridge
    ground = ground_map_from_heights(heights, 2.0, latitude=radians(-84.6), longitude=radians(31.0), north=0.0)
    terrain, time = Terrain(ground), MissionTime(start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0)
    almanac = Almanac(
        latitude=ground.latitude, longitude=ground.longitude, north=ground.north, time=time, end=86400,
        heights=terrain.heights, pixel=ground.pixel,
    )  # fmt: skip
    vehicle = catalogue()["cnsa-rover"]
    ways = RoadmapPlanner(vehicle, terrain)
    members = (
        (ME, "cnsa-rover", HOME),
        (SCOUT, "metu-micro", SCOUT_AT),
        (LANDER, "metu-micro", LANDER_AT),
        (BASE, "change8-lander", DOCK),
    )
    return AgentContext(
        rover=ME,
        vehicle=vehicle,
        roster=tuple(
            RosterEntry(
                rover=rover,
                agency=AgencyId("A"),
                vehicle=catalogue()[name],
                agent="",
                pose=Pose(x=at[0], y=at[1], heading=0.0),
            )
            for rover, name, at in members
        ),
        coordinator=LANDER,
        docks=(Dock(source=LANDER, place=DOCK),),
        terrain=terrain,
        almanac=almanac,
        planner=ways,
        timed=TimedRoadmapPlanner(ways, vehicle, terrain, almanac, time),
        time=time,
        rng=stream(1, "me"),
        log=logging.LoggerAdapter(logging.getLogger("test"), {}),
    )


def _view(
    *events: Event,
    tick: Tick = 0,
    at: Point = (0.0, 0.0),
    travel: Travel | None = None,
    tasks: tuple[Task, ...] = (),
    battery: float = 1.0,
    light: float = 1.0,
) -> AgentView:
    observation = Observation(
        tick=tick, pose=Pose(x=at[0], y=at[1], heading=0.0), battery=battery, light=light, power=0.0, activity="idle",
        payload=0.0, links=(LANDER,), events=events,
    )  # fmt: skip
    return AgentView(
        tick=tick, rover=ME, observation=observation, inbox=(), tasks=tasks, steps={task.id: 0 for task in tasks},
        travel=travel or Travel(), peers={},
    )  # fmt: skip


def _task(place: Point) -> Task:
    step = Step(place=place, radius=2.0, work=60, capability="image")
    return Task(id=TaskId("t"), kind="image", title="", agency=AgencyId("A"), steps=(step,))


def test_work_is_priced_where_a_rock_lies_on_its_very_place() -> None:
    context = _context()
    context.terrain.add_rock(Disc(x=25.0, y=5.0, radius=0.4))
    there, after = _task((25.0, 5.0)), replace(_task((-10.0, 5.0)), id=TaskId("after"))
    schedule = Schedule(context)

    reached = schedule.reach((0.0, 0.0), there.steps[0])

    assert reached is not None
    assert 0.0 < distance(reached[1], (25.0, 5.0)) <= 2.0
    bids = Bidding(context).bids(_view(tasks=(there,)), Announcement(round=1, tasks=(after,), deadline=9))
    assert [bid.task for bid in bids.bids] == ["after"]


def test_nobody_bids_for_work_of_which_all_ground_is_blocked() -> None:
    context = _context()
    context.terrain.add_rock(Disc(x=25.0, y=5.0, radius=4.0))

    bids = Bidding(context).bids(_view(), Announcement(round=1, tasks=(_task((25.0, 5.0)),), deadline=9))

    assert bids.bids == ()


@pytest.mark.parametrize(("battery", "bids"), [(1.0, 1), (0.2, 0)])
def test_nobody_bids_for_a_window_that_closes_while_it_charges(battery: float, bids: int) -> None:
    context = dataclass_replace(_context(), docks=(Dock(source=BASE, place=DOCK),))
    soon = replace(_task((20.0, 5.0)), latest=1800)
    bidding = Bidding(context, reserve=0.3)

    answer = bidding.bids(_view(battery=battery), Announcement(round=1, tasks=(soon,), deadline=9))

    assert len(answer.bids) == bids


def _goal(decision: Decision | None) -> Point:
    assert decision is not None
    assert isinstance(decision.command, FollowPath), decision
    return decision.command.path[-1]


def test_going_ends_where_it_is() -> None:
    go = GoTo(_context())

    assert go.toward(_view(at=(5.0, 5.0)), (5.5, 5.0)) is None
    assert _goal(go.toward(_view(at=(5.0, 5.0)), (25.0, 5.0))) == (25.0, 5.0)


def test_going_keeps_on_while_it_is_on_its_way() -> None:
    go = GoTo(_context())
    go.toward(_view(), (25.0, 5.0))

    decision = go.toward(_view(tick=9, at=(3.0, 1.0), travel=Travel(path=((0.0, 0.0), (25.0, 5.0)))), (25.0, 5.0))

    assert decision == Decision()


def test_going_takes_ways_around_what_refuses_and_waits_after_the_fourth() -> None:
    go, refused = GoTo(_context()), Disc(x=12.0, y=0.0, radius=3.0)
    held = _view(travel=Travel(path=((0.0, 0.0), (25.0, 0.0)), refused=(refused,), refused_by=(SCOUT,)))

    decisions = [go.toward(held, (25.0, 0.0)) for _ in range(5)]

    first = decisions[0]
    assert first is not None
    assert isinstance(first.command, FollowPath)
    assert min(distance(point, (12.0, 0.0)) for point in first.command.path) > 3.0
    assert decisions[4] == Decision(command=Stop(), wake=300)
    assert (go.waits, go.reason) == (1, "the way is held by others, or closed")


def test_going_where_nobody_comes_waits_and_says_why() -> None:
    go = GoTo(_context(), patience=60.0)

    first, again = go.toward(_view(), (900.0, 0.0)), go.toward(_view(tick=30), (900.0, 0.0))

    assert (first, again) == (Decision(wake=60), Decision(wake=60))
    assert "map" in go.reason


def test_a_path_is_followed_waypoint_by_waypoint_as_often_as_asked() -> None:
    follow = Following(_context(), [(10.0, 0.0), (10.0, 10.0)], rounds=2)

    goals = [_goal(follow.onward(_view(at=at))) for at in ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (10.0, 0.0))]

    assert goals == [(10.0, 0.0), (10.0, 10.0), (10.0, 0.0), (10.0, 10.0)]
    assert follow.onward(_view(Arrived(), at=(10.0, 10.0))) is None
    assert follow.reached == 4


def test_a_path_without_waypoints_is_none() -> None:
    with pytest.raises(ValueError, match="at least one waypoint"):
        Following(_context(), [])


def test_home_is_where_the_mission_began() -> None:
    homing = Homing(_context())

    assert _goal(homing.onward(_view())) == HOME
    assert homing.onward(_view(at=HOME)) is None


def test_work_is_gone_to_and_done() -> None:
    working, task = Working(_context()), _task((20.0, 5.0))

    assert working.onward(_view()) is None
    assert distance(_goal(working.onward(_view(tasks=(task,)))), (20.0, 5.0)) <= 2.0
    assert working.onward(_view(at=(20.0, 5.0), tasks=(task,))) == Decision(command=Work(task=task.id))


@pytest.mark.parametrize(("reason", "is_given_back"), [("stock", False), ("capability", True)])
def test_work_that_can_never_be_done_is_given_back_and_other_work_waits(reason: str, is_given_back: bool) -> None:
    working, task = Working(_context()), _task((20.0, 5.0))
    stopped = WorkStopped(task=task.id, reason=reason)  # type: ignore[arg-type]  # a table's words

    decision = working.onward(_view(stopped, at=(20.0, 5.0), tasks=(task,)))

    assert decision is not None
    said = [word.body.state for word in decision.outbox if isinstance(word.body, TaskReport)]
    assert (said, decision.wake) == ((["returned"], 1) if is_given_back else ([], 300))


def test_work_that_waits_too_often_is_given_back() -> None:
    working, task = Working(_context()), _task((20.0, 5.0))
    stopped = WorkStopped(task=task.id, reason="stock")

    decisions = [working.onward(_view(stopped, tick=n, at=(20.0, 5.0), tasks=(task,))) for n in range(0, 3900, 300)]

    assert [bool(decision and decision.outbox) for decision in decisions] == [False] * 12 + [True]


def test_charging_begins_in_time_and_ends_when_the_battery_is_full() -> None:
    charging = Charging(_context())

    assert charging.onward(_view(battery=0.9)) is None
    assert _goal(charging.onward(_view(battery=0.1))) == DOCK
    assert charging.onward(_view(battery=0.5, at=DOCK)) == Decision(command=Charge(source=LANDER))
    assert charging.onward(_view(battery=0.97, at=DOCK)) is None


def test_who_is_charged_by_another_stands_still() -> None:
    charging, served = Charging(_context()), _view(battery=0.6)
    seen = replace(served.observation, activity="charging")

    assert charging.onward(dataclass_replace(served, observation=seen)) == Decision()
    assert charging.onward(_view(battery=0.9)) is None


def test_work_on_another_machine_is_gone_to_where_that_is() -> None:
    context = _context()
    step = Step(place=(0.0, 0.0), radius=2.0, work=60, capability="image", bond=Bond(rover=SCOUT, charge=0.9))
    task = Task(id=TaskId("t"), kind="image", title="", agency=AgencyId("A"), steps=(step,))

    goal = _goal(Working(context).onward(_view(tasks=(task,))))

    assert 2.0 < distance(goal, SCOUT_AT) < 6.0


def test_it_sleeps_in_the_dark_and_not_by_day() -> None:
    sleeping = Sleeping(_context())

    dark, lit = sleeping.onward(_view(light=0.0)), sleeping.onward(_view(light=1.0))

    assert dark == Decision(command=Sleep())
    assert lit is not None
    assert not isinstance(lit.command, Sleep)


def test_a_relay_stands_where_both_are_heard() -> None:
    context = _context(ridge=12.0)
    relaying, ends = Relaying(context), ((LANDER, LANDER_AT), (SCOUT, SCOUT_AT))

    goal = _goal(relaying.between(_view(at=(-20.0, 20.0)), LANDER, SCOUT))

    micro = catalogue()["metu-micro"]
    assert not is_heard(context, LANDER_AT, SCOUT_AT, micro)
    assert not is_heard(context, (-20.0, 20.0), SCOUT_AT, micro)
    assert all(is_heard(context, goal, there, micro) for _, there in ends)
    assert relaying.between(_view(at=goal), LANDER, SCOUT) is None


def test_a_relay_that_hears_both_stays_and_one_that_cannot_has_nothing_to_do() -> None:
    assert Relaying(_context()).between(_view(), LANDER, SCOUT) is None
    assert Relaying(_context()).place((0.0, 0.0), [(SCOUT, (9e6, 0.0))]) is None


def test_the_first_skill_that_has_something_to_do_decides() -> None:
    context, task = _context(), _task((20.0, 5.0))
    skills = (Charging(context), Working(context), Homing(context))

    low, able, idle = (_view(battery=0.1, tasks=(task,)), _view(tasks=(task,)), _view())

    assert _goal(first_of(low, skills)) == DOCK
    assert distance(_goal(first_of(able, (Charging(context), *skills[1:]))), (20.0, 5.0)) <= 2.0
    assert _goal(first_of(idle, (Charging(context), *skills[1:]))) == HOME
    assert first_of(idle, ()) == Decision()
