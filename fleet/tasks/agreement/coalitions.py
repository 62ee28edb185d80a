"""Tasks that go together: which they are, and who could fill the roles of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from fleet.core import RoverId, TaskId, Tick
from fleet.messages import Task

Coalition = frozenset[TaskId]


def coalitions_of(tasks: Iterable[Task]) -> Mapping[TaskId, Coalition]:
    """Return all that must be worked on at once, by each task of it; tasks of which nothing is said are left out.

    Notes
    -----
    A task that names another goes with it, and with all that go with that: who holds a relay while a core is drilled
    goes with the drill, which knows nothing of relays.
    """
    groups: dict[TaskId, set[TaskId]] = {}
    for task in tasks:
        if any(step.bond is not None for step in task.steps) and task.partners:
            joint = {task.id, *task.partners}
            joint = joint.union(*(groups.get(one, set()) for one in joint))
            groups.update(dict.fromkeys(joint, joint))
    return {task: frozenset(group) for task, group in groups.items()}


def soonest_team(prices: Mapping[TaskId, Mapping[RoverId, Tick]]) -> Mapping[TaskId, RoverId]:
    """Return a rover for each task, another for each, so that the last is there as soon as can be; empty without one.

    Parameters
    ----------
    prices
        Of each task, what it takes those who offered.

    Examples
    --------
    >>> soonest_team({"lift": {"a": 5, "b": 9}, "hold": {"a": 3, "c": 8}})
    {'hold': 'c', 'lift': 'a'}
    >>> soonest_team({"lift": {"a": 5}, "hold": {"a": 3}})
    {}
    """
    for most in sorted({price for offers in prices.values() for price in offers.values()}):
        able = {task: _cheapest(offers, most) for task, offers in prices.items()}
        team = fill(able)
        if team:
            return team
    return {}


def fill(able: Mapping[TaskId, Collection[RoverId]]) -> Mapping[TaskId, RoverId]:
    """Return a rover for each task, another for each, the first named of those free; empty when there is none.

    Source
    ------
    Augmenting paths; Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2,
    1955.
    """
    team: dict[RoverId, TaskId] = {}

    def seat(task: TaskId, tried: set[RoverId]) -> bool:
        for rover in able[task]:
            if rover not in tried:
                tried.add(rover)
                if rover not in team or seat(team[rover], tried):
                    team[rover] = task
                    return True
        return False

    if not all(seat(task, set()) for task in sorted(able)):
        return {}
    return dict(sorted((task, rover) for rover, task in team.items()))


def _cheapest(offers: Mapping[RoverId, Tick], most: Tick) -> list[RoverId]:
    return [rover for price, rover in sorted((price, rover) for rover, price in offers.items()) if price <= most]
