"""Bare pyzmq: one ROUTER, one DEALER a process, and nothing else of any framework."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import ExitStack
from itertools import cycle

import msgspec
import zmq

from fleet.bus import LOOPBACK, private_ipc
from fleet.core import WallClock
from fleet.messages import Answer, Ask, SealedAnswer, SealedAsk, encode
from sim.bench.lockstep.course import Course, Traffic, read_traffic
from sim.bench.lockstep.laps import LONGEST, Laps, start

_MORE = int(zmq.SNDMORE)
_PATIENCE = int(LONGEST * 1000.0)


def _answer(endpoint: str, name: bytes, sizes: list[int]) -> None:
    """Answer everything with so many bytes."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        _open(socket, endpoint, name)
        answers = cycle([bytes(size) for size in sizes])
        socket.send(b"hello")
        while socket.recv():
            socket.send(next(answers))


def _decide(endpoint: str, name: bytes, agents: range, data: bytes) -> None:
    """Answer asks for several agents with our codec."""
    traffic = read_traffic(data)
    answers = cycle(list(zip(*map(traffic.answers_of, agents), strict=True)))
    del traffic
    decode = msgspec.msgpack.Decoder(Ask).decode
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        _open(socket, endpoint, name)
        _settle()
        socket.send(b"hello")
        while said := socket.recv():
            socket.send(encode(Answer(tick=decode(said).tick, answers=next(answers))))


def _open(socket: zmq.Socket[bytes], endpoint: str, name: bytes) -> None:
    socket.linger = 0
    socket.setsockopt(zmq.ROUTING_ID, name)
    socket.setsockopt(zmq.RCVTIMEO, _PATIENCE)
    socket.connect(endpoint)


def _settle() -> None:
    gc.collect()
    gc.freeze()
    gc.disable()


def drive(laps: Laps, course: Course, data: bytes) -> None:
    """Exchange bytes: as many as our frames have, or, where a process has several agents, the very frames."""
    clock = WallClock()
    traffic = read_traffic(data)
    is_alone = course.processes == course.agents
    names = [f"{index:04d}".encode() for index in range(course.processes)]
    with ExitStack() as stack:
        endpoint = LOOPBACK if course.transport == "tcp" else stack.enter_context(private_ipc())
        context = stack.enter_context(zmq.Context())
        socket = stack.enter_context(context.socket(zmq.ROUTER))
        socket.linger = 500
        socket.setsockopt(zmq.RCVTIMEO, _PATIENCE)
        socket.bind(endpoint)
        endpoint = socket.getsockopt_string(zmq.LAST_ENDPOINT)
        for name, share in zip(names, course.shares, strict=True):
            if is_alone:
                start(_answer, endpoint, name, traffic.answer_sizes(share[0]), daemon=True)
            else:
                start(_decide, endpoint, name, share, data, daemon=True)
        for _ in names:
            socket.recv_multipart()
        exchange = (_bytes if is_alone else _batches)(socket, names, course, traffic)
        _settle()
        for exchanges in laps:
            begun = clock.now()
            exchange(exchanges)
            laps.took(clock.now() - begun)
        for name in names:
            socket.send_multipart([name, b""])


def _bytes(socket: zmq.Socket[bytes], names: list[bytes], course: Course, traffic: Traffic) -> Callable[[int], None]:
    sizes = zip(*map(traffic.ask_sizes, range(course.agents)), strict=True)
    rounds = cycle([[(name, bytes(size)) for name, size in zip(names, row, strict=True)] for row in sizes])
    send, receive = socket.send, socket.recv

    def exchange(count: int) -> None:
        for _ in range(count):
            for name, frame in next(rounds):
                send(name, _MORE)
                send(frame)
            for _ in names:
                receive()
                receive()

    return exchange


def _batches(socket: zmq.Socket[bytes], names: list[bytes], course: Course, traffic: Traffic) -> Callable[[int], None]:
    shares = [list(zip(*map(traffic.asks_of, share), strict=True)) for share in course.shares]
    rounds = cycle([list(zip(names, row, strict=True)) for row in zip(*shares, strict=True)])
    send, receive = socket.send, socket.recv
    decode = msgspec.msgpack.Decoder(SealedAnswer).decode

    def exchange(count: int) -> None:
        for tick in range(count):
            for name, asks in next(rounds):
                send(name, _MORE)
                send(encode(SealedAsk(tick=tick, asks=asks)))
            for _ in names:
                receive()
                decode(receive())

    return exchange
