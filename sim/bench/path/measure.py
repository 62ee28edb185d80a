"""How much is measured, and how: ours and a peer's in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from fleet.core import Clock

T = TypeVar("T")
TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much is measured."""

    clock: Clock
    say: Callable[[str], None]
    polygons: tuple[int, ...] = (50, 200, 1000)  #: Obstacles a map.
    grids: tuple[int, ...] = (512, 1024, 2048)  #: Cells a side.
    thorough: bool = False  #: Ask slow peers as often as quick ones, and those that take minutes, too.

    def timed(self, work: Callable[[], T]) -> tuple[float, T]:
        """Return seconds that work takes, and what it gives."""
        begun = self.clock.now()
        result = work()
        return self.clock.now() - begun, result

    def in_turn(self, ours: Callable[[], object], theirs: Callable[[], T], turns: int) -> tuple[float, T]:
        """Return how many times as long theirs takes, the median over turns, and what theirs gave at last.

        Each turn measures ours three times, of which the median counts, and then theirs.
        """
        ratios = []
        for _ in range(turns):
            mine = self.median(ours)
            yours, given = self.timed(theirs)
            ratios.append(yours / mine)
        return median(ratios), given

    def median(self, work: Callable[[], object], turns: int = TURNS) -> float:
        """Return the median of seconds that work takes."""
        return median(self.timed(work)[0] for _ in range(turns))
