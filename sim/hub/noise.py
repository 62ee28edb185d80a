"""What faults make of words on their way: lost, late, or heard twice."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from fleet.core import Rng, RoverId, Tick, stream
from sim.scenario.fault import Fault, MessageCorruption, MessageDelay, MessageDuplication, MessageFault, MessageLoss


class Noise:
    """The faults of the air.

    Parameters
    ----------
    dt
        Seconds a tick.

    Notes
    -----
    Each fault has a stream of chance for each pair of rovers, from which two numbers are drawn for every message
    between them while it lasts, in reach or not: what one message suffers changes nothing for any other.

    Examples
    --------
    >>> noise = Noise(dt=1.0, seed=7)
    >>> noise.suffer([MessageDelay(id="d", begin=0, end=None, share=1.0, delay=5.0, spread=0.0)])
    >>> noise.heard_at("a", "b", 10)
    (15,)
    """

    def __init__(self, *, dt: float, seed: int) -> None:
        self._dt = dt
        self._seed = seed
        self._faults: tuple[MessageFault, ...] = ()
        self._chances: dict[tuple[str, RoverId, RoverId], Rng] = {}

    def suffer(self, faults: Sequence[Fault]) -> None:
        """Take in which faults there are from now on."""
        self._faults = tuple(fault for fault in faults if isinstance(fault, MessageFault))

    def heard_at(self, sender: RoverId, receiver: RoverId, due: Tick) -> tuple[Tick, ...]:
        """Return when words are heard that are due at a tick: not at all, once, or more often."""
        ticks = [due]
        for fault in self._faults:
            if not fault.concerns(sender, receiver):
                continue
            chance = self._chance(fault.id, sender, receiver)
            is_hit, part = chance.random() < fault.share, chance.random()
            if not is_hit:
                continue
            match fault:
                case MessageLoss() | MessageCorruption():
                    ticks = []
                case MessageDelay():
                    ticks = [tick + self._ticks(fault, part) for tick in ticks]
                case MessageDuplication():
                    ticks += [tick + self._ticks(fault, part) for tick in ticks[:1]]
        return tuple(ticks)

    def _ticks(self, fault: MessageDelay | MessageDuplication, part: float) -> Tick:
        return ceil((fault.delay + fault.spread * part) / self._dt - 1e-9)

    def _chance(self, fault: str, sender: RoverId, receiver: RoverId) -> Rng:
        key = (fault, sender, receiver)
        if key not in self._chances:
            self._chances[key] = stream(self._seed, f"fault/{fault}/{sender}/{receiver}")
        return self._chances[key]
