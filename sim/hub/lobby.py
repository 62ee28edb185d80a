"""Where hosts from elsewhere come in: who may be which rover, who is, and what one that comes late must be told."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from fleet.bus import HubBus, key_of
from fleet.core import AgencyId, MessageError, RoverId
from fleet.messages import (
    PROTOCOL_VERSION,
    Briefing,
    Hello,
    Leave,
    Ready,
    Recalled,
    SealedRecall,
    Unwelcome,
    Welcome,
    encode,
    read_from_host,
)
from sim.hub.failure import Failure

_log = logging.getLogger(__name__)
_EARLY: Final = 64  # Hosts that may wait before it is opened.
_RECALL: Final = 4 * 1024 * 1024  # Bytes of what was asked, a frame.


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Which rovers come from elsewhere, and who may bring them."""

    agencies: Mapping[RoverId, AgencyId] = field(default_factory=dict)  #: Of each of these rovers.
    wait: float = 60.0  #: Wall seconds for one that is not there, before the mission goes on without.
    #: What those sign with (Ed25519, public) who have keys, by the names of these; None: nobody is asked for any.
    signing: Mapping[str, bytes] | None = None

    def allows(self, key: str, rover: RoverId) -> bool:
        """Return whether whoever showed this key may be a rover: its own key and its agency's open it.

        >>> invitation = Invitation(agencies={"r1": "CNSA"}, signing={})
        >>> invitation.allows("CNSA", "r1"), invitation.allows("r1", "r1"), invitation.allows("r2", "r1")
        (True, True, False)
        """
        return self.signing is None or key in (rover, self.agencies[rover])

    @property
    def signers(self) -> tuple[tuple[RoverId, bytes], ...]:
        """Rovers and what their words may be signed with: each key that opens them."""
        keys = self.signing or {}
        return tuple(
            (rover, keys[name])
            for rover, agency in self.agencies.items()
            for name in dict.fromkeys((rover, agency))
            if name in keys
        )


@dataclass(slots=True)
class _Guest:
    """A host that was welcomed."""

    rovers: tuple[RoverId, ...]
    is_ready: bool = False
    is_here: bool = False  #: Ready, and told all that it missed.
    recall: deque[bytes] = field(default_factory=deque)  #: Frames that it has not gone through yet.


MakeWelcome = Callable[[Briefing, tuple[RoverId, ...]], Welcome]


def _unsigned(briefing: Briefing, rovers: tuple[RoverId, ...]) -> Welcome:
    return Welcome(briefing=briefing, rovers=rovers)


class Lobby:
    """Lets hosts in and out.

    Parameters
    ----------
    invitation
        Who is awaited.
    bus
        By which they come.
    welcome
        Makes the words by which a host is told its mission and rovers.
    """

    def __init__(self, invitation: Invitation, bus: HubBus, welcome: MakeWelcome = _unsigned) -> None:
        self.wait = invitation.wait
        self._invitation = invitation
        self._bus = bus
        self._welcome = welcome
        self._briefing: Briefing | None = None
        self._guests: dict[str, _Guest] = {}
        self._seats: dict[RoverId, str] = {}
        self._told: dict[RoverId, list[bytes]] = {rover: [] for rover in invitation.agencies}
        self._early: dict[str, Hello] = {}  # Of hosts that came before it was opened.
        self.faults: list[Failure] = []  #: Rovers whose agents could not be made; to be taken away.

    def open(self, briefing: Briefing) -> None:
        """Let hosts in from now on, and tell them this."""
        self._briefing = briefing
        early, self._early = self._early, {}
        for host, hello in early.items():
            self._greet(host, hello)

    @property
    def guests(self) -> tuple[str, ...]:
        """Hosts that are here, by name."""
        return tuple(sorted(host for host, guest in self._guests.items() if guest.is_here))

    def host_of(self, rover: RoverId) -> str | None:
        """Return the host in which an awaited rover is, None when there is none."""
        host = self._seats.get(rover)
        return host if host is not None and self._guests[host].is_here else None

    def rovers_of(self, host: str) -> tuple[RoverId, ...]:
        """Return which rovers are in a host; none when it is not here."""
        guest = self._guests.get(host)
        return guest.rovers if guest is not None and guest.is_here else ()

    def missing(self, rovers: Sequence[RoverId] | None = None) -> tuple[RoverId, ...]:
        """Return which of these rovers (or of all) are awaited and not here."""
        among = self._told if rovers is None else [rover for rover in rovers if rover in self._told]
        return tuple(sorted(rover for rover in among if self.host_of(rover) is None))

    def note(self, rover: RoverId, ask: bytes) -> None:
        """Keep what a rover was asked and answered, for a host that comes for it later."""
        if rover in self._told:
            self._told[rover].append(ask)

    def take(self, host: str, data: bytes) -> None:
        """Take in what a guest says beside answers.

        Raises
        ------
        MessageError
            When it is nothing that it may say now.
        """
        said = read_from_host(data, host)
        guest = self._guests.get(host)
        match said:
            case Hello() if self._briefing is None and len(self._early) < _EARLY:
                self._early[host] = said
            case Hello() if guest is None and self._briefing is not None:
                if unwelcome := self._greet(host, said):
                    raise MessageError(host, f"was sent away: {unwelcome.fact}")
            case Ready() if guest is not None and not guest.is_ready:
                self._ready(guest, said)
                self._recall(host, guest)
            case Recalled() if guest is not None and guest.recall:
                guest.recall.popleft()
                self._recall(host, guest)
            case Leave() if guest is not None:
                self.lose(host, f"leaves: {said.reason[:200]}")
            case _:
                raise MessageError(host, "speaks out of turn")

    def lose(self, host: str, fact: str) -> None:
        """Let a host go, or send it away; its rovers are free for who comes for them."""
        guest = self._guests.pop(host, None)
        if guest is None:
            return
        for rover in guest.rovers:
            del self._seats[rover]
        _log.warning("%s: host %s %s", ", ".join(guest.rovers), host, fact)
        self._bus.send(host, encode(Unwelcome(fact=f"the run goes on without it: it {fact}")))

    def look(self) -> None:
        """Lose the hosts that hung up."""
        for host in sorted(self._guests):
            if not self._bus.send(host, b""):
                self.lose(host, "hung up")

    def _greet(self, host: str, hello: Hello) -> Unwelcome | None:
        """Welcome a host, or send it away and return why."""
        unwelcome = self._objection(host, hello)
        if unwelcome is not None:
            self._bus.send(host, encode(unwelcome))
            return unwelcome
        assert self._briefing is not None
        rovers = tuple(sorted(rover for rover, _ in hello.agents))
        self._guests[host] = _Guest(rovers=rovers)
        self._seats |= dict.fromkeys(rovers, host)
        self._bus.send(host, encode(self._welcome(self._briefing, rovers)))
        return None

    def _objection(self, host: str, hello: Hello) -> Unwelcome | None:
        if hello.version != PROTOCOL_VERSION:
            fact = f"the host speaks version {hello.version} of the protocol, this run {PROTOCOL_VERSION}"
            return Unwelcome(fact=fact, remedy="install the same version of Moonfleet on both sides")
        rovers = [rover for rover, _ in hello.agents]
        awaited = ", ".join(sorted(self._told))
        if not rovers or len(set(rovers)) < len(rovers):
            return Unwelcome(fact="the host names no rover, or one twice", remedy=f"awaited are: {awaited}")
        for rover in rovers:
            if rover not in self._told:
                return Unwelcome(
                    fact=f"no rover {rover[:80]!r} is awaited from elsewhere", remedy=f"awaited: {awaited}"
                )
            if not self._invitation.allows(key_of(host) or "", rover):
                agency = self._invitation.agencies[rover]
                fact = f"the key {key_of(host)} does not speak for {rover}"
                return Unwelcome(fact=fact, remedy=f"use the key named {rover}, or that of its agency, {agency}")
        if self._invitation.signing is not None and hello.signing != self._invitation.signing.get(key_of(host) or ""):
            fact = f"the host does not sign with what the public file of {key_of(host)} says"
            return Unwelcome(fact=fact, remedy="give the run the .pub that was made with your .key")
        self.look()
        for rover in rovers:
            if rover in self._seats:
                remedy = "end the host that has it, or wait until it is gone"
                return Unwelcome(fact=f"{rover} is taken: another host has it", remedy=remedy)
        return None

    def _ready(self, guest: _Guest, ready: Ready) -> None:
        guest.is_ready = True
        for rover, plugin, fact in ready.faults:
            if rover in guest.rovers:
                self.faults.append(Failure(rover=rover, plugin=plugin, fact=fact))
        asks: list[msgspec.Raw] = []
        size = 0
        for rover in guest.rovers:
            for ask in self._told[rover]:
                if size + len(ask) > _RECALL and asks:
                    guest.recall.append(encode(SealedRecall(asks=tuple(asks))))
                    asks, size = [], 0
                asks.append(msgspec.Raw(ask))
                size += len(ask)
        if asks:
            guest.recall.append(encode(SealedRecall(asks=tuple(asks))))

    def _recall(self, host: str, guest: _Guest) -> None:
        if guest.recall:
            self._bus.send(host, guest.recall[0])
            return
        guest.is_here = True
        _log.info("%s: host %s is here", ", ".join(guest.rovers), host)
