"""What travels between the hub and its host processes, in lockstep.

``Hello`` (host) - ``Welcome`` (hub) - ``Ready`` (host), then ``Ask`` and ``Answer`` in turn, ``Goodbye`` (hub). A host
from elsewhere may be ``Unwelcome``; one that comes in the middle of a mission is told what its rovers were asked so far
(``Recall`` - ``Recalled``); one that goes says ``Leave``. A host of the run's own is asked for all that its rovers know
(``Keep`` - ``Kept``), and told it when the run goes on (``Restore``, answered by a ``Kept`` without states).
Bodies of messages pass the hub unopened, as `msgspec.Raw`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from fleet.core import RoverId, Tick
from fleet.messages.briefing import Briefing
from fleet.messages.command import Command
from fleet.messages.observation import Observation
from fleet.messages.radio import Message

PROTOCOL_VERSION: Final = 1


class SealedMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A `Message` as the hub carries it: the same fields, its body not opened."""

    tick: Tick
    sender: RoverId
    seq: int
    to: RoverId
    body: msgspec.Raw
    quiet: bool = False


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """A host reports for duty."""

    version: int
    host: str
    #: Of a host from elsewhere: the rovers that it wants to be, and the agent of each; empty: the one of the roster.
    agents: tuple[tuple[RoverId, str], ...] = ()
    signing: bytes = b""  #: Public Ed25519 key that its rovers' words are signed with; empty: it does not sign.


class Unwelcome(msgspec.Struct, frozen=True, kw_only=True, tag="unwelcome"):
    """The hub has no use for this host, and why."""

    fact: str
    remedy: str = ""


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome"):
    """The hub tells a host its mission and which rovers live in it."""

    briefing: Briefing
    rovers: tuple[RoverId, ...]
    session: bytes = b""  #: Is signed with every message, so that none counts in another run.
    signers: tuple[tuple[RoverId, bytes], ...] = ()  #: Rovers whose words are signed, and the key of each.
    past: Tick = -1  #: What was said up to this tick comes out of a recording, signed with keys that are no more.


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """The host has its agents; those it could not make are named with the reason."""

    host: str
    faults: tuple[tuple[RoverId, str, str], ...] = ()  #: Rover, plugin, fact.


class Plight(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What is wrong with a rover's computer, that its host must play out."""

    crashed: bool = False  #: The mind is gone; its node goes on without.
    slow: Tick = 0  #: Ticks that the mind takes for each decision.
    boots: int = 0  #: How often the computer was off and is on again: what it keeps outlasts that, its mind does not.


WELL: Final = Plight()  #: Nothing is wrong.


class RoverAsk(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One rover's turn: what it sees and what it heard."""

    rover: RoverId
    observation: Observation
    inbox: tuple[Message, ...]
    plight: Plight = WELL
    signatures: tuple[bytes, ...] = ()  #: Of the messages in the inbox, in their order; empty where nobody signs.
    orders: tuple[bytes, ...] = ()  #: Mission control's signatures on what it notified of, among the events, in order.


class Ask(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag="ask"):
    """Everyone in this host who is concerned at this tick, by rover id."""

    tick: Tick
    asks: tuple[RoverAsk, ...]


class RoverAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One rover's decision as the body and the radio get it."""

    rover: RoverId
    command: Command | None  #: None: go on with what you do.
    outbox: tuple[Message, ...]
    wake: Tick | None  #: None: not before something happens.
    fault: str = ""  #: What the agent did wrong, when it did; its rover stops.
    plugin: str = ""
    signatures: tuple[bytes, ...] = ()  #: Of the messages in the outbox, in their order; empty where nobody signs.


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag="answer"):
    """The decisions of a host's rovers, in the order they were asked."""

    tick: Tick
    answers: tuple[RoverAnswer, ...]
    refused: tuple[tuple[RoverId, str], ...] = ()  #: Whose words were not taken, and why.


class Recall(msgspec.Struct, frozen=True, kw_only=True, tag="recall"):
    """What these rovers were asked before, in order: a host answers it to itself, and so knows what they knew."""

    asks: tuple[Ask, ...]


class SealedRecall(msgspec.Struct, frozen=True, kw_only=True, tag="recall"):
    """A `Recall` as the hub writes it."""

    asks: tuple[msgspec.Raw, ...]


class Recalled(msgspec.Struct, frozen=True, kw_only=True, tag="recalled"):
    """The host has gone through a `Recall`."""

    host: str


class Keep(msgspec.Struct, frozen=True, kw_only=True, tag="keep"):
    """The hub wants to keep all that the rovers of a host know, so that the run can go on from here."""


class RoverState(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """All that one rover knows, as its own program writes and reads it."""

    rover: RoverId
    plight: Plight
    state: bytes


class Kept(msgspec.Struct, frozen=True, kw_only=True, tag="kept"):
    """All that the rovers of a host know; those that cannot tell it or take it in are named, with the reason."""

    host: str
    states: tuple[RoverState, ...] = ()
    missing: tuple[tuple[RoverId, str], ...] = ()


class Restore(msgspec.Struct, frozen=True, kw_only=True, tag="restore"):
    """What the rovers of a host knew when it was kept: from now on they know it."""

    states: tuple[RoverState, ...]


class Leave(msgspec.Struct, frozen=True, kw_only=True, tag="leave"):
    """A host goes; its rovers stand until one comes for them."""

    reason: str = ""


class SealedRoverAsk(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A `RoverAsk` as the hub writes it: the inbox goes on unopened."""

    rover: RoverId
    observation: Observation
    inbox: tuple[SealedMessage, ...]
    plight: Plight = WELL
    signatures: tuple[bytes, ...] = ()
    orders: tuple[bytes, ...] = ()


class SealedAsk(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag="ask"):
    """An `Ask` as the hub writes it."""

    tick: Tick
    asks: tuple[SealedRoverAsk, ...]


class SealedRoverAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A `RoverAnswer` as the hub reads it: what is said stays unopened."""

    rover: RoverId
    command: Command | None
    outbox: tuple[SealedMessage, ...]
    wake: Tick | None
    fault: str = ""
    plugin: str = ""
    signatures: tuple[bytes, ...] = ()


class SealedAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True, tag="answer"):
    """An `Answer` as the hub reads it."""

    tick: Tick
    answers: tuple[SealedRoverAnswer, ...]
    refused: tuple[tuple[RoverId, str], ...] = ()


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, tag="goodbye"):
    """The mission is over; the host may go."""

    reason: str = ""
