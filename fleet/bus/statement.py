"""What one says and others pass on: the part of a message whose author is not who carries it."""

from __future__ import annotations

from typing import Final, NamedTuple

from fleet.core import GROUND, MessageError, RoverId, Tick
from fleet.messages import Bulletin, Letter, Pledge, SealedMessage, encode, open_body

#: By the name that each body begins with, so that all others stay closed.
_PASSED_ON: Final = frozenset(kind.__name__.encode() for kind in (Bulletin, Letter, Pledge))
_ALWAYS: Final[Tick] = 1 << 62


class Statement(NamedTuple):
    """What is signed by its author, whoever says it."""

    author: RoverId
    said: Tick  #: When; what mission control has in force is checked whenever it was given.
    data: bytes

    @property
    def name(self) -> str:
        """What it is, in words."""
        return "an order" if self.author == GROUND else "a letter"


def statement_of(message: SealedMessage) -> Statement | None:
    """Return what a message passes on, None when it has its sender's own words only.

    Examples
    --------
    >>> from fleet.bus.signing import sealed
    >>> from fleet.messages import Heartbeat, Message
    >>> said = Message(tick=3, sender=RoverId("a1"), seq=1, to=RoverId("b1"), body=Bulletin(version=7))
    >>> statement_of(sealed(said)).author
    'ground'
    """
    data = bytes(message.body)
    if len(data) < 2 or data[2 : 2 + (data[1] & 0x1F)] not in _PASSED_ON:
        return None
    try:
        body = open_body(data, message.sender)
    except MessageError:
        return None  # Nobody can read it, so nobody believes it.
    match body:
        case Bulletin() | Pledge(bulletin=Bulletin()):
            return order_of(body if isinstance(body, Bulletin) else body.bulletin)
        case Letter():
            # To whom it goes changes as it gets there.
            said = encode(("letter", body.origin, body.number, body.said, body.body))
            return Statement(body.origin, body.said, said)
        case _:
            return None


def order_of(bulletin: Bulletin | None) -> Statement | None:
    """Return what mission control says by a bulletin; None when that is nothing."""
    if bulletin is None or bulletin.version == 0:
        return None
    # As it comes out of the codec, so that it is the same for those who gave it and those who heard it.
    return Statement(RoverId(GROUND), _ALWAYS, encode(("order", open_body(encode(bulletin), GROUND))))
