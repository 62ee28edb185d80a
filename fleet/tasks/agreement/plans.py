"""Who is to do what next, by what all know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from fleet.core import ConfigError, RoverId, TaskId
from fleet.messages import Refinement
from fleet.tasks.agreement.inputs import Inputs, problem_of
from fleet.tasks.agreement.membership import Membership
from fleet.tasks.allocation import (
    AllocationPlan,
    AllocationProblem,
    allocate,
    plan_of_orders,
    rank,
    validate_allocation,
)

ITERATIONS: Final = 600  #: Of the solver, for each; enough for what a fleet has open at once.
REFINED: Final = 20  #: So many times as many, of a leader that has the time.


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPlan:
    """The order in which each rover would do tasks."""

    inputs: str  #: Fingerprint of what it follows from.
    orders: Mapping[RoverId, tuple[TaskId, ...]]
    by: RoverId | None = None  #: Who refined it; None when everyone computed it.

    def winner(self, task: TaskId) -> RoverId | None:
        """Return who is to do a task."""
        return next((rover for rover, tasks in self.orders.items() if task in tasks), None)

    @property
    def hash(self) -> str:
        """What names the plan."""
        return sha256(msgspec.json.encode([self.inputs, sorted(self.orders.items())])).hexdigest()


class Plans:
    """Computes plans from inputs, each once.

    Parameters
    ----------
    iterations
        Of the solver; the same for all.

    Notes
    -----
    A plan is a pure function of its inputs: the solver's chance begins with their fingerprint, and its budget is in
    iterations. So whoever has the same records has the same plan.
    """

    def __init__(self, fleet: Membership, iterations: int = ITERATIONS) -> None:
        self._fleet = fleet
        self._iterations = iterations
        self._last: dict[str, tuple[AllocationProblem, AllocationPlan]] = {}
        self._judged: dict[tuple[str, int], AllocationPlan | None] = {}

    def agreed(self, inputs: Inputs, refinements: Sequence[Refinement] = ()) -> AgreedPlan:
        """Return the plan for these inputs: everyone's own, or a better one that somebody found.

        Parameters
        ----------
        refinements
            Of leaders. One counts when it was computed from these inputs, breaks no rule and ranks before one's own
            plan; the best of several, and of equals that of the smallest id.
        """
        if not (inputs.tasks and inputs.offers):
            return AgreedPlan(inputs=inputs.fingerprint, orders={})
        problem, best = self._computed(inputs)
        by = None
        for refinement in sorted(refinements, key=lambda one: one.rover):
            plan = self._judge(refinement, inputs, problem)
            if plan is not None and rank(plan, problem) < rank(best, problem):
                best, by = plan, refinement.rover
        return self._named(inputs, problem, best, by)

    def refined(self, inputs: Inputs) -> AgreedPlan | None:
        """Return a better plan than what all compute, found in more time; None when there is none."""
        if not (inputs.tasks and inputs.offers):
            return None
        problem, plan = self._computed(inputs)
        if plan.is_proven:
            return None
        better = allocate(problem, seed=_seed(inputs), iterations=REFINED * self._iterations)
        return self._named(inputs, problem, better, None) if rank(better, problem) < rank(plan, problem) else None

    def _computed(self, inputs: Inputs) -> tuple[AllocationProblem, AllocationPlan]:
        name = inputs.fingerprint
        if name not in self._last:
            problem = problem_of(inputs, self._fleet)
            while len(self._last) >= 64:
                del self._last[next(iter(self._last))]
            self._last[name] = problem, allocate(problem, seed=_seed(inputs), iterations=self._iterations)
        return self._last[name]

    def _judge(self, said: Refinement, inputs: Inputs, problem: AllocationProblem) -> AllocationPlan | None:
        """Return the plan that another says is better, as it is here; None when it is none for these inputs."""
        if said.inputs != inputs.fingerprint:
            return None
        orders, numbers = dict(said.orders), {task.id: number for number, task in enumerate(problem.tasks)}
        if not (orders.keys() <= {rover.id for rover in problem.rovers} and all(_known(orders, numbers))):
            return None
        try:
            plan = plan_of_orders(
                problem, [[numbers[task] for task in orders.get(rover.id, ())] for rover in problem.rovers]
            )
        except ConfigError:
            return None
        return plan if not validate_allocation(plan, problem) else None

    @staticmethod
    def _named(inputs: Inputs, problem: AllocationProblem, plan: AllocationPlan, by: RoverId | None) -> AgreedPlan:
        orders = {rover.id: plan.order(number) for number, rover in enumerate(problem.rovers)}
        return AgreedPlan(inputs=inputs.fingerprint, orders=orders, by=by)


def _known(orders: Mapping[RoverId, Sequence[TaskId]], numbers: Mapping[TaskId, int]) -> list[bool]:
    return [task in numbers for tasks in orders.values() for task in tasks]


def _seed(inputs: Inputs) -> int:
    return int(inputs.fingerprint[:8], 16)
