"""What comes twice is heard once, in bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleet.core import RoverId
from fleet.messages import AuthorityReturn, Message
from fleet.runtime.ear import WINDOW, Ear


def _word(sender: str, seq: int) -> Message:
    body = AuthorityReturn(plan=1, upto=0)
    return Message(tick=0, sender=RoverId(sender), seq=seq, to=RoverId("r1"), body=body)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, WINDOW - 1)), max_size=300))
def test_of_each_message_the_first_copy_is_news_and_no_other(words: list[tuple[str, int]]) -> None:
    ear = Ear()

    news = [word for word in words if ear.is_news(_word(*word))]

    assert news == list(dict.fromkeys(words))


def test_a_long_talk_is_heard_whole_and_a_copy_from_long_ago_is_not_heard_again() -> None:
    ear = Ear()

    heard = sum(ear.is_news(_word("a", seq)) for seq in range(20 * WINDOW))

    assert heard == 20 * WINDOW
    assert not ear.is_news(_word("a", 0))
    assert not ear.is_news(_word("a", 20 * WINDOW - 1))
