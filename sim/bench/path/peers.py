"""What others offer, each behind the same two calls: prepare a map, then answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from math import inf
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from fleet.core import Point
from sim.bench.path.maps import GridMap, PolygonMap

#: Finds a path between two places of a polygon map.
Finder = Callable[[Point, Point], list[Point]]
#: Gives the cost of the trip over a grid map by the peer's own account, and its cells as row and column.
Crosser = Callable[[], tuple[float, list[tuple[int, int]]]]
#: What moves cost: the mean of two cells and sqrt(2) for diagonals, or the cell entered and 1.5 for diagonals.
Model = Literal["mean", "entered"]

MODULES: Final = {
    "extremitypathfinder": "extremitypathfinder",
    "pyvisgraph": "pyvisgraph",
    "networkx": "networkx",
    "rustworkx": "rustworkx",
    "scikit-image": "skimage.graph",
    "tcod": "tcod.path",
    "w9-pathfinding": "w9_pathfinding",
    "pyastar2d": "pyastar2d",
}
_PARTS = 8  # Whole numbers that stand for a cost of 1 where a peer has no fractions: quarters, times two for 1.5.


def version_of(peer: str) -> str:
    """Return which version of a peer is installed, empty when that is not told."""
    try:
        return version(peer)
    except PackageNotFoundError:
        return ""


def extremitypathfinder(ground: PolygonMap) -> Finder:
    """Prepare a map with extremitypathfinder."""
    environment = import_module("extremitypathfinder").PolygonEnvironment()
    # It wants outlines without repetition, the boundary counter-clockwise and holes clockwise.
    boundary = list(ground.boundary.exterior.normalize().coords)[:-1][::-1]
    holes = [list(shape.exterior.coords)[:-1][::-1] for shape in ground.obstacles]
    environment.store(boundary, holes, validate=False)
    if not environment.prepared:
        environment.prepare()

    def find(start: Point, goal: Point) -> list[Point]:
        path, _ = environment.find_shortest_path(start, goal)
        return [(float(x), float(y)) for x, y in path]

    return find


def pyvisgraph(ground: PolygonMap) -> Finder:
    """Prepare a map with pyvisgraph."""
    module = import_module("pyvisgraph")
    graph = module.VisGraph()
    outlines = [[module.Point(x, y) for x, y in list(shape.exterior.coords)[:-1]] for shape in ground.obstacles]
    graph.build(outlines, status=False)

    def find(start: Point, goal: Point) -> list[Point]:
        return [(point.x, point.y) for point in graph.shortest_path(module.Point(*start), module.Point(*goal))]

    return find


def networkx(ground: GridMap) -> Crosser:
    """Prepare a grid as a graph, by the mean of two cells."""
    module = import_module("networkx")
    graph = module.Graph()
    for ones, others, costs in _moves(ground):
        graph.add_weighted_edges_from(zip(ones.tolist(), others.tolist(), costs.tolist(), strict=True))
    size = len(ground.costs)
    start, goal = _numbers(ground)

    def cross() -> tuple[float, list[tuple[int, int]]]:
        cost, nodes = module.bidirectional_dijkstra(graph, start, goal)
        return float(cost), [divmod(node, size) for node in nodes]

    return cross


def rustworkx(ground: GridMap) -> Crosser:
    """Prepare a grid as a graph, by the mean of two cells."""
    module = import_module("rustworkx")
    graph = module.PyGraph()
    graph.add_nodes_from(range(ground.costs.size))
    for ones, others, costs in _moves(ground):
        graph.add_edges_from(list(zip(ones.tolist(), others.tolist(), costs.tolist(), strict=True)))
    size = len(ground.costs)
    start, goal = _numbers(ground)

    def cross() -> tuple[float, list[tuple[int, int]]]:
        nodes = module.dijkstra_shortest_paths(graph, start, target=goal, weight_fn=float)[goal]
        return inf, [divmod(node, size) for node in nodes]

    return cross


def scikit_image(ground: GridMap) -> Crosser:
    """Prepare a grid by the mean of two cells."""
    costs = np.where(ground.blocked, -1.0, ground.costs)
    search = import_module("skimage.graph").MCP_Geometric(costs)
    start, goal = ground.trip

    def cross() -> tuple[float, list[tuple[int, int]]]:
        best, _ = search.find_costs([start], [goal])
        return float(best[goal]), [(int(row), int(column)) for row, column in search.traceback(goal)]

    return cross


def tcod(ground: GridMap) -> Crosser:
    """Prepare a grid by the cell entered."""
    module = import_module("tcod.path")
    costs = np.where(ground.blocked, 0, ground.costs * _PARTS / 2.0).astype(np.int32)
    start, goal = ground.trip

    def cross() -> tuple[float, list[tuple[int, int]]]:
        finder = module.Pathfinder(module.SimpleGraph(cost=costs, cardinal=2, diagonal=3))
        finder.add_root(start)
        path = finder.path_to(goal)
        return float(finder.distance[goal]) / _PARTS, [(int(row), int(column)) for row, column in path]

    return cross


def w9_pathfinding(ground: GridMap, algorithm: str) -> Crosser:
    """Prepare a grid by the cell entered."""
    module = import_module("w9_pathfinding.envs")
    weights = np.where(ground.blocked, -1.0, ground.costs).tolist()
    grid = module.Grid(weights, diagonal_movement=3, diagonal_movement_cost_multiplier=1.5)
    finder = getattr(import_module("w9_pathfinding.pf"), algorithm)(grid)
    (row, column), (to_row, to_column) = ground.trip

    def cross() -> tuple[float, list[tuple[int, int]]]:
        path = finder.find_path((column, row), (to_column, to_row))
        return inf, [(int(y), int(x)) for x, y in path]

    return cross


def pyastar2d(ground: GridMap) -> Crosser:
    """Prepare a grid by the cell entered, diagonal moves at the price of straight ones: it knows no other."""
    module = import_module("pyastar2d")
    weights = np.where(ground.blocked, np.inf, ground.costs).astype(np.float32)
    start, goal = ground.trip

    def cross() -> tuple[float, list[tuple[int, int]]]:
        path = module.astar_path(weights, start, goal, allow_diagonal=True)
        return inf, [(int(row), int(column)) for row, column in path]

    return cross


def cost_along(ground: GridMap, cells: list[tuple[int, int]], model: Model) -> float:
    """Return what a way over neighbouring cells costs; infinite when it jumps or enters a blocked cell."""
    rows, columns = np.array(cells).T
    steps = np.abs(np.diff(rows)) + np.abs(np.diff(columns))
    jumps = np.maximum(np.abs(np.diff(rows)), np.abs(np.diff(columns))) > 1
    if jumps.any() or ground.blocked[rows, columns].any():
        return inf
    along = ground.costs[rows, columns]
    if model == "mean":
        return float((0.5 * (along[:-1] + along[1:]) * np.where(steps == 2, 2.0**0.5, 1.0)).sum())
    return float((along[1:] * np.where(steps == 2, 1.5, 1.0)).sum())


def _numbers(ground: GridMap) -> tuple[int, int]:
    (row, column), (to_row, to_column) = ground.trip
    size = len(ground.costs)
    return row * size + column, to_row * size + to_column


def _moves(ground: GridMap) -> Iterator[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """Give all moves in one of each two directions: cells by number, and the mean of their costs by the length."""
    size = len(ground.costs)
    numbers = np.arange(size * size).reshape(size, size)
    for up, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, size - up), slice(max(0, -right), size - max(0, right)))
        there = (slice(up, size), slice(max(0, right), size + min(0, right)))
        free = ~(ground.blocked[here] | ground.blocked[there])
        costs = 0.5 * (ground.costs[here] + ground.costs[there]) * (2.0**0.5 if up and right else 1.0)
        yield numbers[here][free], numbers[there][free], costs[free]
