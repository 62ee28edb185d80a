"""A host on the hub's machine speaks to the hub's socket as any socket of ZeroMQ would, and trusts nothing it hears."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from fleet.bus import LocalHostBus, ServerLock, ZmqHubBus, new_key, private_ipc
from fleet.bus.local import watch
from fleet.core import ConfigError, WallClock
from fleet.messages.codec import MAX_BYTES

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x04\x29\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER\x08Identity\x00\x00\x00\x00"


@pytest.fixture
def endpoint() -> Iterator[str]:
    with private_ipc() as where:
        yield where


def _says(endpoint: str, said: bytes) -> threading.Thread:
    """Be a hub that says this and hangs up."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(endpoint.removeprefix("ipc://"))
    server.listen()

    def serve() -> None:
        line, _ = server.accept()
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
        line.close()
        server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def _heard(endpoint: str, said: bytes) -> tuple[list[bytes], bool]:
    """Return what a host hears of such a hub, and whether its line is cut then."""
    thread = _says(endpoint, GREETING + READY + said)
    bus = LocalHostBus(endpoint, "one")
    heard = []
    while (frame := bus.receive(1.0)) is not None:
        heard.append(frame)
    is_cut = bus.is_cut()
    bus.close()
    thread.join(20.0)
    return heard, is_cut


def test_frames_come_whole_however_they_lie_in_the_stream(endpoint: str) -> None:
    said = b"\x00\x02ab" + b"\x02" + (3).to_bytes(8, "big") + b"cde" + b"\x00\x00" + b"\x04\x05\x04PONG" + b"\x00\x01f"

    assert _heard(endpoint, said) == ([b"ab", b"cde", b"", b"f"], True)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"\x02" + (2**30).to_bytes(8, "big") + b"word", id="a gigabyte"),
        pytest.param(b"\x02" + (2**64 - 1).to_bytes(8, "big"), id="longest length"),
        pytest.param(b"\x02" + (MAX_BYTES + 1).to_bytes(8, "big"), id="one byte too many"),
        pytest.param(b"\x01\x01a\x00\x01b", id="several frames"),
        pytest.param(b"\x00\xffhalf", id="half a frame"),
        pytest.param(b"\x02\x00\x00", id="half a head"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_no_hub_says_cuts_the_line_and_is_not_heard(endpoint: str, said: bytes) -> None:
    heard, is_cut = _heard(endpoint, b"\x00\x05first" + said)

    assert heard == [b"first"]
    assert is_cut


@pytest.mark.parametrize("said", [b"", GREETING[:20], b"HTTP/1.1 400 Bad Request\r\n" + bytes(64)])
def test_who_is_no_hub_is_told_at_once(endpoint: str, said: bytes) -> None:
    thread = _says(endpoint, said)

    with pytest.raises(ConfigError, match="cannot be connected to"):
        LocalHostBus(endpoint, "one")
    thread.join(20.0)


def test_where_nobody_listens_nothing_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        LocalHostBus(f"ipc://{tmp_path}/hub", "one")


def test_a_locked_hub_lets_nobody_in_without_a_key(endpoint: str) -> None:
    hub = ZmqHubBus(endpoint, ServerLock(key=new_key("hub"), admitted={}))

    with pytest.raises(ConfigError, match="without a key"):
        LocalHostBus(endpoint, "one")
    hub.close()


def test_a_host_that_thinks_for_long_is_not_taken_for_gone(endpoint: str) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as hub:
        hub.linger = 0
        hub.setsockopt(zmq.HEARTBEAT_IVL, 30)
        hub.setsockopt(zmq.RCVTIMEO, 20_000)
        hub.bind(endpoint)
        bus = LocalHostBus(endpoint, "one")
        bus.send(b"hello")
        hub.recv_multipart()

        silence = bus.receive(0.2)  # The hub's socket has asked some times by then whether anybody is there.
        hub.send_multipart([b"one", b"word"])
        heard = bus.receive(20.0)
        bus.close()

    assert (silence, heard) == (None, b"word")


def test_a_host_notices_that_its_hub_hung_up(endpoint: str) -> None:
    hub = ZmqHubBus(endpoint)
    host = LocalHostBus(endpoint, "one")
    host.send(b"hello")
    hub.accept(["one"], 20.0)
    hub.send("one", b"goodbye")

    hub.close()
    host.send(b"nobody hears this")
    heard = [host.receive(20.0), host.receive(20.0)]
    is_cut = host.is_cut()
    host.close()

    assert (heard, is_cut) == ([b"goodbye", None], True)


class _Inlet:
    """An inlet that has something at its n-th look; looks that do not wait are counted."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.looks = 0
        self.waits: list[float] = []

    def poll(self, timeout: float, /) -> list[tuple[int, int]]:
        self.looks += 1
        if timeout:
            self.waits.append(timeout)
        return [(1, 1)] if self.looks >= self.first else []


@pytest.mark.parametrize("first", [1, 2, 3])
def test_who_looks_does_not_sleep_before_what_comes_at_once(first: int) -> None:
    inlet = _Inlet(first)
    assert watch(inlet, 7.0, 100)
    assert (inlet.looks, inlet.waits) == (first, [])


def test_who_sees_nothing_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    inlet = _Inlet(10**9)
    assert not watch(inlet, 7.0, 100)
    assert inlet.looks > 1
    assert inlet.waits == [7.0]
    monkeypatch.setattr("os.sched_yield", lambda: WallClock().sleep(1e-3))  # Others have the core for so long.
    inlet = _Inlet(10**9)
    assert not watch(inlet, 7.0, 3)
    assert (inlet.looks, inlet.waits) == (4, [7.0])


def test_who_only_looks_is_not_held_up() -> None:
    inlet = _Inlet(10**9)
    assert not watch(inlet, 0.0, 100)
    assert (inlet.looks, inlet.waits) == (1, [])
