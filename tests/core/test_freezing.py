"""What is put away comes back as it was, and bytes that are nothing of ours come to nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from fleet.core import Disc, Freezer, FreezingError, Pose, RoverId, stream
from fleet.messages import FollowPath, Heartbeat, Message, encode, read_message

_ROOMS = ("fleet.core", "fleet.messages", __name__)
_PLAIN = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary()
)
_KEYS = (
    st.integers(-9, 9) | st.text(max_size=3) | st.builds(Disc, x=st.just(1.0), y=st.floats(0, 1), radius=st.just(2.0))
)
_STATES = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(_KEYS, inner)
        | st.sets(_KEYS)
        | st.frozensets(_KEYS)
        | st.lists(inner).map(deque)
    ),
    max_leaves=20,
)


def _freezer(**anchors: object) -> Freezer:
    return Freezer(rooms=_ROOMS, anchors=anchors)


def _again(root: Any, **anchors: object) -> Any:
    return _freezer(**anchors).thaw(_freezer(**anchors).freeze(root))


class _Knot:
    """Refers to itself, by way of all kinds of things."""

    def __init__(self) -> None:
        self.others = [self]
        self.pair = (self, "it")
        self.by_name = {"me": self}
        self.ask = self.answer
        self.log: list[str] = []

    def answer(self) -> str:
        self.log.append("asked")
        return "heard"


@dataclass(frozen=True, slots=True)
class _Slotted:
    name: str
    inner: tuple[int, ...] = field(default=(), repr=False)


class _WithAnEnd:
    def __del__(self) -> None:
        raise AssertionError("was made anew and thrown away")


@given(_STATES)
def test_plain_state_comes_back_as_it_was(state: Any) -> None:
    again = _again(state)

    assert again == state
    assert type(again) is type(state)


def test_what_is_one_stays_one_and_circles_stay_circles() -> None:
    knot, shared = _Knot(), [1]

    again, first, second = _again((knot, shared, shared))

    assert again is not knot
    assert first is second
    assert again.others[0] is again.pair[0] is again.by_name["me"] is again
    assert (again.ask(), again.log, knot.log) == ("heard", ["asked"], [])


def test_streams_arrays_shapes_and_structs_go_on() -> None:
    rng, array = stream(7, "r1"), np.arange(6.0).reshape(2, 3)
    array.flags.writeable = False
    command = FollowPath(path=((0.0, 1.0), (2.5, 3.0)))
    said = read_message(encode(Message(tick=1, sender=RoverId("r1"), seq=2, to=RoverId("r2"), body=Heartbeat(epoch=3))))
    state = (
        rng,
        array,
        np.float64(0.1),
        Point(1.0, 2.0),
        command,
        said,
        _Slotted("a", (1, 2)),
        Pose(x=1, y=2, heading=0),
    )

    again = _again(state)

    assert again[0].random() == rng.random()
    assert (again[1] == array).all()
    assert not again[1].flags.writeable
    assert again[2:] == state[2:]


def test_what_is_the_same_in_every_run_is_named_and_not_put_away() -> None:
    ground, other = object(), object()
    data = _freezer(ground=ground).freeze([ground, ground])

    assert _freezer(ground=other).thaw(data) == [other, other]


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        ({"at": [Freezer]}, r"dict\[1\]\.list\[0\]: fleet\.core\.freezing\.Freezer is not of other"),
        ({"do": [lambda: 1]}, r"dict\[1\]\.list\[0\]: builtins\.function is not of"),
        ({"n": 2**70}, "64 bits"),
        ({"do": [open]}, "builtin"),
    ],
)
def test_what_cannot_be_put_away_is_named_with_the_way_to_it(state: Any, fact: str) -> None:
    with pytest.raises(FreezingError, match=fact):
        Freezer(rooms=("other",), anchors={}).freeze(state)


def _rows(*rows: tuple[str, Any, list[Any]]) -> bytes:
    return msgspec.msgpack.encode((rows, [len(rows) - 1]))


@pytest.mark.parametrize(
    "data",
    [
        _rows(("object", ["subprocess:Popen", []], [])),
        _rows(("object", ["fleet.bus.zeromq:ZmqHubBus", []], [])),
        _rows(("object", [f"{__name__}:_WithAnEnd", []], [])),
        _rows(("object", ["fleet.core.freezing:sys", []], [])),
        _rows(("object", ["fleet.core.not_loaded:Thing", []], [])),
        _rows(("class", f"{__name__}:_Knot", []), ("object", [f"{__name__}:_Slotted", ["__class__"]], [[0]])),
        _rows(("object", ["fleet.core.geometry:Disc", []], []), ("method", "__init__", [[0]])),
        _rows(("class", "fleet.core.freezing:Freezer.freeze", [])),
        _rows(("struct", "fleet.messages.wire:Hello", [1])),
        _rows(("list", None, [[7]])),
        _rows(("tuple", None, [[0]])),
        _rows(("array", ["<f8", [1 << 40], b"", True], [])),
        _rows(("array", ["O", [1], b"12345678", True], [])),
        _rows(("shape", b"no", [])),
        _rows(("anchor", "ground", [])),
        _rows(("whatever", None, [])),
        b"",
        b"\x91" * 100_000,
    ],
)
def test_bytes_that_name_what_is_not_ours_come_to_nothing(data: bytes) -> None:
    with pytest.raises(FreezingError):
        _freezer().thaw(data)


@given(st.binary(max_size=60), st.integers(0, 200))
def test_bent_bytes_come_to_nothing_or_to_state(more: bytes, place: int) -> None:
    data = _freezer().freeze({"a": [1, (2, Disc(x=0, y=1, radius=2))], "b": _Slotted("x")})
    bent = data[: place % len(data)] + more + data[place % len(data) + len(more) :]

    try:
        _freezer().thaw(bent)
    except FreezingError:
        return
