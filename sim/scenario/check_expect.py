"""Whether what a run is judged by exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from fleet.core import EVERYONE
from fleet.messages import Body
from sim.scenario.check_work import Work, gives
from sim.scenario.condition_schema import EACH, Condition, Window
from sim.scenario.expect_schema import Expect
from sim.scenario.problems import Problem
from sim.scenario.task_schema import Deploy
from sim.scenario.yaml_tree import Loc

_KINDS: Final = tuple(sorted(kind.__name__ for kind in get_args(Body)))


def expectation_problems(work: Work) -> Iterator[Problem]:
    """Yield what is wrong with expectations whose every key is right by itself."""
    tasks = {task.id: task for task in work.doc.tasks}
    rovers = [rover.id for rover in work.doc.rovers]
    for index, item in enumerate(work.doc.expect):
        loc: Loc = ("expect", index, item.rule)
        if isinstance(item.tasks_done, list):
            for place, name in enumerate(item.tasks_done):
                yield from work.unknown((*loc, place), "task", name, tasks)
        if isinstance(item.tasks_done, int) and item.tasks_done > len(tasks):
            yield work.problem(loc, f"{item.tasks_done} tasks cannot be done, there are {len(tasks)}")
        for place, kind in enumerate(item.kinds_done or ()):
            if all(task.kind != kind for task in work.doc.tasks):
                yield work.problem((*loc, place), f"there is no task of kind {kind!r}")
        if item.instruments_alive is not None:
            yield from _instruments(work, loc, item.instruments_alive)
        if item.done_before is not None:
            yield from work.unknown((*loc, "task"), "task", item.done_before.task, tasks)
        for place, name in enumerate(item.broken or item.lost or ()):
            yield from work.unknown((*loc, place), "rover", name, rovers)
        if item.foretold is not None:
            yield from work.unknown((*loc, "rover"), "rover", item.foretold.rover, rovers)
        for name in item.stock or ():
            yield from work.unknown((*loc, name), "stock", name, sorted(_stocks(work)))
        yield from _moments(work, loc, item)


def _instruments(work: Work, loc: Loc, wanted: object) -> Iterator[Problem]:
    """Yield instruments that are not there, or have no life of their own."""
    known = [task.id for task in work.doc.tasks if isinstance(task, Deploy) and task.instrument is not None]
    if not known:
        remedy = "give tasks of the kind deploy the key instrument: {}"
        yield work.problem(loc, "no task sets up an instrument with power and heat of its own", remedy)
    for place, name in enumerate(wanted if known and isinstance(wanted, list) else ()):
        yield from work.unknown((*loc, place), "instrument", name, known)


def _moments(work: Work, loc: Loc, item: Expect) -> Iterator[Problem]:
    rule = getattr(item, item.rule)
    if isinstance(rule, Window) and rule.from_ >= work.doc.duration:
        fact = f"from ({rule.from_:g} s) lies after the end of the mission ({work.doc.duration:g} s)"
        yield work.problem((*loc, "from"), fact)
    if isinstance(rule, Condition):
        yield from _condition(work, loc, rule)
    for key in ("after", "then", "hold", "when"):
        if isinstance(inner := getattr(rule, key, None), Condition):
            yield from _condition(work, (*loc, key), inner)
    if item.said is not None:
        yield from work.unknown((*loc, "kind"), "message", item.said.kind, _KINDS)
        for key in ("sender", "to", "heard_by"):
            if (name := getattr(item.said, key)) is not None:
                known = [*(rover.id for rover in work.doc.rovers), *([EVERYONE] if key == "to" else [])]
                yield from work.unknown((*loc, key), "rover", name, known)


def _condition(work: Work, loc: Loc, condition: Condition) -> Iterator[Problem]:
    """Yield what names nothing in a condition."""
    rovers = [rover.id for rover in work.doc.rovers]
    known = {"rover": [*rovers, EACH], "other": [*rovers, EACH], "holder": rovers, "stock": sorted(_stocks(work))}
    known["task"] = [task.id for task in work.doc.tasks]
    for key, names in known.items():
        if (name := getattr(condition, key)) is not None:
            yield from work.unknown((*loc, key), "rover" if key in ("other", "holder") else key, name, names)
    if condition.rover is not None and condition.rover == condition.other:
        yield work.problem((*loc, "other"), "this is the same rover")
    for key in ("all", "any"):
        for index, inner in enumerate(getattr(condition, key) or ()):
            yield from _condition(work, (*loc, key, index), inner)
    if condition.not_ is not None:
        yield from _condition(work, (*loc, "not"), condition.not_)


def _stocks(work: Work) -> set[str]:
    return {*work.doc.stock, *(name for task in work.doc.tasks for name in gives(task))}
