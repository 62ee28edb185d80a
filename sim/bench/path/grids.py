"""Cheapest ways over grids: ours and others'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import inf, isfinite
from typing import Final

from fleet.planning import DIAGONAL, CostGrid, GridWay
from sim.bench.path import peers
from sim.bench.path.maps import GridMap, grid_map
from sim.bench.path.measure import TURNS, Measure
from sim.bench.rows import Row

_EXACT = 1e-9  # Costs may differ so much, relative to one another.
_GRAPHS_UP_TO = 512  # Cells a side; larger grids as graphs of Python objects take minutes and gigabytes.
#: Peer, how it is prepared, and the model of costs that it has.
_EXACT_PEERS: Final[tuple[tuple[str, Callable[[GridMap], peers.Crosser], peers.Model], ...]] = (
    ("w9-pathfinding", partial(peers.w9_pathfinding, algorithm="AStar"), "entered"),
    ("w9-pathfinding", partial(peers.w9_pathfinding, algorithm="BiDijkstra"), "entered"),
    ("tcod", peers.tcod, "entered"),
    ("scikit-image", peers.scikit_image, "mean"),
    ("rustworkx", peers.rustworkx, "mean"),
    ("networkx", peers.networkx, "mean"),
)
_GRAPHS: Final = ("rustworkx", "networkx")


def grid_row(measure: Measure, size: int, skipped: Mapping[str, str]) -> Row:
    """Return the row of one grid."""
    measure.say(f"grid of {size} x {size} ...")
    ground = grid_map(size)
    grids = {
        "mean": CostGrid(ground.costs, ground.blocked, diagonal=DIAGONAL, guarded=False),
        "entered": CostGrid(ground.costs, ground.blocked, diagonal=1.5, counts="entered", guarded=False),
    }
    ways = {model: _way(grid, ground) for model, grid in grids.items()}
    for model, way in ways.items():
        if not _same(peers.cost_along(ground, _cells(way), model), way.cost):  # type: ignore[arg-type]
            raise RuntimeError(f"grid-{size}: the way does not cost what it says ({model})")
    ratios: dict[str, float] = {}
    differs: dict[str, float] = {}
    notes = []
    for peer, prepare, model in _EXACT_PEERS:
        if peer in skipped:
            continue
        if peer in _GRAPHS and size > _GRAPHS_UP_TO:
            notes.append(f"{peer} not asked: a graph of {4 * size * size / 1e6:.0f} million moves")
            continue
        measure.say(f"grid of {size} x {size} with {peer} ...")
        turns = TURNS if measure.thorough or peer not in _GRAPHS else 1
        ratio, (told, cells) = measure.in_turn(partial(_way, grids[model], ground), prepare(ground), turns)
        # Of several searches that a peer has, the quickest counts.
        ratios[peer] = min(ratios.get(peer, inf), ratio)
        differs[peer] = _difference(ground, ways[model], (told, cells), model)
    if differs:
        notes.insert(0, f"cost as {', '.join(differs)} within {max(map(abs, differs.values())):.0e}")
    if "pyastar2d" not in skipped:
        ratio, (_, cells) = measure.in_turn(partial(_way, grids["mean"], ground), peers.pyastar2d(ground), TURNS)
        ratios["pyastar2d"] = ratio
        longer = peers.cost_along(ground, cells, "mean") / ways["mean"].cost - 1.0
        notes.append(f"pyastar2d's way costs {longer:.1%} more: diagonal moves at the price of straight ones")
    return Row(
        name=f"grid-{size}",
        value=measure.median(partial(_way, grids["mean"], ground)) * 1e3,
        unit="ms a query",
        times_better_than=ratios,
        differs=differs,
        note="; ".join(notes),
    )


def _way(grid: CostGrid, ground: GridMap) -> GridWay:
    answer = grid.way(*ground.trip)
    if not isinstance(answer, GridWay):
        raise RuntimeError(f"a way over the grid was not found: {answer.reason}")
    return answer


def _cells(way: GridWay) -> list[tuple[int, int]]:
    return [(int(row), int(column)) for row, column in way.cells]


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _EXACT * other


def _difference(
    ground: GridMap, way: GridWay, theirs: tuple[float, list[tuple[int, int]]], model: peers.Model
) -> float:
    """Return how much dearer ours is than a peer's way, relative to it.

    Raises
    ------
    RuntimeError
        When ours is not the cheapest.
    """
    told, cells = theirs
    cost = peers.cost_along(ground, cells, model)
    if isfinite(cost) and way.cost > cost * (1.0 + _EXACT):
        raise RuntimeError(f"a way over the grid costs {way.cost}, a peer's {cost}")
    if isfinite(told) and not _same(told, cost):
        raise RuntimeError(f"a peer tells a cost of {told} for a way of {cost}: its model is not the one compared")
    return way.cost / cost - 1.0
