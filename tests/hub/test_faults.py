"""Faults begin and end at their ticks, are recorded, and reach the world, the air and the hosts."""

from __future__ import annotations

from typing import Any

from fleet.core import RoverId
from fleet.messages import Arrived, Message, PutDown, RoverAnswer, Stop, Telemetry
from sim.record import FaultBegan, FaultEnded, Said
from sim.scenario.fault import AgentCrash, HostLoss, MessageLoss, Silent

A, B = RoverId("a"), RoverId("b")


def test_faults_are_recorded_and_suffered_from_their_first_tick_to_their_last(desktop: Any) -> None:
    faults = (
        Silent(id="silent-1", begin=0, end=7, rover=A),
        Silent(id="silent-2", begin=7, end=None, rover=B),
        Silent(id="silent-3", begin=99, end=None, rover=B),
    )
    world = desktop.world()

    _, notebook = desktop.run(desktop.scenario({"a": "quiet", "b": "quiet"}, faults=faults), world)

    told = [(type(e), e.tick, e.fault.id) for e in notebook.entries if isinstance(e, FaultBegan | FaultEnded)]
    assert told == [(FaultBegan, 0, "silent-1"), (FaultEnded, 7, "silent-1"), (FaultBegan, 7, "silent-2")]
    assert world.suffered == [(0, ("silent-1",)), (7, ("silent-2",))]


def test_the_air_suffers_while_a_fault_lasts_and_not_longer(desktop: Any) -> None:
    faults = (MessageLoss(id="loss", begin=10, end=20, share=1.0),)

    _, notebook = desktop.run(desktop.scenario({"a": "gossip", "b": "gossip"}, faults=faults))

    lost = {entry.message.tick for entry in notebook.of(Said) if entry.lost}
    heard = {entry.message.tick for entry in notebook.of(Said) if entry.heard}
    assert lost
    assert all(10 <= tick < 20 for tick in lost)
    assert not any(10 <= tick < 20 for tick in heard)


def test_a_rover_is_asked_when_its_computer_suffers_and_when_it_does_no_more(desktop: Any) -> None:
    faults = (AgentCrash(id="crash", begin=7, end=11, rover=A),)
    asked: list[tuple[int, bool]] = []

    class Node:
        def __init__(self, rover: RoverId) -> None:
            self.rover, self.crashed = rover, False

        def suffer(self, plight: Any) -> None:
            self.crashed = plight.crashed

        def step(self, observation: Any, inbox: Any) -> RoverAnswer:
            if self.rover == A:
                asked.append((observation.tick, self.crashed))
            return RoverAnswer(rover=self.rover, command=None, outbox=(), wake=None)

    scenario = desktop.scenario({"a": "any", "b": "any"}, faults=faults)
    with desktop.open(scenario, make_node=lambda briefing, rover: Node(rover)) as hosts:
        desktop.hub(scenario, hosts, []).run()

    assert asked == [(0, False), (7, True), (11, False)]


def test_who_is_off_is_stopped_not_asked_hears_nothing_and_is_told_afterwards_what_happened(desktop: Any) -> None:
    faults = (HostLoss(id="off", begin=10, end=30, rover=A), HostLoss(id="off-for-good", begin=10, end=None, rover=B))
    asked: list[tuple[int, int, tuple[Any, ...], int]] = []

    class Node:
        def __init__(self, rover: RoverId) -> None:
            self.rover, self.boots = rover, 0

        def suffer(self, plight: Any) -> None:
            self.boots = plight.boots

        def step(self, observation: Any, inbox: Any) -> RoverAnswer:
            tick = observation.tick
            if self.rover == A:
                asked.append((tick, self.boots, observation.events, len(inbox)))
            telemetry = Telemetry(pose=observation.pose, battery=1.0, activity="idle")
            said = Message(tick=tick, sender=self.rover, seq=tick, to=RoverId("*"), body=telemetry, quiet=True)
            return RoverAnswer(rover=self.rover, command=None, outbox=(said,), wake=tick + 5)

    scenario = desktop.scenario({"a": "any", "b": "any", "c": "any"}, faults=faults)
    world = desktop.world(events={20: [("a", Arrived())]})
    with desktop.open(scenario, make_node=lambda briefing, rover: Node(rover)) as hosts:
        desktop.hub(scenario, hosts, [], world).run()

    assert [call[:3] for call in asked[:4]] == [(0, 0, ()), (5, 0, ()), (30, 1, (Arrived(),)), (35, 1, ())]
    assert [call[3] for call in asked[:4]] == [0, 2, 0, 1]
    assert world.applied == [(10, "a", Stop()), (10, "b", PutDown(tasks=()))]


def test_faults_do_not_depend_on_how_the_run_is_made(desktop: Any) -> None:
    faults = (
        MessageLoss(id="loss", begin=3, end=40, share=0.3),
        AgentCrash(id="crash", begin=7, end=11, rover=A),
        Silent(id="silent", begin=9, end=30, rover=B),
    )
    scenario = desktop.scenario({"a": "gossip", "b": "gossip", "c": "gossip"}, faults=faults)

    digests = {
        desktop.run(scenario, kind=kind, hosts=hosts)[0].digest
        for kind, hosts in (("memory", 1), ("memory", "agency"), ("inproc", 2))
    }

    assert len(digests) == 1
    assert any(isinstance(e.message.body, Telemetry) for e in desktop.run(scenario)[1].of(Said) if e.lost)
