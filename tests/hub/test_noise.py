"""Faults of the air: nothing is made up, what comes twice is the same, and late words keep their order."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.core import EVERYONE, RoverId
from fleet.messages import SealedMessage, TaskReport, encode
from sim.hub import Radio
from sim.scenario.fault import (
    Fault,
    MessageCorruption,
    MessageDelay,
    MessageDuplication,
    MessageLoss,
)

ROVERS = (RoverId("a"), RoverId("b"), RoverId("c"))
A, B, C = ROVERS
BODY = msgspec.Raw(encode(TaskReport(task="t", state="done")))  # type: ignore[arg-type]

_shares = st.sampled_from([0.1, 0.5, 1.0])
_times = st.sampled_from([0.0, 0.4, 3.0, 30.0])
_whom = st.sampled_from([(), (A,), (B, C)])
_faults = st.lists(
    st.one_of(
        st.builds(MessageLoss, id=st.just(""), begin=st.just(0), end=st.none(), share=_shares, rovers=_whom),
        st.builds(MessageCorruption, id=st.just(""), begin=st.just(0), end=st.none(), share=_shares, rovers=_whom),
        *(
            st.builds(
                kind,
                id=st.just(""),
                begin=st.just(0),
                end=st.none(),
                share=_shares,
                rovers=_whom,
                delay=_times,
                spread=_times,
            )
            for kind in (MessageDelay, MessageDuplication)
        ),
    ),
    max_size=4,
).map(lambda faults: [msgspec.structs.replace(fault, id=f"f{n}") for n, fault in enumerate(faults)])
_words = st.lists(st.tuples(st.sampled_from(ROVERS), st.sampled_from([*ROVERS, EVERYONE]), st.integers(0, 5)))


def _radio(faults: list[Fault], seed: int = 1, dt: float = 1.0) -> Radio:
    radio = Radio(ROVERS, lambda sender, size: dict.fromkeys(ROVERS, 0.5), dt=dt, seed=seed, loss=0.0)
    radio.suffer(faults)
    return radio


def _said(tick: int, sender: RoverId, seq: int, to: str = EVERYONE) -> SealedMessage:
    return SealedMessage(tick=tick, sender=sender, seq=seq, to=RoverId(to), body=BODY)


@settings(max_examples=200, deadline=None)
@given(faults=_faults, words=_words, seed=st.integers(0, 9))
def test_whatever_goes_wrong_words_are_heard_unchanged_by_whom_they_are_for_and_later_than_said(
    faults: list[Fault], words: list[tuple[RoverId, RoverId, int]], seed: int
) -> None:
    radio = _radio(faults, seed)
    tick, said = 0, []
    for seq, (sender, to, later) in enumerate(words):
        tick += later
        message = _said(tick, sender, seq, to)
        entry = radio.say(tick, sender, message)
        said.append(message)
        meant = [rover for rover in ROVERS if rover != sender] if to == EVERYONE else [to]
        assert {*(rover for rover, _ in entry.heard), *entry.lost} == set(meant)
        assert not {rover for rover, _ in entry.heard} & set(entry.lost)
        assert all(due > tick for _, due in entry.heard)

    for rover in ROVERS:
        heard = radio.take_inbox(rover, tick + 1000)[0]
        assert all(message in said for message in heard)
        assert all(message.to in (rover, EVERYONE) for message in heard)
        order = [(message.tick, message.sender, message.seq) for message in heard]
        assert order == sorted(order)


@given(faults=_faults, words=_words)
def test_one_seed_gives_the_same_ways_for_all_words(
    faults: list[Fault], words: list[tuple[RoverId, RoverId, int]]
) -> None:
    one, other = _radio(faults), _radio(faults)

    for tick, (sender, to, _) in enumerate(words):
        message = _said(tick, sender, tick, to)
        assert one.say(tick, sender, message) == other.say(tick, sender, message)


def test_a_share_of_words_is_lost_and_no_other_pair_of_rovers_is_concerned() -> None:
    fault = MessageLoss(id="l", begin=0, end=None, share=0.25, rovers=(C,))
    radio = _radio([fault])

    entries = [radio.say(tick, A, _said(tick, A, tick)) for tick in range(2000)]

    lost = [entry.lost for entry in entries]
    assert set(lost) == {(), (C,)}
    assert 400 < lost.count((C,)) < 600


def test_late_words_come_so_much_later_and_may_be_overtaken() -> None:
    fault = MessageDelay(id="d", begin=0, end=None, share=0.5, delay=10.0, spread=10.0)
    radio = _radio([fault], dt=2.0)

    late = [due - tick - 1 for tick in range(200) for _, due in radio.say(tick, A, _said(tick, A, tick, B)).heard]

    assert set(late) == {0, 6, 7, 8, 9, 10}
    assert 60 < late.count(0) < 140


def test_doubled_words_come_once_in_time_and_once_later() -> None:
    fault = MessageDuplication(id="d", begin=0, end=None, share=1.0, delay=4.0, spread=0.0)

    entry = _radio([fault]).say(0, A, _said(0, A, 0, B))

    assert entry.heard == ((B, 1), (B, 5))


def test_a_rover_hears_itself_whatever_the_air_is_like() -> None:
    fault = MessageLoss(id="l", begin=0, end=None, share=1.0)

    assert _radio([fault]).say(0, A, _said(0, A, 0, A)).heard == ((A, 1),)


def test_when_it_is_over_words_are_heard_again() -> None:
    radio = _radio([MessageLoss(id="l", begin=0, end=None, share=1.0)])
    radio.suffer([])

    assert radio.say(0, A, _said(0, A, 0, B)).heard == ((B, 1),)
