"""The hub's talk with its hosts: greeting, the barrier of a tick, goodbye. A host that falls silent is given up."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final

from fleet.bus import key_of
from fleet.core import Clock, MessageError, RoverId, Tick
from fleet.messages import (
    PROTOCOL_VERSION,
    Briefing,
    Goodbye,
    Hello,
    Ready,
    SealedAnswer,
    SealedAsk,
    SealedRoverAnswer,
    SealedRoverAsk,
    encode,
    read_from_host,
)
from sim.hub.attestation import Attestation
from sim.hub.failure import Failure
from sim.hub.keeping import HostKeeping
from sim.hub.lobby import Invitation, Lobby
from sim.hub.past import Past
from sim.hub.patience import Patience
from sim.hub.ports import Hosts
from sim.hub.revival import RESTS, SLICE, Revival
from sim.record.exchange import Exchange

_log = logging.getLogger(__name__)
_AHEAD: Final = 256  # Asks that a host may owe answers to while it is told what it knew.
_LONG: Final = 5.0  # Seconds after which one says for whom one waits, and twice as many later again.
_STRIKES: Final = 1000  # Frames that nobody asked for, after which a host is given up.
_ROVER: Final = attrgetter("rover")
_AT_ONCE: Final = 100  # Frames of hosts from elsewhere that are heard between two ticks.


class HostLink:
    """Asks rovers, wherever they live.

    Parameters
    ----------
    hosts
        Where they live.
    clock
        Of the wall.
    agent_deadline
        Wall seconds that one decision may take.
    patience
        How long hosts are waited for.
    check
        Called while waiting; may raise to end it.
    meanwhile
        Called before waiting, and given how to ask whether there is anything to wait for any more.
    """

    def __init__(
        self,
        hosts: Hosts,
        clock: Clock,
        agent_deadline: float,
        *,
        patience: Patience,
        check: Callable[[], None],
        meanwhile: Callable[[Callable[[], bool]], None] = lambda _: None,
    ) -> None:
        self._hosts = hosts
        self._clock = clock
        self._agent_deadline = agent_deadline
        self._patience = patience
        self._check = check
        self._meanwhile = meanwhile
        self._live = sorted(hosts.rovers)
        self._host_of = {rover: host for host in self._live for rover in hosts.rovers[host]}
        self._answers: dict[RoverId, SealedRoverAnswer] = {}
        self._faults: list[Failure] = []
        self._briefing: Briefing
        self._said: dict[str, bytes] = {}  # To each host, last.
        self.attestation = Attestation(hosts.bus)
        self._owed: dict[str, deque[tuple[Tick, tuple[SealedRoverAnswer, ...]]]] = {}  # What each must say once more.
        self._revival = Revival(hosts, self._gather, clock, patience.greeting)
        self.keeping = HostKeeping(hosts, self._gather, self._revival, patience.greeting)  #: For checkpoints.
        self._strikes: dict[str, int] = {}  # Frames of hosts that were not what was asked for.
        self._is_open = hosts.invitation is not None
        self._invitation = hosts.invitation or Invitation()
        self._lobby = Lobby(self._invitation, hosts.bus, self.attestation.welcome)

    def greet(self, briefing: Briefing, *, past: Tick | None = None) -> list[Failure]:
        """Welcome every host and wait until its agents are made; return the rovers that cannot be asked, by id.

        Parameters
        ----------
        past
            Up to this tick what was comes first: hosts from elsewhere are then welcomed after it.
        """
        self._faults = []
        self._briefing = briefing
        for host, fact in self._revival.muster(self._live, self._check).items():
            self._give_up(host, fact)
        self._gather(dict.fromkeys(self._live, self._patience.greeting), self._on_hello)
        self.attestation.begin(self._hosts.rovers, self._invitation.signers, past)
        frames = [(host, encode(self.attestation.welcome(briefing, self._hosts.rovers[host]))) for host in self._live]
        self._say(frames, dict.fromkeys(self._live, self._patience.greeting), self._on_ready)
        for host, frame in frames:
            self._revival.welcome(host, frame)
        if past is None:
            self._lobby.open(briefing)
            self._await(self._lobby.missing(), self._lobby.wait)
        return self._take_faults()

    def attend(self) -> None:
        """Hear hosts from elsewhere that come and go, without waiting."""
        if self._is_open:
            for _ in range(_AT_ONCE):
                said = self._hosts.bus.receive(0.0)
                if said is None:
                    break
                self._hear(*said)

    def comings(self, away: Collection[RoverId]) -> tuple[tuple[RoverId, ...], tuple[RoverId, ...]]:
        """Return which rovers' hosts from elsewhere went, and which came, when these were away; each by id."""
        self.attend()
        missing = self._lobby.missing()
        return tuple(rover for rover in missing if rover not in away), tuple(sorted({*away}.difference(missing)))

    def ask(self, tick: Tick, asks: Sequence[SealedRoverAsk]) -> tuple[dict[RoverId, SealedRoverAnswer], list[Failure]]:
        """Ask rovers and wait until nobody owes an answer.

        Returns
        -------
        tuple
            The answers, and the rovers of hosts that were given up, by id.
        """
        self._answers = {}
        left, waited = self._ask(tick, asks), 0.0
        while left:
            # A line that is cut for a moment changes nothing: its rovers are asked again when they are back.
            waited += self._await([ask.rover for ask in left], self._lobby.wait - waited)
            left = self._ask(tick, [ask for ask in left if self._lobby.host_of(ask.rover)])
        return self._answers, self._take_faults()

    def _ask(self, tick: Tick, asks: Sequence[SealedRoverAsk]) -> list[SealedRoverAsk]:
        """Ask once; return whose host from elsewhere is not there, or went without an answer."""
        groups: dict[str, list[SealedRoverAsk]] = defaultdict(list)
        for ask in asks:
            if host := self._host_of.get(ask.rover) or self._lobby.host_of(ask.rover):
                groups[host].append(ask)

        def take(host: str, data: bytes) -> None:
            answer = read_from_host(data, host)
            if not isinstance(answer, SealedAnswer) or answer.tick != tick:
                raise MessageError(host, f"answers something else than tick {tick}")
            asked = list(map(_ROVER, groups[host]))
            if asked != list(map(_ROVER, answer.answers)):
                raise MessageError(host, f"answers for others than were asked in tick {tick}")
            self._answers.update(zip(asked, answer.answers, strict=True))
            if answer.refused:
                self.attestation.note(host, answer)
            self._revival.note(host, self._said[host], data)

        coming = ((host, encode(SealedAsk(tick=tick, asks=tuple(group)))) for host, group in groups.items())
        waits = {host: self._agent_deadline * len(group) + self._patience.answer for host, group in groups.items()}
        self._say(coming, waits, take)
        if not self._is_open:
            return []
        for ask in asks:
            if ask.rover in self._answers and ask.rover not in self._host_of:
                self._lobby.note(ask.rover, encode(SealedAsk(tick=tick, asks=(ask,))))
        return [ask for ask in asks if ask.rover not in self._answers and ask.rover not in self._host_of]

    def _say(
        self,
        frames: Iterable[tuple[str, bytes]],
        waits: Mapping[str, float],
        take: Callable[[str, bytes], None],
    ) -> None:
        """Say something to hosts and hear what each says to it; who falls over it is started anew and told again."""
        send = self._hosts.bus.send
        for rest in (*RESTS, None):
            asked = {}
            for host, frame in frames:
                self._said[host] = frame
                if send(host, frame):
                    asked[host] = waits[host]
                else:
                    self._fall(host, "hung up")
            self._gather(asked, take)
            frames = [(host, self._said[host]) for host in self._revival.revive(rest, self._give_up)]
            if not frames:
                break

    def remember(self, past: Past, asks: Sequence[SealedRoverAsk], then: Exchange) -> None:
        """Tell hosts what they were told then, hardly waiting; what they say must be what they said.

        Raises
        ------
        ConfigError
            When a host says something else, or nothing.
        """
        answers = {answer.rover: answer for answer in then.answers}
        groups: dict[str, list[SealedRoverAsk]] = {}
        for ask in asks:
            if ask.rover in answers and ask.rover not in self._host_of:
                self._lobby.note(ask.rover, encode(SealedAsk(tick=then.tick, asks=(ask,))))
            elif ask.rover in answers:
                groups.setdefault(self._host_of[ask.rover], []).append(ask)
        for host, group in groups.items():
            frame = encode(SealedAsk(tick=then.tick, asks=tuple(group)))
            if not self._hosts.bus.send(host, frame):
                raise past.lost(host, then.tick)
            said = tuple(answers[ask.rover] for ask in group)
            self._owed.setdefault(host, deque()).append((then.tick, said))
            self._revival.note(host, frame, encode(SealedAnswer(tick=then.tick, answers=said)))
        self._hear_again(past, 0.0)
        self._settle(past, _AHEAD)

    def settle(self, past: Past) -> None:
        """Wait until all hosts know what they knew; raises as `remember` does."""
        self._settle(past, 0)
        self._lobby.open(self._briefing)
        self._await(self._lobby.missing(), self._lobby.wait)

    def _settle(self, past: Past, most: int) -> None:
        """Wait until no host owes more than so many answers."""
        waited = 0.0
        while any(len(owed) > most for owed in self._owed.values()):
            before = self._clock.now()
            if self._hear_again(past, SLICE):
                waited = 0.0
                continue
            waited += min(SLICE, self._clock.now() - before)
            self._check()
            for host, owed in self._owed.items():
                if owed and (not self._hosts.is_alive(host) or waited > self._patience.greeting):
                    raise past.lost(host, owed[0][0])

    def _hear_again(self, past: Past, timeout: float) -> bool:
        """Take in what hosts say once more, as far as it is there; return whether there was anything."""
        said = self._hosts.bus.receive(timeout)
        is_anything = said is not None
        while said is not None:
            host, data = said
            if key_of(host) is not None:
                self._hear(host, data)
            else:
                try:
                    self._compare(past, host, data)
                except MessageError as error:
                    self._refuse(error)
            said = self._hosts.bus.receive(0.0)
        return is_anything

    def _compare(self, past: Past, host: str, data: bytes) -> None:
        if not self._owed.get(host):
            raise MessageError(host, "speaks out of turn")
        past.compare(host, read_from_host(data, host), *self._owed[host][0])
        self._owed[host].popleft()

    def goodbye(self, reason: str) -> None:
        """Tell every host that the mission is over."""
        self._hosts.bus.part()
        for host in (*self._live, *self._lobby.guests):
            self._hosts.bus.send(host, encode(Goodbye(reason=reason)))
        self._revival.close()

    def _gather(self, waits: Mapping[str, float], take: Callable[[str, bytes], None]) -> None:
        """Wait for one word of each host, at most so many seconds."""
        left = dict(waits)
        self._meanwhile(self._hosts.bus.has_word)
        waited, long, before = 0.0, _LONG, self._clock.now()
        receive = self._hosts.bus.receive
        while left:
            said = receive(SLICE)
            if said is not None and said[0] in left:
                try:
                    take(*said)
                    del left[said[0]]
                    continue
                except MessageError as error:
                    if not self._lobby.rovers_of(said[0]):
                        self._refuse(error)
                    elif self._hear(*said, instead=error):
                        left.pop(said[0], None)
            elif said is not None:
                self._hear(*said)
            now = self._clock.now()
            if said is not None and self._is_flooding(said[0]):
                left.pop(said[0], None)
                self._give_up(said[0], "floods the bus with what nobody asked for")
            # Counted in slices: a hub that was itself stopped for a while (Ctrl-Z) blames nobody.
            waited += min(SLICE, now - before)
            before = now
            self._check()
            if waited > long:
                long *= 2.0
                _log.warning(
                    "waiting for %s", ", ".join(f"{name} {self._hosts.rovers.get(name, ())}" for name in sorted(left))
                )
            for host in sorted(left):
                if said is None and not self._is_alive(host):
                    del left[host]
                    self._fall(host, "died")
                elif waited > left[host]:
                    self._fall(host, f"did not answer within {left.pop(host):g} s")

    def _fall(self, host: str, fact: str) -> None:
        if not self._revival.takes(host, fact):
            self._give_up(host, fact)

    def _await(self, rovers: Sequence[RoverId], patience: float) -> float:
        """Wait until the hosts of rovers from elsewhere are there, at most so many seconds; return how many it took."""
        waited = 0.0
        if self._lobby.missing(rovers):
            _log.warning("waiting for %s, %g s at the most", ", ".join(self._lobby.missing(rovers)), patience)
        while self._lobby.missing(rovers) and waited < patience:
            before = self._clock.now()
            said = self._hosts.bus.receive(SLICE)
            if said is not None:
                self._hear(*said)
            self._check()
            waited += min(SLICE, self._clock.now() - before)
        if self._lobby.missing(rovers):
            _log.warning("%s: nobody came; the mission goes on without", ", ".join(self._lobby.missing(rovers)))
        return waited

    def _hear(self, host: str, data: bytes, instead: MessageError | None = None) -> bool:
        """Hear what nobody was asked for, as a guest may say it; return whether the guest is gone by it.

        Parameters
        ----------
        instead
            What was wrong with it as the answer that was asked for.
        """
        try:
            if key_of(host) is None:
                raise MessageError(host, "speaks out of turn")
            self._lobby.take(host, data)
        except MessageError as error:
            self._refuse(instead or error)
            if self._is_flooding(host):
                self._give_up(host, "floods the bus with what nobody asked for")
        self._faults += self._lobby.faults
        self._lobby.faults.clear()
        return instead is not None and not self._lobby.rovers_of(host)

    def _is_flooding(self, host: str) -> bool:
        is_counted = host in self._live or bool(self._lobby.rovers_of(host))
        return is_counted and self._strikes.get(host, 0) > _STRIKES

    def _is_alive(self, host: str) -> bool:
        """Return False when nothing can come from a host any more."""
        return self._hosts.bus.send(host, b"") if key_of(host) is not None else self._hosts.is_alive(host)

    def _on_hello(self, host: str, data: bytes) -> None:
        hello = read_from_host(data, host)
        if not isinstance(hello, Hello):
            raise MessageError(host, "does not say hello first")
        if hello.version != PROTOCOL_VERSION:
            self._give_up(host, f"speaks version {hello.version} of the protocol, not {PROTOCOL_VERSION}")
        else:
            self.attestation.take(host, hello.signing)

    def _on_ready(self, host: str, data: bytes) -> None:
        ready = read_from_host(data, host)
        if not isinstance(ready, Ready):
            raise MessageError(host, "does not answer the welcome")
        for rover, plugin, fact in ready.faults:
            if self._host_of.get(rover) == host:
                self._faults.append(Failure(rover=rover, plugin=plugin, fact=fact))

    def _refuse(self, error: MessageError) -> None:
        self._hosts.bus.refuse(error.sender, error.fact)
        self._strikes[error.sender] = self._strikes.get(error.sender, 0) + 1

    def _give_up(self, host: str, fact: str) -> None:
        if key_of(host) is not None:
            self._strikes.pop(host, None)
            self._lobby.lose(host, fact)
            return
        _log.error("host %s %s; its rovers stop", host, fact)
        self._live.remove(host)
        self._hosts.end(host)
        for rover in self._hosts.rovers[host]:
            self._faults.append(Failure(rover=rover, fact=f"host {host} {fact}"))

    def _take_faults(self) -> list[Failure]:
        faults, self._faults = sorted(self._faults, key=_ROVER), []
        return faults
