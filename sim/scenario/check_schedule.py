"""Whether work can be done in its time and order, and by as many at once as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil

import networkx as nx

from fleet.core import format_elapsed
from sim.scenario.check_work import Work
from sim.scenario.problems import Problem
from sim.scenario.task_schema import (
    ChargeOther,
    Deploy,
    Haul,
    Relay,
    Sample,
    Survey,
    TaskItem,
    TowOther,
    capability_of,
)


def schedule_problems(work: Work) -> list[Problem]:
    """Return what is wrong with when tasks are to be done, before or beside which others."""
    found = [*_twice(work), *_circles(work), *_coalitions(work), *_times(work)]
    return found or list(_windows(work))


def least_seconds(task: TaskItem) -> float:
    """Return how long a task's work takes at the least, without any way to it."""
    match task:
        case Deploy():
            return task.load + task.work
        case Sample():
            return task.work + task.unload
        case Haul():
            return ceil(task.total_kg / task.load_kg) * (task.work + task.unload)
        case TowOther():
            return task.work + task.unload
        case Survey():
            return task.dwell
        case ChargeOther():
            return 0.0
        case Relay():
            return 0.0 if task.during is not None else task.work
        case _:
            return task.work


def _partners(task: TaskItem) -> list[str]:
    """Return what must go on while a task's work does."""
    during = [task.during] if isinstance(task, Relay) and task.during is not None else []
    return [*task.beside, *during]


def _key(task: TaskItem) -> str:
    return "beside" if task.beside else "during"


def _twice(work: Work) -> Iterator[Problem]:
    for index, task in enumerate(work.doc.tasks):
        for key, names in (("after", task.after), ("beside", task.beside)):
            for place, name in enumerate(names):
                if name in names[:place]:
                    yield work.problem(("tasks", index, key, place), f"{name!r} is named twice")


def _circles(work: Work) -> Iterator[Problem]:
    """Find tasks that wait for each other: one after another, or at once with one that does."""
    index_of = {task.id: index for index, task in enumerate(work.doc.tasks)}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for task in work.doc.tasks:
        for name in _partners(task):
            if name in index_of and name != task.id:
                graph.add_edge(task.id, name, how="at once with")
                graph.add_edge(name, task.id, how="at once with")
    for task in work.doc.tasks:
        graph.add_edges_from(((task.id, before) for before in task.after), how="after")
    for group in sorted(sorted(group) for group in nx.strongly_connected_components(graph)):
        inside = graph.subgraph(group)
        waits = sorted(pair for pair in inside.edges if inside.edges[pair]["how"] == "after")
        if waits:
            first, before = min(waits, key=lambda pair: (index_of.get(pair[0], 0), pair))
            way = [first, *nx.shortest_path(inside, before, first)]
            told = "".join(f"{a} {inside.edges[a, b]['how']} " for a, b in pairwise(way)) + first
            fact = f"tasks wait for each other in a circle: {told}"
            remedy = f"let {first} not come after {before}, or another of them not wait"
            yield work.problem(("tasks", index_of.get(first, 0), "after"), fact, remedy)


def _coalitions(work: Work) -> Iterator[Problem]:
    """Find work that must go on at the same time, and for which there are too few hands."""
    if not work.is_fleet_known:
        return
    tasks = {task.id: task for task in work.doc.tasks}
    joint: nx.Graph[str] = nx.Graph()
    joint.add_edges_from((task.id, name) for task in work.doc.tasks for name in _partners(task) if name in tasks)
    index_of = {task.id: index for index, task in enumerate(work.doc.tasks)}
    for group in sorted(sorted(group) for group in nx.connected_components(joint)):
        if len(group) == 1 or not all(work.able(capability_of(tasks[name])) for name in group):
            continue  # which is told elsewhere
        hands: nx.Graph[tuple[str, str]] = nx.Graph()
        for name in group:
            hands.add_node(("task", name))
            for rover in work.doc.rovers:
                if capability_of(tasks[name]) in work.classes[rover.vehicle].capabilities:
                    hands.add_edge(("task", name), ("rover", rover.id))
        most = len(nx.bipartite.hopcroft_karp_matching(hands, {("task", name) for name in group})) // 2
        if most < len(group):
            fact = f"{', '.join(group)} must be worked on at once, by {len(group)} rovers; {most} of them can be"
            names = min((name for name in group if _partners(tasks[name])), key=lambda name: index_of[name])
            remedy = "let fewer be named, or give more rovers the capabilities that these need"
            yield work.problem(("tasks", index_of[names], _key(tasks[names])), fact, remedy)


def _times(work: Work) -> Iterator[Problem]:
    for index, task in enumerate(work.doc.tasks):
        for key in ("work", "dwell"):
            if getattr(task, key, None) == 0.0:
                yield work.problem(("tasks", index, key), f"{key} takes no time", "give how long it takes, such as 10m")
        if task.latest is not None and task.latest <= task.earliest:
            fact = f"latest ({task.latest:g} s) must be after earliest ({task.earliest:g} s)"
            yield work.problem(("tasks", index, "latest"), fact)
        for key, seconds in (("earliest", task.earliest), ("ordered_at", task.ordered_at)):
            if seconds > 0.0 and seconds >= work.doc.duration:
                fact = f"{key} ({seconds:g} s) lies after the end of the mission ({work.doc.duration:g} s)"
                yield work.problem(("tasks", index, key), fact)


def _windows(work: Work) -> Iterator[Problem]:
    """Find tasks that cannot be done by their latest time, however soon all before them are done.

    Notes
    -----
    Earliest times of a simple temporal network without ways: begin after what is before and when what goes on beside
    can begin, end when the work is done. That the mission ends before is no fault of a file: one may look at a part.
    """
    begin, end = _soonest(work)
    for index, task in enumerate(work.doc.tasks):
        if task.latest is None or end[task.id] <= task.latest:
            continue
        took = f"its work takes at least {least_seconds(task):g} s"
        began = f" and cannot begin before {format_elapsed(begin[task.id])}" if begin[task.id] > 0.0 else ""
        fact = f"cannot be done by latest ({task.latest:g} s): {took}{began}"
        yield work.problem(("tasks", index, "latest"), fact, _why_not_before(task, begin, end))


def _why_not_before(task: TaskItem, begin: Mapping[str, float], end: Mapping[str, float]) -> str:
    """Return whose time or end it is that a task waits for, as a remedy."""
    if begin[task.id] <= max(task.earliest, task.ordered_at):
        return "make its window longer, or order it sooner"
    until = begin[task.id]
    for before in task.after:
        if end.get(before, 0.0) >= until:
            return f"it comes after {before}, which is not done before {format_elapsed(until)}"
    other = next(name for name in _partners(task) if begin.get(name, 0.0) >= until)
    return f"it goes on beside {other}, which cannot begin before {format_elapsed(until)}"


def _soonest(work: Work) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return when each task can begin and end at the soonest, seconds; tasks must not wait in a circle."""
    tasks = {task.id: task for task in work.doc.tasks}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(tasks)
    for task in work.doc.tasks:
        graph.add_edges_from((before, task.id) for before in task.after if before in tasks)
        for name in _partners(task):
            if name in tasks and name != task.id:
                graph.add_edges_from(((name, task.id), (task.id, name)))
    begin: dict[str, float] = {}
    end: dict[str, float] = {}
    groups = nx.condensation(graph)
    for number in nx.topological_sort(groups):
        members = sorted(groups.nodes[number]["members"])
        for name in members:
            task = tasks[name]
            begin[name] = max([task.earliest, task.ordered_at, *(end[one] for one in task.after if one in end)])
        free = dict(begin)
        for name in members:
            begin[name] = max([free[name], *(free[one] for one in _partners(tasks[name]) if one in free)])
            end[name] = begin[name] + least_seconds(tasks[name])
    return begin, end
