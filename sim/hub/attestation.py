"""Whose words are whose in a run: the keys that hosts and mission control sign with, and what nobody signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from fleet.bus import KEY_BYTES, HubBus, Notary, new_session
from fleet.core import GROUND, MessageError, RoverId, Tick
from fleet.messages import Briefing, Event, Notified, SealedAnswer, SealedMessage, SealedRoverAnswer, Welcome

_AIR: Final = RoverId("")  # Who hears all that is said.
_MOST_REFUSED: Final = 100  # That are noted of one answer.


class Attestation:
    """Knows the keys of the hosts that sign, tells all hosts of them, and lets nothing on the air that is not genuine.

    Parameters
    ----------
    bus
        Where it is noted what is refused.
    """

    def __init__(self, bus: HubBus) -> None:
        self._bus = bus
        self._notary = Notary()
        self._keys: dict[str, bytes] = {}
        self._session = b""
        self._signers: tuple[tuple[RoverId, bytes], ...] = ()
        self._past: Tick = -1

    def take(self, host: str, key: bytes) -> None:
        """Take in a host's key, of one that signs.

        Raises
        ------
        MessageError
            When it is none.
        """
        if key and len(key) != KEY_BYTES:
            raise MessageError(host, f"gives a key of {len(key)} bytes, not {KEY_BYTES}, for what it signs")
        if key:
            self._keys[host] = key

    def begin(
        self, rovers: Mapping[str, Sequence[RoverId]], guests: Sequence[tuple[RoverId, bytes]], past: Tick | None
    ) -> None:
        """Begin a run.

        Parameters
        ----------
        rovers
            Which live in each host.
        guests
            Which come from elsewhere, and each key that their words may be signed with.
        past
            The last tick of what is known of it already.
        """
        self._past = -1 if past is None else past
        if self._keys or guests:
            keys = [(rover, key) for host, key in self._keys.items() for rover in rovers.get(host, ())]
            keys += guests
            keys.append((RoverId(GROUND), self._notary.public))
            self._session, self._signers = new_session(), tuple(sorted(keys))
            self._notary.know(self._session, self._signers, self._past)

    def welcome(self, briefing: Briefing, rovers: tuple[RoverId, ...]) -> Welcome:
        """Return what a host is told."""
        return Welcome(briefing=briefing, rovers=rovers, session=self._session, signers=self._signers, past=self._past)

    def genuine(self, answer: SealedRoverAnswer) -> list[tuple[SealedMessage, bytes]]:
        """Return what a rover says, each with its signature, without what it did not sign or says as another.

        Notes
        -----
        Where nobody signs, it is for the radio to say what is wrong with it.
        """
        signatures = (*answer.signatures, *[b""] * len(answer.outbox))
        said = list(zip(answer.outbox, signatures, strict=False))
        if not self._notary.is_needed:
            return said
        kept = []
        for message, signature in said:
            fact = f"speaks as {message.sender}" if message.sender != answer.rover else ""
            fact = fact or self._notary.fault(_AIR, message, signature)
            if fact:
                self._bus.refuse(f"rover {answer.rover}", f"{fact}, in message {message.seq}")
            elif message.tick <= self._past:
                kept.append((message, self._notary.renewed(message, signature)))
            else:
                kept.append((message, signature))
        return kept

    def orders(self, events: Sequence[Event]) -> tuple[bytes, ...]:
        """Return mission control's signatures on what it tells by these events, in order; none where nobody signs."""
        if not self._notary.is_needed:
            return ()
        return tuple(self._notary.order(event.bulletin) for event in events if isinstance(event, Notified))

    def note(self, host: str, answer: SealedAnswer) -> None:
        """Note what a host's rovers took no notice of."""
        for rover, fact in answer.refused[:_MOST_REFUSED]:
            self._bus.refuse(f"rover {rover}", f"{fact}, says {host}")
