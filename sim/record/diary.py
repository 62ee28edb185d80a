"""What one rover did, hour by hour: its activities, its charge and its light."""

from __future__ import annotations

from array import array
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fleet.core import TaskId, Tick

IN_TOW: Final = "in tow"  #: What a rover does that another has in tow.


class Spell(NamedTuple):
    """A time in which a rover did one thing."""

    begin: Tick
    end: Tick
    activity: str  #: One of those that a body has, or `IN_TOW`.
    task: TaskId | None


class Diary:
    """Kept in order of ticks.

    >>> diary = Diary()
    >>> for tick, doing in enumerate(["idle", "driving", "driving", "working"]):
    ...     diary.put(10 * tick, doing, None, (1.0, 0.5))
    >>> [(spell.begin, spell.end, spell.activity) for spell in diary.spells]
    [(0, 10, 'idle'), (10, 30, 'driving'), (30, 30, 'working')]
    >>> diary.curves(np.array([-5, 12, 99]))[0].tolist()
    [1.0, 1.0, 1.0]
    """

    def __init__(self) -> None:
        self._ticks = array("q")
        self._charge = array("f")
        self._light = array("f")
        self._begun: list[tuple[Tick, str, TaskId | None]] = []

    def put(self, tick: Tick, activity: str, task: TaskId | None, levels: tuple[float, float]) -> None:
        """Note how a rover is; `levels` are its charge and its light, 0 to 1."""
        self._ticks.append(tick)
        self._charge.append(levels[0])
        self._light.append(levels[1])
        if not self._begun or self._begun[-1][1:] != (activity, task):
            self._begun.append((tick, activity, task))

    @property
    def last(self) -> Tick:
        """The latest tick of it, 0 when nothing was noted."""
        return self._ticks[-1] if self._ticks else 0

    @property
    def spells(self) -> list[Spell]:
        """What it did, in order; the last spell goes on until the latest tick."""
        ends = [begin for begin, _, _ in self._begun[1:]] + [self.last]
        return [
            Spell(begin, end, activity, task) for (begin, activity, task), end in zip(self._begun, ends, strict=True)
        ]

    def curves(self, ticks: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return charge and light at ticks, before the first as then and after the last as then, each (N,) float64."""
        if not self._ticks:
            return np.ones(len(ticks)), np.zeros(len(ticks))
        known = np.array(self._ticks, dtype=np.float64)
        before = np.maximum(np.searchsorted(known, ticks, "right") - 1, 0)
        charge = np.interp(ticks, known, np.array(self._charge, dtype=np.float64))
        return charge, np.array(self._light, dtype=np.float64)[before]
