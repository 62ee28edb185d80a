"""What a leader gives is used when enough know of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fleet.core import Disc, MissionTime, RoverId
from fleet.messages import Claim, Holding, Witness, Witnessed
from fleet.runtime.witnesses import REPEAT, Witnesses
from fleet.traffic import Quorum

LEADER, TAKER, W1, W2, W3 = (RoverId(name) for name in ("leader", "taker", "w1", "w2", "w3"))
ALL = (LEADER, TAKER, W1, W2, W3)
CLAIM = Claim(rover=TAKER, holding=Holding(plan=1, start=Disc(x=0.0, y=0.0, radius=1.0)))


def _witnesses(may_miss: int) -> Witnesses:
    quorum = Quorum(members=frozenset(ALL), drivers=frozenset(ALL), may_miss=may_miss)
    return Witnesses(LEADER, 4, quorum, MissionTime(start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0))


@pytest.fixture
def witnesses() -> Witnesses:
    """Three of five must know."""
    return _witnesses(may_miss=2)


def test_giver_and_taker_are_enough_where_one_may_be_missing() -> None:
    assert _witnesses(may_miss=1).is_kept("plan", TAKER, claim=CLAIM)


def test_a_leader_that_takes_itself_needs_somebody_else() -> None:
    assert not _witnesses(may_miss=1).is_kept("plan", LEADER, claim=CLAIM)


def test_a_matter_is_kept_when_the_witness_has_said_so(witnesses: Witnesses) -> None:
    assert not witnesses.is_kept("plan", TAKER, claim=CLAIM)

    said, _ = witnesses.step(10, [TAKER, W1, W2])
    done = witnesses.heard(W1, Witnessed(epoch=4, number=1))

    assert said == [(W1, Witness(epoch=4, number=1, claim=CLAIM))]
    assert done == ["plan"]
    assert witnesses.is_kept("plan", TAKER, claim=CLAIM)


def test_who_has_no_vote_is_asked_nothing_and_does_not_count() -> None:
    quorum = Quorum(members=frozenset(ALL), drivers=frozenset(ALL), may_miss=1, voters=frozenset((TAKER, W1, W2)))
    witnesses = Witnesses(LEADER, 4, quorum, MissionTime(start=datetime(2029, 10, 20, tzinfo=UTC), dt=1.0))

    assert not witnesses.is_kept("plan", TAKER, claim=CLAIM)
    assert witnesses.step(10, [TAKER, W3])[0] == []
    assert [rover for rover, _ in witnesses.step(20, [TAKER, W2, W3])[0]] == [W2]


def test_who_does_not_answer_is_asked_after_the_others(witnesses: Witnesses) -> None:
    witnesses.is_kept("plan", TAKER, claim=CLAIM)

    tick, asked = 10, []
    for _ in range(4):
        said, again = witnesses.step(tick, [W1, W2, W3])
        asked += [rover for rover, _ in said]
        assert again is not None
        tick = again

    assert asked == [W1, W2, W3, W1]
    assert tick == 10 + round(REPEAT) * (1 + 2 + 4 + 8)


def test_while_nobody_is_in_reach_nothing_is_said_and_nobody_wakes(witnesses: Witnesses) -> None:
    witnesses.is_kept("plan", TAKER, claim=CLAIM)

    assert witnesses.step(10, [TAKER]) == ([], None)
    assert witnesses.step(900, [W1])[0][0][0] == W1


def test_the_word_of_another_epoch_or_number_counts_for_nothing(witnesses: Witnesses) -> None:
    witnesses.is_kept("plan", TAKER, claim=CLAIM)

    witnesses.heard(W1, Witnessed(epoch=3, number=1))
    witnesses.heard(W1, Witnessed(epoch=4, number=2))

    assert not witnesses.is_kept("plan", TAKER, claim=CLAIM)
