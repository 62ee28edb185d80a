"""Hosts from elsewhere: whoever brings a rover, the run is the same; and none is let in that does not belong."""

from __future__ import annotations

import runpy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fleet.bus import Audit, ClientLock, Notary, PrivateKey, ServerLock, ZmqHostBus, new_key
from fleet.core import ConfigError, RoverId, WallClock
from fleet.messages import PROTOCOL_VERSION as NOW
from fleet.messages import Hello, Message, Observation, RoverAnswer, Telemetry, Unwelcome, encode, read_from_hub
from fleet.runtime import Host, Visit, serve, visit
from sim.record.entries import Commanded, FaultBegan, FaultEnded

GOSSIPS = {"a1": "gossip", "a2": "gossip", "b1": "gossip"}
HUB, AGENCY, ROVER, OTHER = (new_key(name) for name in ("hub", "agency-b", "b1", "agency-a"))
ADMITTED = {key.name: key for key in (AGENCY, ROVER, OTHER)}
LOCK = ServerLock(key=HUB, admitted={key.curve: name for name, key in ADMITTED.items()})
SIGNING = {name: Notary(key.seed).public for name, key in ADMITTED.items()}
LOCKED = {"lock": LOCK, "signing": SIGNING}
FORGED = replace(AGENCY, signing=OTHER.signing, signing_secret=OTHER.signing_secret)
OLD = replace(AGENCY, signing="", signing_secret="")


class Guest(threading.Thread):
    """A host from elsewhere, in a thread."""

    def __init__(self, endpoint: str, make_node: Any, *rovers: str, key: PrivateKey | None = None) -> None:
        super().__init__(daemon=True)
        lock = None if key is None else ClientLock(key=key, server=HUB.curve)
        agents = dict.fromkeys(map(RoverId, rovers), "")
        self._plan = Visit(endpoint=endpoint, agents=agents, name="guest", lock=lock, wait=10.0)
        self._make_node = make_node
        self.end: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            visit(self._plan, self._make_node, WallClock())
        except (ConfigError, KeyboardInterrupt) as error:
            self.end = error


@contextmanager
def the_others_come(desktop: Any, scenario: Any, **options: Any) -> Iterator[Any]:
    """Open a bus to which all rovers come from elsewhere; all but b1 are there already."""
    with desktop.open_door(scenario, *(spec.id for spec in scenario.rovers), **options) as hosts:
        others = (spec.id for spec in scenario.rovers if spec.id != "b1")
        Guest(hosts.bus.door, desktop.make_node, *others, key=OTHER if "lock" in options else None)
        yield hosts


def leaving(make_node: Any, tick: int) -> Callable[..., Any]:
    """Return how nodes are made whose host is ended by its operator when it is asked at a tick."""

    def make(*words: Any) -> Any:
        node = make_node(*words)
        step = node.step

        def stepped(observation: Any, inbox: Any) -> RoverAnswer:
            if observation.tick >= tick:
                raise KeyboardInterrupt
            answer: RoverAnswer = step(observation, inbox)
            return answer

        node.step = stepped
        return node

    return make


@pytest.mark.parametrize("key", [None, AGENCY, ROVER], ids=["open", "key of the agency", "key of the rover"])
def test_a_rover_from_elsewhere_does_the_same_as_one_in_a_process_of_the_run(
    desktop: Any, key: PrivateKey | None
) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3)
    local, _ = desktop.run(scenario)
    audit = Audit()

    with desktop.open_door(scenario, "b1", **({} if key is None else LOCKED), audit=audit) as hosts:
        guest = Guest(hosts.bus.door, desktop.make_node, "b1", key=key)
        result = desktop.hub(scenario, hosts, [desktop.notebook()]).run()
    guest.join(10.0)

    assert (result.digest, result.faults, audit.count) == (local.digest, 0, 0)
    assert guest.end is None


def test_all_rovers_may_come_from_elsewhere(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS)
    local, _ = desktop.run(scenario)

    with the_others_come(desktop, scenario) as hosts:
        Guest(hosts.bus.door, desktop.make_node, "b1")
        result = desktop.hub(scenario, hosts, []).run()

    assert result.digest == local.digest


def test_a_host_that_goes_and_another_that_comes_in_time_change_nothing(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3)
    local, _ = desktop.run(scenario)

    with the_others_come(desktop, scenario) as hosts:
        first = Guest(hosts.bus.door, leaving(desktop.make_node, 30), "b1")

        # It has to take no for an answer until the first is gone, so it comes when that has ended.
        def follow() -> None:
            first.join()
            Guest(hosts.bus.door, desktop.make_node, "b1").join()

        second = threading.Thread(target=follow)
        second.start()
        result = desktop.hub(scenario, hosts, []).run()
        second.join(10.0)

    assert isinstance(first.end, KeyboardInterrupt)
    assert (result.digest, result.faults) == (local.digest, 0)


def test_who_is_away_stands_and_is_asked_again_once_its_host_is_back(desktop: Any) -> None:
    scenario = desktop.scenario({"a1": "gossip", "b1": "gossip"}, end=2000)
    notebook = desktop.notebook()
    guests: list[Guest] = []

    with the_others_come(desktop, scenario, wait=0.5) as hosts:
        guests.append(Guest(hosts.bus.door, leaving(desktop.make_node, 30), "b1"))

        class Caller:
            """Sends for another host once the rover is taken for switched off, and lets it come."""

            def write(self, entry: Any) -> None:
                if isinstance(entry, FaultBegan):
                    guests.append(Guest(hosts.bus.door, desktop.make_node, "b1"))
                if len(guests) == 2 and not notebook.of(FaultEnded):
                    WallClock().sleep(0.01)

            def close(self) -> None:
                pass

        result = desktop.hub(scenario, hosts, [notebook, Caller()]).run()

    (began,), (ended,) = notebook.of(FaultBegan), notebook.of(FaultEnded)
    told = {entry.tick for entry in notebook.of(Commanded) if entry.rover == "b1"}
    assert (began.fault.rover, type(began.fault).__name__) == ("b1", "HostLoss")
    assert not any(began.tick < tick < ended.tick for tick in told)
    assert any(tick > ended.tick for tick in told)
    assert result.faults == 0


def test_nobody_waits_for_ever_for_a_rover_that_does_not_come(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS, end=10)
    notebook = desktop.notebook()

    with the_others_come(desktop, scenario, wait=0.4) as hosts:
        result = desktop.hub(scenario, hosts, [notebook]).run()

    assert [(entry.tick, entry.fault.rover) for entry in notebook.of(FaultBegan)] == [(0, "b1")]
    assert (result.reason, result.faults) == ("finished", 0)


@pytest.mark.parametrize(
    ("rover", "key", "fact"),
    [
        pytest.param("b1", None, "one of both is locked", id="no key"),
        pytest.param("b1", new_key("stranger"), "does not know this key", id="wrong key"),
        pytest.param("b1", OTHER, "the key agency-a does not speak for b1", id="stolen id"),
        pytest.param("c9", OTHER, "no rover 'c9' is awaited", id="unknown"),
        pytest.param("b1", FORGED, "does not sign with what the public file of agency-b says", id="other signature"),
        pytest.param("b1", OLD, "was made before keys could sign", id="no signature"),
    ],
)
def test_who_may_not_be_a_rover_is_told_why_and_noted(
    desktop: Any, rover: str, key: PrivateKey | None, fact: str
) -> None:
    scenario = desktop.scenario(GOSSIPS)
    local, _ = desktop.run(scenario)
    audit = Audit()

    with the_others_come(desktop, scenario, **LOCKED, audit=audit) as hosts:

        def bring() -> None:
            refused.join()
            Guest(hosts.bus.door, desktop.make_node, "b1", key=AGENCY)

        refused = Guest(hosts.bus.door, desktop.make_node, rover, key=key)
        threading.Thread(target=bring, daemon=True).start()
        result = desktop.hub(scenario, hosts, []).run()

    assert fact in str(refused.end)
    assert (result.digest, result.faults) == (local.digest, 0)
    assert (audit.count > 0) == (key is not OLD)  # That one does not even knock.


def test_words_of_a_host_from_elsewhere_that_no_key_of_its_rovers_signed_reach_nobody_and_each_is_noted(
    desktop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3, end=8)
    local, _ = desktop.run(scenario)
    lying = runpy.run_path(str(Path(__file__).with_name("lying_host.py")))["Lying"]

    with desktop.open_door(scenario, "a1", **LOCKED) as hosts:

        def lie() -> None:
            bus = ZmqHostBus(hosts.bus.door, "", lock=ClientLock(key=OTHER, server=HUB.curve))
            notary = Notary(OTHER.seed)
            host = Host("guest", desktop.make_node, {RoverId("a1"): ""}, notary=notary)
            serve(lying(bus, notary), host, bus.is_cut)

        liar = threading.Thread(target=lie, daemon=True)
        liar.start()
        result = desktop.hub(scenario, hosts, [desktop.notebook()]).run()
        liar.join(10.0)

    assert (result.digest, result.faults) == (local.digest, 0)
    for fact in (
        "speaks as b1",
        "is not as its sender signed it",
        "is not signed",
        "was heard before",
        "passes on an order that ground did not sign",
    ):
        assert f"rover a1 {fact}" in caplog.text


def test_words_that_are_altered_on_their_way_to_a_host_from_elsewhere_do_not_reach_its_rovers(
    desktop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scenario = desktop.scenario({"a": "gossip", "b": "silent"}, end=40)
    heard: list[Message] = []

    class Altering(ZmqHostBus):
        """A line on which somebody makes of each word another."""

        def receive(self, timeout: float) -> bytes | None:
            data = super().receive(timeout)
            return None if data is None else data.replace(b"running", b"refused")

    class Listening:
        def step(self, observation: Observation, inbox: tuple[Message, ...]) -> RoverAnswer:
            heard.extend(inbox)
            return RoverAnswer(rover=RoverId("b"), command=None, outbox=(), wake=observation.tick + 1)

        def suffer(self, plight: object) -> None:
            pass

    with desktop.open_door(scenario, "b", **LOCKED) as hosts:

        def listen() -> None:
            bus = Altering(hosts.bus.door, "", lock=ClientLock(key=AGENCY, server=HUB.curve))
            host = Host("guest", lambda _briefing, _rover: Listening(), {RoverId("b"): ""}, notary=Notary(AGENCY.seed))
            serve(bus, host, bus.is_cut)

        guest = threading.Thread(target=listen, daemon=True)
        guest.start()
        result = desktop.hub(scenario, hosts, [desktop.notebook()]).run()
        guest.join(10.0)

    assert result.faults == 0
    assert heard
    assert {type(message.body) for message in heard} == {Telemetry}
    assert "what it said to b is not as its sender signed it" in caplog.text


@pytest.mark.parametrize(
    ("hello", "fact"),
    [
        (
            Hello(version=7, host="x", agents=((RoverId("b1"), ""),)),
            f"version 7 of the protocol, this run {NOW}",
        ),
        (Hello(version=NOW, host="x"), "names no rover"),
        (Hello(version=NOW, host="x", agents=((RoverId("b1"), ""),) * 2), "or one twice"),
        (Hello(version=NOW, host="x", agents=((RoverId("a2"), ""),)), "a2 is taken"),
    ],
    ids=["version", "nobody", "twice", "taken"],
)
def test_a_greeting_that_does_not_fit_is_answered_with_the_reason(desktop: Any, hello: Hello, fact: str) -> None:
    scenario = desktop.scenario(GOSSIPS)

    with the_others_come(desktop, scenario) as hosts:
        heard: list[Any] = []

        def knock() -> None:
            WallClock().sleep(0.5)
            bus = ZmqHostBus(hosts.bus.door, "")
            bus.send(encode(hello))
            heard.append(read_from_hub(bus.receive(10.0) or b""))
            bus.close()
            Guest(hosts.bus.door, desktop.make_node, "b1")

        knocking = threading.Thread(target=knock, daemon=True)
        knocking.start()
        result = desktop.hub(scenario, hosts, []).run()
        knocking.join(10.0)

    assert isinstance(heard[0], Unwelcome)
    assert fact in heard[0].fact
    assert result.faults == 0


def test_what_this_runs_own_hosts_have_is_nobodys_from_elsewhere(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS, end=10)

    with desktop.open_door(scenario, "b1", wait=1.0) as hosts:
        refused = Guest(hosts.bus.door, desktop.make_node, "a1")
        desktop.hub(scenario, hosts, []).run()
        refused.join(10.0)

    assert "no rover 'a1' is awaited" in str(refused.end)


def test_a_host_to_which_nobody_listens_says_so(desktop: Any) -> None:
    plan = Visit(endpoint="tcp://127.0.0.1:9", agents={RoverId("b1"): ""}, name="guest", wait=0.3)

    with pytest.raises(ConfigError, match=r"nobody there lets hosts in\n  is a run there, with --listen"):
        visit(plan, desktop.make_node, WallClock())
