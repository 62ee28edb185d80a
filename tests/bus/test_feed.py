"""The live feed and the control socket: nothing that looks on can hold up or break a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest
import zmq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    Request,
    Resume,
    Snapshot,
)
from fleet.core import ConfigError


@contextmanager
def _served(answer=lambda request, who: Reply(ok=True)) -> Iterator[ControlServer]:  # type: ignore[no-untyped-def]
    server, over = ControlServer(LOOPBACK), threading.Event()

    def serve() -> None:
        while not over.wait(0.005):
            server.poll(answer)
        server.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server
    finally:
        over.set()
        thread.join(20.0)


@pytest.mark.parametrize("request_", [Pause(), Resume(), Rate(factor=2.0), Rate(factor=None), Snapshot(), End()])
def test_every_request_arrives_as_it_was_made(request_: Request) -> None:
    asked: list[Request] = []

    def answer(request: Request, who: str) -> Reply:
        asked.append(request)
        return Reply(ok=True)

    with _served(answer) as server:
        client = ControlClient(server.endpoint)
        reply = client.ask(request_, 20.0)
        client.close()

    assert reply == Reply(ok=True)
    assert asked == [request_]


def test_requests_are_small_maps_that_any_language_can_write() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(Rate(factor=2.0))) == {"do": "rate", "factor": 2.0}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(End())) == {"do": "stop"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_junk_is_answered_with_what_is_wrong(junk: bytes) -> None:
    server = ControlServer(LOOPBACK)
    with zmq.Context() as context, context.socket(zmq.REQ) as client:
        client.linger = 0
        client.connect(server.endpoint)
        client.send(junk)
        while not client.poll(5):
            server.poll(lambda request, who: Reply(ok=True))
        reply = msgspec.msgpack.decode(client.recv(), type=Reply)
    server.close()

    assert reply.ok or reply.fact


@pytest.mark.parametrize("factor", [0.0, -2.0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match=r"Rate\.factor"):
        Rate(factor=factor)


def test_a_server_that_is_not_there_is_none_and_the_next_question_is_not_confused() -> None:
    server = ControlServer(LOOPBACK)
    client = ControlClient(server.endpoint)
    first = client.ask(Pause(), 0.05)
    server.poll(lambda request, who: Reply(ok=False, fact="late"))
    with zmq.Context():
        answered = threading.Thread(target=lambda: _poll_until_asked(server))
        answered.start()
        second = client.ask(Resume(), 20.0)
        answered.join(20.0)
    client.close()
    server.close()

    assert first is None
    assert second == Reply(ok=True, fact="Resume")


def _poll_until_asked(server: ControlServer) -> None:
    asked: list[Request] = []

    def answer(request: Request, who: str) -> Reply:
        asked.append(request)
        return Reply(ok=True, fact=type(request).__name__)

    while not any(isinstance(request, Resume) for request in asked):
        server.poll(answer)


def test_who_looks_on_sees_every_frame_in_order() -> None:
    publisher = FeedPublisher(LOOPBACK)
    viewer = FeedSubscriber(publisher.endpoint)
    frame = None
    while frame is None:
        publisher.publish("hello", b"")
        frame = viewer.receive(0.02)
    while frame is not None and frame[0] == "hello":
        publisher.publish("data", b"0")
        frame = viewer.receive(20.0)
    publisher.publish("data", b"1")
    publisher.publish("other", b"2")
    rest = [viewer.receive(20.0), viewer.receive(20.0)]
    while ("other", b"2") not in rest:
        rest.append(viewer.receive(20.0))
    viewer.close()
    publisher.close()

    assert [each for each in rest if each != ("data", b"0")] == [("data", b"1"), ("other", b"2")]
    assert viewer.missed == 0


def test_a_viewer_that_sleeps_holds_nobody_up_and_learns_what_it_missed() -> None:
    publisher = FeedPublisher(LOOPBACK)
    viewer = FeedSubscriber(publisher.endpoint)
    while viewer.receive(0.02) is None:
        publisher.publish("data", bytes(100_000))

    for _ in range(9_000):
        publisher.publish("data", bytes(100_000))
    seen = 0
    while viewer.receive(0.3) is not None:
        seen += 1
    publisher.publish("data", b"")
    viewer.receive(20.0)
    viewer.close()
    publisher.close()

    assert seen < 9_000
    assert viewer.missed > 0


def test_frames_without_form_are_nothing() -> None:
    with zmq.Context() as context, context.socket(zmq.XPUB) as junk:
        junk.linger = 0
        port = junk.bind_to_random_port("tcp://127.0.0.1")
        viewer = FeedSubscriber(f"tcp://127.0.0.1:{port}")
        junk.recv()
        junk.send_multipart([b"data", b"short", b""])
        junk.send(b"alone")
        got = [viewer.receive(20.0), viewer.receive(20.0)]
        viewer.close()

    assert got == [None, None]


def test_an_endpoint_that_is_taken_is_named() -> None:
    server = ControlServer(LOOPBACK)
    with pytest.raises(ConfigError, match="Address already in use"):
        FeedPublisher(server.endpoint)
    server.close()
