"""Wall pacing and control."""

from __future__ import annotations

import threading
from math import inf
from typing import Any

import pytest

from fleet.bus import (
    LOOPBACK,
    ControlClient,
    ControlServer,
    End,
    FeedPublisher,
    FeedSubscriber,
    Pause,
    Rate,
    Reply,
    Snapshot,
)
from fleet.bus import Resume as Continue
from fleet.core import ManualClock, WallClock
from sim.hub import Desk, Hub, LiveFeed, Outside, Pace, Present, read_feed
from sim.record.entries import Closing, Frame, Opening


def test_as_fast_as_it_goes_waits_for_nothing() -> None:
    assert Pace(ManualClock(), dt=1.0).left(10_000) == 0.0


def test_a_factor_divides_mission_time() -> None:
    clock = ManualClock()
    pace = Pace(clock, dt=2.0, factor=10.0)

    clock.sleep(3.0)

    assert pace.left(50) == pytest.approx(7.0)


def test_a_pause_costs_no_mission_time() -> None:
    clock = ManualClock()
    pace = Pace(clock, dt=1.0, factor=1.0)

    clock.sleep(4.0)
    pace.pause()
    clock.sleep(100.0)
    paused = pace.left(10)
    pace.resume()

    assert paused == inf
    assert pace.left(10) == pytest.approx(6.0)


def test_a_new_factor_counts_from_now() -> None:
    clock = ManualClock()
    pace = Pace(clock, dt=1.0, factor=1.0)

    clock.sleep(4.0)
    pace.set_factor(2.0)

    assert pace.left(10) == pytest.approx(3.0)


def test_lost_time_is_not_caught_up() -> None:
    clock = ManualClock()
    pace = Pace(clock, dt=1.0, factor=1.0)

    clock.sleep(60.0)
    late = pace.left(10)

    assert late == 0.0
    assert pace.left(11) == pytest.approx(1.0)


@pytest.mark.parametrize("factor", [0.0, -1.0, inf, float("nan")])
def test_a_factor_that_is_none_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="factor"):
        Pace(ManualClock(), dt=1.0, factor=factor)


def test_the_pace_changes_no_result(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "gossip", "b1": "gossip"})
    clock = ManualClock()
    paced = Outside(clock=clock, pace=Pace(clock, dt=1.0, factor=2.0), sun=lambda tick: (0.0, 0.1))

    fast, _ = desktop.run(scenario)
    with desktop.open(scenario) as hosts:
        slow = Hub(scenario, desktop.world(), hosts, [], paced).run()

    assert slow.digest == fast.digest
    assert slow.wall_seconds == pytest.approx(30.0, abs=0.1)


def test_a_latecomer_gets_the_present_and_steers_the_run(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "gossip", "b1": "gossip"}, end=100_000)
    clock = ManualClock()
    publisher, server = FeedPublisher(LOOPBACK), ControlServer(LOOPBACK)
    feed, control = FeedSubscriber(publisher.endpoint), ControlClient(server.endpoint)
    pace = Pace(clock, dt=1.0)
    live = LiveFeed(publisher, scenario.ground.map)
    outside = Outside(
        clock=clock,
        pace=pace,
        desk=Desk(server, pace, clock=WallClock(), live=live),
        live=live,
        sun=lambda tick: (0.0, 0.1),
    )
    results = []

    def run() -> None:
        with desktop.open(scenario) as hosts:
            results.append(Hub(scenario, desktop.world(), hosts, [], outside).run())

    thread = threading.Thread(target=run)
    pace.pause()
    thread.start()
    replies = [control.ask(Snapshot(), 10.0), control.ask(Rate(factor=5.0), 10.0), control.ask(Pause(), 10.0)]
    present: Present | None = None
    while present is None:
        replies.append(control.ask(Snapshot(), 10.0))
        frame = feed.receive(0.1)  # None while the subscription is on its way.
        told = read_feed(*frame) if frame else None
        present = told if isinstance(told, Present) else None
    replies += [control.ask(Continue(), 10.0), control.ask(End(), 10.0)]
    thread.join(10.0)
    feed.close()
    control.close()

    assert set(replies) == {Reply(ok=True)}
    assert present.ground == scenario.ground.map
    assert isinstance(present.entries[0], Opening)
    assert any(isinstance(entry, Frame) for entry in present.entries)
    assert not any(isinstance(entry, Closing) for entry in present.entries)
    assert results[0].reason == "interrupted"
    assert results[0].ticks < 100_000


def test_a_topic_that_is_not_known_is_nothing() -> None:
    assert read_feed("weather", b"") is None
