"""Where a run is steered from: what viewers ask for, done between ticks."""

from __future__ import annotations

from math import inf
from typing import Final

from fleet.bus import ControlServer, Direct, End, Inject, Pause, Rate, Reply, Request, Resume, Snapshot
from fleet.core import Clock, ConfigError, MessageError, Tick
from sim.hub.allowance import Allowance
from sim.hub.live import LiveFeed
from sim.hub.pace import Pace
from sim.scenario.fault import Fault
from sim.scenario.fault_live import LiveFaults
from sim.scenario.fault_schema import FaultItem
from sim.scenario.live_text import LONGEST
from sim.scenario.order import ControlOrder
from sim.scenario.order_live import LiveOrder, LiveOrders

_PER_SECOND: Final = 20.0  # Short requests that cost something, of all clients together,
_BURST: Final = 60  # and so many at once.
_PICTURE: Final = 1.0 / 30.0  # Seconds between two looks: twice as often costs a run 2 % more, and nobody sees it.
_SHORT: Final = 100  # Characters; to read a longer text takes longer.


class Desk:
    """Answers control clients.

    Parameters
    ----------
    server
        Closed with the run.
    pace
        What is steered.
    live
        Where a snapshot goes; None when there is no feed.
    faults
        Reads what shall go wrong; None when nothing may.
    orders
        Reads what mission control orders; None when nothing may be.
    """

    def __init__(
        self,
        server: ControlServer,
        pace: Pace,
        *,
        clock: Clock,
        live: LiveFeed | None = None,
        faults: LiveFaults | None = None,
        orders: LiveOrders | None = None,
    ) -> None:
        self._server = server
        self._clock = clock
        self._polled = -inf
        self._allowance = Allowance(rate=_PER_SECOND, burst=_BURST)
        self._pace = pace
        self._live = live
        self._is_ended = False
        self._reader = faults
        self._wanted: list[FaultItem] = []
        self._orders = orders
        self._ordered: list[LiveOrder] = []

    def poll(self) -> bool:
        """Do what was asked for, and tell what happened, now and then; return whether the run shall end.

        Called often: a window shows nothing of what is told more often than it draws pictures.
        """
        now = self._clock.now()
        if now - self._polled >= _PICTURE:
            self._polled = now
            if self._live is not None:
                self._live.tell()
            self._server.poll(self._answer)
        return self._is_ended

    def _answer(self, request: Request, who: str) -> Reply:
        tokens = _tokens_of(request)
        if tokens and not self._allowance.takes(tokens, self._clock.now()):
            return Reply(ok=False, fact=f"too many requests: {_PER_SECOND:g} short ones a second are done; ask again")
        match request:
            case Pause():
                self._pace.pause()
            case Resume():
                self._pace.resume()
            case Rate(factor=factor):
                self._pace.set_factor(factor)
            case Snapshot():
                if self._live is None:
                    return Reply(ok=False, fact="this run has no feed")
                self._live.publish_present()
            case End():
                self._is_ended = True
            case Inject(fault=text):
                return self._want(text, who)
            case Direct(order=text):
                return self._direct(text, who)
        return Reply(ok=True)

    def _want(self, text: str, who: str) -> Reply:
        if self._reader is None:
            return Reply(ok=False, fact="this run takes no faults")
        if self._orders is not None and self._orders.is_agency(who):
            raise MessageError(who, f"{who} has no right to have something go wrong")
        try:
            self._wanted += self._reader.read(text)
        except ConfigError as error:
            return Reply(ok=False, fact=str(error))
        return Reply(ok=True)

    def _direct(self, text: str, who: str) -> Reply:
        if self._orders is None:
            return Reply(ok=False, fact="this run takes no orders")
        try:
            self._ordered += self._orders.read(text, who)
        except ConfigError as error:
            return Reply(ok=False, fact=str(error))
        return Reply(ok=True)

    def take_orders(self, now: Tick) -> tuple[ControlOrder, ...]:
        """Return the orders that were given since the last call, as from now."""
        items, self._ordered = self._ordered, []
        return tuple(order for item in items if self._orders for order in self._orders.orders(item, now))

    def take_faults(self, now: Tick) -> tuple[Fault, ...]:
        """Return the faults that were wanted since the last call, as from now."""
        items, self._wanted = self._wanted, []
        return tuple(fault for item in items if self._reader for fault in self._reader.faults(item, now))

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.close()


def _tokens_of(request: Request) -> float:
    """Return how many short requests a request counts for; none where it costs nothing."""
    match request:
        case Snapshot():
            return 1.0
        case Inject(fault=text) | Direct(order=text):
            return max(1.0, min(len(text), LONGEST) / _SHORT)
        case _:
            return 0.0
