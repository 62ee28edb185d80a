"""What all contestants are given: so many agents in so many processes, and what is said between world and agents."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from fleet.bus import Handler, MemoryBus
from fleet.core import RoverId
from fleet.messages import Answer, Briefing, RoverAnswer, SealedAsk, SealedRoverAsk, encode
from fleet.messages.codec import Decoder
from fleet.runtime import Host, NodeMaker
from sim.hub import Hub, OpenHosts, assign_hosts
from sim.scenario import Scenario
from sim.world import World

T = TypeVar("T")

_HOURS: Final = 6.0  # Of the mission that is listened to.
_MOST = 256  # Exchanges that are kept, spread over all.
_STRIDE = 37  # Exchanges that agents are apart, so that in one tick each is told something else.


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way to lay out agents."""

    agents: int
    processes: int  #: That they live in; each is asked for all its agents at once.
    transport: Literal["ipc", "tcp"] = "ipc"
    is_locked: bool = False  #: Encrypted, each process with a key,
    is_signed: bool = False  #: and what rovers say signed with it.

    @property
    def shares(self) -> tuple[range, ...]:
        """Which agents live in which process."""
        bounds = [index * self.agents // self.processes for index in range(self.processes + 1)]
        return tuple(range(first, last) for first, last in pairwise(bounds))


def rover_of(agent: int) -> RoverId:
    """Return the id of an agent's rover."""
    return RoverId(f"rover-{agent:03d}")


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in a real mission, from which each agent is told one thing after another."""

    briefing: Briefing
    asks: tuple[SealedRoverAsk, ...]
    answers: tuple[RoverAnswer, ...]  #: To each ask the one that came.

    def asks_of(self, agent: int) -> list[SealedRoverAsk]:
        """Return what an agent is asked, tick by tick, over and over."""
        return [replace(ask, rover=rover_of(agent)) for ask in _turned(self.asks, agent)]

    def answers_of(self, agent: int) -> list[RoverAnswer]:
        """Return what it answers."""
        return [replace(answer, rover=rover_of(agent)) for answer in _turned(self.answers, agent)]

    def ask_sizes(self, agent: int) -> list[int]:
        """Return the bytes of each ask that goes to one agent alone."""
        return [len(encode(SealedAsk(tick=9999, asks=(ask,)))) for ask in self.asks_of(agent)]

    def answer_sizes(self, agent: int) -> list[int]:
        """Return the bytes of each answer that comes from one agent alone."""
        return [len(encode(Answer(tick=9999, answers=(answer,)))) for answer in self.answers_of(agent)]


def _turned(things: tuple[T, ...], agent: int) -> tuple[T, ...]:
    start = agent * _STRIDE % len(things)
    return things[start:] + things[:start]


_TRAFFIC: Final[Decoder[Traffic]] = Decoder(Traffic)
_ASK: Final[Decoder[SealedAsk]] = Decoder(SealedAsk)
_ANSWER: Final[Decoder[Answer]] = Decoder(Answer)


def read_traffic(data: bytes) -> Traffic:
    """Return the traffic whose bytes these are."""
    return _TRAFFIC.decode(data, "benchmark")


class _Tap:
    """A host that is listened to."""

    def __init__(self, host: Host, heard: list[tuple[bytes, bytes]]) -> None:
        self._host = host
        self._heard = heard
        self._is_asked = False  # First it is welcomed.

    def hello(self) -> bytes:
        return self._host.hello()

    def handle(self, data: bytes) -> bytes | None:
        answer = self._host.handle(data)
        if answer is not None and self._is_asked:
            self._heard.append((data, answer))
        self._is_asked = self._host.is_ready
        return answer


def listen(scenario: Scenario) -> Traffic:
    """Run the first hours of a mission and return what its agents were asked and what they answered."""
    heard: list[tuple[bytes, bytes]] = []
    rovers = assign_hosts(scenario.rovers, len(scenario.rovers))
    hosts: dict[str, Handler] = {name: _Tap(Host(name, NodeMaker()), heard) for name in rovers}
    bus = MemoryBus(hosts)
    places = OpenHosts(bus=bus, rovers=rovers, alive=lambda _: False, kill=lambda _: None)
    Hub(scenario, World(scenario), places, ()).run(min(scenario.end, scenario.time.tick(_HOURS * 3600.0)))
    kept = heard[:: max(1, len(heard) // _MOST)][:_MOST]
    return Traffic(
        briefing=scenario.briefing(),
        asks=tuple(_ASK.decode(ask).asks[0] for ask, _ in kept),
        answers=tuple(_ANSWER.decode(answer).answers[0] for _, answer in kept),
    )
