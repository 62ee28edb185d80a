"""The gate between a run and whoever decides for its rovers, one step after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from greenlet import getcurrent, greenlet

from fleet.core import RoverId, Tick
from fleet.messages import (
    PROTOCOL_VERSION,
    Answer,
    Ask,
    Command,
    Event,
    Hello,
    Observation,
    Ready,
    RoverAnswer,
    Welcome,
    encode,
    read_from_hub,
)

_HOST = "learner"


class Gate:
    """A bus whose one host is the learner: in it, the hub waits for decisions.

    Parameters
    ----------
    period
        Ticks from one decision to the next. What happens to a rover in between is kept for the next.
    run
        Runs the mission over this bus, to its end.

    Notes
    -----
    The same frames cross it as any other bus. Run and learner take turns in one thread, each on a stack of its own.
    """

    def __init__(self, period: Tick, run: Callable[[], None]) -> None:
        self.dropped = 0
        self.seen: dict[RoverId, Observation] = {}  #: Of those who are to decide now; empty when it is over,
        self.felt: dict[RoverId, list[Event]] = {}  #: with all that happened to them since they last did.
        self._period = period
        self._run = greenlet(run)
        self._learner: greenlet | None = None
        self._due: Tick = 0
        self._commands: Mapping[RoverId, Command] = {}
        self._is_closing = False
        self._said: deque[bytes] = deque()
        self._heard = False
        self._ask: Ask | None = None

    # The learner's side

    def decide(self, commands: Mapping[RoverId, Command]) -> None:
        """Let rovers do this, and the run go on until somebody is to decide again, or it is over."""
        self._commands, self.seen = commands, {}
        self._learner = getcurrent()
        self._run.switch()

    def end(self) -> None:
        """End the run where it stands."""
        self._is_closing = True
        if self._learner is not None and not self._run.dead:
            self.decide({})

    @property
    def is_closing(self) -> bool:
        """Whether the learner wanted the end."""
        return self._is_closing

    # The hub's side

    def accept(self, hosts: Sequence[str], timeout: float) -> tuple[str, ...]:  # noqa: ARG002 - nobody is waited for
        """Let the learner in."""
        if not self._heard:
            self._heard = True
            self._said.append(encode(Hello(version=PROTOCOL_VERSION, host=_HOST)))
        return tuple(host for host in hosts if host != _HOST)

    def send(self, host: str, data: bytes) -> bool:
        """Take what the hub says."""
        said = read_from_hub(data)
        if isinstance(said, Welcome):
            self._said.append(encode(Ready(host=host, faults=())))
        elif isinstance(said, Ask):
            self._ask = said
        return True

    def receive(self, timeout: float) -> tuple[str, bytes] | None:  # noqa: ARG002 - decisions take the time they take
        """Return what the learner says, once it does."""
        if self._ask is not None:
            ask, self._ask = self._ask, None
            return _HOST, encode(self._answer(ask))
        return (_HOST, self._said.popleft()) if self._said else None

    def has_word(self) -> bool:
        """Return True: nothing is written while decisions are waited for."""
        return True

    def refuse(self, sender: str, fact: str) -> None:  # noqa: ARG002 - the learner says nothing but answers
        """Count what nobody wants."""
        self.dropped += 1

    def part(self) -> None:
        """Nobody hangs up within one process."""

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, ask: Ask) -> Answer:
        for each in ask.asks:
            if each.observation.events:
                self.felt.setdefault(each.rover, []).extend(each.observation.events)
        commands: Mapping[RoverId, Command] = {}
        if ask.tick >= self._due:
            self._due = ask.tick + self._period
            self.seen = {each.rover: each.observation for each in ask.asks}
            assert self._learner is not None  # who let the run go on
            self._learner.switch()
            if self._is_closing:
                # As if somebody had pressed Ctrl-C: the hub ends cleanly.
                raise KeyboardInterrupt
            commands = self._commands
            self.felt = {}
        return Answer(
            tick=ask.tick,
            answers=tuple(
                RoverAnswer(rover=each.rover, command=commands.get(each.rover), outbox=(), wake=self._due)
                for each in ask.asks
            ),
        )


def hosts_of(rovers: Sequence[RoverId]) -> dict[str, tuple[RoverId, ...]]:
    """Return which host has these rovers: the learner."""
    return {_HOST: tuple(rovers)}
