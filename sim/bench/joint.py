"""Joint planning on public instances: how soon there is a plan, and how good it is when time is up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fleet.core import Clock, ConfigError
from fleet.planning.joint import RepairingJointPlanner, grid_network, plan_jointly, validate_joint_plan
from fleet.sdk import NoPlan
from fleet.sdk.joint import JointPlan, JointProblem, movers_of
from sim.bench.movingai import read_map, read_scenario
from sim.bench.roadmap import read_roadmap, read_tasks
from sim.bench.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class JointResult:
    """What a joint planner made of an instance; a plan that is told was judged good."""

    problem: JointProblem
    plan: JointPlan | None
    reason: str  #: Why there is no plan, empty when there is one.
    seconds: float  #: All the time that was taken.
    first_seconds: float | None  #: When there was a first plan.


def grid_problem(map_file: Path, scenario_file: Path, count: int) -> JointProblem:
    """Return a MovingAI instance with its first agents."""
    free = read_map(map_file)
    agents = read_scenario(scenario_file, free, count)
    network, waypoints = grid_network(free)
    starts = [int(waypoints[y, x]) for (x, y), _ in agents]
    goals = [int(waypoints[y, x]) for _, (x, y) in agents]
    return JointProblem(network=network, movers=movers_of(starts, goals), timing="steps")


def roadmap_problem(
    map_file: Path, task_file: Path, count: int, radii: Sequence[float], speeds: Sequence[float]
) -> JointProblem:
    """Return a continuous-time instance with its first agents; radii in metres and speeds in m/s are dealt in turn."""
    network = read_roadmap(map_file)
    agents = read_tasks(task_file, len(network), count)
    movers = movers_of([start for start, _ in agents], [goal for _, goal in agents], radii, speeds)
    return JointProblem(network=network, movers=movers, timing="discs")


def bench_joint(problem: JointProblem, clock: Clock, seconds: float, seed: int) -> JointResult:
    """Plan an instance for so long, and judge the plan.

    Raises
    ------
    RuntimeError
        When the judge finds fault with the plan: a figure of it would mean nothing.
    """
    begun = clock.now()
    answer, first = plan_jointly(RepairingJointPlanner(seed=seed), problem, clock, seconds)
    taken = clock.now() - begun
    if isinstance(answer, NoPlan):
        return JointResult(problem=problem, plan=None, reason=answer.reason, seconds=taken, first_seconds=None)
    faults = validate_joint_plan(answer, problem)
    if faults:
        raise RuntimeError("the plan is wrong: " + "; ".join(faults))
    return JointResult(problem=problem, plan=answer, reason="", seconds=taken, first_seconds=first)


def joint_rows(bench: str, result: JointResult) -> list[Row]:
    """Return the figures as rows of a benchmark; none without a plan."""
    plan, count = result.plan, len(result.problem.movers)
    if plan is None:
        return []
    note = f"sum of arrivals {plan.cost:.10g}, at least {plan.bound:.10g}; last arrival {plan.makespan:.10g}"
    ratio = plan.cost / plan.bound if plan.bound else 1.0
    return [
        Row(name=f"{bench}-{count}-cost", value=ratio, unit="times the bound", note=note),
        Row(name=f"{bench}-{count}-first", value=result.first_seconds or 0.0, unit="s to the first plan"),
    ]


def joint_figures(result: JointResult) -> dict[str, Any]:
    """Return the keys of ``--json`` that are about the plan."""
    plan = result.plan
    cost = "sum_of_costs" if result.problem.timing == "steps" else "flowtime"
    number = int if result.problem.timing == "steps" else float
    return {
        "solved": plan is not None,
        "seconds": result.seconds,
        "first_seconds": result.first_seconds,
        cost: number(plan.cost) if plan else None,
        "makespan": number(plan.makespan) if plan else None,
        "lower_bound": number(plan.bound) if plan else None,
        "reason": result.reason,
    }


def write_paths(file: Path, result: JointResult) -> None:
    """Write where everybody is at each step until it is at its goal: ``{"paths": [[[x, y], ...], ...]}``."""
    plan, network = result.plan, result.problem.network
    if plan is None:
        return
    paths = []
    for mover in range(len(plan)):
        way, path = plan.way(mover), []
        for (step, waypoint), (later, _) in zip(way, (*way[1:], (way[-1][0] + 1, -1)), strict=True):
            x, y = network.point(waypoint)
            path += [[int(x), int(y)]] * int(later - step)
        paths.append(path)
    _write(file, {"paths": paths})


def write_plans(file: Path, result: JointResult) -> None:
    """Write when everybody is where: ``{"plans": [[[t, x, y], ...], ...]}``."""
    plan, network = result.plan, result.problem.network
    if plan is None:
        return
    plans = [[[time, *network.point(waypoint)] for time, waypoint in plan.way(mover)] for mover in range(len(plan))]
    _write(file, {"plans": plans})


def _write(file: Path, values: dict[str, Sequence[Any]]) -> None:
    try:
        file.write_text(json.dumps(values), encoding="utf-8")
    except OSError as error:
        raise ConfigError("--out", f"{file}: {error.strerror or 'cannot be written'}") from None
