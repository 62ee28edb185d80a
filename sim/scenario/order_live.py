"""Orders that somebody who steers a run gives, told as a scenario file tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from fleet.core import MessageError, Tick
from sim.scenario.live_text import read_live
from sim.scenario.order import CancelTasks, CloseGround, ControlOrder, PauseTasks, SendTask
from sim.scenario.order_check import Theatre, ground_problems, order_problems, suspension_problems, zone_problems
from sim.scenario.order_making import Members, names_of, orders_of
from sim.scenario.order_schema import CancelItem, CloseItem, OpenItem, PauseItem, ScheduledItem, SendItem, WithdrawItem
from sim.scenario.place_schema import Strict
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.resolve import site_of
from sim.scenario.scenario import Order, Scenario
from sim.scenario.task_live import LiveTasks

LiveOrder = ScheduledItem | SendItem


class _Wanted(Strict):
    orders: Annotated[list[Annotated[LiveOrder, Field(discriminator="order")]], Field(min_length=1, max_length=20)]


class LiveOrders:
    """Reads orders for one run.

    Parameters
    ----------
    scenario
        That is being run.
    earlier
        Given to it before it was cut short, in a run that goes on.
    """

    def __init__(self, scenario: Scenario, earlier: Sequence[ControlOrder] = ()) -> None:
        self._time = scenario.time
        works = [order.task for order in (*scenario.orders, *earlier) if isinstance(order, Order | SendTask)]
        self._tasks_of = {task.id: task.agency for task in works}
        self._members = Members(fleet={spec.id: spec.agency for spec in scenario.rovers}, tasks=self._tasks_of)
        self._theatre = Theatre(
            agency_of={str(spec.id): str(spec.agency) for spec in scenario.rovers},
            duration=scenario.time.seconds(scenario.end),
            zones={zone.id for zone in scenario.ground.map.zones},
            tasks=self._tasks_of,
            law=scenario.law,
        )
        self._site = site_of(scenario.ground.map, scenario.rovers)
        self._zones = {order.zone for order in (*scenario.control, *earlier) if isinstance(order, CloseGround)}
        self._suspended = {
            task
            for order in (*scenario.control, *earlier)
            if isinstance(order, PauseTasks | CancelTasks)
            for task, _ in order.tasks
        }
        self._tasks = LiveTasks(scenario, [order.task.id for order in earlier if isinstance(order, SendTask)])
        self._given = len(earlier)  # Or fewer: that no two have one name is all that matters.

    def is_agency(self, who: str) -> bool:
        """Return whether somebody is an agency of this mission, and so not mission control of the whole fleet."""
        return who in self._theatre.agency_of.values()

    def read(self, text: str, who: str = "") -> tuple[LiveOrder, ...]:
        """Return what is ordered by a text such as ``{order: stop, rover: scout, for: 5m}``, or several of them.

        Parameters
        ----------
        who
            Whose key it came with: an agency gives its own orders only.

        Raises
        ------
        ConfigError
            When it is none; says where and what to do.
        MessageError
            When `who` has no right to it.
        """
        wanted, yaml = read_live("order", text, _Wanted)
        for item in wanted.orders:
            giver = _giver_of(item)
            if self.is_agency(who) and giver != who:
                fact = f"{who} has no right to order as {giver or 'mission control'}: {item.order}"
                raise MessageError(who, fact)
        problems: list[Problem] = []
        for index, item in enumerate(wanted.orders):
            problems += order_problems(yaml, ("orders", index), item, self._theatre)
            problems += ground_problems(yaml, ("orders", index), item, self._site)
            if isinstance(item, SendItem):
                problems += self._tasks.problems(yaml, ("orders", index), item)
                if any(isinstance(one, SendItem) and one.task.id == item.task.id for one in wanted.orders[:index]):
                    fact = f"{item.task.id!r} is the id of another of these tasks"
                    problems.append(yaml.problem_at(("orders", index, "task", "id"), fact, "give it another id"))
        problems += zone_problems(yaml, ("orders",), wanted.orders, self._zones)
        problems += suspension_problems(yaml, ("orders",), wanted.orders, self._suspended)
        if problems:
            raise ScenarioError(problems)
        for item in wanted.orders:
            if isinstance(item, PauseItem | CancelItem):
                self._suspended |= set(names_of(item))
        self._zones |= {item.zone for item in wanted.orders if isinstance(item, CloseItem)}
        return tuple(wanted.orders)

    def orders(self, item: LiveOrder, now: Tick) -> tuple[ControlOrder, ...]:
        """Return the orders that an item stands for; its times count from now."""
        self._given += 1
        if isinstance(item, SendItem):
            at = now + self._time.tick(item.at)
            task = self._tasks.task(item, at)
            self._tasks_of[task.id] = task.agency
            return (SendTask(id=f"task-live-{self._given}", at=at, reason=item.reason, task=task),)
        return orders_of(f"{item.order}-live-{self._given}", item, self._members, self._time, since=now)


def _giver_of(item: LiveOrder) -> str | None:
    """Return the agency in whose name an order is given; None: it is mission control's."""
    match item:
        case WithdrawItem():
            return item.agency
        case SendItem():
            return item.task.agency
        case CloseItem() | OpenItem():
            return None
        case _:
            return item.by
