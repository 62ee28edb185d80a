"""A mind that is a program of its own: what it says is heard, and what it should not say stops its rover only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
import zmq

from fleet.core import ConfigError, MessageError, MissionTime, PluginError, Pose, RoverId, stream
from fleet.messages import Charge, Observation
from fleet.runtime import FarMind, fenced, load_plugin
from fleet.sdk import AgentContext, AgentView, Decision, NoPlan, Plan
from fleet.sdk.view import Travel
from fleet.terrain.ground_map import GroundMap

GROUND = GroundMap(
    heights=bytes(16), rows=2, columns=2, pixel=1.0, latitude=-1.5, longitude=0.0, north=0.0, crs="", origin=(0.0, 0.0),
    rocks=(), zones=(),
)  # fmt: skip
READY = {"type": "introduced", "version": 1}
Reply = Callable[[dict[str, Any]], Any]  #: Gives a message, bytes as they are, or None to say nothing.


class Planner:
    """Straight ways, and none to the right."""

    def plan(self, start: Any, goal: Any, avoid: Any = ()) -> Plan | NoPlan:
        if goal[0] > 0.0:
            return NoPlan(reason="off the map")
        return Plan(path=(start, goal), length=1.0, duration=2.0, energy=3.0)

    def costs(self, start: Any, goals: Any) -> Any:
        return tuple((2.0, 3.0) if goal[0] <= 0.0 else None for goal in goals)


def context() -> AgentContext:
    facts: Any = SimpleNamespace(
        rover=RoverId("r1"), roster=(), coordinator=RoverId("lander"), docks=(), rng=stream(1, "r1"),
        time=MissionTime(start=datetime(2029, 1, 1, tzinfo=UTC), dt=1.0), terrain=SimpleNamespace(ground=GROUND),
        planner=Planner(),
    )  # fmt: skip
    return cast(AgentContext, facts)


def view(tick: int = 3) -> AgentView:
    seen = Observation(
        tick=tick, pose=Pose(x=0.0, y=0.0, heading=0.0), battery=1.0, light=1.0, power=0.0, activity="idle",
        payload=0.0, links=(),
    )  # fmt: skip
    return AgentView(
        tick=tick, rover=RoverId("r1"), observation=seen, inbox=(), tasks=(), steps=MappingProxyType({}),
        travel=Travel(), peers=MappingProxyType({}),
    )  # fmt: skip


class Listener(threading.Thread):
    """A mind's end, which answers by a function."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(daemon=True)
        self._context: zmq.Context[Any] = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger = 0
        self._socket.rcvtimeo = 50
        self.endpoint = f"tcp://127.0.0.1:{self._socket.bind_to_random_port('tcp://127.0.0.1')}"
        self._reply = reply
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.is_set():
            try:
                peer, data = self._socket.recv_multipart()
            except zmq.Again:
                continue
            answer = self._reply(msgspec.msgpack.decode(data))
            for each in answer if isinstance(answer, list) else [answer]:
                if each is not None:
                    self._socket.send_multipart(
                        [peer, each if isinstance(each, bytes) else msgspec.msgpack.encode(each)]
                    )
        self._socket.close()
        self._context.term()


@pytest.fixture
def listener() -> Iterator[Callable[[Reply], Listener]]:
    """How to start a mind that answers by a function."""
    made: list[Listener] = []

    def start(reply: Reply) -> Listener:
        made.append(Listener(reply))
        return made[-1]

    yield start
    for each in made:
        each.over.set()
        each.join(5.0)


def decides(**what: Any) -> Reply:
    return lambda said: (
        READY if said["type"] == "introduce" else {"type": "decide", "number": said.get("number", 0), **what}
    )


def test_a_mind_is_told_who_it_is_and_decides(listener: Any) -> None:
    told: list[dict[str, Any]] = []
    answer = decides(command={"type": "Charge", "source": "lander"}, wake=9)

    def reply(said: dict[str, Any]) -> Any:
        told.append(said)
        return answer(said)

    mind = FarMind(listener(reply).endpoint, context())

    decision = mind.decide(view())

    assert decision == Decision(command=Charge(source=RoverId("lander")), wake=9)
    assert (told[0]["rover"], told[0]["start"]) == ("r1", "2029-01-01T00:00:00+00:00")
    assert told[0]["ground"]["heights"] == GROUND.heights
    assert told[1]["observation"]["pose"] == {"x": 0.0, "y": 0.0, "heading": 0.0}


def test_a_mind_asks_the_planner_before_it_decides(listener: Any) -> None:
    heard: list[dict[str, Any]] = []
    questions = [
        {"type": "find-way", "start": [0, 0], "goal": [-4, 1]},
        {"type": "find-way", "start": [0, 0], "goal": [4, 1]},
        {"type": "find-costs", "start": [0, 0], "goals": [[-1, 0], [1, 0]]},
        {"type": "decide", "number": 1},
    ]

    def reply(said: dict[str, Any]) -> Any:
        heard.append(said)
        return READY if said["type"] == "introduce" else questions[len(heard) - 2]

    decision = FarMind(listener(reply).endpoint, context()).decide(view())

    assert decision == Decision()
    assert (heard[2]["path"], heard[2]["duration"]) == ([[0.0, 0.0], [-4.0, 1.0]], 2.0)
    assert (heard[3]["path"], heard[3]["reason"]) == ([], "off the map")
    assert heard[4]["costs"] == [[2.0, 3.0], None]


def test_an_answer_to_an_older_question_does_not_count(listener: Any) -> None:
    late = {"type": "decide", "number": 0, "wake": 5}
    good = decides(wake=7)

    decision = FarMind(listener(lambda said: [late, good(said)][said["type"] == "introduce" :]).endpoint, context())

    assert decision.decide(view()).wake == 7


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        pytest.param(lambda _: {"type": "introduced", "version": 9}, "speaks version 9", id="version"),
        pytest.param(lambda _: {**READY, "fault": "no legs"}, "cannot be this rover's mind: no legs", id="unfit"),
        pytest.param(lambda _: {"type": "decide", "number": 1}, "does not say that it is introduced", id="order"),
        pytest.param(lambda _: b"\xc1", "malformed", id="no MessagePack"),
        pytest.param(lambda _: b"\x91" * 500_000, "ecursion", id="deep"),
        pytest.param(lambda _: {"type": "hello"}, "got 'hello'", id="no such word"),
        pytest.param(lambda _: bytes(2_000_000), "hung up", id="too long"),
    ],
)
def test_what_is_no_mind_is_named_when_it_is_made(listener: Any, reply: Reply, fact: str) -> None:
    with pytest.raises(MessageError, match=fact):
        FarMind(listener(reply).endpoint, context())


@pytest.mark.parametrize(
    ("what", "fact"),
    [
        pytest.param({"fault": "TypeError: x"}, "cannot decide: TypeError: x", id="fault"),
        pytest.param({"command": {"type": "FollowPath", "path": []}}, "needs a waypoint", id="no way"),
        pytest.param({"command": {"type": "FollowPath", "path": [[0, float("nan")]]}}, "not finite", id="no number"),
        pytest.param({"outbox": [{"to": "*", "body": {"type": "Shout"}}]}, "Shout", id="no such body"),
        pytest.param({"number": 77}, "says what answers nothing", id="another number"),
    ],
)
def test_what_a_mind_may_not_decide_is_its_fault(listener: Any, what: dict[str, Any], fact: str) -> None:
    answer = decides(**what)
    reply: Reply = lambda said: [answer(said)] * (150 if "number" in what and said["type"] != "introduce" else 1)  # noqa: E731
    mind = FarMind(listener(reply).endpoint, context())

    with pytest.raises(PluginError, match=fact):
        fenced("far", RoverId("r1"), 3, 5.0, lambda: mind.decide(view()))


def test_a_mind_that_does_not_answer_is_stopped_at_its_deadline(listener: Any) -> None:
    mind = FarMind(listener(lambda said: READY if said["type"] == "introduce" else None).endpoint, context())

    with pytest.raises(PluginError, match=r"no answer within 0\.2 s"):
        fenced("far", RoverId("r1"), 3, 0.2, lambda: mind.decide(view()))


def test_a_mind_that_hangs_up_is_noticed_at_once(listener: Any) -> None:
    listening = listener(lambda said: READY if said["type"] == "introduce" else None)
    mind = FarMind(listening.endpoint, context())
    listening.over.set()

    with pytest.raises(PluginError, match=r"hung up|nobody listens"):
        fenced("far", RoverId("r1"), 3, 20.0, lambda: mind.decide(view()))


def test_where_nobody_listens_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet.bus.mind_line._TRIES", 4)

    with pytest.raises(ConfigError, match=r"nobody listens there\n  start the mind first"):
        load_plugin("fleet.agents", "tcp://127.0.0.1:9")(context())


def test_a_mind_is_not_asked_over_a_network_in_the_clear() -> None:
    with pytest.raises(ConfigError, match=r"is on another machine(.|\n)*run `moonfleet host` beside the mind"):
        FarMind("tcp://192.0.2.7:7801", context())
