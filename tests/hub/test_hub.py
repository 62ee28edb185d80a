"""The order of a stop, who is asked when, and how a run ends."""

from __future__ import annotations

import signal
from typing import Any

import msgspec
import pytest

from fleet.core import RoverId, TaskId
from fleet.messages import Arrived, EarthChanged, LightChanged, PutDown, Stop, Woke
from sim.record.entries import (
    Closing,
    Collided,
    Commanded,
    Faulted,
    Frame,
    Happened,
    Opening,
    Said,
    TaskChanged,
)
from sim.world.values import WorldCollision, WorldTask

KINDS = ("memory", "inproc", "ipc", "tcp")
GOSSIPS = {"a1": "gossip", "a2": "gossip", "b1": "gossip", "c1": "gossip", "d1": "silent"}


def test_one_scenario_has_one_digest_over_every_bus_and_any_number_of_hosts(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3)
    runs = [("memory", "agency"), ("memory", 1), ("inproc", "agency"), ("inproc", 3), ("ipc", 2), ("tcp", 1)]

    results = [desktop.run(scenario, kind=kind, hosts=hosts) for kind, hosts in runs]

    digests = {result.digest for result, _ in results}
    assert len(digests) == 1
    assert results[0][0].sent > 50
    assert results[0][0].faults == 0
    assert all(notebook.entries == results[0][1].entries for _, notebook in results)


def test_another_seed_has_another_digest_when_the_radio_loses(desktop: Any) -> None:
    first, _ = desktop.run(desktop.scenario(GOSSIPS, radio_loss=0.3, seed=1))
    second, _ = desktop.run(desktop.scenario(GOSSIPS, radio_loss=0.3, seed=2))

    assert first.digest != second.digest
    assert first.lost > 0


def test_the_opening_comes_first_and_the_closing_last(desktop: Any) -> None:
    result, notebook = desktop.run(desktop.scenario(GOSSIPS))

    assert isinstance(notebook.entries[0], Opening)
    closing = notebook.entries[-1]
    assert closing == Closing(tick=60, reason="finished", digest=result.digest, wakes=result.wakes)
    assert notebook.is_closed


def test_everyone_is_asked_at_tick_0_and_afterwards_nobody_without_cause(desktop: Any) -> None:
    result, _ = desktop.run(desktop.scenario({"a1": "silent", "b1": "silent"}))

    assert result.wakes == 2


def test_a_rover_is_asked_at_its_wake(desktop: Any) -> None:
    world = desktop.world()

    desktop.run(desktop.scenario({"a1": "gossip"}, end=30, frame_every=1000), world)

    assert world.stops == [0, 4, 8, 12, 16, 20, 24, 28, 30]


def test_what_happens_in_a_stop_is_told_in_a_fixed_order(desktop: Any) -> None:
    task = WorldTask(id=TaskId("t"), kind="image", state="running", rover=None, step=0, tick=9)
    world = desktop.world(
        events={9: [("a1", Arrived()), ("b1", LightChanged(lit=True))]},
        changes={9: [task, WorldCollision(a=RoverId("a1"), b=RoverId("b1"), tick=9)]},
    )
    scenario = desktop.scenario({"a1": "gossip", "b1": "gossip"}, orders=(desktop.order("t9", 9),))

    _, notebook = desktop.run(scenario, world)

    told = [entry for entry in notebook.entries if getattr(entry, "tick", None) == 9 or _said_at(entry) == 9]
    assert [type(entry) for entry in told] == [
        TaskChanged,
        Collided,
        Happened,
        Happened,
        Happened,
        Commanded,
        Commanded,
        *[Said] * (len(told) - 8),
        Frame,
    ]
    assert world.ordered == [(9, "t9")]
    assert [(entry.rover, type(entry.event).__name__) for entry in told if isinstance(entry, Happened)] == [
        ("a1", "Arrived"),
        ("b1", "LightChanged"),
        ("a1", "Ordered"),
    ]


def _said_at(entry: Any) -> int | None:
    return entry.message.tick if isinstance(entry, Said) else None


def test_a_frame_is_told_at_least_every_frame_every_and_at_both_ends(desktop: Any) -> None:
    _, notebook = desktop.run(desktop.scenario({"a1": "silent"}, end=50, frame_every=20))

    assert [frame.tick for frame in notebook.of(Frame)] == [0, 20, 40, 50]


def test_a_run_until_a_tick_ends_there(desktop: Any) -> None:
    notebook = desktop.notebook()
    scenario = desktop.scenario(GOSSIPS)

    with desktop.open(scenario) as hosts:
        result = desktop.hub(scenario, hosts, [notebook]).run(until=17)

    assert (result.reason, result.ticks) == ("until", 17)
    assert notebook.of(Frame)[-1].tick == 17


def test_a_rover_without_power_is_not_asked(desktop: Any) -> None:
    world = desktop.world(events={10: [("a1", Arrived())]})
    world.lost = {"a1"}

    result, _ = desktop.run(desktop.scenario({"a1": "gossip", "b1": "silent"}), world)

    assert result.wakes == 1


def test_a_sleeper_is_not_asked_before_it_wakes(desktop: Any) -> None:
    world = desktop.world(events={10: [("a1", Arrived())], 20: [("a1", Woke(reason="time"))]})
    world.asleep = {"a1": (5, 20)}

    result, notebook = desktop.run(desktop.scenario({"a1": "silent", "b1": "silent"}), world)

    assert result.wakes == 2 + 1
    assert [entry.tick for entry in notebook.of(Happened)] == [10, 20]


@pytest.mark.parametrize(
    ("agent", "fact"),
    [
        ("liar", "message from a1: claims to be 'someone'"),
        ("stutterer", "message from a1: number 1 does not come after 2"),
        ("early", "asked to be woken at 0, which is not after 0"),
        ("broken", "fell over"),
        ("babbler", "message from a1: there is no rover 'nobody' to speak to"),
        ("unmade", "has no will to live"),
    ],
)
def test_a_broken_contract_is_a_fault_of_that_rover_only(desktop: Any, agent: str, fact: str) -> None:
    result, notebook = desktop.run(desktop.scenario({"a1": agent, "a2": "gossip"}))

    faults = notebook.of(Faulted)
    assert (faults[0].rover, faults[0].plugin, faults[0].fact) == ("a1", agent, fact)
    assert {fault.rover for fault in faults} == {"a1"}
    assert result.faults == len(faults)
    assert result.reason == "finished"
    assert result.wakes > 5


def test_an_answer_that_cannot_be_sent_is_a_fault_and_the_rover_stops(desktop: Any) -> None:
    world = desktop.world()

    _, notebook = desktop.run(desktop.scenario({"a1": "unsendable", "a2": "gossip"}), world)

    fault = notebook.of(Faulted)[0]
    assert fault.rover == "a1"
    assert "cannot be sent" in fault.fact
    assert (0, "a1", Stop()) in world.applied


@pytest.mark.parametrize(("agent", "fact"), [("die", "died"), ("hang", "did not answer within 0.55 s")])
def test_a_lost_host_stops_its_rovers_and_the_others_go_on(desktop: Any, agent: str, fact: str) -> None:
    world = desktop.world()

    result, notebook = desktop.run(desktop.scenario({"a1": agent, "a2": "silent", "b1": "gossip"}), world, kind="ipc")

    assert [(fault.tick, fault.rover, fault.fact) for fault in notebook.of(Faulted)] == [
        (5, "a1", f"host host-agency-a {fact}, started anew 2 times"),
        (5, "a2", f"host host-agency-a {fact}, started anew 2 times"),
    ]
    assert [entry for entry in world.applied if entry[0] == 5 and entry[1] == "a2"] == [(5, "a2", PutDown(tasks=()))]
    assert result.reason == "finished"
    assert result.ticks == 60


def test_ctrl_c_ends_the_run_after_the_present_tick_with_everything_closed(desktop: Any) -> None:
    class Interrupted(desktop.world):  # type: ignore[misc]
        def advance(self, until: int) -> int:
            tick: int = super().advance(until)
            if tick >= 30:
                signal.raise_signal(signal.SIGINT)
            return tick

    before = signal.getsignal(signal.SIGINT)
    result, notebook = desktop.run(desktop.scenario(GOSSIPS), Interrupted(), kind="inproc")

    assert result.reason == "interrupted"
    assert notebook.of(Closing)[0].reason == "interrupted"
    assert notebook.is_closed
    assert signal.getsignal(signal.SIGINT) == before


def test_a_bug_closes_the_record_and_is_not_hidden(desktop: Any) -> None:
    class Buggy(desktop.world):  # type: ignore[misc]
        def take_changes(self) -> Any:
            if self.tick > 10:
                raise RuntimeError("bug")
            return super().take_changes()

    notebook = desktop.notebook()
    scenario = desktop.scenario(GOSSIPS)

    with pytest.raises(RuntimeError, match="bug"), desktop.open(scenario) as hosts:
        desktop.hub(scenario, hosts, [notebook], Buggy()).run()

    assert notebook.entries[-1].reason == "error"
    assert notebook.is_closed


def test_entries_read_back_as_they_were_told(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS)

    _, notebook = desktop.run(scenario)

    for entry in notebook.entries:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(entry), type=type(entry)) == entry


def test_orders_that_need_the_earth_wait_for_contact_without_asking_for_it(desktop: Any) -> None:
    world = desktop.world(events={30: [("a1", EarthChanged(contact=True))]})
    world.earth = lambda tick: "relay" if tick >= 30 else "none"
    orders = (desktop.order("t1", 0), desktop.order("t2", 7), desktop.order("t3", 40))
    scenario = desktop.scenario({"a1": "silent"}, orders=orders, orders_need_earth=True)

    desktop.run(scenario, world)

    assert world.ordered == [(30, "t1"), (30, "t2"), (40, "t3")]
    assert world.stops == [0, 20, 30, 40, 60]
