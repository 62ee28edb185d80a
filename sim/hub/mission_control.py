"""What mission control orders while a mission goes on, and who is told what is in force."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import RoverId, Tick
from fleet.messages import Notified
from sim.scenario.in_force import InForce
from sim.scenario.order import ControlOrder, in_sequence


class MissionControl:
    """Gives orders at their ticks, and tells whoever leads what is in force.

    Notes
    -----
    Each order gives a bulletin of the next version, which says all that is in force; so a leader that hears one knows
    everything, whatever it missed.

    Examples
    --------
    >>> from sim.scenario.order import StopRovers
    >>> control = MissionControl([StopRovers(id="stop-1", at=5, rovers=("a",), by="ground")])
    >>> control.next(), [order.id for order in control.turn(5)], control.next()
    (5, ['stop-1'], None)
    >>> control.news_for("lander").bulletin.halts, control.news_for("lander")
    ((Halt(rover='a', by='ground', since=5, reason=''),), None)
    """

    def __init__(self, orders: Iterable[ControlOrder]) -> None:
        self._ahead = in_sequence(orders)
        self._force = InForce()
        self._told: dict[RoverId, int] = {}

    def add(self, orders: Iterable[ControlOrder]) -> None:
        """Take in more orders; what should have been given already is given at the next turn."""
        self._ahead = in_sequence((*self._ahead, *orders))

    def next(self) -> Tick | None:
        """Return the first tick at which an order is given."""
        return self._ahead[0].at if self._ahead else None

    def turn(self, tick: Tick) -> tuple[ControlOrder, ...]:
        """Return the orders that have been given by a tick since the last call."""
        given = tuple(order for order in self._ahead if order.at <= tick)
        self._ahead = self._ahead[len(given) :]
        if given:
            self._force.give(given)
        return given

    def news_for(self, leader: RoverId) -> Notified | None:
        """Return what a leader that can hear mission control is to be told now; None when it was told that."""
        bulletin = self._force.bulletin
        if self._told.get(leader, 0) >= bulletin.version:
            return None
        self._told[leader] = bulletin.version
        return Notified(bulletin=bulletin)
