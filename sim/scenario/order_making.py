"""From what is said of orders to orders: whom they are for, and at which ticks."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.core import GROUND, AgencyId, MissionTime, RoverId, Tick
from sim.scenario.order import CloseGround, ControlOrder, OpenGround, ReleaseRovers, StopRovers, WithdrawAgency
from sim.scenario.order_check import lasts
from sim.scenario.order_schema import CloseItem, GoItem, OpenItem, OrderItem, RoversOrder, StopItem, WithdrawItem


def orders_of(
    name: str, item: OrderItem, fleet: Mapping[RoverId, AgencyId], time: MissionTime, since: Tick = 0
) -> tuple[ControlOrder, ...]:
    """Return the orders that an item stands for: itself, and what ends it where it lasts for a time.

    Parameters
    ----------
    name
        Id of the order in its run.
    fleet
        Agency of every rover.
    since
        Tick from which its times count.
    """
    at = since + time.tick(item.at)
    seconds = lasts(item)
    end = None if seconds is None else at + max(1, time.tick(seconds))
    over = f"{name}-ends"
    match item:
        case StopItem() | GoItem():
            rovers, by = _whom(item, fleet), item.by or GROUND
            if isinstance(item, GoItem):
                return (ReleaseRovers(id=name, at=at, reason=item.reason, rovers=rovers, by=by),)
            stop = StopRovers(id=name, at=at, reason=item.reason, rovers=rovers, by=by)
            return (stop,) if end is None else (stop, ReleaseRovers(id=over, at=end, rovers=rovers, by=by))
        case CloseItem():
            outline = tuple((x, y) for x, y in item.polygon_m)
            close = CloseGround(id=name, at=at, reason=item.reason, zone=item.zone, outline=outline, inside=item.inside)
            return (close,) if end is None else (close, OpenGround(id=over, at=end, zone=item.zone))
        case OpenItem():
            return (OpenGround(id=name, at=at, reason=item.reason, zone=item.zone),)
        case WithdrawItem():
            return (WithdrawAgency(id=name, at=at, reason=item.reason, agency=AgencyId(item.agency)),)
        case _:
            raise TypeError(f"{type(item).__name__} is no order")


def _whom(item: RoversOrder, fleet: Mapping[RoverId, AgencyId]) -> tuple[RoverId, ...]:
    if item.rover is not None:
        return (RoverId(item.rover),)
    if item.agency is not None:
        return tuple(sorted(rover for rover, agency in fleet.items() if agency == item.agency))
    return tuple(sorted({RoverId(name) for name in item.rovers} if isinstance(item.rovers, list) else fleet))
