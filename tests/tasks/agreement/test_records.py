"""Records: whoever has heard of the same knows the same."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fleet.core import RoverId, TaskId
from fleet.messages import Lease, Offer, Outcome, Price, Record, Votes
from fleet.tasks.agreement import Knowledge, mark_of

_ROVERS = st.sampled_from([RoverId("a"), RoverId("b")])
_TASKS = st.sampled_from([TaskId("s"), TaskId("t")])
_SMALL = st.integers(0, 3)
_OUTCOMES = st.builds(
    Outcome, task=_TASKS, state=st.sampled_from(["done", "failed", "cancelled"]), rover=_ROVERS, tick=_SMALL
)
_OFFERS = st.builds(
    Offer,
    rover=_ROVERS,
    epoch=_SMALL,
    version=_SMALL,
    until=_SMALL,
    place=st.just((0.0, 0.0)),
    ready=_SMALL,
    prices=st.lists(st.builds(Price, task=_TASKS, cost=_SMALL), max_size=2).map(tuple),
)
_VOTES = st.builds(
    Votes,
    rover=_ROVERS,
    epoch=_SMALL,
    version=_SMALL,
    wants=st.just(()),
    grants=st.lists(st.builds(Lease, task=_TASKS, holder=_ROVERS, number=_SMALL, until=_SMALL), max_size=2).map(tuple),
)
_RECORDS = st.lists(_OUTCOMES | _OFFERS | _VOTES, max_size=12)


def _known(*heard: list[Record]) -> Knowledge:
    knowledge = Knowledge()
    for records in heard:
        knowledge.learn(records)
    return knowledge


def _content(knowledge: Knowledge) -> list[Record | None]:
    return [knowledge.get(key) for key in knowledge.known]


@given(_RECORDS, _RECORDS)
def test_it_does_not_matter_whose_records_come_first(ours: list[Record], theirs: list[Record]) -> None:
    assert _content(_known(ours, theirs)) == _content(_known(theirs, ours))


@given(_RECORDS, _RECORDS, _RECORDS)
def test_it_does_not_matter_who_hears_of_whom_first(a: list[Record], b: list[Record], c: list[Record]) -> None:
    through = _known(b, c)
    at_once = _known(a, b, c)

    assert _content(_known(a, [record for record in _content(through) if record is not None])) == _content(at_once)


@given(_RECORDS)
def test_to_hear_the_same_again_changes_nothing(records: list[Record]) -> None:
    knowledge = _known(records)
    before = knowledge.fingerprint()

    assert knowledge.learn(records) == []
    assert knowledge.fingerprint() == before


@given(_RECORDS, st.randoms())
def test_every_order_of_arrival_gives_one_fingerprint(records: list[Record], random: object) -> None:
    mixed = list(records)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random, which ruff bans from names

    assert _known(mixed).fingerprint() == _known(records).fingerprint()


def test_done_beats_whatever_else_is_said_of_a_task() -> None:
    def outcome(state: str, tick: int) -> Outcome:
        return Outcome(task=TaskId("t"), state=state, rover=RoverId("a"), tick=tick)  # type: ignore[arg-type]

    ranked = [
        outcome("failed", 9),
        outcome("failed", 2),
        outcome("cancelled", 1),
        outcome("done", 9),
        outcome("done", 3),
    ]

    assert all(mark_of(low) < mark_of(high) for low, high in pairwise(ranked))
