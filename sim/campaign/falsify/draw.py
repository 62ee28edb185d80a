"""How a search takes its chances: names and numbers, asked for one by one."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Final, Protocol, TypeVar

from fleet.core import Rng

Option = TypeVar("Option")
_GOLDEN: Final = (sqrt(5.0) - 1.0) / 2.0  # Its multiples, modulo one, fill the unit interval as evenly as can be.


class Draw(Protocol):
    """One proposal in the making; a name may be asked for more than once."""

    def choice(self, name: str, options: Sequence[Option]) -> Option:
        """Return one of the options."""
        ...

    def even(self, name: str, low: float, high: float) -> float:
        """Return a number between two, so that many of one name leave no large gap."""
        ...

    def size(self, name: str, low: float, high: float) -> float:
        """Return a number between two of which both are above zero, small ones as often as large ones."""
        ...


class DealtDraw:
    """Chance that misses little: names are dealt like cards, and numbers fill their range evenly.

    Chance alone has, after as many draws as there are options, not seen a third of them.

    Source
    ------
    Even numbers: additive recurrence with the golden ratio, Kuipers and Niederreiter, "Uniform Distribution of
    Sequences", 1974, ch. 2.3.
    """

    def __init__(self, rng: Rng) -> None:
        self._rng = rng
        self._decks: dict[tuple[str, int], list[int]] = {}
        self._last: dict[str, float] = {}

    def choice(self, name: str, options: Sequence[Option]) -> Option:
        """Return the next card; the deck is shuffled anew when all were dealt."""
        deck = self._decks.setdefault((name, len(options)), [])
        if not deck:
            deck.extend(range(len(options)))
            self._rng.shuffle(deck)
        return options[deck.pop()]

    def even(self, name: str, low: float, high: float) -> float:
        """Return the number that lies farthest from those before, nearly."""
        last = self._last.get(name)
        part = self._rng.random() if last is None else (last + _GOLDEN) % 1.0
        self._last[name] = part
        return low + (high - low) * part

    def size(self, name: str, low: float, high: float) -> float:
        """Return a number whose logarithm is drawn evenly."""
        del name  # Gaps between sizes do no harm.
        return exp(log(low) + (log(high) - log(low)) * self._rng.random())
