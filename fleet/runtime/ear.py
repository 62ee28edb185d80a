"""Words that come twice are heard once."""

from __future__ import annotations

from typing import Final

from fleet.core import RoverId
from fleet.messages import Message

WINDOW: Final = 1024  #: Numbers of one sender behind its latest that are remembered; what is older counts as heard.


class Ear:
    """Knows which messages one rover has heard, in bounded memory.

    Examples
    --------
    >>> from fleet.messages import AuthorityReturn
    >>> word = Message(tick=3, sender="r2", seq=7, to="r1", body=AuthorityReturn(plan=1, upto=0))
    >>> ear = Ear()
    >>> ear.is_news(word), ear.is_news(word)
    (True, False)
    """

    def __init__(self) -> None:
        self._heard: dict[RoverId, set[int]] = {}
        self._latest: dict[RoverId, int] = {}

    def is_news(self, message: Message) -> bool:
        """Return whether a message was not heard before, and remember it."""
        heard = self._heard.setdefault(message.sender, set())
        latest = self._latest.get(message.sender, message.seq)
        if message.seq in heard or message.seq <= latest - WINDOW:
            return False
        heard.add(message.seq)
        latest = self._latest[message.sender] = max(latest, message.seq)
        if len(heard) > 2 * WINDOW:
            self._heard[message.sender] = {seq for seq in heard if seq > latest - WINDOW}
        return True
