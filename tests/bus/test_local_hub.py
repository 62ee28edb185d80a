"""A hub on its hosts' machine serves any socket of ZeroMQ, and nobody who says what none says disturbs the others."""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet.bus import Audit, LocalHostBus, LocalHubBus, ServerLock, ZmqHubBus, new_key, open_hub, private_ipc
from fleet.bus.zmtp import GREETING, Frames, framed, ready
from fleet.core import ConfigError

EXAMPLES = int(os.environ.get("MOONFLEET_FUZZ", "25"))
GREETED = GREETING + ready("DEALER", b"two")


@pytest.fixture
def hub() -> Iterator[LocalHubBus]:
    with private_ipc() as endpoint:
        bus = LocalHubBus(endpoint)
        yield bus
        bus.close()


class _Guests:
    """Connections to a hub that say what a test wants, and a host that belongs there."""

    def __init__(self, hub: LocalHubBus) -> None:
        self.hub = hub
        self.lines: list[socket.socket] = []
        self.hosts: list[LocalHostBus] = []

    def host(self, name: str = "one") -> LocalHostBus:
        """Let a host in that has said hello."""

        def connect() -> None:
            self.hosts.append(LocalHostBus(self.hub.endpoint, name))
            self.hosts[-1].send(b"hello")

        thread = threading.Thread(target=connect)
        thread.start()
        assert self.hub.accept([name], 20.0) == ()
        assert self.hub.receive(20.0) == (name, b"hello")
        thread.join(20.0)
        return self.hosts[-1]

    def say(self, data: bytes) -> socket.socket:
        """Connect, and say this."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self.hub.endpoint.removeprefix("ipc://"))
        line.sendall(data)
        self.lines.append(line)
        return line


@pytest.fixture
def guests(hub: LocalHubBus) -> Iterator[_Guests]:
    made = _Guests(hub)
    yield made
    for line in made.lines:
        line.close()
    for host in made.hosts:
        host.close()


def _still_works(hub: LocalHubBus, host: LocalHostBus) -> None:
    assert hub.send("one", b"ask")
    assert host.receive(20.0) == b"ask"
    host.send(b"answer")
    heard = None
    while heard is None:
        heard = hub.receive(1.0)
    assert heard == ("one", b"answer")


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", "does not greet as hosts do here", id="http"),
        pytest.param(GREETING[:12] + b"CURVE" + bytes(47), "does not greet as hosts do here", id="keys"),
        pytest.param(GREETING + framed(b"word"), "does not say who it is", id="no name"),
        pytest.param(GREETING + ready("DEALER", b""), "does not say who it is", id="empty name"),
        pytest.param(GREETING + b"\x04\x08\x05READY\x09\x00", "breaks off while it says who", id="half a name"),
        pytest.param(GREETING + ready("DEALER", b"one"), "says that it is one, which another is", id="stolen id"),
        pytest.param(GREETED + b"\x02" + (2**30).to_bytes(8, "big"), "sends a frame of 1073741824 bytes", id="1 GB"),
        pytest.param(GREETED + b"\x02" + b"\xff" * 8, "sends a frame of 18446744073709551615", id="longest length"),
        pytest.param(GREETED + framed(b"a", 1) + framed(b"b"), "sent 2 frames instead of 1", id="two frames"),
        pytest.param(GREETED + framed(b"word"), "'two' is no host of this mission", id="stranger"),
    ],
)
def test_what_no_host_says_is_noted_and_reaches_nobody(
    hub: LocalHubBus, guests: _Guests, said: bytes, fact: str, caplog: pytest.LogCaptureFixture
) -> None:
    host = guests.host()
    guests.say(said)

    heard = hub.receive(20.0)

    assert (heard, hub.dropped) == (None, 1)
    assert fact in caplog.text
    _still_works(hub, host)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.binary(max_size=300), is_greeted=st.booleans())
def test_whatever_strangers_say_those_who_belong_are_heard(guests: _Guests, said: bytes, is_greeted: bool) -> None:
    hub = guests.hub
    host = guests.hosts[0] if guests.hosts else guests.host()
    line = guests.say((GREETED if is_greeted else b"") + said)
    hub.receive(0.001)
    line.close()

    _still_works(hub, host)


def test_strangers_that_say_nothing_are_not_kept_for_ever(hub: LocalHubBus, guests: _Guests) -> None:
    host = guests.host()
    silent = [guests.say(b"") for _ in range(100)]
    while hub.receive(0.1) or hub.dropped < 36:
        pass
    _still_works(hub, host)

    for line in silent:
        line.settimeout(0.0)
    cut = 0
    for line in silent:
        try:
            while line.recv(4096):
                pass
            cut += 1
        except BlockingIOError:
            pass
    assert cut == 36


def test_a_host_that_takes_nothing_in_holds_up_nobody_and_gets_all_in_the_end(
    hub: LocalHubBus, guests: _Guests
) -> None:
    host = guests.host()
    large = [bytes([number]) * 3_000_000 for number in range(5)]

    assert all(hub.send("one", each) for each in large)
    heard: list[bytes | None] = []
    reading = threading.Thread(target=lambda: heard.extend(host.receive(20.0) for _ in large))
    reading.start()
    while reading.is_alive():
        hub.receive(0.01)

    assert heard == large
    _still_works(hub, host)


def test_what_was_said_last_leaves_though_much_of_it_waits(hub: LocalHubBus, guests: _Guests) -> None:
    host = guests.host()
    goodbye = bytes(3_000_000)
    hub.send("one", goodbye)
    heard: list[bytes | None] = []
    reading = threading.Thread(target=lambda: heard.append(host.receive(20.0)))
    reading.start()

    hub.close()
    reading.join(20.0)

    assert heard == [goodbye]
    assert host.receive(1.0) is None
    assert host.is_cut()


def test_a_host_that_died_is_gone_and_another_may_come_by_its_name(hub: LocalHubBus, guests: _Guests) -> None:
    host = guests.host()
    host.close()
    hub.receive(0.2)
    was_there = hub.send("one", b"ask")

    again = guests.host()

    assert not was_there
    _still_works(hub, again)


def test_who_comes_by_the_name_of_one_whose_end_was_not_noticed_yet_is_let_in(
    hub: LocalHubBus, guests: _Guests
) -> None:
    guests.say(GREETING + ready("DEALER", b"one"))
    hub.receive(0.2)
    guests.lines[0].close()

    again = guests.host()  # Nobody has looked at the first since.

    _still_works(hub, again)


def test_it_answers_who_looks_whether_it_is_there(hub: LocalHubBus) -> None:
    with zmq.Context() as context, context.socket(zmq.DEALER) as host:
        host.linger = 0
        host.setsockopt(zmq.ROUTING_ID, b"one")
        host.setsockopt(zmq.HEARTBEAT_IVL, 20)
        host.setsockopt(zmq.HEARTBEAT_TIMEOUT, 2000)
        host.connect(hub.endpoint)
        hub.accept(["one"], 0.0)
        silence = hub.receive(0.5)
        host.send(b"word")

        assert (silence, hub.receive(20.0)) == (None, ("one", b"word"))


def test_only_where_nobody_needs_a_key_there_is_no_thread_in_between() -> None:
    with private_ipc() as endpoint:
        lock = ServerLock(key=new_key("hub"), admitted={})
        made = [open_hub(endpoint), open_hub("tcp://127.0.0.1:*"), open_hub(f"{endpoint}-locked", lock)]
        kinds = [type(bus) for bus in made]
        for bus in made:
            bus.close()

        assert kinds == [LocalHubBus, ZmqHubBus, ZmqHubBus]
        assert not Path(endpoint.removeprefix("ipc://")).exists()


def test_a_place_that_is_taken_is_told(hub: LocalHubBus) -> None:
    with pytest.raises(ConfigError, match="cannot be bound: Address already in use"):
        LocalHubBus(hub.endpoint, Audit())


@given(st.lists(st.tuples(st.sampled_from([0, 1, 4]), st.binary(max_size=400)), max_size=6), st.data())
def test_frames_come_whole_wherever_the_stream_is_cut(frames: list[tuple[int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(framed(content, flags) for flags, content in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    bounds = [0, *cuts, len(stream)]
    reader = Frames(1000)

    found = [each for start, end in pairwise(bounds) for each in reader.take(stream[start:end])]

    assert [(flags & ~2, content) for flags, content in found] == frames


def test_who_is_looked_at_and_has_nothing_to_say_stays(hub: LocalHubBus, guests: _Guests) -> None:
    host = guests.host()
    handle, peer = next((handle, each) for handle, each in hub._peers.items() if each.name == "one")
    hub._attend(handle, select.POLLIN)  # As when the system woke the hub for nothing.
    assert peer.line.fileno() == handle
    host.send(b"still here")
    assert hub.receive(20.0) == ("one", b"still here")
