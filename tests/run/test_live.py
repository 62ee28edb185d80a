"""A run that is watched and steered is the same run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
import zmq

from fleet.bus import ControlClient, private_ipc
from fleet.bus.control import Direct, Inject, Rate, Reply, Resume, Snapshot
from fleet.core import ConfigError, RoverId, TaskId, Tick, WallClock
from fleet.messages import encode
from sim.record import Closing, Directed, Entry, FaultBegan, FaultEnded, Frame, Opening, Timeline
from sim.record.opening import with_sent
from sim.run import RunOptions, RunResult, run
from sim.run.watch import Watch, control_endpoint
from sim.scenario import Scenario
from sim.scenario.fault import Silent
from sim.scenario.order import SendTask

_PATIENCE = 60.0  # Wall seconds until anything that is waited for must have come.


class LiveRun:
    """A run in a thread, with a feed."""

    def __init__(self, scenario: Scenario, feed: str) -> None:
        self.feed = feed
        self._results: list[RunResult] = []
        options = RunOptions(bus="memory", feed=feed, control=control_endpoint(feed), paused=True, rate=20.0)
        self._thread = threading.Thread(target=lambda: self._results.append(run(scenario, options)), daemon=True)
        self._thread.start()

    def watch(self) -> Watch:
        """Return a watch that is attached."""
        return Watch(self.feed, clock=WallClock(), wait=_PATIENCE, is_over=lambda: not self.goes_on)

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self._thread.is_alive()

    def result(self) -> RunResult:
        """Return what came of it, at its end."""
        self._thread.join(_PATIENCE)
        (result,) = self._results
        return result


@pytest.fixture
def live(smoke: Scenario) -> Iterator[LiveRun]:
    """The shortest scenario, waiting at tick 0."""
    with private_ipc() as feed:
        run_of_test = LiveRun(smoke, feed)
        yield run_of_test
        assert not run_of_test.goes_on


@pytest.fixture(scope="module")
def digest(smoke: Scenario) -> str:
    """Of the same run, unwatched."""
    return run(smoke, RunOptions(bus="memory")).hub.digest


def told(watch: Watch, *, until: type[Entry], after: Tick = -1) -> list[Entry]:
    """Return what is told up to the first entry of a kind, later than a tick."""
    clock = WallClock()
    give_up, entries = clock.now() + _PATIENCE, []
    while clock.now() < give_up:
        entries += watch.poll()
        if any(isinstance(entry, until) and getattr(entry, "tick", -1) > after for entry in entries):
            return entries
        clock.sleep(0.005)
    raise AssertionError(f"no {until.__name__} came")


def last_tick(entries: list[Entry]) -> Tick:
    return max(entry.tick for entry in entries if isinstance(entry, Frame))


def present_tick(live: LiveRun) -> Tick:
    """Return the tick that a newcomer is told; to attach takes the run some rounds of its waiting."""
    watch = live.watch()
    entries = watch.poll()
    watch.close()
    return last_tick(entries)


def test_a_watch_is_told_all_that_happens_to_the_end(live: LiveRun, digest: str) -> None:
    watch = live.watch()

    watch.control("rate", factor=None)
    watch.control("resume")
    entries = told(watch, until=Closing)
    watch.close()

    result = live.result()
    assert watch.opening.scenario == "smoke"
    assert watch.ground == result.scenario.ground.map
    assert not any(isinstance(entry, Opening) for entry in entries)
    assert last_tick(entries) == 600
    assert (entries[-1].digest if isinstance(entries[-1], Closing) else "", result.hub.digest) == (digest, digest)


def test_a_run_stands_still_while_it_is_paused_and_goes_on_when_it_may(live: LiveRun, digest: str) -> None:
    watch = live.watch()
    watch.control("resume")
    told(watch, until=Frame, after=0)

    watch.control("pause")
    watch.control("rate", factor=None)
    standing = [present_tick(live) for _ in range(3)]
    watch.control("resume")
    told(watch, until=Closing)
    watch.close()

    assert 0 < standing[0] < 600
    assert standing == [standing[0]] * 3
    assert live.result().hub.digest == digest


def test_one_who_comes_late_is_told_the_present(live: LiveRun) -> None:
    early = live.watch()
    early.control("resume")
    before = told(early, until=Frame, after=0)
    early.control("pause")

    late = live.watch()
    entries = late.poll()
    early.control("stop")
    before += told(early, until=Closing)
    live.result()

    assert late.opening == early.opening
    assert last_tick(entries) > 0
    frames = [entry.tick for entry in before if isinstance(entry, Frame)]
    assert frames == sorted(set(frames)), "who was there already is not told the present that another asked for"
    early.close()
    late.close()


def test_closing_the_watch_does_not_hurt_the_run(live: LiveRun, digest: str) -> None:
    watch = live.watch()
    watch.control("resume")
    watch.control("rate", factor=None)
    watch.close()

    result = live.result()

    assert (result.hub.reason, result.exit_code, result.hub.digest) == ("finished", 0, digest)


def test_a_watch_that_says_stop_ends_the_run_as_ctrl_c_does(live: LiveRun) -> None:
    watch = live.watch()
    watch.control("resume")
    told(watch, until=Frame, after=0)

    watch.control("stop")
    entries = told(watch, until=Closing)
    watch.close()

    result = live.result()
    assert (result.hub.reason, result.exit_code) == ("interrupted", 130)
    assert isinstance(entries[-1], Closing)
    assert entries[-1].reason == "interrupted"


def test_nobody_there_is_said_so() -> None:
    with private_ipc() as feed, pytest.raises(ConfigError, match="no run answers there"):
        Watch(feed, clock=WallClock(), wait=0.0)


@pytest.mark.parametrize("feed", ["", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:65535", "inproc://x", "ipc://"])
def test_what_is_no_place_for_a_feed_is_said_so(feed: str) -> None:
    with pytest.raises(ConfigError, match="is no place for a feed"):
        control_endpoint(feed)


def test_a_control_client_that_asks_for_nonsense_is_answered_and_changes_nothing(live: LiveRun) -> None:
    watch = live.watch()
    client = ControlClient(control_endpoint(live.feed))

    watch.control("dance")
    watch.control("rate", factor="fast")
    reply = client.ask(Snapshot(), timeout=_PATIENCE)
    watch.control("resume")
    watch.control("rate", factor=None)
    client.close()
    watch.close()

    assert reply is not None
    assert reply.ok
    assert live.result().hub.reason == "finished"


def test_a_fault_that_is_wanted_strikes_is_recorded_and_is_over_in_time(live: LiveRun, digest: str) -> None:
    watch = live.watch()

    watch.control("fault", fault="{fault: silent, rover: micro-1, for: 2m}")
    watch.control("rate", factor=None)
    watch.control("resume")
    entries = told(watch, until=Closing)
    watch.close()

    (begun,) = (entry for entry in entries if isinstance(entry, FaultBegan))
    (ended,) = (entry for entry in entries if isinstance(entry, FaultEnded))
    result = live.result()
    now = begun.tick
    struck = Silent(id="silent-live-1", begin=now, end=now + 120, rover=RoverId("micro-1"))
    assert begun.fault == ended.fault == struck
    assert ended.tick == now + 120
    assert (result.unexpected_faults, len(result.metrics.suffered)) == ((), 1)
    assert result.hub.digest != digest


def test_a_fault_that_cannot_be_is_refused_and_changes_nothing(live: LiveRun, digest: str) -> None:
    control = ControlClient(control_endpoint(live.feed))

    reply = control.ask(Inject(fault="{fault: silent, rover: nobody}"), timeout=_PATIENCE)
    control.ask(Rate(factor=None), timeout=_PATIENCE)
    control.ask(Resume(), timeout=_PATIENCE)
    control.close()

    assert reply is not None
    assert not reply.ok
    assert "there is no rover 'nobody'" in reply.fact
    assert live.result().hub.digest == digest


def test_an_order_to_a_run_that_goes_on_is_the_same_as_one_of_the_scenario(live: LiveRun, smoke: Scenario) -> None:
    control = ControlClient(control_endpoint(live.feed))
    watch = live.watch()

    text = "{order: stop, rover: micro-1, at: 30, for: 2m, reason: dust}"
    replies = [control.ask(Direct(order=text), timeout=_PATIENCE), control.ask(Rate(factor=None), timeout=_PATIENCE)]
    replies.append(control.ask(Resume(), timeout=_PATIENCE))
    orders = tuple(entry.order for entry in told(watch, until=Closing) if isinstance(entry, Directed))
    control.close()
    watch.close()

    assert replies == [Reply(ok=True)] * 3
    assert [(order.id, order.at - orders[0].at) for order in orders] == [("stop-live-1", 0), ("stop-live-1-ends", 120)]
    assert live.result().hub.digest == run(replace(smoke, control=orders), RunOptions(bus="memory")).hub.digest


def test_an_order_that_cannot_be_is_refused_and_changes_nothing(live: LiveRun, digest: str) -> None:
    control = ControlClient(control_endpoint(live.feed))

    reply = control.ask(Direct(order="{order: stop, rover: nobody}"), timeout=_PATIENCE)
    control.ask(Rate(factor=None), timeout=_PATIENCE)
    control.ask(Resume(), timeout=_PATIENCE)
    control.close()

    assert reply is not None
    assert "there is no rover 'nobody'" in reply.fact
    assert live.result().hub.digest == digest


def test_a_thousand_requests_at_once_are_each_done_or_refused_with_the_reason(live: LiveRun, digest: str) -> None:
    context = zmq.Context()
    flood = context.socket(zmq.DEALER)
    flood.connect(control_endpoint(live.feed))
    hostile = [
        encode(Direct(order="{order: stop, rover: nobody}")),
        encode(Direct(order="[" * 4000)),
        encode(Direct(order="x" * 50_000)),
        encode(Inject(fault="{fault: silent, rover: nobody}")),
        b"\xff junk",
    ]

    for number in range(1000):
        flood.send_multipart([b"", hostile[number % 5]])
    replies: list[Reply] = []
    while len(replies) < 1000 and flood.poll(int(_PATIENCE * 1000.0)):
        replies.append(msgspec.msgpack.decode(flood.recv_multipart()[-1], type=Reply))
    steering = ControlClient(control_endpoint(live.feed))
    reply = steering.ask(Rate(factor=None), timeout=_PATIENCE)
    steering.ask(Resume(), timeout=_PATIENCE)
    steering.close()
    context.destroy(linger=0)

    assert (len(replies), reply) == (1000, Reply(ok=True))
    assert all(told.fact and not told.ok for told in replies)
    assert sum("too many requests" in told.fact for told in replies) > 600
    assert sum("there is no rover" in told.fact for told in replies) >= 2
    assert live.result().hub.digest == digest


def test_work_that_is_sent_is_done_counted_recorded_and_another_run(live: LiveRun, digest: str) -> None:
    watch = live.watch()
    text = "{order: task, task: {kind: image, id: sent-1, title: A look, at: {at_m: [22, -3]}, work: 20s}}"

    refusal = watch.control("order", order=text)
    again = watch.control("order", order="{order: task, task: {kind: image, id: view-east, at: lander, work: 20s}}")
    watch.control("resume")
    watch.control("rate", factor=None)
    entries = told(watch, until=Closing)
    watch.close()
    result = live.result()

    sent = [entry.order for entry in entries if isinstance(entry, Directed)]
    opening = with_sent(watch.opening, entries)
    timeline = Timeline(watch.opening)
    for entry in entries:
        timeline.feed(entry)
    assert refusal == ""
    assert "there is a task 'view-east' already" in again
    assert [order.task.id for order in sent if isinstance(order, SendTask)] == ["sent-1"]
    assert opening.tasks[-1].task == timeline.opening.tasks[-1].task == "sent-1"
    assert {task.entry.task: task.state for task in timeline.at(result.hub.ticks).tasks}[TaskId("sent-1")] == "done"
    assert (result.verdict.outcome, result.summary()["tasks"]["done"]) == ("pass", 4)
    assert result.hub.digest != digest
