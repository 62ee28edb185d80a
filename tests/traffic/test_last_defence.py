"""Whatever a leader says: nobody leaves what it was granted, and no body touches another."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from fleet.core import RoverId, WallClock
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Blocked,
    Briefing,
    Message,
    Observation,
    Plight,
    RoverAnswer,
)
from fleet.runtime import NodeMaker
from fleet.runtime.host import NodeLike
from sim.hub import Hub, Outside, Pace, assign_hosts, open_bus
from sim.record import Entry, Happened
from sim.scenario import load_scenario
from sim.verdict import MetricsSink
from sim.world import World

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class LyingLeader:
    """Leads like anybody, but lets everybody go all the way at once."""

    def __init__(self, node: NodeLike) -> None:
        self._node = node
        self._last: dict[tuple[RoverId, int], int] = {}

    def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
        """Return the node's answer with nothing but grants in it."""
        for message in inbox:
            if isinstance(message.body, AuthorityRequest):
                self._last[message.sender, message.body.plan] = len(message.body.path) - 1
        answer = self._node.step(observation, inbox)
        return msgspec.structs.replace(answer, outbox=tuple(self._bent(message) for message in answer.outbox))

    def suffer(self, plight: Plight) -> None:
        """Let the node suffer."""
        self._node.suffer(plight)

    def _bent(self, message: Message) -> Message:
        body = message.body
        if not isinstance(body, AuthorityGrant | AuthorityRefusal | AuthorityWithdrawal | AuthorityReturn):
            return message
        last = self._last.get((message.to, body.plan))
        if last is None or isinstance(body, AuthorityReturn):
            return message
        return msgspec.structs.replace(message, body=AuthorityGrant(plan=body.plan, upto=last))


class LyingMaker:
    """Makes all nodes as ever, but for the leader's."""

    def __init__(self) -> None:
        self._make = NodeMaker()

    def __call__(self, briefing: Briefing, rover: RoverId) -> NodeLike:
        node: NodeLike = self._make(briefing, rover)
        return LyingLeader(node) if rover == briefing.coordinator else node


class Events:
    """Keeps what happened to bodies."""

    def __init__(self) -> None:
        self.found: list[Happened] = []

    def write(self, entry: Entry) -> None:
        if isinstance(entry, Happened):
            self.found.append(entry)

    def close(self) -> None:
        """Nothing is held open."""


@pytest.mark.parametrize("name", ["crossing_ten", "corridor_ten"])
def test_bodies_stop_before_each_other_on_ground_that_a_leader_gave_to_all(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    metrics, events, clock = MetricsSink(), Events(), WallClock()

    with open_bus("memory", assign_hosts(scenario.rovers, 1), LyingMaker()) as hosts:
        outside = Outside(clock=clock, pace=Pace(clock, dt=scenario.time.dt))
        result = Hub(scenario, World(scenario), hosts, [metrics, events], outside).run(1800)

    found = metrics.metrics().trespasses
    assert any(trespass.other is not None for trespass in found)  # The lie is a lie.
    assert any(happened.event == Blocked(reason="body") for happened in events.found)
    assert result.collisions == 0
    assert not [trespass for trespass in found if trespass.other is None]
