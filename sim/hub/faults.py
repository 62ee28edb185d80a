"""Which faults there are when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from msgspec.structs import replace

from fleet.core import RoverId, Tick
from fleet.messages import WELL, Plight
from sim.scenario.fault import AgentCrash, Fault, HostLoss, SlowAgent


class Faults:
    """Begins and ends the faults of a run.

    Parameters
    ----------
    dt
        Seconds a tick.

    Examples
    --------
    >>> faults = Faults([AgentCrash(id="c", begin=5, end=8, rover="r1")], dt=1.0)
    >>> faults.next(), faults.turn(5)[0][0].id, faults.plight("r1").crashed
    (5, 'c', True)
    >>> faults.next(), faults.turn(8)[1][0].id, faults.plight("r1") is WELL
    (8, 'c', True)
    >>> faults.add([AgentCrash(id="d", begin=9, end=None, rover="r1")]); faults.end("d", 9)
    >>> faults.next(), faults.turn(9)[0][0].id, faults.next()
    (9, 'd', 10)
    """

    def __init__(self, faults: Iterable[Fault], *, dt: float) -> None:
        self._dt = dt
        self._ahead = list(faults)
        self.active: tuple[Fault, ...] = ()  #: By id.
        self._plights: dict[RoverId, Plight] = {}
        self._boots: dict[RoverId, int] = {}

    def add(self, faults: Iterable[Fault]) -> None:
        """Let more go wrong; what should have begun already begins at the next turn."""
        self._ahead += faults

    def end(self, fault: str, tick: Tick) -> None:
        """Let a fault whose end was not known end at a tick, or as soon as it has begun."""

        def ended(each: Fault) -> Fault:
            return replace(each, end=max(tick, each.begin + 1)) if each.id == fault else each

        self._ahead = [ended(each) for each in self._ahead]
        self.active = tuple(ended(each) for each in self.active)

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
            for fault in ended:
                if isinstance(fault, HostLoss) and not self.is_off(fault.rover):
                    self._boots[fault.rover] = self._boots.get(fault.rover, 0) + 1
            self._plights = self._found_plights()
        return sorted(begun, key=lambda fault: fault.id), ended

    def plight(self, rover: RoverId) -> Plight:
        """Return what is wrong with a rover's computer now."""
        return self._plights.get(rover, WELL)

    def changed(self, rovers: Iterable[RoverId], known: Mapping[RoverId, Plight]) -> list[RoverId]:
        """Return whose computer suffers from something else than is known of it."""
        return [rover for rover in rovers if self.plight(rover) != known.get(rover, WELL)]

    def is_off(self, rover: RoverId) -> bool:
        """Return whether a rover's computer is off."""
        return any(isinstance(fault, HostLoss) and fault.rover == rover for fault in self.active)

    def _found_plights(self) -> dict[RoverId, Plight]:
        crashed = {fault.rover for fault in self.active if isinstance(fault, AgentCrash)}
        slow: dict[RoverId, Tick] = {}
        for fault in self.active:
            if isinstance(fault, SlowAgent):
                slow[fault.rover] = max(slow.get(fault.rover, 0), ceil(fault.delay / self._dt - 1e-9))
        rovers = {*crashed, *slow, *self._boots}
        return {
            rover: Plight(crashed=rover in crashed, slow=slow.get(rover, 0), boots=self._boots.get(rover, 0))
            for rover in sorted(rovers)
        }
