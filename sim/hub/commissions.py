"""The tasks that mission control orders, and which of them whoever leads was told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec.structs import replace

from fleet.core import AgencyId, RoverId, TaskId, Tick
from fleet.messages import Leading, Message, Ordered, Task


class OrderedTask(Protocol):
    """A task and when it is ordered, as `sim.scenario.scenario.Order` is it."""

    @property
    def task(self) -> Task:
        """What is to be done."""
        ...

    @property
    def at(self) -> Tick:
        """When it is ordered."""
        ...


class Commissions:
    """Orders tasks at their ticks: each once of the world, and of every new leader all that are not done.

    Parameters
    ----------
    orders
        In any order.
    leader
        Who leads at first.

    Examples
    --------
    >>> commissions = Commissions([], leader=RoverId("lander"))
    >>> commissions.next(), commissions.is_due(9), commissions.turn(9, print)
    (None, False, [])
    """

    def __init__(self, orders: Iterable[OrderedTask], *, leader: RoverId) -> None:
        self._orders = sorted(orders, key=lambda order: (order.at, order.task.id))
        self._given = 0  # Orders that the world knows,
        self._told = 0  # and of these, so many that the present leader was told.
        self._epoch = 0
        self._done: set[TaskId] = set()  # Asked for membership only.
        self._withdrawn: set[AgencyId] = set()  # Likewise.
        self._cancelled: set[TaskId] = set()  # Likewise.
        self.leader = leader  #: Who is told.
        self.tasks = tuple(order.task.id for order in self._orders)  #: All that are ever ordered.

    def add(self, orders: Iterable[OrderedTask]) -> None:
        """Take in more, none of which is to be ordered before now; what was told keeps its place.

        >>> commissions = Commissions([], leader=RoverId("lander"))
        >>> commissions.add([])
        >>> commissions.tasks
        ()
        """
        known = max(self._given, self._told)
        ahead = sorted((*self._orders[known:], *orders), key=lambda order: (order.at, order.task.id))
        self._orders[known:] = ahead
        self.tasks = tuple(order.task.id for order in self._orders)

    def next(self) -> Tick | None:
        """Return the tick of the first order that the present leader was not told."""
        return self._orders[self._told].at if self._told < len(self._orders) else None

    def is_due(self, tick: Tick) -> bool:
        """Return whether there is something to tell by a tick."""
        first = self.next()
        return first is not None and first <= tick

    def turn(self, tick: Tick, order: Callable[[Task], None]) -> list[tuple[RoverId, Ordered]]:
        """Return what the leader is told by a tick; what is new comes into being by `order`."""
        ordered = []
        while self.is_due(tick):
            task = self._orders[self._told].task
            if self._told == self._given:
                order(task)
                self._given += 1
            self._told += 1
            if task.id not in self._done and not self._is_void(task):
                ordered.append((self.leader, Ordered(task=self._left(task))))
        return ordered

    def _left(self, task: Task) -> Task:
        """Return a task without those before it that are done, of which a new leader may know nothing."""
        return replace(task, after=tuple(before for before in task.after if before not in self._done))

    def withdraw(self, agency: AgencyId) -> None:
        """Take in that an agency has left the mission: its tasks are no longer ordered."""
        self._withdrawn.add(agency)

    def cancel(self, tasks: Iterable[TaskId]) -> None:
        """Take in that nobody wants these any more."""
        self._cancelled.update(tasks)

    def _is_void(self, task: Task) -> bool:
        return task.id in self._cancelled or task.agency in self._withdrawn

    def take_void(self) -> tuple[TaskId, ...]:
        """Return the tasks that are ordered, not done, and no longer wanted; each once."""
        if not (self._withdrawn or self._cancelled):
            return ()
        given = (order.task for order in self._orders[: self._given])
        void = tuple(task.id for task in given if self._is_void(task) and task.id not in self._done)
        self._done.update(void)
        return void

    def finish(self, task: TaskId) -> None:
        """Take in that a task is done."""
        self._done.add(task)

    def hear(self, message: Message) -> None:
        """Let orders be given to who says that it leads now, once more from the first."""
        body = message.body
        if isinstance(body, Leading) and body.epoch > self._epoch:
            self._epoch, self.leader, self._told = body.epoch, message.sender, 0
