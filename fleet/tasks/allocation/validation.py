"""An independent judge of allocations: plain, slow, and without a line of the searches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from fleet.core import TaskId
from fleet.tasks.allocation.plan import AllocationPlan, Stop
from fleet.tasks.allocation.problem import NEVER, AllocationProblem, AllocationRover, AllocationTask


def validate_allocation(plan: AllocationPlan, problem: AllocationProblem) -> tuple[str, ...]:
    """Return what is wrong with a plan, in words; nothing when it holds."""
    if plan.inputs != problem.fingerprint():
        return ("the plan is of other inputs",)
    if len(plan.stops) != len(problem.rovers):
        return (f"the plan is for {len(plan.stops)} rovers, not {len(problem.rovers)}",)
    tasks = {task.id: task for task in problem.tasks}
    faults = [
        f"rover {rover.id}: {fault}"
        for rover, stops in zip(problem.rovers, plan.stops, strict=True)
        for fault in _route_faults(problem, rover, stops, tasks)
    ]
    if not faults:
        faults += _task_faults(plan, problem, tasks)
        faults += _charger_faults(plan)
        faults += _sum_faults(plan, problem, tasks)
    return tuple(faults)


def _route_faults(
    problem: AllocationProblem, rover: AllocationRover, stops: tuple[Stop, ...], tasks: dict[TaskId, AllocationTask]
) -> Iterator[str]:
    place, now, load = rover.start, rover.ready, 0
    charge = rover.battery.charge if rover.battery else 0
    for stop in stops:
        if (stop.task is None) == (stop.charger is None):
            yield f"a stop is at task {stop.task} and charger {stop.charger}"
            return
        if stop.task is not None and stop.task not in tasks:
            yield f"task {stop.task} does not exist"
            return
        task = tasks[stop.task] if stop.task is not None else None
        there = task.place if task else problem.chargers[stop.charger or 0].place
        name = f"task {stop.task}" if task else f"charger {stop.charger}"
        leg = int(problem.time[rover.travel, place, there])
        if leg >= NEVER or int(problem.cost[rover.travel, place, there]) >= NEVER:
            yield f"there is no way to {name}"
        if stop.arrive < now + leg:
            yield f"is at {name} at {stop.arrive}, and cannot be before {now + leg}"
        if stop.start < stop.arrive:
            yield f"starts {name} at {stop.start}, before it is there"
        if rover.battery and problem.energy is not None:
            charge -= int(problem.energy[rover.travel, place, there])
            if charge < 0:
                yield f"has no charge left on the way to {name}"
        if task is None:
            if rover.battery is None:
                yield "charges, and has no battery"
                return
            charge = min(rover.battery.capacity, charge + (stop.end - stop.start) * rover.battery.refill)
        else:
            yield from _work_faults(rover, task, stop)
            load += task.load
            if rover.battery:
                charge -= task.work * rover.battery.work
                if charge < 0:
                    yield f"has no charge left at {name}"
        place, now = there, stop.end
    if load > rover.capacity:
        yield f"carries {load}, and can carry {rover.capacity}"
    if rover.end is not None:
        back = int(problem.time[rover.travel, place, rover.end])
        now += back
        if back >= NEVER:
            yield "has no way to its end"
        if rover.battery and problem.energy is not None:
            charge -= int(problem.energy[rover.travel, place, rover.end])
            if charge < 0:
                yield "has no charge left on the way to its end"
    if now > rover.until:
        yield f"is at its end at {now}, after {rover.until}"


def _work_faults(rover: AllocationRover, task: AllocationTask, stop: Stop) -> Iterator[str]:
    if not task.earliest <= stop.start <= task.latest:
        yield f"starts task {task.id} at {stop.start}, not from {task.earliest} to {task.latest}"
    if stop.end != stop.start + task.work:
        yield f"ends task {task.id} at {stop.end}, not after {task.work}"
    if not any(role <= rover.capabilities for role in task.roles):
        yield f"can fill no role of task {task.id}"


def _task_faults(
    plan: AllocationPlan, problem: AllocationProblem, tasks: dict[TaskId, AllocationTask]
) -> Iterator[str]:
    visits: dict[TaskId, list[tuple[int, Stop]]] = {}
    for number, stops in enumerate(plan.stops):
        for stop in stops:
            if stop.task is not None:
                visits.setdefault(stop.task, []).append((number, stop))
    undone = [entry.task for entry in plan.undone]
    if sorted([*visits, *undone]) != sorted(tasks):
        yield "tasks done and undone are not all tasks, each once"
        return
    for name, team in visits.items():
        task = tasks[name]
        rovers = [number for number, _ in team]
        if len({stop.start for _, stop in team}) != 1:
            yield f"task {name}: the team does not start together"
        if len(set(rovers)) != len(rovers):
            yield f"task {name}: a rover is there twice"
        if not task.shared and len(rovers) != len(task.roles):
            yield f"task {name}: {len(rovers)} rovers do it, not {len(task.roles)}"
        if not _is_filled(problem, task, list(task.roles), rovers):
            yield f"task {name}: the team cannot fill all roles"
        for before in task.after:
            if before not in visits:
                yield f"task {name}: {before} has to come before it and is undone"
            elif visits[before][0][1].end > team[0][1].start:
                yield f"task {name} starts before {before} ends"


def _is_filled(
    problem: AllocationProblem, task: AllocationTask, roles: list[frozenset[str]], rovers: list[int]
) -> bool:
    """Whether a team fills roles: by trying all ways."""
    if not roles:
        return True
    fits = [number for number in rovers if roles[0] <= problem.rovers[number].capabilities]
    return any(
        _is_filled(problem, task, roles[1:], rovers if task.shared else [other for other in rovers if other != number])
        for number in fits
    )


def _charger_faults(plan: AllocationPlan) -> Iterator[str]:
    uses = sorted(
        (stop.charger, stop.start, stop.end) for stops in plan.stops for stop in stops if stop.charger is not None
    )
    for (charger, _, end), (other, start, _) in pairwise(uses):
        if charger == other and start < end:
            yield f"charger {charger} has two rovers from {start} to {end}"


def _sum_faults(plan: AllocationPlan, problem: AllocationProblem, tasks: dict[TaskId, AllocationTask]) -> Iterator[str]:
    cost = makespan = 0
    for rover, stops in zip(problem.rovers, plan.stops, strict=True):
        place, now = rover.start, rover.ready
        for stop in stops:
            there = tasks[stop.task].place if stop.task is not None else problem.chargers[stop.charger or 0].place
            cost += int(problem.cost[rover.travel, place, there])
            place, now = there, stop.end
        if rover.end is not None:
            cost += int(problem.cost[rover.travel, place, rover.end])
            now += int(problem.time[rover.travel, place, rover.end])
        makespan = max(makespan, now)
    lost = sum(tasks[entry.task].value for entry in plan.undone if tasks[entry.task].value < NEVER)
    for name, told, true in (
        ("cost", plan.cost, cost),
        ("lost value", plan.lost, lost),
        ("makespan", plan.makespan, makespan),
    ):
        if told != true:
            yield f"the {name} is {true}, not {told}"
