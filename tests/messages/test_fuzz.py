"""Whatever comes, a decoder gives a value or refuses it, in bounded memory; with `MOONFLEET_FUZZ=N`, for N examples."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.bus import Reply
from fleet.bus.control import Request
from fleet.core import MessageError, Pose, RoverId
from fleet.messages import (
    Answer,
    Ask,
    Goodbye,
    Hello,
    Message,
    Observation,
    Ready,
    RoverAnswer,
    RoverAsk,
    Stop,
    Telemetry,
    encode,
    open_body,
    read_command,
    read_from_host,
    read_from_hub,
    read_from_mind,
    read_message,
)
from fleet.messages.codec import Decoder

POSE = Pose(x=1.0, y=2.0, heading=0.5)
TELEMETRY = Telemetry(pose=POSE, battery=0.5, activity="idle")
MESSAGE = Message(tick=1, sender=RoverId("a"), seq=1, to=RoverId("b"), body=TELEMETRY)
SEEN = Observation(tick=3, pose=POSE, battery=1.0, light=1.0, power=0.0, activity="idle", payload=0.0, links=())
FRAMES = [
    encode(Ask(tick=3, asks=(RoverAsk(rover=RoverId("a"), observation=SEEN, inbox=(MESSAGE,)),))),
    encode(Answer(tick=3, answers=(RoverAnswer(rover=RoverId("a"), command=Stop(), outbox=(MESSAGE,), wake=9),))),
    encode(Hello(version=1, host="h")),
    encode(Ready(host="h")),
    encode(Goodbye()),
    encode(MESSAGE),
    encode(TELEMETRY),
    encode(Stop()),
    encode({"type": "decide", "number": 1, "command": {"type": "Charge", "source": "a"}, "outbox": [], "wake": 9}),
]
_REQUEST: Decoder[Any] = Decoder(Request)
_REPLY: Decoder[Any] = Decoder(Reply)
READERS: dict[str, Callable[[bytes], Any]] = {
    "from hub": read_from_hub,
    "from host": lambda data: read_from_host(data, "h"),
    "body": lambda data: open_body(data, "a"),
    "message": read_message,
    "command": lambda data: read_command(data, "a"),
    "request": lambda data: _REQUEST.decode(data, "client"),
    "mind": lambda data: read_from_mind(data, "m"),
    "reply": lambda data: _REPLY.decode(data, "server"),
}

_plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
_tree = st.recursive(_plain, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner))


@st.composite
def _spoilt(draw: st.DrawFn) -> bytes:
    """Give a good frame of which something was cut out, put in or changed."""
    data = bytearray(draw(st.sampled_from(FRAMES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


@settings(max_examples=int(os.environ.get("MOONFLEET_FUZZ", "150")), deadline=None)
@given(data=st.binary(max_size=80) | _tree.map(msgspec.msgpack.encode) | _spoilt())
def test_every_reader_gives_a_value_or_refuses(data: bytes) -> None:
    for read in READERS.values():
        try:
            value = read(data)
        except MessageError:
            continue
        assert isinstance(value, msgspec.Struct)


DEEP = b"\x91" * 1_000_000
BOMBS = {
    "deep": DEEP,
    "deep map": b"\x81\xa1x" * 300_000,
    "deep in an answer": b"\x93\xa6answer\x01" + DEEP,
    "deep in a message": b"\x93\xa6answer\x01\x91\x95\xa1a\xc0\x91\x95\x01\xa1a\x01\xa1b" + DEEP,
    "array of 4 billion": b"\xdd\xff\xff\xff\xff",
    "answers of 4 billion": b"\x93\xa6answer\x01\xdd\xff\xff\xff\xff\xc0",
    "map of 4 billion": b"\xdf\xff\xff\xff\xff\xa1x",
    "text of 4 billion": b"\xdb\xff\xff\xff\xffx",
    "bytes of 4 billion": b"\xc6\xff\xff\xff\xffx",
    "extension of 4 billion": b"\xc9\xff\xff\xff\xff\x01x",
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_what_says_it_is_huge_or_deep_is_refused_and_takes_no_memory(data: bytes) -> None:
    for read in READERS.values():
        tracemalloc.start()
        try:
            with pytest.raises(MessageError):
                read(data)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert peak < 5_000_000
