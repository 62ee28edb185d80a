"""Orders of mission control in plain English."""

from __future__ import annotations

from typing import assert_never

from fleet.core import GROUND, AgencyId, TaskId
from fleet.messages import Bulletin
from sim.scenario.order import (
    CancelTasks,
    CloseGround,
    ControlOrder,
    OpenGround,
    PauseTasks,
    ReleaseRovers,
    ResumeTasks,
    SendTask,
    StopRovers,
    WithdrawAgency,
)


def order_given(order: ControlOrder) -> str:
    """Return what is ordered.

    >>> order_given(StopRovers(id="stop-1", at=0, rovers=("a", "b"), by="ground", reason="dust"))
    'Mission control has a and b stand: dust'
    >>> order_given(OpenGround(id="open-1", at=0, zone="slide"))
    'Mission control opens the ground slide again'
    """
    why = f": {order.reason}" if order.reason else ""
    match order:
        case StopRovers():
            return f"{_giver(order.by)} has {_names(order.rovers)} stand{why}"
        case ReleaseRovers():
            return f"{_giver(order.by)} lets {_names(order.rovers)} go on{why}"
        case CloseGround():
            inside = "leaves" if order.inside == "leave" else "stands"
            return f"{_giver(GROUND)} closes the ground {order.zone}; whoever is in it {inside}{why}"
        case OpenGround():
            return f"{_giver(GROUND)} opens the ground {order.zone} again{why}"
        case WithdrawAgency():
            return f"{order.agency} withdraws from the mission{why}"
        case PauseTasks():
            return f"{_giver(order.by)} pauses the work {_names(_works(order.tasks))}{why}"
        case ResumeTasks():
            return f"{_giver(order.by)} lets the work {_names(_works(order.tasks))} go on{why}"
        case CancelTasks():
            return f"{_giver(order.by)} cancels the work {_names(_works(order.tasks))}{why}"
        case SendTask(task=task):
            return f"{_giver(GROUND)} sends work, {task.id}: {task.title}{why}"
    assert_never(order)


def spelt_giver(by: str) -> str:
    """Return who gives an order, within a sentence.

    >>> spelt_giver("ground"), spelt_giver("CNSA")
    ('mission control', 'CNSA')
    """
    return "mission control" if by == GROUND else by


def bulletin_told(bulletin: Bulletin) -> str:
    """Return all that is in force.

    >>> bulletin_told(Bulletin(version=4))
    'nobody is to stand, no ground is closed (order 4)'
    """
    stands = sorted({halt.rover for halt in bulletin.halts})
    halts = f"{_names(tuple(stands))} {'are' if len(stands) > 1 else 'is'} to stand" if stands else "nobody is to stand"
    names = tuple(ground.zone for ground in bulletin.closed)
    closed = f"{_names(names)} {'are' if len(names) > 1 else 'is'} closed" if names else "no ground is closed"
    gone = f", {_names(bulletin.withdrawn)} {'have' if len(bulletin.withdrawn) > 1 else 'has'} withdrawn"
    works = "".join(
        f", the work {_names(names)} is {how}"
        for how, for_good in (("paused", False), ("cancelled", True))
        if (names := tuple(dict.fromkeys(word.task for word in bulletin.suspended if word.for_good is for_good)))
    )
    return f"{halts}, {closed}{gone if bulletin.withdrawn else ''}{works} (order {bulletin.version})"


def heeding(refused: str) -> str:
    """Return whether a rover does as it is ordered.

    >>> heeding("")
    'does as ordered'
    """
    return f"does not stand: {refused}" if refused else "does as ordered"


def _works(tasks: tuple[tuple[TaskId, AgencyId], ...]) -> tuple[str, ...]:
    return tuple(task for task, _ in tasks)


def _giver(by: str) -> str:
    return "Mission control" if by == GROUND else by


def _names(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
