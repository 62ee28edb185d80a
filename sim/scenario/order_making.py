"""From what is said of orders to orders: whom they are for, and at which ticks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fleet.core import GROUND, AgencyId, MissionTime, RoverId, TaskId, Tick
from sim.scenario.order import (
    CancelTasks,
    CloseGround,
    ControlOrder,
    OpenGround,
    PauseTasks,
    ReleaseRovers,
    ResumeTasks,
    StopRovers,
    WithdrawAgency,
)
from sim.scenario.order_check import lasts
from sim.scenario.order_schema import (
    CancelItem,
    CloseItem,
    GoItem,
    OpenItem,
    OrderItem,
    PauseItem,
    ResumeItem,
    RoversOrder,
    StopItem,
    TasksOrder,
    WithdrawItem,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Whom and what orders are about."""

    fleet: Mapping[RoverId, AgencyId]  #: Agency of every rover.
    tasks: Mapping[TaskId, AgencyId]  #: Whose work each task is.


def orders_of(
    name: str, item: OrderItem, members: Members, time: MissionTime, since: Tick = 0
) -> tuple[ControlOrder, ...]:
    """Return the orders that an item stands for: itself, and what ends it where it lasts for a time.

    Parameters
    ----------
    name
        Id of the order in its run.
    members
        Agencies of all.
    since
        Tick from which its times count.
    """
    at = since + time.tick(item.at)
    seconds = lasts(item)
    end = None if seconds is None else at + max(1, time.tick(seconds))
    over = f"{name}-ends"
    match item:
        case StopItem() | GoItem():
            rovers, by = _whom(item, members.fleet), item.by or GROUND
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
        case PauseItem() | ResumeItem() | CancelItem():
            tasks, by = _which(item, members.tasks), item.by or GROUND
            if isinstance(item, ResumeItem):
                return (ResumeTasks(id=name, at=at, reason=item.reason, tasks=tasks, by=by),)
            if isinstance(item, CancelItem):
                return (CancelTasks(id=name, at=at, reason=item.reason, tasks=tasks, by=by),)
            pause = PauseTasks(id=name, at=at, reason=item.reason, tasks=tasks, by=by)
            return (pause,) if end is None else (pause, ResumeTasks(id=over, at=end, tasks=tasks, by=by))
        case _:
            raise TypeError(f"{type(item).__name__} is no order")


def _whom(item: RoversOrder, fleet: Mapping[RoverId, AgencyId]) -> tuple[RoverId, ...]:
    if item.rover is not None:
        return (RoverId(item.rover),)
    if item.agency is not None:
        return tuple(sorted(rover for rover, agency in fleet.items() if agency == item.agency))
    return tuple(sorted({RoverId(name) for name in item.rovers} if isinstance(item.rovers, list) else fleet))


def _which(item: TasksOrder, tasks: Mapping[TaskId, AgencyId]) -> tuple[tuple[TaskId, AgencyId], ...]:
    return tuple((task, tasks[task]) for task in names_of(item))


def names_of(item: TasksOrder) -> tuple[TaskId, ...]:
    """Return the tasks that an order is about, each once, sorted."""
    named = item.tasks or ([] if item.task is None else [item.task])
    return tuple(sorted({TaskId(name) for name in named}))
