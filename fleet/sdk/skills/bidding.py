"""What a rover asks for the tasks that are announced."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.sdk import AgentContext, AgentView, Announcement, Bid, Bids, Outgoing, Point, Task, Tick
from fleet.sdk.skills.schedule import Schedule


def able(context: AgentContext, task: Task) -> bool:
    """Whether the vehicle has what the task needs."""
    vehicle = context.vehicle
    return task.capabilities <= frozenset(vehicle.capabilities) and task.payload <= vehicle.payload


def is_bound(view: AgentView, task: Task) -> bool:
    """Whether it is about this rover itself, who is filmed or heard, or must go on while it works on what it has."""
    bonds = [step.bond for step in task.steps if step.bond is not None]
    about = {rover for bond in bonds for rover in (bond.rover, *(bond.hears or ()))}
    own = {held.id for held in view.tasks}
    return view.rover in about or not own.isdisjoint(task.partners) or any(task.id in t.partners for t in view.tasks)


def price(
    schedule: Schedule, context: AgentContext, task: Task, end: tuple[float, Point], tick: Tick, *, first: float = 0.0
) -> float | None:
    """Return the seconds until the rover would have the task done, None when it cannot.

    Parameters
    ----------
    end
        Seconds until its present work is done, and where it will stand then.
    first
        Seconds that it charges before anything else: no window that closes meanwhile is to be had.
    """
    seconds, place = end
    reached = schedule.reach(place, task.steps[0])
    if reached is None:
        return None
    leg, _ = reached
    total = seconds + leg + schedule.duration(task.steps)
    if task.latest is not None and tick + context.time.tick(first + total) > task.latest:
        return None
    waits = _waits_for_light(context, task, tick + context.time.tick(first + seconds + leg))
    return None if waits is None else total + waits


def _waits_for_light(context: AgentContext, task: Task, begin: Tick) -> float | None:
    """Return the seconds that steps wait for light or for dark; None where that will not be for long enough any more.

    Parameters
    ----------
    begin
        When the rover would be at the first step.
    """
    almanac, dt, waits, now = context.almanac, context.time.dt, 0, begin
    for step in task.steps:
        if step.light == "lit":
            lit = almanac.lit_from(step.place, now, almanac.end)
            if lit is None or almanac.lit_ticks(step.place, lit, almanac.end) < step.work:
                return None
            waits, now = waits + lit - now, lit
        elif step.light == "dark":
            dark = almanac.dark_from(step.place, now, almanac.end)
            if dark is None or almanac.end - dark - almanac.lit_ticks(step.place, dark, almanac.end) < step.work:
                return None
            waits, now = waits + dark - now, dark
        now += step.work
    return waits * dt


class Bidding:
    """Prices what is announced: the seconds until the rover would have each task done, with what it has already.

    Parameters
    ----------
    backlog
        Tasks that it takes on at once; with so many it bids for nothing.
    reserve
        Share of the battery, 0 to 1, below which it charges before it works.

    Examples
    --------
    In an agent::

        self._bidding = Bidding(context, backlog=1)
        ...
        return Decision(outbox=self._bidding.answers(view))
    """

    def __init__(self, context: AgentContext, *, backlog: int = 2, reserve: float = 0.0) -> None:
        self._context = context
        self._backlog = backlog
        self._reserve = reserve
        self._schedule = Schedule(context)

    def answers(self, view: AgentView) -> tuple[Outgoing, ...]:
        """Return an answer to each announcement in the inbox, empty where nothing of it can be done."""
        return tuple(
            Outgoing(to=message.sender, body=self.bids(view, message.body))
            for message in view.inbox
            if isinstance(message.body, Announcement)
        )

    def bids(self, view: AgentView, announcement: Announcement, done: Tick = 0) -> Bids:
        """Return bids for those of some announced tasks that the rover can do; none when it has its backlog already.

        Parameters
        ----------
        done
            Ticks for which it has been at work on what it does now, where its mind has noted that.
        """
        context, schedule = self._context, self._schedule
        bids: list[Bid] = []
        work: Sequence[tuple[Task, int]] = [(task, view.steps[task.id]) for task in view.tasks]
        end = schedule.backlog(view.observation.pose.point, work) if len(work) < self._backlog else None
        if end is not None:
            end = max(0.0, end[0] - done * context.time.dt), end[1]
            first = (
                schedule.charging_time(view.observation.battery) if view.observation.battery < self._reserve else 0.0
            )
            for task in announcement.tasks:
                if able(context, task) and not is_bound(view, task):
                    cost = price(schedule, context, task, end, view.tick, first=first)
                    if cost is not None:
                        bids.append(Bid(task=task.id, cost=cost))
        return Bids(round=announcement.round, bids=tuple(bids))
