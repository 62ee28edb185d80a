"""What mission control's orders leave in force."""

from __future__ import annotations

from collections.abc import Iterable

from fleet.core import AgencyId, RoverId, TaskId
from fleet.messages import Bulletin, ClosedGround, Halt, Suspension
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


class InForce:
    """Takes in orders; of two about one rover and giver, or one zone, the later counts.

    Examples
    --------
    >>> force = InForce()
    >>> force.give([CloseGround(id="close-1", at=5, zone="z", outline=((0, 0), (1, 0), (0, 1)), inside="leave")])
    >>> force.bulletin.version, [ground.zone for ground in force.bulletin.closed]
    (1, ['z'])
    >>> force.give([OpenGround(id="open-2", at=9, zone="z")])
    >>> force.bulletin
    Bulletin(version=2, halts=(), closed=(), withdrawn=(), suspended=())
    """

    def __init__(self) -> None:
        self.bulletin = Bulletin(version=0)
        self._halts: dict[tuple[RoverId, str], Halt] = {}
        self._closed: dict[str, ClosedGround] = {}
        self._withdrawn: set[AgencyId] = set()
        self._suspended: dict[tuple[TaskId, str], Suspension] = {}

    def give(self, orders: Iterable[ControlOrder]) -> None:
        """Take in orders."""
        version = self.bulletin.version
        for order in orders:
            if not isinstance(order, SendTask):  # Work is told as work, and no more in force than any other.
                version += 1
                self._give(order)
        self.bulletin = Bulletin(
            version=version,
            halts=tuple(self._halts[key] for key in sorted(self._halts)),
            closed=tuple(self._closed[zone] for zone in sorted(self._closed)),
            withdrawn=tuple(sorted(self._withdrawn)),
            suspended=tuple(self._suspended[key] for key in sorted(self._suspended)),
        )

    def _give(self, order: ControlOrder) -> None:
        match order:
            case StopRovers():
                for rover in order.rovers:
                    halt = Halt(rover=rover, by=order.by, since=order.at, reason=order.reason)
                    self._halts[rover, order.by] = halt
            case ReleaseRovers():
                for rover in order.rovers:
                    self._halts.pop((rover, order.by), None)
            case CloseGround():
                self._closed[order.zone] = ClosedGround(
                    zone=order.zone, outline=order.outline, inside=order.inside, since=order.at, reason=order.reason
                )
            case OpenGround():
                self._closed.pop(order.zone, None)
            case WithdrawAgency():
                self._withdrawn.add(order.agency)
            case PauseTasks() | CancelTasks():
                for_good = isinstance(order, CancelTasks)
                for task, agency in order.tasks:
                    before = self._suspended.get((task, order.by))
                    if before is None or not before.for_good:
                        self._suspended[task, order.by] = Suspension(
                            task=task,
                            agency=agency,
                            by=order.by,
                            since=order.at,
                            reason=order.reason,
                            for_good=for_good,
                        )
            case ResumeTasks():
                for task, _ in order.tasks:
                    before = self._suspended.get((task, order.by))
                    if before is not None and not before.for_good:
                        del self._suspended[task, order.by]
