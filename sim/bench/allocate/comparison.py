"""Ours and others in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fleet.core import Clock
from fleet.tasks.allocation import (
    NEVER,
    AllocationPlan,
    AllocationProblem,
    allocate,
    allocate_within,
    rank,
    validate_allocation,
)
from sim.bench.allocate import coalition, solomon
from sim.bench.allocate.auction import auctioned
from sim.bench.allocate.fleets import Family, draw_fleet
from sim.bench.allocate.peers import MODULES, PEERS
from sim.bench.peers import missing
from sim.bench.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long everybody may take."""

    clock: Clock
    say: Callable[[str], None]
    seconds: float = 1.0  #: Ours,
    peer_seconds: float = 10.0  #: and others.
    seed: int = 0
    allocator: str | None = None  #: A plugin whose auction plans in place of our solver.

    @property
    def ours(self) -> str:
        """Who plans and for how long, for people."""
        return f"ours for {self.seconds:g} s" if self.allocator is None else f"an auction by {self.allocator}"


Sizes = Sequence[tuple[Family, int, int]]
SIZES: Sizes = (("minsum", 20, 200), ("rover", 20, 200), ("minsum", 50, 500))


def bench_fleets(budget: Budget, sizes: Sizes = SIZES) -> tuple[list[Row], dict[str, str]]:
    """Measure drawn fleets: gaps to the best peer in per cent, and milliseconds to the first plan."""
    skipped = missing(MODULES)
    rows: list[Row] = []
    warm(budget)
    for family, rovers, tasks in sizes:
        name = f"{family}-{rovers}x{tasks}"
        problem = draw_fleet(family, rovers, tasks, budget.seed)
        budget.say(f"{name}: {budget.ours}, others for {budget.peer_seconds:g} s each ...")
        plan, effort, first = _ours(problem, budget)
        others = _others(problem, budget, skipped)
        least = min([rank(other, problem) for other in others.values()], default=None)
        mine = total(plan)
        note = f"{mine} {effort}, {len(plan.undone)} undone; " + ", ".join(
            f"{peer} {total(other)}" for peer, other in others.items()
        )
        rows.append(
            Row(
                name=name,
                value=100.0 * (mine / least[1] - 1.0) if least else 0.0,
                unit="% over the best other" if least else "% (nobody to compare with)",
                times_better_than={peer: total(other) / mine for peer, other in others.items()},
                note=note.rstrip("; "),
            )
        )
        if family == "minsum":
            rows.append(Row(name=f"first-{rovers}x{tasks}", value=1000.0 * first, unit="ms to the first plan"))
    return rows, skipped


def bench_solomon(file: Path, budget: Budget, *, beside: bool) -> tuple[list[Row], dict[str, str], dict[str, Any]]:
    """Measure a file in Solomon's format: rows, who was skipped, and the keys of ``--json``."""
    problem = solomon.read_solomon(file)
    skipped = missing(MODULES) if beside else dict.fromkeys(PEERS, "not asked for: --peers")
    warm(budget)
    budget.say(f"{file.name}: {budget.ours} ...")
    begun = budget.clock.now()
    plan, effort, _ = _ours(problem, budget)
    seconds = budget.clock.now() - begun
    others = _others(problem, budget, skipped)
    routes = [[int(task) for task in plan.order(number)] for number in range(len(problem.rovers))]
    routes = [route for route in routes if route]
    distance = plan.cost / solomon.SCALE
    row = Row(
        name=f"solomon-{file.stem}",
        value=distance,
        unit="total distance",
        times_better_than={peer: total(other) / total(plan) for peer, other in others.items()},
        note=f"{len(routes)} vehicles, {effort}, {len(plan.undone)} customers left out",
    )
    figures = {
        "objective": distance,
        "vehicles": len(routes),
        "seconds": seconds,
        "routes": routes,
        "undone": [{"customer": int(entry.task), "reason": entry.reason} for entry in plan.undone],
    }
    return [row], skipped, figures


def bench_coalitions(file: Path, budget: Budget) -> tuple[list[Row], dict[str, str], dict[str, Any]]:
    """Measure small problems of coalitions: rows, who was skipped, and the keys of ``--json``."""
    instances = coalition.read_coalitions(file)
    warm(budget)
    rows: list[Row] = []
    told = []
    for name, problem, optimum in instances:
        begun = budget.clock.now()
        plan, _, _ = _ours(problem, budget)
        seconds = budget.clock.now() - begun
        makespan = plan.makespan / coalition.SCALE
        proof = "proven" if plan.is_proven else "not proven"
        told.append(
            {
                "id": name,
                "makespan": makespan,
                "seconds": seconds,
                "proven": plan.is_proven,
                "schedule": _schedule(problem, plan),
            }
        )
        note = f"makespan {makespan:.5f}, {proof}" + (f"; published {optimum:.5f}" if optimum else "")
        rows.append(Row(name=f"coalition-{name}", value=seconds, unit="s", note=note))
    return rows, {}, {"instances": told}


def total(plan: AllocationPlan) -> int:
    """Return cost and value left undone."""
    return plan.cost + plan.lost


def warm(budget: Budget) -> None:
    """Compile what is measured, or load it."""
    budget.say("loading the solver ...")
    allocate(draw_fleet("rover", 4, 8, 0), iterations=50)
    small = draw_fleet("minsum", 2, 4, 0)
    allocate(replace(small, objective="makespan"), iterations=5000)


def _ours(problem: AllocationProblem, budget: Budget) -> tuple[AllocationPlan, str, float]:
    """Return a plan, what was done for it, and seconds to the first."""
    if budget.allocator is None:
        plan, iterations, first = allocate_within(problem, budget.clock, budget.seconds, seed=budget.seed)
        effort = f"after {iterations} iterations"
    else:
        begun = budget.clock.now()
        plan, effort = auctioned(problem, budget.allocator), "by auction"
        first = budget.clock.now() - begun
    _judge("ours" if budget.allocator is None else budget.allocator, plan, problem)
    return plan, effort, first


def _others(problem: AllocationProblem, budget: Budget, skipped: dict[str, str]) -> dict[str, AllocationPlan]:
    plans: dict[str, AllocationPlan] = {}
    for peer, solve in PEERS.items():
        if peer in skipped:
            continue
        plan = solve(problem, budget.peer_seconds, budget.seed)
        if plan is None:
            skipped[peer] = f"found no plan in {budget.peer_seconds:g} s"
        elif any(task.value >= NEVER for task in problem.tasks) and plan.undone:
            skipped[peer] = "left tasks undone that have to be done"
        else:
            _judge(peer, plan, problem)
            plans[peer] = plan
    return plans


def _judge(who: str, plan: AllocationPlan, problem: AllocationProblem) -> None:
    faults = validate_allocation(plan, problem)
    if faults:
        raise RuntimeError(f"the plan of {who} is wrong: " + "; ".join(faults[:3]))


def _schedule(problem: AllocationProblem, plan: AllocationPlan) -> list[dict[str, Any]]:
    entries: dict[int, dict[str, Any]] = {}
    for rover, stops in zip(problem.rovers, plan.stops, strict=True):
        for stop in stops:
            number = int(stop.task or 0)
            entry = entries.setdefault(number, {"task": number, "start": stop.start / coalition.SCALE, "robots": []})
            entry["robots"].append(int(rover.id))
    return [entries[number] for number in sorted(entries)]
