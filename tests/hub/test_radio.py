"""Who hears what, when and in which order."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import EVERYONE, MessageError, RoverId
from fleet.messages import SealedMessage, TaskReport, encode
from sim.hub import Radio
from sim.hub.radio import TravelTimes

A, B, C = RoverId("a"), RoverId("b"), RoverId("c")
BODY = msgspec.Raw(encode(TaskReport(task="t", state="done")))  # type: ignore[arg-type]


def said(sender: str, seq: int, *, tick: int = 0, to: str = EVERYONE, quiet: bool = False) -> SealedMessage:
    return SealedMessage(tick=tick, sender=RoverId(sender), seq=seq, to=RoverId(to), body=BODY, quiet=quiet)


def taking(table: dict[tuple[str, str], int | None]) -> TravelTimes:
    """Return ways that take so many seconds; one where the table has no entry, for ever where it has None."""

    def times(sender: RoverId, size: int) -> dict[RoverId, float]:
        seconds = {rover: table.get((sender, rover), 1) for rover in (A, B, C)}
        return {rover: float(time) for rover, time in seconds.items() if time is not None}

    return times


def radio_over(hops: dict[tuple[str, str], int | None] | None = None, loss: float = 0.0, seed: int = 1) -> Radio:
    return Radio((A, B, C), taking(hops or {}), dt=1.0, seed=seed, loss=loss)


def test_what_is_said_to_everyone_is_heard_by_all_others_one_tick_later() -> None:
    entry = radio_over().say(5, A, said("a", 0, tick=5))

    assert entry.heard == ((B, 6), (C, 6))
    assert entry.lost == ()


def test_a_slow_way_takes_its_time_and_who_is_out_of_reach_hears_nothing() -> None:
    radio = radio_over({("a", "b"): 3, ("a", "c"): None})

    entry = radio.say(0, A, said("a", 0))

    assert entry.heard == ((B, 3),)
    assert entry.lost == (C,)
    assert (radio.sent, radio.delivered, radio.lost) == (1, 1, 1)


def test_what_a_rover_says_to_itself_it_hears_in_the_next_tick_without_radio() -> None:
    entry = radio_over({("a", "a"): None}, loss=1.0).say(0, A, said("a", 0, to="a"))

    assert entry.heard == ((A, 1),)


def test_nothing_is_heard_before_it_arrives() -> None:
    radio = radio_over({("a", "b"): 3})
    radio.say(0, A, said("a", 0, to="b"))

    assert radio.take_inbox(B, 2)[0] == ()
    assert [message.seq for message in radio.take_inbox(B, 3)[0]] == [0]
    assert radio.take_inbox(B, 4)[0] == ()


def test_a_quiet_message_waits_and_has_nobody_asked() -> None:
    radio = radio_over()
    radio.say(0, A, said("a", 0, quiet=True))

    assert radio.next_due() is None
    assert len(radio.take_inbox(B, 1)[0]) == 1


def test_a_message_that_is_not_quiet_has_its_receiver_asked_when_it_arrives() -> None:
    radio = radio_over({("a", "b"): 4})
    radio.say(0, A, said("a", 0, to="b"))

    assert radio.next_due() == 4
    assert radio.take_due(3) == []
    assert radio.take_due(4) == [B]


def test_for_a_rover_that_is_not_asked_again_nothing_is_kept() -> None:
    radio = radio_over()
    radio.forget(B)

    entry = radio.say(0, A, said("a", 0, to="b"))

    assert entry.heard == ((B, 1),)
    assert radio.next_due() is None


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        pytest.param(said("b", 0), "claims to be 'b'", id="other sender"),
        pytest.param(said("a", 0, tick=3), "claims to speak in tick 3", id="other tick"),
        pytest.param(said("a", 0, to="z"), "there is no rover 'z' to speak to", id="nobody"),
        pytest.param(
            msgspec.structs.replace(said("a", 0), body=msgspec.Raw(b"\x93\x01\x02\x03")), "`str`", id="junk body"
        ),
        pytest.param(msgspec.structs.replace(said("a", 0), body=msgspec.Raw(b"\xc1")), "malformed", id="no body"),
    ],
)
def test_an_illegal_message_is_refused_naming_the_sender(message: SealedMessage, fact: str) -> None:
    radio = radio_over()

    with pytest.raises(MessageError, match=fact) as caught:
        radio.say(0, A, message)

    assert caught.value.sender == "a"
    assert radio.sent == 0


def test_a_number_that_was_used_is_refused() -> None:
    radio = radio_over()
    radio.say(0, A, said("a", 4))

    with pytest.raises(MessageError, match="number 4 does not come after 4"):
        radio.say(0, A, said("a", 4))


@settings(max_examples=60, deadline=None)
@given(
    hops=st.dictionaries(st.sampled_from([("a", "c"), ("b", "c")]), st.integers(1, 5)),
    script=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=20),
    asked=st.lists(st.integers(1, 80), max_size=5),
)
def test_every_inbox_is_in_order_and_nothing_is_heard_twice_or_lost(
    hops: dict[tuple[str, str], int | None], script: list[tuple[str, int]], asked: list[int]
) -> None:
    radio, tick, seqs, total = radio_over(hops), 0, {"a": 0, "b": 0}, 0
    for sender, pause in script:
        tick += pause
        radio.say(tick, RoverId(sender), said(sender, seqs[sender], tick=tick, to="c"))
        seqs[sender] += 1
        total += 1

    inboxes = [radio.take_inbox(C, at)[0] for at in [*sorted(asked), 1000]]

    keys = [[(message.tick, message.sender, message.seq) for message in inbox] for inbox in inboxes]
    assert all(inbox == sorted(inbox) for inbox in keys)
    flat = [key for inbox in keys for key in inbox]
    assert len(flat) == len(set(flat)) == total


def test_loss_takes_its_share() -> None:
    radio = radio_over(loss=0.25)

    for seq in range(1000):
        radio.say(0, A, said("a", seq, to="b"))

    assert 0.2 < radio.lost / radio.sent < 0.3


def test_what_one_pair_loses_does_not_depend_on_the_others() -> None:
    alone, among = radio_over(loss=0.5), radio_over(loss=0.5)

    heard_alone = [alone.say(0, A, said("a", seq, to="b")).heard for seq in range(50)]
    heard_among = []
    for seq in range(50):
        among.say(0, C, said("c", seq))
        heard_among.append(among.say(0, A, said("a", seq, to="b")).heard)

    assert heard_alone == heard_among


def test_chance_does_not_depend_on_who_was_in_reach() -> None:
    table: dict[tuple[str, str], int | None] = {("a", "b"): None}
    moving = Radio((A, B), taking(table), dt=1.0, seed=1, loss=0.5)
    near = Radio((A, B), taking({}), dt=1.0, seed=1, loss=0.5)
    for seq in range(20):
        moving.say(0, A, said("a", seq))
        near.say(0, A, said("a", seq))
    table.clear()

    again = [(moving.say(0, A, said("a", seq)).heard, near.say(0, A, said("a", seq)).heard) for seq in range(20, 60)]

    assert all(one == other for one, other in again)
