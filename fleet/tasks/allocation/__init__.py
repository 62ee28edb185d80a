"""Who does what when: from rovers, tasks and travel to a plan, the same wherever it is computed."""

from fleet.tasks.allocation.plan import AllocationPlan, Stop, Undone
from fleet.tasks.allocation.problem import (
    NEVER,
    AllocationProblem,
    AllocationRover,
    AllocationTask,
    Battery,
    Charger,
    Objective,
)
from fleet.tasks.allocation.solver import allocate, allocate_within, plan_of_orders, rank
from fleet.tasks.allocation.validation import validate_allocation

__all__ = [
    "NEVER",
    "AllocationPlan",
    "AllocationProblem",
    "AllocationRover",
    "AllocationTask",
    "Battery",
    "Charger",
    "Objective",
    "Stop",
    "Undone",
    "allocate",
    "allocate_within",
    "plan_of_orders",
    "rank",
    "validate_allocation",
]
