"""What a run was answered before it was cut short, for the run that goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from fleet.core import ConfigError, MessageError, RoverId, Tick
from fleet.messages import SealedAnswer, SealedRoverAnswer
from sim.record.checkpoint import Checkpoint
from sim.record.entries import Entry
from sim.record.exchange import Exchange

_REMEDY: Final = "the program, an agent or the ground is not what it was; run the scenario anew"


class Past:
    """Gives what came from outside at each stop, once and in order.

    Parameters
    ----------
    file
        Whose past it is, for errors.
    exchanges
        In order.
    checkpoint
        Where to begin, at one of their ticks; None: at the beginning.
    entries
        Gives what was written up to there.

    Examples
    --------
    >>> past = Past("run.mcap", [Exchange(tick=0), Exchange(tick=7)])
    >>> past.at(0).tick, past.at(3), past.is_over, past.at(7).tick, past.is_over
    (0, None, False, 7, True)
    """

    def __init__(
        self,
        file: str,
        exchanges: Sequence[Exchange],
        *,
        checkpoint: Checkpoint | None = None,
        entries: Callable[[], Iterable[Entry]] = tuple,
    ) -> None:
        self.file = file
        self.checkpoint = checkpoint
        self.entries = entries
        self.exchanges = exchanges
        self._next = 0
        self.on_over: Callable[[], None] = lambda: None  #: Called once, when everything is as it was at the cut.

    @property
    def is_over(self) -> bool:
        """Whether all was given."""
        return self._next >= len(self.exchanges)

    @property
    def last(self) -> Tick:
        """The tick of the last stop that is known; -1: nobody was asked yet."""
        return self.exchanges[-1].tick if self.exchanges else -1

    def at(self, tick: Tick) -> Exchange | None:
        """Return what came at a stop; None where nothing did.

        Raises
        ------
        ConfigError
            When something came at an earlier tick, at which this run did not stop.
        """
        if self.is_over or self.exchanges[self._next].tick > tick:
            return None
        exchange = self.exchanges[self._next]
        if exchange.tick < tick:
            raise self.differs(exchange.tick, "the run did not stop there this time")
        self._next += 1
        return exchange

    def skip(self) -> Iterator[Exchange]:
        """Yield, each once, all that came up to the checkpoint."""
        last = -1 if self.checkpoint is None else self.checkpoint.tick
        while not self.is_over and self.exchanges[self._next].tick <= last:
            self._next += 1
            yield self.exchanges[self._next - 1]

    def match(self, exchange: Exchange, asked: Collection[RoverId]) -> None:
        """Check that those are asked who were.

        Raises
        ------
        ConfigError
            When not; it names the first rover.
        """
        answered = {answer.rover for answer in exchange.answers}
        known = answered | {each.rover for each in exchange.silenced} | {*exchange.left}
        odd = sorted((answered - set(asked)) | (set(asked) - known))
        if odd:
            fact = f"rover {odd[0]} was {'asked' if odd[0] in known else 'not asked'} then, otherwise than this time"
            raise self.differs(exchange.tick, fact)

    def compare(self, host: str, said: object, tick: Tick, answers: Sequence[SealedRoverAnswer]) -> None:
        """Check that a host says what its rovers answered then.

        Raises
        ------
        MessageError
            When it says something that is no answer to that.
        ConfigError
            When a rover decides otherwise than it did.
        """
        if not isinstance(said, SealedAnswer) or said.tick != tick or len(said.answers) != len(answers):
            raise MessageError(host, f"answers something else than tick {tick}")
        for now, then in zip(said.answers, answers, strict=True):
            # Signed with the keys of another run.
            if replace(now, signatures=()) != replace(then, signatures=()):
                raise self.differs(tick, f"rover {then.rover} decides otherwise than it did")

    def lost(self, host: str, tick: Tick) -> ConfigError:
        """Return the error of a host that is gone before it knows what it knew."""
        return ConfigError(f"host {host}", f"is gone before it knows what it knew at tick {tick}", "resume once more")

    def differs(self, tick: Tick, fact: str) -> ConfigError:
        """Return the error of a run that does not go as it went."""
        return ConfigError(self.file, f"does not fit this run at tick {tick}: {fact}", _REMEDY)

    def close(self) -> None:
        """Tell that all is as it was."""
        self.on_over()
