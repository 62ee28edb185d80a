"""Orders to stand: at once, on what is held, and on again from there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.agents import LanderAgent
from fleet.core import EVERYONE, AgencyId, Pose, RoverId, Tick
from fleet.messages import Law, Observation, StopHeeded, StopOrder
from fleet.runtime.orders import Brake, Orders, Signals
from fleet.runtime.rights import Rights
from fleet.runtime.turn import Turn
from fleet.sdk import AgentContext, AgentView, Decision, Outgoing
from fleet.traffic import Drive
from sim.record import Entry
from sim.record.entries import Frame
from sim.run import RunOptions, run
from sim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
A, B, BOSS = RoverId("a"), RoverId("b"), RoverId("boss")
DRIVE = Drive(path=((5.0, 0.0), (9.0, 0.0), (12.0, 0.0)), report=(0, 1))
STOP, GO_ON = 300, 900


class WhistleAgent(LanderAgent):
    """Has everybody stand for ten minutes."""

    def __init__(self, context: AgentContext) -> None:
        super().__init__(context)
        self._ahead = [(STOP, True), (GO_ON, False)]

    def decide(self, view: AgentView) -> Decision:
        decision = super().decide(view)
        outbox = list(decision.outbox)
        while self._ahead and view.tick >= self._ahead[0][0]:
            _, stand = self._ahead.pop(0)
            outbox.append(Outgoing(to=EVERYONE, body=StopOrder(stand=stand, reason="dust")))
        wakes = [tick for tick in (decision.wake, self._ahead[0][0] if self._ahead else None) if tick is not None]
        return replace(decision, outbox=tuple(outbox), wake=min(wakes, default=None))


class Places:
    """Keeps where everybody was."""

    def __init__(self) -> None:
        self.at: dict[Tick, dict[str, tuple[float, float]]] = {}

    def write(self, entry: Entry) -> None:
        if isinstance(entry, Frame):
            self.at[entry.tick] = {rover.rover: (rover.x, rover.y) for rover in entry.rovers}

    def close(self) -> None:
        """Nothing is held open."""


@pytest.mark.parametrize("name", ["crossing_ten", "corridor_ten"])
def test_all_stand_where_they_are_and_then_arrive(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whistle", sys.modules[__name__])
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    rovers = tuple(
        replace(spec, agent="whistle:WhistleAgent") if spec.id == scenario.coordinator else spec
        for spec in scenario.rovers
    )
    places = Places()

    result = run(replace(scenario, rovers=rovers), RunOptions(bus="memory"), sinks=[places])

    # Radios that are dead and words that are lost take their time; then nobody moves until all may.
    heeded = STOP + 320
    moved = {tick: at for tick, at in places.at.items() if heeded <= tick <= GO_ON}
    assert len(moved) > 3
    assert len({tuple(sorted(at.items())) for at in moved.values()}) == 1
    assert [(check.name, check.got) for check in result.verdict.checks if not check.passed] == []


def test_a_drive_goes_on_from_the_next_waypoint() -> None:
    brake = Brake()
    brake.take(DRIVE)
    brake.passed(0)
    brake.heed(BOSS, StopOrder(number=1))
    brake.heed(BOSS, StopOrder(number=2, stand=False))

    assert brake.rest() == Drive(path=DRIVE.path[1:], report=(0,))
    assert brake.passed(0) == 1


def test_what_is_granted_while_a_rover_stands_it_drives_when_it_may() -> None:
    brake = Brake()
    brake.heed(BOSS, StopOrder(number=1))

    taken = brake.take(DRIVE)
    brake.heed(BOSS, StopOrder(number=2, stand=False))

    assert taken is None
    assert brake.rest() == DRIVE


def test_it_goes_on_when_nobody_has_it_stand_any_more() -> None:
    brake = Brake()
    brake.heed(A, StopOrder(number=1))
    brake.heed(B, StopOrder(number=1))

    assert not brake.heed(A, StopOrder(number=2, stand=False))
    assert brake.is_on
    assert brake.heed(B, StopOrder(number=2, stand=False))


def test_an_order_that_comes_late_or_twice_changes_nothing() -> None:
    brake = Brake()
    brake.heed(BOSS, StopOrder(number=2, stand=False))

    assert not brake.heed(BOSS, StopOrder(number=1))
    assert not brake.is_on


def test_a_rover_stands_for_its_own_agency_and_the_leader_and_tells_others_why_not() -> None:
    agencies = {A: AgencyId("CNSA"), B: AgencyId("METU"), BOSS: AgencyId("HKUST")}
    orders = Orders(A, (B, BOSS), 1.0, Rights(A, Law(agencies=agencies), lambda plea, turn: ""))
    seen = Observation(
        tick=5,
        pose=Pose(x=0.0, y=0.0, heading=0.0),
        battery=1.0,
        light=1.0,
        power=0.0,
        activity="idle",
        payload=0.0,
        links=(),
    )

    answers = []
    for sender, stand in ((B, True), (BOSS, True), (BOSS, False), (B, False)):
        turn = Turn(A, seen, 0)
        orders.hear(sender, StopOrder(number=2 - stand, stand=stand), turn, BOSS)
        answers.append((turn.answer().outbox[0].body, orders.is_on))

    refused = "a of CNSA stands for mission control, CNSA and the leader, not for b of METU"
    assert answers == [
        (StopHeeded(number=1, refused=refused), False),
        (StopHeeded(number=1), True),
        (StopHeeded(number=2), False),
        (StopHeeded(number=2), False),
    ]


def test_an_order_is_said_again_to_each_until_it_heeds_it() -> None:
    signals = Signals(1.0)
    order = signals.give((A, B), StopOrder(reason="dust"), 100)
    signals.heeded(A, StopHeeded(number=order.number))

    assert signals.due(104) == []
    assert signals.due(105) == [(B, order)]
    assert signals.wake == 115
    signals.heeded(B, StopHeeded(number=order.number))
    assert signals.wake is None
