"""What rovers say is signed from end to end: whoever carries it can change nothing, and say nothing twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.bus import Notary, sealed
from fleet.core import EVERYONE, RoverId
from fleet.messages import Message, TaskReport

A, B = RoverId("a"), RoverId("b")
SAID = Message(tick=7, sender=A, seq=3, to=B, body=TaskReport(task="t", state="done"))  # type: ignore[arg-type]


def _pair() -> tuple[Notary, Notary]:
    sender, receiver = Notary(), Notary()
    for notary in (sender, receiver):
        notary.know(b"run", [(A, sender.public), (B, receiver.public)])
    return sender, receiver


def test_what_is_signed_is_taken_once() -> None:
    sender, receiver = _pair()
    signature = sender.sign(SAID)

    assert receiver.fault(B, sealed(SAID), signature) == ""
    assert receiver.fault(B, sealed(SAID), signature) == "was heard before"
    assert receiver.fault(RoverId("another of that host"), sealed(SAID), signature) == ""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"tick": 8}, id="tick"),
        pytest.param({"seq": 4}, id="number"),
        pytest.param({"to": EVERYONE}, id="addressee"),
        pytest.param({"sender": B}, id="stolen-id"),
        pytest.param({"quiet": True}, id="quiet"),
        pytest.param({"body": TaskReport(task="t", state="failed")}, id="body"),  # type: ignore[arg-type]
    ],
)
def test_nobody_who_carries_a_message_can_change_it(change: dict[str, Any]) -> None:
    sender, receiver = _pair()
    signature = sender.sign(SAID)

    changed = sealed(msgspec.structs.replace(SAID, **change))

    assert receiver.fault(B, changed, signature) == "is not as its sender signed it"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80))
def test_no_other_bytes_are_a_signature(signature: bytes) -> None:
    _, receiver = _pair()

    assert receiver.fault(B, sealed(SAID), signature) in ("is not signed", "is not as its sender signed it")


def test_a_message_of_another_run_does_not_count_though_the_key_is_the_same() -> None:
    sender, receiver = _pair()
    signature = sender.sign(SAID)
    receiver.know(b"another run", [(A, sender.public)])

    assert receiver.fault(B, sealed(SAID), signature) == "is not as its sender signed it"


def test_what_a_recording_knows_already_is_taken_as_it_comes() -> None:
    sender, receiver = _pair()
    receiver.know(b"run", [(A, sender.public)], 7)

    assert receiver.fault(B, sealed(SAID), b"old") == ""
    assert receiver.fault(B, sealed(msgspec.structs.replace(SAID, tick=8, seq=4)), b"old") != ""


def test_numbers_older_than_all_that_are_remembered_are_taken_for_said_again() -> None:
    sender, receiver = _pair()
    receiver.know(b"run", [(A, sender.public)], 1_000_000)

    for seq in range(10, 4200):
        assert receiver.fault(B, sealed(msgspec.structs.replace(SAID, seq=seq)), b"") == ""

    assert receiver.fault(B, sealed(msgspec.structs.replace(SAID, seq=9)), b"") == "was heard before"
