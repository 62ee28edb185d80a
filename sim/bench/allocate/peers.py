"""Public solvers of routing, each given the same whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fleet.tasks.allocation import NEVER, AllocationPlan, AllocationProblem, plan_of_orders
from fleet.tasks.allocation.stops import abilities, spread

MODULES: Final = {"pyvrp": "pyvrp", "ortools": "ortools.constraint_solver.pywrapcp"}
_FAR: Final = 1_000_000_000
#: Gives a plan after so many seconds, None when none was found.
Peer = Callable[[AllocationProblem, float, int], AllocationPlan | None]


def pyvrp(problem: AllocationProblem, seconds: float, seed: int) -> AllocationPlan | None:
    """Solve with PyVRP's search; Wouda, Lan, Kool, "PyVRP: A High-Performance VRP Solver Package", 2024."""
    api: Any = import_module("pyvrp")
    stops: Any = import_module("pyvrp.stop")
    tasks, rovers = len(problem.tasks), len(problem.rovers)
    cost, time = (spread(problem, matrix).astype(np.int64) for matrix in (problem.cost, problem.time))
    able = abilities(problem)[:, :, 0]
    profiles: dict[tuple[int, bytes], int] = {}
    distances: list[NDArray[np.int64]] = []
    durations: list[NDArray[np.int64]] = []
    for rover, row in zip(problem.rovers, able, strict=True):
        if profiles.setdefault((rover.travel, row.tobytes()), len(distances)) == len(distances):
            matrix = cost[rover.travel].copy()
            matrix[:, np.flatnonzero(row == 0)] = _FAR
            np.fill_diagonal(matrix, 0)
            distances.append(matrix)
            durations.append(time[rover.travel])
    data = api.ProblemData(
        locations=[api.Location(0, 0) for _ in range(tasks + 2 * rovers)],
        clients=[
            api.Client(
                location=number,
                delivery=[task.load],
                service_duration=task.work,
                tw_early=task.earliest,
                tw_late=task.latest,
                prize=task.value if task.value < NEVER else 0,
                required=task.value >= NEVER,
            )
            for number, task in enumerate(problem.tasks)
        ],
        depots=[api.Depot(location=tasks + number) for number in range(2 * rovers)],
        vehicle_types=[
            api.VehicleType(
                num_available=1,
                capacity=[rover.capacity],
                start_depot=number,
                end_depot=rovers + number,
                tw_early=rover.ready,
                tw_late=rover.until,
                profile=profiles[rover.travel, able[number].tobytes()],
            )
            for number, rover in enumerate(problem.rovers)
        ],
        distance_matrices=distances,
        duration_matrices=durations,
    )
    best = api.solve(data, stops.MaxRuntime(seconds), seed=seed, collect_stats=False, display=False).best
    if not best.is_feasible():
        return None
    orders: list[list[int]] = [[] for _ in range(rovers)]
    for route in best.routes():
        orders[route.vehicle_type()] = [activity.idx for activity in route if activity.is_client()]
    return plan_of_orders(problem, orders)


def ortools(problem: AllocationProblem, seconds: float, _seed: int) -> AllocationPlan | None:
    """Solve with OR-tools' routing library: cheapest insertion, then guided local search. It takes no seed."""
    api: Any = import_module("ortools.constraint_solver.pywrapcp")
    enums: Any = import_module("ortools.constraint_solver.routing_enums_pb2")
    tasks, rovers = len(problem.tasks), len(problem.rovers)
    stops = tasks + 2 * rovers
    starts, ends = range(tasks, tasks + rovers), range(tasks + rovers, stops)
    manager = api.RoutingIndexManager(stops, rovers, list(starts), list(ends))
    model = api.RoutingModel(manager)
    cost, time = (spread(problem, matrix).astype(np.int64) for matrix in (problem.cost, problem.time))
    works = np.array([task.work for task in problem.tasks] + [0] * (2 * rovers))
    able = abilities(problem)[:, :, 0]
    legs = [model.RegisterTransitMatrix(matrix.tolist()) for matrix in cost]
    spans = [model.RegisterTransitMatrix((matrix + works[:, None]).tolist()) for matrix in time]
    for number, rover in enumerate(problem.rovers):
        model.SetArcCostEvaluatorOfVehicle(legs[rover.travel], number)
    if any(task.latest < NEVER for task in problem.tasks) or any(rover.until < NEVER for rover in problem.rovers):
        model.AddDimensionWithVehicleTransits(
            [spans[rover.travel] for rover in problem.rovers], NEVER, NEVER, False, "t"
        )
        clock = model.GetDimensionOrDie("t")
        for number, task in enumerate(problem.tasks):
            clock.CumulVar(manager.NodeToIndex(number)).SetRange(task.earliest, task.latest)
        for number, rover in enumerate(problem.rovers):
            clock.CumulVar(model.Start(number)).SetRange(rover.ready, rover.until)
            clock.CumulVar(model.End(number)).SetRange(rover.ready, rover.until)
    if any(task.load for task in problem.tasks):
        loads = model.RegisterUnaryTransitVector([task.load for task in problem.tasks] + [0] * (2 * rovers))
        model.AddDimensionWithVehicleCapacity(loads, 0, [rover.capacity for rover in problem.rovers], True, "load")
    for number, task in enumerate(problem.tasks):
        index = manager.NodeToIndex(number)
        if task.value < NEVER:
            model.AddDisjunction([index], task.value)
        if not able[:, number].all():
            model.VehicleVar(index).SetValues([-1, *(int(rover) for rover in np.flatnonzero(able[:, number]))])
    parameters = api.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(1000 * seconds))
    found = model.SolveWithParameters(parameters)
    if found is None:
        return None
    orders = []
    for number in range(rovers):
        order, index = [], found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            order.append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        orders.append(order)
    return plan_of_orders(problem, orders)


PEERS: Final[dict[str, Peer]] = {"pyvrp": pyvrp, "ortools": ortools}
