"""What comes from outside at each stop: asked for now, or, in a run that goes on, what came then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from fleet.core import RoverId, Tick
from fleet.messages import SealedRoverAsk
from sim.hub.failure import Failure
from sim.hub.link import HostLink
from sim.hub.past import Past
from sim.hub.values import Outside
from sim.record.checkpoint import Checkpoint
from sim.record.entries import Entry
from sim.record.exchange import Exchange, Silenced

_GREETING: Final[Tick] = -1  # When hosts are greeted.


class Continuation:
    """Goes through the past, if there is one, and then on into the present; the journal is told both.

    Parameters
    ----------
    link
        To the hosts; while the past lasts they are told it too, and must say what they said.

    Notes
    -----
    The world and all that the hub knows come out of the same code with the same answers, and so does what hosts know;
    from the last checkpoint on, where there is one.
    """

    def __init__(self, outside: Outside, link: HostLink) -> None:
        self._outside = outside
        self._link = link
        self._past = outside.past or Past("", ())
        self.is_past = outside.past is not None  #: Whether the past is gone through; nothing is then waited for.

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Where the past begins, if not at the beginning."""
        return self._past.checkpoint if self.is_past else None

    @property
    def file(self) -> str:
        """Whose past it is, for errors."""
        return self._past.file

    def entries(self) -> Iterable[Entry]:
        """Yield what was written up to the checkpoint."""
        return self._past.entries()

    def skip(self) -> None:
        """Keep what came up to the checkpoint, to which all have gone back."""
        for exchange in self._past.skip():
            self.end(exchange)
        if self._outside.journal is not None and self._past.checkpoint is not None:
            self._outside.journal.keep(self._past.checkpoint)

    def compare(self, digest: str) -> None:
        """Check that what was written up to the checkpoint is what was written then.

        Raises
        ------
        ConfigError
            When not.
        """
        checkpoint = self._past.checkpoint
        if checkpoint is not None and checkpoint.digest != digest:
            raise self._past.differs(checkpoint.tick, "what it holds up to there is not what was written")

    @property
    def last(self) -> Tick | None:
        """The last tick of the past; None without one."""
        return self._past.last if self.is_past else None

    def greeted(self, failures: Sequence[Failure]) -> tuple[Silenced, ...]:
        """Return the rovers that cannot be asked, given those that now cannot; in the past, those that could not then.

        Raises
        ------
        ConfigError
            When a rover could be asked then that now cannot.
        """
        is_known = not self._past.is_over
        then = self._past.at(_GREETING) or Exchange(tick=_GREETING)
        if not is_known:
            then = replace(then, silenced=_silenced(failures))
        elif missing := sorted({each.rover for each in failures} - {each.rover for each in then.silenced}):
            fact = next(each.fact for each in failures if each.rover == missing[0])
            raise self._past.differs(_GREETING, f"rover {missing[0]} cannot be asked now: {fact}")
        self.end(then)
        return then.silenced

    def begin(self, tick: Tick, away: Collection[RoverId]) -> Exchange:
        """Return what came by a stop, of the past also what was answered then.

        Parameters
        ----------
        away
            Rovers whose hosts from elsewhere are known to be gone.
        """
        then = self._past.at(tick) or Exchange(tick=tick)
        if self.is_past:
            return then
        went, came = self._link.comings(away)
        desk = self._outside.desk
        if desk is None:
            return replace(then, went=went, came=came)
        return replace(then, went=went, came=came, faults=desk.take_faults(tick), orders=desk.take_orders(tick))

    def ask(self, then: Exchange, asks: Sequence[SealedRoverAsk]) -> Exchange:
        """Return it with the answers to these."""
        if self.is_past:
            self._past.match(then, [ask.rover for ask in asks])
            self._link.remember(self._past, asks, then)
        elif asks:
            answers, failures = self._link.ask(then.tick, asks)
            in_order = tuple(answers[ask.rover] for ask in asks if ask.rover in answers)
            missing = {ask.rover for ask in asks} - {*answers} - {failure.rover for failure in failures}
            return replace(then, answers=in_order, silenced=_silenced(failures), left=tuple(sorted(missing)))
        return then

    def end(self, exchange: Exchange) -> None:
        """Keep what came at a stop; when it was the last of the past, wait for the hosts and go on into the present."""
        if self._outside.journal is not None and not exchange.is_empty:
            self._outside.journal.note(exchange)
        if self.is_past and self._past.is_over:
            self._link.settle(self._past)
            self.is_past = False
            self._outside.pace.skip(max(0, exchange.tick))
            self._past.close()


def _silenced(failures: Sequence[Failure]) -> tuple[Silenced, ...]:
    return tuple(Silenced(rover=each.rover, fact=each.fact, plugin=each.plugin) for each in failures)
