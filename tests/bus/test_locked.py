"""A locked bus: who does not belong reaches nobody, and each is in the audit log."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zmq

from fleet.bus import (
    LOOPBACK,
    Audit,
    ClientLock,
    ControlClient,
    ControlServer,
    FeedPublisher,
    FeedSubscriber,
    Pause,
    PrivateKey,
    Refusal,
    Reply,
    ServerLock,
    ZmqHostBus,
    ZmqHubBus,
    is_within,
    new_key,
    private_ipc,
)
from fleet.core import ConfigError

HUB, ONE, TWO, STRANGER = (new_key(name) for name in ("hub", "one", "two", "stranger"))
GUARD = ServerLock(key=HUB, admitted={ONE.curve: "one", TWO.curve: "two"})
# The greeting of ZMTP 3.1 with mechanism CURVE, as RFC 37 has it.
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)


class Locked:
    """A hub, a host of it, and a log."""

    def __init__(self, file: Path, endpoint: str = LOOPBACK) -> None:
        self.file = file
        self.audit = Audit(file=file)
        self.bus = ZmqHubBus(endpoint, GUARD, self.audit)
        self.host = ZmqHostBus(self.bus.endpoint, "one", lock=lock(ONE))
        self.host.send(b"hello")
        assert self.bus.accept(["one"], 20.0) == ()
        assert self.bus.receive(20.0) == ("one", b"hello")

    def refusals(self, expected: str) -> list[str]:
        """Return what is noted, once something is that holds `expected`."""
        for _ in range(200):
            lines = [msgspec.json.decode(line, type=Refusal) for line in self.file.read_bytes().splitlines()]
            facts = [f"{line.who} {line.fact}" for line in lines]
            if any(expected in fact for fact in facts):
                return facts
            assert self.bus.receive(0.05) is None
        raise AssertionError(f"{expected!r} is not in {facts}")

    def works(self) -> bool:
        """Whether hub and host still talk, and nobody else is heard."""
        self.bus.send("one", b"word")
        heard = self.host.receive(20.0)
        self.host.send(b"answer")
        return heard == b"word" and self.bus.receive(20.0) == ("one", b"answer") and self.bus.receive(0.05) is None

    def close(self) -> None:
        self.host.close()
        self.bus.close()
        self.audit.close()


def lock(key: PrivateKey, server: PrivateKey = HUB) -> ClientLock:
    return ClientLock(key=key, server=server.curve)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Locked]:
    made = Locked(tmp_path / "audit.jsonl")
    yield made
    made.close()


def _connect(locked: Locked) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(locked.bus.endpoint.rpartition(":")[2])))


def _send(data: bytes) -> Callable[[Locked], None]:
    def attack(locked: Locked) -> None:
        with _connect(locked) as stream:
            stream.sendall(data)

    return attack


def _speak(key: PrivateKey | None) -> Callable[[Locked], None]:
    def attack(locked: Locked) -> None:
        bus = ZmqHostBus(locked.bus.endpoint, "one", lock=None if key is None else lock(key))
        bus.send(b"I am one")
        assert locked.bus.receive(0.2) is None
        bus.close()

    return attack


ATTACKS = [
    pytest.param(_speak(STRANGER), f"key {STRANGER.public.fingerprint} at 127.0.0.1 is not admitted", id="wrong key"),
    pytest.param(_speak(None), "somebody", id="no key"),
    pytest.param(_send(bytes(range(1, 256)) * 20), "somebody", id="random bytes"),
    pytest.param(_send(GREETING[:20]), "somebody", id="half a greeting"),
    pytest.param(_send(GREETING + b"\x04\xc8\x05HELLO"), "somebody", id="half a handshake"),
    pytest.param(_send(GREETING + b"\x06" + struct.pack(">Q", 1 << 30)), "somebody", id="1 GB length field"),
    pytest.param(_send(GREETING + b"\x06" + b"\xff" * 8), "somebody", id="length of no number"),
]


@pytest.mark.parametrize(("attack", "fact"), ATTACKS)
def test_who_does_not_belong_reaches_nobody_and_is_noted(
    locked: Locked, attack: Callable[[Locked], None], fact: str
) -> None:
    attack(locked)

    assert locked.refusals(fact)
    assert locked.works()


def _as_another(locked: Locked) -> tuple[zmq.Context[Any], zmq.Socket[bytes]]:
    """Connect with the key of two and the routing id of one."""
    context = zmq.Context()
    peer = context.socket(zmq.DEALER)
    peer.linger = 0
    peer.setsockopt(zmq.ROUTING_ID, b"one")
    peer.curve_secretkey, peer.curve_publickey = TWO.secret.encode(), TWO.curve.encode()
    peer.curve_serverkey = HUB.curve.encode()
    peer.connect(locked.bus.endpoint)
    return context, peer


def test_a_stolen_name_is_worth_nothing_without_its_key(locked: Locked) -> None:
    context, peer = _as_another(locked)
    peer.send(b"I am one")

    assert locked.refusals("b'two' is no host of this mission")
    assert locked.works()

    peer.close()
    context.term()


def test_who_takes_anothers_name_is_heard_as_who_it_is(locked: Locked) -> None:
    locked.bus.accept(["one", "two"], 0.0)
    context, peer = _as_another(locked)
    peer.send(b"I am one")

    assert locked.bus.receive(20.0) == ("two", b"I am one")
    assert locked.works()

    peer.close()
    context.term()


def test_who_leaves_is_noted_but_not_when_all_part(locked: Locked) -> None:
    locked.host.close()
    noted = locked.refusals("hung up")

    locked.host = ZmqHostBus(locked.bus.endpoint, "one", lock=lock(ONE))
    locked.host.send(b"again")
    locked.bus.receive(20.0)
    locked.bus.part()
    locked.host.close()
    locked.bus.receive(0.3)
    locked.host = ZmqHostBus(locked.bus.endpoint, "one", lock=lock(ONE))

    assert len(noted) == locked.audit.count == 1


def test_a_host_that_comes_back_is_answered_where_it_is_now(locked: Locked) -> None:
    locked.host.close()
    locked.host = ZmqHostBus(locked.bus.endpoint, "one", lock=lock(ONE))
    locked.host.send(b"again")

    assert locked.bus.receive(20.0) == ("one", b"again")
    assert locked.works()


def test_a_flood_of_strangers_holds_nobody_up_and_does_not_fill_the_disk(
    locked: Locked, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(150):
        with _connect(locked) as stream:
            stream.sendall(b"\xff" * 64)

    assert locked.works()
    assert locked.refusals("somebody")
    assert len(caplog.records) <= 101


def test_a_host_talks_to_no_false_hub(locked: Locked) -> None:
    fooled = ZmqHostBus(locked.bus.endpoint, "one", lock=lock(ONE, server=STRANGER))
    fooled.send(b"secret")

    assert locked.bus.receive(0.3) is None
    fooled.close()


def test_a_locked_bus_works_over_ipc_and_notes_nothing_of_those_who_belong(tmp_path: Path) -> None:
    with private_ipc() as endpoint:
        made = Locked(tmp_path / "audit.jsonl", endpoint)
        works = made.works()
        count = made.audit.count
        made.close()

    assert (works, count) == (True, 0)


@pytest.mark.parametrize(("key", "is_heard"), [(ONE, True), (HUB, False), (STRANGER, False), (None, False)])
def test_only_operators_steer_and_look_on(key: PrivateKey | None, is_heard: bool) -> None:
    audit = Audit()
    server, feed = ControlServer(LOOPBACK, GUARD, audit), FeedPublisher(LOOPBACK, GUARD, audit)
    own = None if key is None else lock(key)
    client, viewer = ControlClient(server.endpoint, own), FeedSubscriber(feed.endpoint, own)
    heard: list[tuple[object, str]] = []

    def answer(request: object, who: str) -> Reply:
        heard.append((request, who))
        return Reply(ok=True)

    seen = None
    for _ in range(40 if is_heard else 8):
        client.ask(Pause(), timeout=0.02)
        server.poll(answer)
        feed.publish("entry", b"news")
        seen = seen or viewer.receive(0.02)
        if heard and seen:
            break
    for each in (client, viewer, server, feed):
        each.close()

    assert (bool(heard), bool(seen)) == (is_heard, is_heard)
    assert {who for _, who in heard} == ({"one"} if is_heard else set())
    assert (audit.count > 0) == (not is_heard)


@pytest.mark.parametrize("endpoint", ["tcp://*:0", "tcp://0.0.0.0:0", "tcp://eth0:0"])
def test_what_other_machines_reach_is_locked_or_waived_by_name(endpoint: str) -> None:
    for make in (ZmqHubBus, ControlServer, FeedPublisher):
        with pytest.raises(ConfigError, match=r"would let in anybody\n  give keys"):
            make(endpoint)


def test_it_can_be_waived() -> None:
    bus = ZmqHubBus("tcp://0.0.0.0:*", "waived")
    bus.close()

    assert not is_within(bus.endpoint)


def test_a_gate_that_cannot_be_bound_says_so_and_is_closed() -> None:
    with pytest.raises(ConfigError, match="cannot be bound"):
        ZmqHubBus("tcp://127.0.0.1:none", GUARD)


def test_beyond_its_limits_the_log_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet.bus.audit._WRITTEN", 200)
    audit = Audit(file=tmp_path / "audit.jsonl")

    for number in range(250):
        audit.note("tcp://x", f"peer {number}", "is not admitted")
    audit.close()

    lines = (tmp_path / "audit.jsonl").read_bytes().splitlines()
    assert (audit.count, len(lines), len(caplog.records)) == (250, 201, 101)
    assert b"50 more" in lines[-1]
    assert "150 more were refused" in caplog.text


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        Audit(file=tmp_path / "nowhere" / "audit.jsonl")
