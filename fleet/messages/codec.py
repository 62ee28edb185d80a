"""The one way between values and bytes: MessagePack on the wire, JSON in recordings.

Decoding checks types and limits and never executes anything.
"""

from __future__ import annotations

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
FromHub = Welcome | Unwelcome | Recall | Keep | Restore | Goodbye  #: Beside `Ask`.
FromHost = Hello | Ready | Recalled | Kept | Leave  #: Beside `Answer`.

MAX_BYTES: Final = 64 * 1024 * 1024  #: No frame on the wire is larger; a briefing carries a map of a few megabytes.
_MSGPACK: Final = msgspec.msgpack.Encoder()
_JSON: Final = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """Return the bytes of a value for the wire."""
    return _MSGPACK.encode(value)


def to_json(value: Any) -> bytes:
    """Return the bytes of a value for a recording, keys in order of declaration."""
    return _JSON.encode(value)


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
            raise MessageError(sender, f"{len(data)} bytes are more than the {MAX_BYTES} that a frame may have")
        try:
            value: T = self._decode(data)
        except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
            raise MessageError(sender, str(error)) from None
        return value


# Unions of structs must be all of one shape on the wire: `Ask` and `Answer` travel as arrays, the rest as maps.
_GREETINGS_TO_HOST: Final[Decoder[FromHub]] = Decoder(FromHub)
_GREETINGS_TO_HUB: Final[Decoder[FromHost]] = Decoder(FromHost)
_ASK: Final[Decoder[Ask]] = Decoder(Ask)
_ANSWER: Final[Decoder[SealedAnswer]] = Decoder(SealedAnswer)
_BODY: Final[Decoder[Body]] = Decoder(Body)
_COMMAND: Final[Decoder[Command]] = Decoder(Command)
_MESSAGE: Final[Decoder[Message]] = Decoder(Message)


_SEALED_ASK: Final[Decoder[SealedAsk]] = Decoder(SealedAsk)
_SEALED_RECALL: Final[Decoder[SealedRecall]] = Decoder(SealedRecall)


def _is_array(data: bytes) -> bool:
    return bool(data) and (0x90 <= data[0] <= 0x9F or data[0] in (0xDC, 0xDD))


def read_from_hub(data: bytes) -> FromHub | Ask:
    """Return what the hub says to a host.

    Raises
    ------
    MessageError
        When it is nothing that a hub says.
    """
    return _ASK.decode(data, "hub") if _is_array(data) else _GREETINGS_TO_HOST.decode(data, "hub")


def read_sealed_from_hub(data: bytes) -> FromHub | SealedAsk:
    """Return what the hub says to a host, with the words of rovers in it unopened, as they were signed.

    Raises
    ------
    MessageError
        When it is nothing that a hub says.
    """
    return _SEALED_ASK.decode(data, "hub") if _is_array(data) else _GREETINGS_TO_HOST.decode(data, "hub")


def read_recall(data: bytes) -> SealedRecall:
    """Return a recall with its asks unopened.

    Raises
    ------
    MessageError
        When it is none.
    """
    return _SEALED_RECALL.decode(data, "hub")


def read_from_host(data: bytes, host: str) -> FromHost | SealedAnswer:
    """Return what a host says to the hub; messages of rovers stay sealed.

    Raises
    ------
    MessageError
        When it is nothing that a host says.
    """
    return _ANSWER.decode(data, host) if _is_array(data) else _GREETINGS_TO_HUB.decode(data, host)


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
