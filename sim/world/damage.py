"""What faults do to bodies and their radio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fleet.core import RoverId, Tick
from sim.scenario.fault import Fault, Held, Partition, Silent, StuckWheel
from sim.world.arrays import BoolArray
from sim.world.engine import Engine


class Damage:
    """Keeps an engine's bodies as the present faults have them.

    Parameters
    ----------
    rovers
        By id, as the engine numbers them.
    """

    def __init__(self, rovers: Sequence[RoverId], engine: Engine) -> None:
        self._index = {rover: i for i, rover in enumerate(rovers)}
        self._engine = engine
        self._stuck: frozenset[int] = frozenset()

    def suffer(self, faults: Sequence[Fault], tick: Tick) -> list[int]:
        """Take in which faults there are from now on; return whose wheels got stuck just now, ascending."""
        held = {self._index[fault.rover] for fault in faults if isinstance(fault, Held)}
        for i in range(len(self._index)):
            self._engine.hold(i, is_held=i in held)
        self._engine.cut(self._cut(faults), tick)
        before, self._stuck = self._stuck, frozenset(self._stuck_by(faults))
        return sorted(self._stuck - before)

    def is_stuck(self, rover: int) -> bool:
        """Return whether a body can neither drive nor turn."""
        return rover in self._stuck

    def _stuck_by(self, faults: Sequence[Fault]) -> list[int]:
        return [self._index[fault.rover] for fault in faults if isinstance(fault, StuckWheel)]

    def _cut(self, faults: Sequence[Fault]) -> BoolArray:
        """Return which pairs no radio bridges, and on the diagonal which radios are dead; (N, N), symmetric."""
        count = len(self._index)
        cut: BoolArray = np.zeros((count, count), dtype=np.bool_)
        for fault in faults:
            match fault:
                case Silent(rover=rover):
                    cut[self._index[rover], :] = cut[:, self._index[rover]] = True
                case Partition(groups=groups):
                    number = [next(k for k, group in enumerate(groups) if rover in group) for rover in self._index]
                    cut |= np.not_equal.outer(number, number)
                case _:
                    pass
        return cut
