"""The hub's talk with its hosts: greeting, the barrier of a tick, goodbye. A host that falls silent is given up."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fleet.core import Clock, ConfigError, MessageError, RoverId, Tick
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
    Welcome,
    encode,
    read_from_host,
)
from sim.hub.past import Past
from sim.hub.ports import Hosts
from sim.record.exchange import Exchange

_log = logging.getLogger(__name__)
SLICE: Final = 0.25  #: Seconds of waiting after which one looks whether the awaited are still alive.
_AHEAD: Final = 256  # Asks that a host may owe answers to while it is told what it knew.
_STRIKES: Final = 1000  # Frames that nobody asked for, after which a host is given up.


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long hosts are waited for; wall seconds."""

    greeting: float = 120.0  #: Start of the processes, and making all agents.
    answer: float = 5.0  #: On top of what the agents themselves may take.


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A rover that cannot be asked, or answered wrongly."""

    rover: RoverId
    fact: str
    plugin: str = ""


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
    """

    def __init__(
        self,
        hosts: Hosts,
        clock: Clock,
        agent_deadline: float,
        *,
        patience: Patience,
        check: Callable[[], None],
    ) -> None:
        self._hosts = hosts
        self._clock = clock
        self._agent_deadline = agent_deadline
        self._patience = patience
        self._check = check
        self._live = sorted(hosts.rovers)
        self._host_of = {rover: host for host in self._live for rover in hosts.rovers[host]}
        self._answers: dict[RoverId, SealedRoverAnswer] = {}
        self._faults: list[Failure] = []
        self._owed: dict[str, deque[tuple[Tick, tuple[SealedRoverAnswer, ...]]]] = {}  # What each must say once more.
        self._strikes: dict[str, int] = {}  # Frames of hosts that were not what was asked for.

    def greet(self, briefing: Briefing) -> list[Failure]:
        """Welcome every host and wait until its agents are made; return the rovers that cannot be asked, by id."""
        self._faults = []
        missing = self._hosts.bus.accept(self._live, SLICE)
        waited = 0.0
        while missing:
            before = self._clock.now()
            missing = self._hosts.bus.accept(self._live, SLICE)
            waited += min(SLICE, self._clock.now() - before)
            self._check()
            dead = [host for host in missing if not self._hosts.is_alive(host)]
            if dead or waited > self._patience.greeting:
                for host in dead or missing:
                    self._give_up(host, "died at its start" if dead else "never reported")
                missing = tuple(host for host in missing if host in self._live)
        self._gather(dict.fromkeys(self._live, self._patience.greeting), self._on_hello)
        for host in self._live:
            self._hosts.bus.send(host, encode(Welcome(briefing=briefing, rovers=self._hosts.rovers[host])))
        self._gather(dict.fromkeys(self._live, self._patience.greeting), self._on_ready)
        return self._take_faults()

    def ask(self, tick: Tick, asks: Sequence[SealedRoverAsk]) -> tuple[dict[RoverId, SealedRoverAnswer], list[Failure]]:
        """Ask rovers and wait until nobody owes an answer.

        Returns
        -------
        tuple
            The answers, and the rovers of hosts that were given up, by id.
        """
        groups: dict[str, list[SealedRoverAsk]] = {}
        for ask in asks:
            groups.setdefault(self._host_of[ask.rover], []).append(ask)
        # All is encoded before anything is sent: what goes out in one go wakes the transport once.
        frames = [(host, encode(SealedAsk(tick=tick, asks=tuple(group)))) for host, group in groups.items()]
        waits = {}
        for host, frame in frames:
            if self._hosts.bus.send(host, frame):
                waits[host] = self._agent_deadline * len(groups[host]) + self._patience.answer
            else:
                self._give_up(host, "hung up")
        self._answers = {}
        self._gather(waits, lambda host, data: self._on_answer(tick, groups[host], host, data))
        return self._answers, self._take_faults()

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
            if ask.rover in answers:
                groups.setdefault(self._host_of[ask.rover], []).append(ask)
        for host, group in groups.items():
            if not self._hosts.bus.send(host, encode(SealedAsk(tick=then.tick, asks=tuple(group)))):
                raise _gone(host, then.tick)
            owed = self._owed.setdefault(host, deque())
            owed.append((then.tick, tuple(answers[ask.rover] for ask in group)))
        self._hear_again(past, 0.0)
        self._settle(past, _AHEAD)

    def settle(self, past: Past) -> None:
        """Wait until all hosts know what they knew.

        Raises
        ------
        ConfigError
            As `remember`.
        """
        self._settle(past, 0)

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
                    raise _gone(host, owed[0][0])

    def _hear_again(self, past: Past, timeout: float) -> bool:
        """Take in what hosts say once more, as far as it is there; return whether there was anything."""
        said = self._hosts.bus.receive(timeout)
        is_anything = said is not None
        while said is not None:
            host, data = said
            try:
                self._compare(past, host, data)
            except MessageError as error:
                self._refuse(error)
            said = self._hosts.bus.receive(0.0)
        return is_anything

    def _compare(self, past: Past, host: str, data: bytes) -> None:
        if not self._owed.get(host):
            raise MessageError(host, "speaks out of turn")
        answer = read_from_host(data, host)
        tick, answers = self._owed[host][0]
        if not isinstance(answer, SealedAnswer) or answer.tick != tick or len(answer.answers) != len(answers):
            raise MessageError(host, f"answers something else than tick {tick}")
        self._owed[host].popleft()
        for now, then in zip(answer.answers, answers, strict=True):
            if now != then:
                raise past.differs(tick, f"rover {then.rover} decides otherwise than it did")

    def goodbye(self, reason: str) -> None:
        """Tell every host that the mission is over."""
        self._hosts.bus.part()
        for host in self._live:
            self._hosts.bus.send(host, encode(Goodbye(reason=reason)))

    def _gather(self, waits: Mapping[str, float], take: Callable[[str, bytes], None]) -> None:
        """Wait for one word of each host, at most so many seconds."""
        left = dict(waits)
        waited = 0.0
        before = self._clock.now()
        while left:
            said = self._hosts.bus.receive(SLICE)
            if said is not None and said[0] in left:
                try:
                    take(*said)
                    del left[said[0]]
                    continue
                except MessageError as error:
                    self._refuse(error)
            elif said is not None:
                self._refuse(MessageError(said[0], "speaks out of turn"))
            now = self._clock.now()
            if said is not None and self._strikes.get(said[0], 0) > _STRIKES and said[0] in self._live:
                left.pop(said[0], None)
                self._give_up(said[0], "floods the bus with what nobody asked for")
            # Counted in slices: a hub that was itself stopped for a while (Ctrl-Z) blames nobody.
            waited += min(SLICE, now - before)
            before = now
            self._check()
            for host in sorted(left):
                if said is None and not self._hosts.is_alive(host):
                    del left[host]
                    self._give_up(host, "died")
                elif waited > left[host]:
                    self._give_up(host, f"did not answer within {left.pop(host):g} s")

    def _on_hello(self, host: str, data: bytes) -> None:
        hello = read_from_host(data, host)
        if not isinstance(hello, Hello):
            raise MessageError(host, "does not say hello first")
        if hello.version != PROTOCOL_VERSION:
            self._give_up(host, f"speaks version {hello.version} of the protocol, not {PROTOCOL_VERSION}")

    def _on_ready(self, host: str, data: bytes) -> None:
        ready = read_from_host(data, host)
        if not isinstance(ready, Ready):
            raise MessageError(host, "does not answer the welcome")
        for rover, plugin, fact in ready.faults:
            if self._host_of.get(rover) == host:
                self._faults.append(Failure(rover=rover, plugin=plugin, fact=fact))

    def _on_answer(self, tick: Tick, asks: Sequence[SealedRoverAsk], host: str, data: bytes) -> None:
        answer = read_from_host(data, host)
        if not isinstance(answer, SealedAnswer) or answer.tick != tick:
            raise MessageError(host, f"answers something else than tick {tick}")
        if [each.rover for each in answer.answers] != [ask.rover for ask in asks]:
            raise MessageError(host, f"answers for others than were asked in tick {tick}")
        for each in answer.answers:
            self._answers[each.rover] = each

    def _refuse(self, error: MessageError) -> None:
        self._hosts.bus.refuse(error.sender, error.fact)
        self._strikes[error.sender] = self._strikes.get(error.sender, 0) + 1

    def _give_up(self, host: str, fact: str) -> None:
        _log.error("host %s %s; its rovers stop", host, fact)
        self._live.remove(host)
        self._hosts.end(host)
        for rover in self._hosts.rovers[host]:
            self._faults.append(Failure(rover=rover, fact=f"host {host} {fact}"))

    def _take_faults(self) -> list[Failure]:
        faults = sorted(self._faults, key=lambda fault: fault.rover)
        self._faults = []
        return faults


def _gone(host: str, tick: Tick) -> ConfigError:
    return ConfigError(f"host {host}", f"is gone before it knows what it knew at tick {tick}", "resume once more")
