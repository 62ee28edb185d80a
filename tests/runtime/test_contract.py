"""What becomes of a mind's decision before anybody else sees it."""

from __future__ import annotations

from typing import Any

import pytest

from fleet.core import Disc, Pose, RoverId, Tick
from fleet.messages import FollowPath, HazardReport, Observation, Turn, Work
from fleet.runtime.contract import Breach, taken_in
from fleet.sdk import AgentView, Decision, Outgoing
from fleet.sdk.view import Travel

_SEEN = Observation(
    tick=3,
    pose=Pose(x=0.0, y=0.0, heading=0.0),
    battery=1.0,
    light=1.0,
    power=0.0,
    activity="idle",
    payload=0.0,
    links=(),
)
_VIEW = AgentView(
    tick=3, rover=RoverId("a"), observation=_SEEN, inbox=(), tasks=(), steps={}, travel=Travel(), peers={}
)
_ROCK = Outgoing(to=RoverId("b"), body=HazardReport(hazard=Disc(x=9.0, y=0.0, radius=1.0), seen=3))


def test_a_sound_decision_stays_as_it_is() -> None:
    decision = Decision(command=FollowPath(path=((1.0, 0.0), (2.0, 0.5)), report=(1,)), outbox=(_ROCK,), wake=9)

    assert taken_in(decision, _VIEW) == decision


def test_what_an_agent_does_to_a_list_that_it_gave_away_changes_nothing() -> None:
    path: Any = [[1.0, 0.0], [2.0, 0.0]]
    taken = taken_in(Decision(command=FollowPath(path=path)), _VIEW)

    path[0][0] = float("nan")
    path.append("home")

    assert taken == Decision(command=FollowPath(path=((1.0, 0.0), (2.0, 0.0))))


@pytest.mark.parametrize(
    "command",
    [Work(task=7), Work(task=object()), Turn(heading=True), FollowPath(path=((1.0, 2.0, 3.0),))],  # type: ignore[arg-type]
    ids=["wrong type", "no value", "bool", "three coordinates"],
)
def test_a_command_that_nobody_can_read_is_a_breach(command: Any) -> None:
    taken = taken_in(Decision(command=command), _VIEW)

    assert isinstance(taken, Breach)
    assert taken.rule == "decision"


@pytest.mark.parametrize("wake", [3, 2**63, 10**30])
def test_a_wake_that_is_no_tick_to_come_is_a_breach(wake: Tick) -> None:
    taken = taken_in(Decision(wake=wake), _VIEW)

    assert isinstance(taken, Breach)
    assert taken.rule == "wake"
