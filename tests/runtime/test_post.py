"""Letters: kept, entrusted, carried, heard once."""

from __future__ import annotations

from fleet.core import EVERYONE, Disc, RoverId, TaskId
from fleet.messages import Body, HazardReport, Letter, Message, TaskReport
from fleet.runtime.post import KEPT, Post

A, B, C, D = (RoverId(name) for name in "abcd")
DONE = TaskReport(task=TaskId("t"), state="done")
ROCK = HazardReport(hazard=Disc(x=1.0, y=2.0, radius=0.4), seen=3)


def _post(rover: RoverId) -> Post:
    return Post(rover, life=100)


def _heard(sender: RoverId, body: Body, *, tick: int = 0, to: RoverId = EVERYONE) -> Message:
    return Message(tick=tick, sender=sender, seq=1, to=to, body=body)


def test_who_is_in_reach_is_told_at_once_and_nothing_is_kept() -> None:
    post = _post(A)

    post.write((B,), DONE, 5)

    assert post.send(5, (B, C)) == [(B, DONE)]
    assert post.send(6, (B, C)) == []


def test_what_cannot_be_said_waits_for_a_way() -> None:
    post = _post(A)

    post.write((B,), DONE, 5)

    assert post.send(5, ()) == []
    assert post.send(900_000, (B,)) == [(B, DONE)]


def test_others_in_reach_are_given_a_copy_once_and_newcomers_too() -> None:
    post = _post(A)
    post.write((D,), DONE, 5)
    letter = Letter(origin=A, number=1, to=(D,), said=5, body=DONE)

    assert post.send(5, (B, C)) == [(EVERYONE, letter)]
    assert post.send(6, (B, C)) == []
    assert post.send(7, ()) == []
    assert post.send(8, (B,)) == []
    assert post.send(9, (B, D)) == [(D, DONE)]


def test_a_carrier_delivers_and_does_not_pass_on() -> None:
    post = _post(B)
    letter = Letter(origin=A, number=1, to=(D,), said=5, body=DONE)

    assert post.take(_heard(A, letter)) is None
    assert post.send(6, (A, C)) == []
    assert post.send(7, (C, D)) == [(D, letter)]
    assert post.send(8, (C, D)) == []


def test_a_copy_from_a_carrier_is_heard_as_the_word_of_its_origin_and_once() -> None:
    post = _post(D)
    letter = Letter(origin=A, number=1, to=(D,), said=5, body=DONE)

    taken = post.take(_heard(B, letter, tick=50))

    assert taken is not None
    assert (taken.sender, taken.tick, taken.body) == (A, 5, DONE)
    assert post.take(_heard(C, letter, tick=51)) is None
    assert post.send(60, (C,)) == []


def test_a_rock_concerns_the_carrier_too() -> None:
    post = _post(B)
    letter = Letter(origin=A, number=1, to=(D,), said=5, body=ROCK)

    taken = post.take(_heard(A, letter))

    assert taken is not None
    assert taken.body == ROCK
    assert post.send(6, (D,)) == [(D, letter)]


def test_old_news_of_a_task_does_not_undo_what_was_heard_since() -> None:
    post = _post(D)
    returned = TaskReport(task=TaskId("t"), state="returned")
    old = Letter(origin=A, number=1, to=(D,), said=5, body=returned)

    assert post.take(_heard(A, DONE, tick=40)) is not None
    assert post.take(_heard(B, old, tick=50)) is None


def test_letters_of_others_are_given_up_in_time_and_never_too_many() -> None:
    post = _post(B)
    for number in range(KEPT + 5):
        post.take(_heard(A, Letter(origin=A, number=number, to=(D,), said=5, body=DONE)))

    assert len(post.send(50, (D,))) == KEPT
    post.take(_heard(A, Letter(origin=A, number=999, to=(D,), said=5, body=DONE)))
    assert post.send(106, ()) == []
    assert post.send(107, (D,)) == []
