"""The bytes on the wire, fixed: whoever changes them breaks every agent that others wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fleet.core import MessageError
from fleet.messages import (
    Body,
    Command,
    Event,
    FromMind,
    FromNode,
    Message,
    encode,
    open_body,
    read_from_host,
    read_from_hub,
    read_message,
    to_mind,
)
from fleet.messages.codec import Decoder
from fleet.messages.named import from_named, named
from fleet.messages.schema import LOCKSTEP

ValuesOf = Callable[[Any], st.SearchStrategy[Any]]

GOLDEN: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("golden_bytes.json").read_text("utf-8"))
KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        *(get_args(Body) + get_args(Command) + get_args(Event)),
        Message,
        *LOCKSTEP,
    )
}
# What travels as maps, all of it.
OF_MINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(FromNode) + get_args(FromMind)}


def test_every_kind_of_message_has_its_golden_bytes() -> None:
    assert set(GOLDEN) == set(KINDS) | set(OF_MINDS)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_message_is_written_as_ever(name: str) -> None:
    value = from_named(KINDS[name], GOLDEN[name]["named"])

    assert encode(value).hex() == GOLDEN[name]["wire"]


@pytest.mark.parametrize("name", sorted(OF_MINDS))
def test_what_node_and_mind_say_is_written_and_read_as_ever(name: str) -> None:
    wire = bytes.fromhex(GOLDEN[name]["wire"])
    read: Any = msgspec.msgpack.decode(wire)

    value = from_named(OF_MINDS[name], read)

    assert to_mind(value) == wire
    assert json.loads(json.dumps(named(value))) == GOLDEN[name]["named"]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_bytes_of_ever_are_read_as_ever(name: str) -> None:
    value: Any = Decoder[Any](KINDS[name]).decode(bytes.fromhex(GOLDEN[name]["wire"]))

    assert json.loads(json.dumps(named(value))) == GOLDEN[name]["named"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_written_reads_back_as_the_same_value(kind: Any, values_of: ValuesOf, data: st.DataObject) -> None:
    value = data.draw(values_of(kind))

    assert Decoder[Any](kind).decode(encode(value)) == value


def _cut_or_bent(wire: str) -> st.SearchStrategy[bytes]:
    data = bytes.fromhex(wire)
    places = st.integers(0, len(data) - 1)
    cut = places.map(lambda place: data[:place])
    bent = st.tuples(places, st.integers(0, 255)).map(
        lambda change: data[: change[0]] + bytes([change[1]]) + data[change[0] + 1 :]
    )
    return cut | bent


@settings(max_examples=400, deadline=None)
@given(
    st.binary(max_size=80) | st.sampled_from(sorted(GOLDEN)).flatmap(lambda name: _cut_or_bent(GOLDEN[name]["wire"]))
)
@example(b"\x91" * 100_000)
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\xc6\xff\xff\xff\xff")
@example(b"\x92\xa5Bids\x01")
def test_hostile_bytes_give_a_message_error_or_a_value(data: bytes) -> None:
    def from_host(data: bytes) -> Any:
        return read_from_host(data, "h")

    def body(data: bytes) -> Any:
        return open_body(data, "r1")

    for read in (from_host, body, read_from_hub, read_message):
        try:
            read(data)
        except MessageError:
            continue


def test_a_peer_that_sends_nonsense_is_named() -> None:
    with pytest.raises(MessageError, match="r7"):
        open_body(b"\xc1", "r7")
