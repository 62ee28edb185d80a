"""Gossip: all come to know all, and then are silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.core import Rng, RoverId, TaskId, stream
from fleet.messages import MOST_MARKS, MOST_RECORDS, Offer, Outcome
from fleet.tasks.agreement import Gossiper

NAMES = [RoverId(f"r{number}") for number in range(5)]


def _done(number: int) -> Outcome:
    return Outcome(task=TaskId(f"t{number:03}"), state="done", rover=NAMES[0], tick=number)


def _talk(minds: dict[RoverId, Gossiper], links: dict[RoverId, list[RoverId]], rng: Rng, loss: float) -> int:
    """Let all speak once; return how many did."""
    said = [(name, word) for name in minds if (word := minds[name].say(links[name])) is not None]
    heard = [(name, other, word) for name, word in said for other in links[name] if rng.random() >= loss]
    rng.shuffle(heard)
    for name, other, word in (*heard, *heard[: len(heard) // 3]):  # Some twice.
        minds[other].hear(name, word)
    return len(said)


@pytest.mark.parametrize("loss", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_all_know_all_in_the_end_and_say_no_more(loss: float, seed: int) -> None:
    rng = stream(seed, "gossip")
    minds = {name: Gossiper(name, NAMES) for name in NAMES}
    ring = {name: [NAMES[at - 1], NAMES[(at + 1) % 5]] for at, name in enumerate(NAMES)}
    for number in range(100):
        minds[NAMES[rng.randrange(5)]].write(_done(number))

    rounds = next(round_ for round_ in range(400) if _talk(minds, ring, rng, loss) == 0)

    assert rounds > 0
    assert {mind.knowledge.fingerprint() for mind in minds.values()} == {minds[NAMES[0]].knowledge.fingerprint()}
    assert len(minds[NAMES[0]].knowledge) == 100


@given(st.integers(1, 300), st.integers(0, 3))
def test_no_word_is_longer_than_it_may_be(records: int, others: int) -> None:
    mind, other = Gossiper(NAMES[0], NAMES), Gossiper(NAMES[1], NAMES)
    for number in range(records):
        mind.write(_done(number))

    words = [mind.say(NAMES[1 : 2 + others]) for _ in range(4)]
    for word in words:
        other.hear(NAMES[0], word) if word else None
    answer = other.say([NAMES[0]])

    assert all(word is not None and 0 < len(word.records) <= MOST_RECORDS for word in words)
    assert answer is not None
    assert len(answer.marks) <= MOST_MARKS


def test_who_comes_into_reach_again_is_told_what_changed_and_no_more() -> None:
    a, b = Gossiper(NAMES[0], NAMES), Gossiper(NAMES[1], NAMES)
    for number in range(20):
        a.write(_done(number))
    while a.owes([NAMES[1]]) or b.owes([NAMES[0]]):
        for one, other, sender, to in ((a, b, NAMES[0], NAMES[1]), (b, a, NAMES[1], NAMES[0])):
            word = one.say([to])
            other.hear(sender, word) if word else None

    a.write(_done(99))
    word = a.say([NAMES[1]])

    assert word is not None
    assert [record.task for record in word.records if isinstance(record, Outcome)] == ["t099"]


def test_one_that_began_anew_is_told_everything() -> None:
    def offer(epoch: int) -> Offer:
        return Offer(rover=NAMES[1], epoch=epoch, version=1, until=9, place=(0.0, 0.0), ready=0)

    a, b = Gossiper(NAMES[0], NAMES), Gossiper(NAMES[1], NAMES)
    a.write(_done(1))
    b.write(offer(1))
    for _ in range(4):
        for one, other, sender, to in ((a, b, NAMES[0], NAMES[1]), (b, a, NAMES[1], NAMES[0])):
            word = one.say([to])
            other.hear(sender, word) if word else None
    assert not a.owes([NAMES[1]])

    reborn = Gossiper(NAMES[1], NAMES)
    reborn.write(offer(2))
    word = reborn.say([NAMES[0]])
    assert word is not None
    a.hear(NAMES[1], word)
    told = a.say([NAMES[1]])

    assert told is not None
    assert _done(1) in told.records


def test_a_stranger_is_not_heard() -> None:
    a = Gossiper(NAMES[0], NAMES[:2])
    stranger = Gossiper(NAMES[4], NAMES)
    stranger.write(_done(1))
    word = stranger.say([NAMES[0]])
    assert word is not None

    assert a.hear(NAMES[4], word) == []
    assert len(a.knowledge) == 0
