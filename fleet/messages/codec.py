"""The one way between values and bytes: MessagePack on the wire, JSON in recordings.

Decoding checks types and limits and never executes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import msgspec

from fleet.core import MessageError
from fleet.messages.command import Command
from fleet.messages.radio import Body, Message
from fleet.messages.wire import (
    Ask,
    Goodbye,
    Hello,
    Keep,
    Kept,
    Leave,
    Ready,
    Recall,
    Recalled,
    Restore,
    SealedAnswer,
    SealedAsk,
    SealedRecall,
    Unwelcome,
    Welcome,
)

T = TypeVar("T")
U = TypeVar("U")
FromHub = Welcome | Unwelcome | Recall | Keep | Restore | Goodbye  #: Beside `Ask`.
FromHost = Hello | Ready | Recalled | Kept | Leave  #: Beside `Answer`.

MAX_BYTES: Final = 64 * 1024 * 1024  #: No frame on the wire is larger; a briefing carries a map of a few megabytes.
_MSGPACK: Final = msgspec.msgpack.Encoder()
_JSON: Final = msgspec.json.Encoder()


encode: Final[Callable[[Any], bytes]] = _MSGPACK.encode  #: Return the bytes of a value for the wire.
to_json: Final[Callable[[Any], bytes]] = _JSON.encode  #: The same for a recording, keys in order of declaration.


_UNREADABLE: Final = (msgspec.DecodeError, ValueError, OverflowError, RecursionError)


def _too_long(sender: str, data: bytes) -> MessageError:
    return MessageError(sender, f"{len(data)} bytes are more than the {MAX_BYTES} that a frame may have")


class Decoder(Generic[T]):
    """Reads values of one type from bytes.

    >>> from fleet.messages import wire
    >>> Decoder(wire.Hello).decode(encode(wire.Hello(version=1, host="h")), sender="h").host
    'h'
    """

    def __init__(self, kind: Any) -> None:
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def decode(self, data: bytes, sender: str = "") -> T:
        """Return the value.

        Raises
        ------
        MessageError
            When the bytes are too many, malformed, or not of this type; it names `sender`.
        """
        if len(data) > MAX_BYTES:
            raise _too_long(sender, data)
        try:
            value: T = self._decode(data)
        except _UNREADABLE as error:
            raise MessageError(sender, str(error)) from None
        return value


_BODY: Final[Decoder[Body]] = Decoder(Body)
_COMMAND: Final[Decoder[Command]] = Decoder(Command)
_MESSAGE: Final[Decoder[Message]] = Decoder(Message)


_SEALED_RECALL: Final[Decoder[SealedRecall]] = Decoder(SealedRecall)

_ARRAYS: Final = frozenset(bytes((first,)) for first in (*range(0x90, 0xA0), 0xDC, 0xDD))  # With which one begins.


class _Talk(Generic[T, U]):
    """Reads one end's side of the lockstep, in which asks and answers are arrays and all else are maps."""

    # A union of structs must be all of one shape on the wire. All is done in one call, which each exchange takes.

    def __init__(self, often: Any, seldom: Any) -> None:
        self._often = msgspec.msgpack.Decoder(often).decode
        self._seldom = msgspec.msgpack.Decoder(seldom).decode

    def read(self, data: bytes, sender: str = "hub") -> T | U:
        if len(data) > MAX_BYTES:
            raise _too_long(sender, data)
        try:
            value: T | U = self._often(data) if data[:1] in _ARRAYS else self._seldom(data)
        except _UNREADABLE as error:
            raise MessageError(sender, str(error)) from None
        return value


#: Returns what the hub says to a host; raises `MessageError` when it is nothing that a hub says.
read_from_hub: Final = _Talk[Ask, FromHub](Ask, FromHub).read
#: The same with the words of rovers in it unopened, as they were signed.
read_sealed_from_hub: Final = _Talk[SealedAsk, FromHub](SealedAsk, FromHub).read
#: Returns what a host says to the hub; messages of rovers stay sealed.
read_from_host: Final = _Talk[SealedAnswer, FromHost](SealedAnswer, FromHost).read


def read_recall(data: bytes) -> SealedRecall:
    """Return a recall with its asks unopened.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _SEALED_RECALL.decode(data, "hub")


def open_body(data: bytes, sender: str) -> Body:
    """Return the content of a sealed message.

    Raises
    ------
    MessageError
        When it is nothing that a rover says.
    """
    return _BODY.decode(data, sender)


def read_command(data: bytes, sender: str) -> Command:
    """Return an order to a body.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _COMMAND.decode(data, sender)


def read_message(data: bytes, sender: str = "") -> Message:
    """Return a whole message.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _MESSAGE.decode(data, sender)
