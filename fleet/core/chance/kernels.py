"""Chance inside compiled code: a stream is one word of state that a seed begins.

Source
------
SplitMix64; Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
"""

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Chance, Counts, Indices
from fleet.core.compiled import compiled

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_THIRTY, _TWENTY_SEVEN, _THIRTY_ONE = np.uint64(30), np.uint64(27), np.uint64(31)
_HALF, _SPARE = np.uint64(32), np.uint64(11)


@compiled
def scramble(word: np.uint64) -> np.uint64:
    """Return a word that looks like chance, the same for the same word."""
    word = (word ^ (word >> _THIRTY)) * _FIRST
    word = (word ^ (word >> _TWENTY_SEVEN)) * _SECOND
    return word ^ (word >> _THIRTY_ONE)


@compiled
def draw(chance: Chance) -> np.uint64:
    """Return the next word of a stream."""
    chance[0] += _STEP
    return scramble(chance[0])


@compiled
def draw_below(chance: Chance, count: int) -> int:
    """Return a number from 0 to ``count - 1``."""
    return int(np.int64(((draw(chance) >> _HALF) * np.uint64(count)) >> _HALF))


@compiled
def draw_share(chance: Chance) -> float:
    """Return a number of [0, 1)."""
    return float(np.int64(draw(chance) >> _SPARE)) * 1.1102230246251565e-16


@compiled
def shuffle(chance: Chance, items: Indices | Counts, count: int) -> None:
    """Put the first `count` items into an order by chance."""
    for spot in range(count - 1, 0, -1):
        other = draw_below(chance, spot + 1)
        items[spot], items[other] = items[other], items[spot]
