"""Every bus carries the same bytes in the same manner, and no stranger can disturb it."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import zmq

from fleet.bus import (
    INPROC,
    LOOPBACK,
    HostBus,
    HubBus,
    LocalHostBus,
    LocalHubBus,
    MemoryBus,
    ZmqHostBus,
    ZmqHubBus,
    is_free_endpoint,
    private_ipc,
)
from fleet.core import ConfigError


class Echo:
    """Answers everything with its name before it, and falls silent when told so."""

    def __init__(self, name: str) -> None:
        self.name = name

    def hello(self) -> bytes:
        return b"hello " + self.name.encode()

    def handle(self, data: bytes) -> bytes | None:
        return None if data == b"hush" else self.name.encode() + b" heard " + data


def _live(bus: HostBus, echo: Echo) -> None:
    bus.send(echo.hello())
    data = bus.receive(20.0)
    while data is not None and data != b"end":
        answer = echo.handle(data)
        if answer is not None:
            bus.send(answer)
        data = bus.receive(20.0)
    bus.close()


@contextmanager
def _over_zmq(endpoint: str, *names: str) -> Iterator[ZmqHubBus]:
    bus = ZmqHubBus(endpoint)

    def connect(endpoint: str, name: str) -> HostBus:
        return bus.connect_here(name) if endpoint == INPROC else ZmqHostBus(endpoint, name)

    with _inhabited(bus, connect, *names):
        yield bus


@contextmanager
def _inhabited(
    bus: ZmqHubBus | LocalHubBus, connect: Callable[[str, str], HostBus], *names: str
) -> Iterator[ZmqHubBus | LocalHubBus]:
    def live(name: str) -> None:
        _live(connect(bus.endpoint, name), Echo(name))

    threads = [threading.Thread(target=live, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    try:
        yield bus
    finally:
        for name in names:
            bus.send(name, b"end")
        for thread in threads:
            thread.join(20.0)
        bus.close()


@contextmanager
def _memory(*names: str) -> Iterator[HubBus]:
    yield MemoryBus({name: Echo(name) for name in names})


def _ipc(
    make: Callable[[str], ZmqHubBus | LocalHubBus], connect: Callable[[str, str], HostBus]
) -> Callable[..., AbstractContextManager[HubBus]]:
    @contextmanager
    def opened(*names: str) -> Iterator[HubBus]:
        with private_ipc() as endpoint, _inhabited(make(endpoint), connect, *names) as bus:
            yield bus

    return opened


Opened = Callable[..., object]
BUSES = [
    pytest.param(_memory, id="memory"),
    pytest.param(lambda *names: _over_zmq(INPROC, *names), id="inproc"),
    pytest.param(_ipc(ZmqHubBus, ZmqHostBus), id="ipc"),
    pytest.param(_ipc(ZmqHubBus, LocalHostBus), id="ipc, host without a thread"),
    pytest.param(_ipc(LocalHubBus, ZmqHostBus), id="ipc, hub without a thread"),
    pytest.param(_ipc(LocalHubBus, LocalHostBus), id="ipc, both without a thread"),
    pytest.param(lambda *names: _over_zmq(LOOPBACK, *names), id="tcp"),
]


@pytest.mark.parametrize("opened", BUSES)
def test_every_host_is_heard_once_it_is_let_in(opened) -> None:  # type: ignore[no-untyped-def]
    with opened("one", "two") as bus:
        missing = bus.accept(["one", "two"], 20.0)

        assert missing == ()
        assert sorted([bus.receive(20.0), bus.receive(20.0)]) == [("one", b"hello one"), ("two", b"hello two")]


@pytest.mark.parametrize("opened", BUSES)
def test_who_is_not_there_is_named(opened) -> None:  # type: ignore[no-untyped-def]
    with opened("one") as bus:
        assert bus.accept(["one", "two"], 0.3) == ("two",)


@pytest.mark.parametrize("opened", BUSES)
@pytest.mark.parametrize("data", [b"", b"\x00", b"word", bytes(3_000_000)], ids=["empty", "zero", "word", "large"])
def test_each_is_asked_and_all_answers_come_whole(opened, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with opened("one", "two") as bus:
        bus.accept(["one", "two"], 20.0)
        for _ in range(2):
            bus.receive(20.0)

        sent = [bus.send(name, data) for name in ("one", "two")]
        answers = sorted([bus.receive(20.0), bus.receive(20.0)])

    assert sent == [True, True]
    assert answers == [("one", b"one heard " + data), ("two", b"two heard " + data)]


@pytest.mark.parametrize("opened", BUSES)
def test_silence_is_none_and_nobody_is_unknown_without_an_exception(opened) -> None:  # type: ignore[no-untyped-def]
    with opened("one") as bus:
        bus.accept(["one"], 20.0)
        bus.receive(20.0)
        bus.send("one", b"hush")

        assert bus.receive(0.05) is None
        assert bus.send("nobody", b"word") is False


def _peer(endpoint: str, name: bytes) -> tuple[zmq.Context[zmq.Socket[bytes]], zmq.Socket[bytes]]:
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.linger = 500
    socket.setsockopt(zmq.ROUTING_ID, name)
    socket.connect(endpoint)
    return context, socket


@pytest.mark.parametrize(
    ("name", "frames", "fact"),
    [
        pytest.param(b"stranger", [b"word"], "b'stranger' is no host of this mission", id="stranger"),
        pytest.param(b"\xff\xfe", [b"word"], "no host of this mission", id="name of bytes"),
        pytest.param(b"one", [b"a", b"b"], "one sent 2 frames instead of 1", id="too many frames"),
        pytest.param(b"one", [b""] * 40, "one sent 40 frames instead of 1", id="empty frames"),
    ],
)
def test_what_has_no_form_is_dropped_counted_and_logged_with_a_name(
    name: bytes, frames: list[bytes], fact: str, caplog: pytest.LogCaptureFixture
) -> None:
    bus = ZmqHubBus(LOOPBACK)
    context, socket = _peer(bus.endpoint, name)
    bus.accept(["one"], 0.0)

    socket.send_multipart(frames)
    got = bus.receive(20.0)
    socket.close()
    context.term()
    bus.close()

    assert got is None
    assert bus.dropped == 1
    assert fact in caplog.text


def test_a_flood_is_counted_but_does_not_flood_the_log(caplog: pytest.LogCaptureFixture) -> None:
    bus = ZmqHubBus(LOOPBACK)
    context, socket = _peer(bus.endpoint, b"stranger")

    for _ in range(300):
        socket.send(b"word")
    while bus.dropped < 300:
        bus.receive(20.0)
    socket.close()
    context.term()
    bus.close()

    assert len(caplog.records) == 100


def test_a_name_that_is_taken_stays_with_who_has_it() -> None:
    with _over_zmq(LOOPBACK, "one") as bus:
        bus.accept(["one"], 20.0)
        bus.receive(20.0)
        context, impostor = _peer(bus.endpoint, b"one")
        impostor.send(b"I am one")

        bus.send("one", b"who?")
        answers = [bus.receive(20.0), bus.receive(0.3)]
        impostor.close(linger=0)
        context.term()

    assert answers == [("one", b"one heard who?"), None]


def test_a_frame_over_the_limit_cuts_its_sender_off_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet.bus.zeromq._FROM_HOST", 1000)
    with _over_zmq(LOOPBACK, "one") as bus:
        bus.accept(["one", "two"], 0.0)
        bus.receive(20.0)
        context, large = _peer(bus.endpoint, b"two")
        large.send(bytes(1001))

        bus.send("one", b"word")
        answers = [bus.receive(20.0), bus.receive(0.3)]
        large.close(linger=0)
        context.term()

    assert answers == [("one", b"one heard word"), None]


def test_a_host_notices_that_its_hub_hung_up() -> None:
    hub = ZmqHubBus(LOOPBACK)
    host = ZmqHostBus(hub.endpoint, "one")
    host.send(b"hello")
    hub.accept(["one"], 20.0)
    connected = host.is_cut()

    hub.close()
    host.receive(0.5)
    cut = host.is_cut()
    host.close()

    assert (connected, cut) == (False, True)


def test_an_ipc_socket_lies_where_nobody_else_can_enter_and_leaves_nothing() -> None:
    with private_ipc() as endpoint:
        bus = ZmqHubBus(endpoint)
        directory = Path(endpoint.removeprefix("ipc://")).parent
        mode = stat.S_IMODE(directory.stat().st_mode)
        is_free = is_free_endpoint(endpoint)
        bus.close()

    assert mode == 0o700
    assert not is_free
    assert not directory.exists()


def test_a_temporary_directory_with_too_long_a_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))

    with pytest.raises(ConfigError, match="too long for a socket"), private_ipc():
        pass


@pytest.mark.parametrize("endpoint", ["nonsense", "tcp://127.0.0.1:none", "ipc:///nowhere/at/all/hub"])
def test_an_endpoint_that_cannot_be_is_named(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="cannot be bound"):
        ZmqHubBus(endpoint)


def test_an_endpoint_in_use_is_not_free() -> None:
    bus = ZmqHubBus(LOOPBACK)
    is_free = is_free_endpoint(bus.endpoint)
    bus.close()

    assert not is_free
    assert is_free_endpoint(bus.endpoint)


def test_a_host_that_is_given_no_endpoint_says_so() -> None:
    with pytest.raises(ConfigError, match="cannot be connected to"):
        ZmqHostBus("nonsense", "one")
