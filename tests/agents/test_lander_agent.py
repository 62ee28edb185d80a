"""What a lander decides: it stands, bids for printing, and prints when there is light and stock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from math import radians
from typing import Literal

import numpy as np
import pytest

from fleet.agents import LanderAgent
from fleet.core import AgencyId, MissionTime, Pose, RoverId, TaskId, Tick, stream
from fleet.messages import (
    Activity,
    Announcement,
    Bids,
    Event,
    Message,
    Observation,
    RosterEntry,
    Step,
    Task,
    Work,
    WorkStopped,
)
from fleet.moon import Almanac
from fleet.planning import RoadmapPlanner, TimedRoadmapPlanner
from fleet.sdk import AgentContext, AgentView, Decision
from fleet.sdk.view import Travel
from fleet.terrain import Terrain, ground_map_from_heights
from fleet.vehicles import catalogue

LANDER = RoverId("lander")
PATIENCE = 900


@pytest.fixture
def lander() -> LanderAgent:
    ground = ground_map_from_heights(
        np.zeros((40, 40), dtype=np.float32), 2.0, latitude=radians(-84.6), longitude=radians(31.0), north=0.0
    )
    terrain, vehicle = Terrain(ground), catalogue()["change8-lander"]
    time = MissionTime(start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0)
    here = Pose(x=0.0, y=0.0, heading=0.0)
    almanac = Almanac.over(ground, time, 86400)
    ways = RoadmapPlanner(vehicle, terrain)
    return LanderAgent(
        AgentContext(
            rover=LANDER,
            vehicle=vehicle,
            roster=(RosterEntry(rover=LANDER, agency=AgencyId("A"), vehicle=vehicle, agent="lander", pose=here),),
            coordinator=LANDER,
            docks=(),
            terrain=terrain,
            almanac=almanac,
            planner=ways,
            timed=TimedRoadmapPlanner(ways, vehicle, terrain, almanac, time),
            time=time,
            rng=stream(1, "lander"),
            log=logging.LoggerAdapter(logging.getLogger("test"), {}),
        )
    )


def task(
    name: str, x: float = 0.0, capability: str = "print", light: Literal["any", "lit", "dark"] = "any", work: Tick = 60
) -> Task:
    step = Step(place=(x, 0.0), radius=5.0, work=work, capability=capability, light=light)
    return Task(id=TaskId(name), kind="print", title="", agency=AgencyId("A"), steps=(step,))


def view(
    tick: Tick, *events: Event, tasks: tuple[Task, ...] = (), call: tuple[Task, ...] = (), activity: Activity = "idle"
) -> AgentView:
    observation = Observation(
        tick=tick, pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, light=1.0, power=0.0, activity=activity,
        payload=0.0, links=(), events=events,
    )  # fmt: skip
    said = Message(tick=tick, sender=LANDER, seq=1, to=LANDER, body=Announcement(round=1, tasks=call, deadline=99))
    return AgentView(
        tick=tick, rover=LANDER, observation=observation, inbox=(said,) if call else (), tasks=tasks,
        steps={each.id: 0 for each in tasks}, travel=Travel(), peers={},
    )  # fmt: skip


def test_it_bids_for_printing_where_it_stands_and_for_nothing_else(lander: LanderAgent) -> None:
    call = (task("bricks"), task("far", x=50.0), task("core", capability="drill"))

    (outgoing,) = lander.decide(view(1, call=call)).outbox

    assert isinstance(outgoing.body, Bids)
    assert [bid.task for bid in outgoing.body.bids] == ["bricks"]


def test_it_prints_what_it_has_and_is_left_to_it(lander: LanderAgent) -> None:
    tasks = (task("first"), task("second"))

    assert lander.decide(view(1)) == Decision()
    assert lander.decide(view(2, tasks=tasks)).command == Work(task=TaskId("first"))
    assert lander.decide(view(9, tasks=tasks, activity="working")) == Decision()


@pytest.mark.parametrize("reason", ["light", "stock"])
def test_what_cannot_be_printed_yet_is_tried_again_later(lander: LanderAgent, reason: str) -> None:
    tasks = (task("bricks"),)
    lander.decide(view(1, tasks=tasks))

    stopped = lander.decide(view(5, WorkStopped(task=TaskId("bricks"), reason=reason), tasks=tasks))  # type: ignore[arg-type]
    later = lander.decide(view(5 + PATIENCE, tasks=tasks))

    assert (stopped.command, stopped.wake) == (None, 5 + PATIENCE)
    assert later.command == Work(task=TaskId("bricks"))


def test_work_that_needs_the_sun_comes_first_and_leaves_the_rest_for_the_night(lander: LanderAgent) -> None:
    at_any_hour, by_day = task("ions"), task("bricks", light="lit")
    tasks = (at_any_hour, by_day)

    first = lander.decide(view(1, tasks=tasks))
    stopped = lander.decide(view(5, WorkStopped(task=TaskId("bricks"), reason="light"), tasks=tasks))

    assert first.command == Work(task=TaskId("bricks"))
    assert stopped.command == Work(task=TaskId("ions"))


def test_what_it_measures_at_any_hour_does_not_keep_it_from_bidding_for_work_in_the_sun(lander: LanderAgent) -> None:
    held = (task("ions"), task("surface"))
    call = (task("bricks", light="lit", work=3600), task("more"))

    (outgoing,) = lander.decide(view(1, tasks=held, call=call)).outbox

    assert isinstance(outgoing.body, Bids)
    assert [(bid.task, bid.cost) for bid in outgoing.body.bids] == [("bricks", 3600.0)]


def test_what_is_done_of_its_present_work_counts_in_its_prices(lander: LanderAgent) -> None:
    held = (task("bricks", light="lit", work=36000),)
    lander.decide(view(1, tasks=held))

    (outgoing,) = lander.decide(
        view(30001, tasks=held, call=(task("more", light="lit", work=7200),), activity="working")
    ).outbox

    assert isinstance(outgoing.body, Bids)
    assert [(bid.task, bid.cost) for bid in outgoing.body.bids] == [("more", 6000.0 + 7200.0)]
