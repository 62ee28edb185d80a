"""Which faults there are when."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import RoverId, Tick
from fleet.messages import WELL, Plight
from sim.scenario.fault import AgentCrash, Fault


class Faults:
    """Begins and ends the faults of a run.

    Examples
    --------
    >>> faults = Faults([AgentCrash(id="c", begin=5, end=8, rover="r1")])
    >>> faults.next(), faults.turn(5)[0][0].id, faults.plight("r1").crashed
    (5, 'c', True)
    >>> faults.next(), faults.turn(8)[1][0].id, faults.plight("r1") is WELL
    (8, 'c', True)
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._ahead = list(faults)
        self.active: tuple[Fault, ...] = ()  #: By id.
        self._plights: dict[RoverId, Plight] = {}

    def add(self, faults: Iterable[Fault]) -> None:
        """Let more go wrong; what should have begun already begins at the next turn."""
        self._ahead += faults

    def next(self) -> Tick | None:
        """Return the first tick at which one begins or ends."""
        ends = [fault.end for fault in self.active if fault.end is not None]
        return min((*(fault.begin for fault in self._ahead), *ends), default=None)

    def turn(self, tick: Tick) -> tuple[list[Fault], list[Fault]]:
        """Return what has begun and what has ended by a tick, each by id."""
        begun = [fault for fault in self._ahead if fault.begin <= tick]
        there = sorted((*self.active, *begun), key=lambda fault: fault.id)
        ended = [fault for fault in there if fault.end is not None and fault.end <= tick]
        if begun or ended:
            self._ahead = [fault for fault in self._ahead if fault not in begun]
            self.active = tuple(fault for fault in there if fault not in ended)
            self._plights = self._found_plights()
        return sorted(begun, key=lambda fault: fault.id), ended

    def plight(self, rover: RoverId) -> Plight:
        """Return what is wrong with a rover's computer now."""
        return self._plights.get(rover, WELL)

    def _found_plights(self) -> dict[RoverId, Plight]:
        crashed = [fault.rover for fault in self.active if isinstance(fault, AgentCrash)]
        return {rover: Plight(crashed=True) for rover in crashed}
