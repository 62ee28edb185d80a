"""What rovers say is signed from end to end: whoever carries it can change nothing, and say nothing twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.bus import Notary, sealed
from fleet.core import EVERYONE, GROUND, Disc, RoverId, TaskId
from fleet.messages import Body, Bulletin, Halt, Holding, Letter, Message, Pledge, SealedMessage, TaskReport

A, B, C = RoverId("a"), RoverId("b"), RoverId("c")
SAID = Message(tick=7, sender=A, seq=3, to=B, body=TaskReport(task="t", state="done"))  # type: ignore[arg-type]


def _pair() -> tuple[Notary, Notary]:
    sender, receiver = Notary(), Notary()
    for notary in (sender, receiver):
        notary.know(b"run", [(A, sender.public), (B, receiver.public)])
    return sender, receiver


def test_what_is_signed_is_taken_once() -> None:
    sender, receiver = _pair()
    signature = sender.sign(sealed(SAID))

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
    signature = sender.sign(sealed(SAID))

    changed = sealed(msgspec.structs.replace(SAID, **change))

    assert receiver.fault(B, changed, signature) == "is not as its sender signed it"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80))
def test_no_other_bytes_are_a_signature(signature: bytes) -> None:
    _, receiver = _pair()

    assert receiver.fault(B, sealed(SAID), signature) in ("is not signed", "is not as its sender signed it")


def test_a_message_of_another_run_does_not_count_though_the_key_is_the_same() -> None:
    sender, receiver = _pair()
    signature = sender.sign(sealed(SAID))
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


GROUND_KEY = Notary()
ORDER = Bulletin(version=4, halts=(Halt(rover=A, by=GROUND, since=3),))
LETTER = Letter(origin=A, number=1, to=(B, C), said=3, body=TaskReport(task=TaskId("t"), state="done"))


def _pledge(order: Bulletin) -> Pledge:
    holding = Holding(plan=1, start=Disc(x=0.0, y=0.0, radius=1.0))
    return Pledge(epoch=2, holding=holding, claims=(), notes=(), bulletin=order)


def _three() -> tuple[Notary, Notary, Notary]:
    notaries = (Notary(), Notary(), Notary())
    signers = [(rover, notary.public) for rover, notary in zip((A, B, C), notaries, strict=True)]
    for notary in (*notaries, GROUND_KEY):
        notary.know(b"run", [*signers, (RoverId(GROUND), GROUND_KEY.public)])
    return notaries


def _says(sender: RoverId, body: Body, seq: int = 1, tick: int = 7) -> SealedMessage:
    return sealed(Message(tick=tick, sender=sender, seq=seq, to=RoverId(EVERYONE), body=body))


def test_an_order_is_passed_on_from_one_to_the_next_with_mission_controls_own_signature() -> None:
    a, b, c = _three()
    told = a.lie(ORDER, GROUND_KEY.order(ORDER))
    first, second = _says(A, ORDER), _says(B, _pledge(ORDER))

    heard = b.fault(B, first, a.sign(first))
    heard_of = c.fault(C, second, b.sign(second))

    assert (told, heard, heard_of) == ("", "", "")


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(Bulletin(version=9), id="made-up"),
        pytest.param(Bulletin(version=5, halts=ORDER.halts), id="other-version"),
        pytest.param(Bulletin(version=4), id="other-content"),
    ],
)
@pytest.mark.parametrize("is_own", [True, False], ids=["signed-by-its-carrier", "with-the-signature-of-another"])
def test_nobody_orders_in_the_name_of_mission_control(order: Bulletin, *, is_own: bool) -> None:
    a, b, _ = _three()
    for body in (order, _pledge(order)):
        said = _says(A, body)
        signature = a.sign(said) + (a if is_own else GROUND_KEY).order(order if is_own else ORDER)

        assert b.fault(B, said, signature) == "passes on an order that ground did not sign"
    assert b.lie(order, a.order(order)) == "passes on an order that ground did not sign"


def test_an_order_of_another_run_is_none_here_though_the_key_is_the_same() -> None:
    a, b, _ = _three()
    GROUND_KEY.know(b"another run", [])
    replayed = GROUND_KEY.order(ORDER)
    said = _says(A, ORDER)

    assert b.fault(B, said, a.sign(said) + replayed) == "passes on an order that ground did not sign"


def test_a_letter_is_its_authors_whoever_carries_it_and_to_whom_is_left() -> None:
    a, b, c = _three()
    written = _says(A, LETTER)
    carried = _says(B, msgspec.structs.replace(LETTER, to=(C,)), tick=99)

    heard = b.fault(B, written, a.sign(written))
    brought = c.fault(C, carried, b.sign(carried))

    assert (heard, brought) == ("", "")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"origin": C}, id="author"),
        pytest.param({"number": 2}, id="number"),
        pytest.param({"said": 4}, id="time"),
        pytest.param({"body": TaskReport(task=TaskId("t"), state="failed")}, id="content"),
    ],
)
def test_nobody_who_carries_a_letter_can_change_it(change: dict[str, Any]) -> None:
    a, b, c = _three()
    written = _says(A, LETTER)
    b.fault(B, written, a.sign(written))
    changed = msgspec.structs.replace(LETTER, **change)
    carried = _says(B, changed)

    fact = c.fault(C, carried, b.sign(carried) + a.sign(written)[-64:])

    assert fact == f"passes on a letter that {changed.origin} did not sign"


def test_who_does_not_sign_itself_passes_on_what_others_signed_and_nothing_else() -> None:
    a, b, c = _three()
    c.know(b"run", [(A, a.public), (RoverId(GROUND), GROUND_KEY.public)])
    written = _says(A, LETTER)
    b.fault(B, written, a.sign(written))
    carried, made_up = _says(B, LETTER), _says(B, Bulletin(version=9), seq=2)

    assert c.fault(C, carried, b.sign(carried)) == ""
    assert c.fault(C, made_up, b.sign(made_up)) == "passes on an order that ground did not sign"


def test_what_comes_out_of_a_recording_is_taken_as_it_comes_and_passed_on_with_a_new_signature() -> None:
    _, b, c = _three()
    for notary in (b, c):
        notary.know(b"run", [(B, b.public), (RoverId(GROUND), GROUND_KEY.public)], past=7)
    said, again = _says(A, ORDER), _says(B, ORDER, tick=8)
    stale = bytes(128)

    on_air = c.forgery(said, stale)
    heard = b.fault(B, said, GROUND_KEY.renewed(said, stale))
    passed_on = c.fault(C, again, b.sign(again))

    assert (on_air, heard, passed_on) == ("", "", "")
    assert c.forgery(again, b.sign(again)[:64] + bytes(64)) == "passes on an order that ground did not sign"
