"""Signatures on what rovers say to each other: made by the sender's host, checked by the receiver's.

What one passes on for another, a letter or an order of mission control, has its author's signature besides.

Ed25519: RFC 8032.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fleet.bus.statement import Statement, order_of, statement_of
from fleet.core import GROUND, RoverId, Tick
from fleet.messages import Bulletin, Message, SealedMessage, encode, open_body

KEY_BYTES: Final = 32  #: Of a public key.
SESSION: Final = 16  #: Bytes that tell one run from all others.
_PURPOSE: Final = b"moonfleet message 1\0"
_PASSED_ON: Final = b"moonfleet statement 1\0"
_SIGNATURE: Final = 64  # Bytes.
_WINDOW: Final = 4096  # Messages of one sender that a receiver remembers; older numbers are taken for said again.
_KNOWN: Final = 8192  # Checks remembered: what is said to all is checked once in a host.


def new_session() -> bytes:
    """Return what is signed with every message of one run, so that none counts in another."""
    return os.urandom(SESSION)


class Notary:
    """Signs for the rovers of one host, and checks what they hear; the hub has one that only checks.

    Parameters
    ----------
    seed
        The secret half of its key, so that a host that is started anew signs as it did; else by chance.

    Notes
    -----
    Signed are run, tick, sender, number, addressee and the bytes of the body as they travel. Rovers whose host has
    given no key say nothing that can be checked: they are who the bus says they are. The signature of a statement that
    is passed on follows that of the message; who hears it keeps it, to pass the statement on in turn.

    Examples
    --------
    >>> from fleet.messages import Heartbeat
    >>> a, b = Notary(), Notary()
    >>> b.know(b"run", [(RoverId("a1"), a.public)])
    >>> a.know(b"run", [])
    >>> said = Message(tick=3, sender=RoverId("a1"), seq=1, to=RoverId("b1"), body=Heartbeat(epoch=1))
    >>> signature = a.sign(sealed(said))
    >>> b.fault(RoverId("b1"), sealed(said), signature), b.fault(RoverId("b1"), sealed(said), signature)
    ('', 'was heard before')
    >>> b.fault(RoverId("b1"), sealed(said), b"")
    'is not signed'
    """

    def __init__(self, seed: bytes = b"") -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed or os.urandom(KEY_BYTES))
        self.public = self._key.public_key().public_bytes_raw()  #: For those who check, 32 bytes.
        self._session = b""
        self._signers: dict[RoverId, tuple[Ed25519PublicKey, ...]] = {}
        self._heard: dict[
            tuple[RoverId, RoverId], dict[int, None]
        ] = {}  # Receiver and sender to numbers, oldest first.
        self._known: dict[tuple[bytes, bytes], bool] = {}
        self._vouched: dict[bytes, bytes] = {}  # Statements of others to their signatures, oldest first.
        self._past: Tick = -1

    @property
    def is_needed(self) -> bool:
        """Whether there is anybody whose words can be checked."""
        return bool(self._signers)

    def know(self, session: bytes, signers: Iterable[tuple[RoverId, bytes]], past: Tick = -1) -> None:
        """Take in which run it is, whose keys are whose, and up to which tick what was said is taken as it comes.

        A rover that comes from elsewhere may have several, of which any counts: its own and its agency's.

        Raises
        ------
        ValueError
            When something is no key.
        """
        self._session = session
        self._past = past
        self._signers = {}
        for rover, key in signers:
            self._signers[rover] = (*self._signers.get(rover, ()), Ed25519PublicKey.from_public_bytes(key))

    def sign(self, message: SealedMessage) -> bytes:
        """Return the signature on a message of a rover of this host, and the author's on what it passes on."""
        own, statement = self._key.sign(self._signed(message)), statement_of(message)
        if statement is None:
            return own
        if statement.author == message.sender:
            return own + self._key.sign(self._stated(statement))
        return own + self._vouched.get(statement.data, b"")

    def order(self, bulletin: Bulletin) -> bytes:
        """Return mission control's signature on what it has in force: of the notary whose key is known as its."""
        statement = order_of(bulletin)
        return b"" if statement is None else self._key.sign(self._stated(statement))

    def renewed(self, message: SealedMessage, signature: bytes) -> bytes:
        """Return what goes with a message out of a recording: what mission control says in it is signed anew."""
        statement = statement_of(message)
        if statement is None or statement.author != GROUND:
            return signature
        return signature[:_SIGNATURE].ljust(_SIGNATURE, b"\0") + self._key.sign(self._stated(statement))

    def forgery(self, message: SealedMessage, signature: bytes) -> str:
        """Return why a message cannot be its sender's, or what it passes on its author's; empty when both can be."""
        statement = statement_of(message)
        if statement is not None:
            fact = self._falsity(statement, signature[_SIGNATURE:], is_past=message.tick <= self._past)
            if fact:
                return fact
        signers = self._signers.get(message.sender)
        if signers is None or message.tick <= self._past:
            return ""
        if not signature:
            return "is not signed"
        own = signature if statement is None else signature[:_SIGNATURE]
        return "" if self._is_of(signers, own, self._signed(message)) else "is not as its sender signed it"

    def lie(self, bulletin: Bulletin, signature: bytes) -> str:
        """Return why what came as an order of mission control is none; empty when it is one, and is then kept."""
        statement = order_of(bulletin)
        return "" if statement is None else self._falsity(statement, signature)

    def _falsity(self, statement: Statement, signature: bytes, *, is_past: bool = False) -> str:
        authors = self._signers.get(statement.author)
        if authors is None:
            return ""
        if not self._is_of(authors, signature, self._stated(statement)):
            # In a recording they are signed with keys that are no more.
            is_past = is_past or statement.said <= self._past
            return "" if is_past else f"passes on {statement.name} that {statement.author} did not sign"
        self._vouched[statement.data] = signature
        if len(self._vouched) > _WINDOW:
            del self._vouched[next(iter(self._vouched))]
        return ""

    def _is_of(self, signers: tuple[Ed25519PublicKey, ...], signature: bytes, signed: bytes) -> bool:
        known = self._known.get((signed, signature))
        if known is None:
            known = any(_is_of(signer, signature, signed) for signer in signers)
            self._known[signed, signature] = known
            if len(self._known) > _KNOWN:
                del self._known[next(iter(self._known))]
        return known

    def fault(self, receiver: RoverId, message: SealedMessage, signature: bytes) -> str:
        """Return why a receiver takes no notice of a message; empty when it does."""
        forgery = self.forgery(message, signature)
        if forgery or message.sender not in self._signers:
            return forgery
        heard = self._heard.setdefault((receiver, message.sender), {})
        if message.seq in heard or (len(heard) >= _WINDOW and message.seq < next(iter(heard))):
            return "was heard before"
        heard[message.seq] = None
        if len(heard) > _WINDOW:
            del heard[next(iter(heard))]
        return ""

    def _stated(self, statement: Statement) -> bytes:
        return _PASSED_ON + encode((self._session, statement.author)) + statement.data

    def _signed(self, message: SealedMessage) -> bytes:
        head = encode((self._session, message.tick, message.sender, message.seq, message.to, message.quiet))
        return _PURPOSE + head + bytes(message.body)


def _is_of(signer: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        signer.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def sealed(message: Message) -> SealedMessage:
    """Return a message as it travels."""
    return SealedMessage(
        tick=message.tick,
        sender=message.sender,
        seq=message.seq,
        to=message.to,
        body=msgspec.Raw(encode(message.body)),
        quiet=message.quiet,
    )


def opened(message: SealedMessage) -> Message:
    """Return a message as its receiver reads it.

    Raises
    ------
    MessageError
        When its body is nothing that a rover says.
    """
    return Message(
        tick=message.tick,
        sender=message.sender,
        seq=message.seq,
        to=message.to,
        body=open_body(message.body, message.sender),
        quiet=message.quiet,
    )
