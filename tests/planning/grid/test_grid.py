"""Ways over grids against a plain reference: a graph of all moves and Dijkstra's search of networkx."""

from __future__ import annotations

from itertools import pairwise
from math import dist, inf, sqrt
from typing import Literal

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fleet.core import ConfigError, array_stream
from fleet.planning.grid import DIAGONAL, CostGrid, GridWay
from fleet.sdk import NoPlan

Cell = tuple[int, int]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
counted = st.sampled_from(["mean", "entered"])
diagonals = st.sampled_from([0.0, 0.7, DIAGONAL, 1.5, 3.0])


@st.composite
def grounds(draw: st.DrawFn) -> tuple[Floats, Bools, Cell, Cell]:
    """Return costs of very different kinds, blocked cells, and two free cells."""
    rng = array_stream(draw(st.integers(0, 100_000)), "costs")
    shape = (draw(st.integers(1, 14)), draw(st.integers(1, 14)))
    kind = draw(st.sampled_from(["even", "whole", "wild", "zeros", "tiny"]))
    costs = {
        "even": np.ones(shape),
        "whole": rng.integers(1, 9, shape).astype(np.float64),
        "wild": 10.0 ** rng.uniform(-6.0, 6.0, shape),
        "zeros": rng.integers(0, 3, shape).astype(np.float64),
        "tiny": rng.uniform(0.0, 1e-300, shape),
    }[kind]
    blocked = rng.uniform(size=shape) < draw(st.sampled_from([0.0, 0.3, 0.5]))
    cells = [(int(rng.integers(shape[0])), int(rng.integers(shape[1]))) for _ in range(2)]
    for cell in cells:
        blocked[cell] = False
    return costs, blocked, cells[0], cells[1]


def graph_of(costs: Floats, blocked: Bools, *, diagonal: float, counts: str, guarded: bool) -> nx.DiGraph[Cell]:
    graph: nx.DiGraph[Cell] = nx.DiGraph()
    rows, columns = costs.shape
    free = [(row, column) for row in range(rows) for column in range(columns) if not blocked[row, column]]
    graph.add_nodes_from(free)
    for row, column in free:
        for up in (-1, 0, 1):
            for right in (-1, 0, 1):
                to = (row + up, column + right)
                slanted = up != 0 and right != 0
                if to == (row, column) or to not in graph or (slanted and diagonal == 0.0):
                    continue
                if slanted and guarded and (blocked[row, column + right] or blocked[row + up, column]):
                    continue
                cost = 0.5 * (costs[row, column] + costs[to]) if counts == "mean" else costs[to]
                graph.add_edge((row, column), to, cost=float(cost * (diagonal if slanted else 1.0)))
    return graph


def cost_of(answer: GridWay | NoPlan) -> float:
    return inf if isinstance(answer, NoPlan) else answer.cost


@settings(max_examples=300, deadline=None)
@given(grounds(), diagonals, counted, st.booleans())
def test_ways_cost_what_networkx_says(
    ground: tuple[Floats, Bools, Cell, Cell], diagonal: float, counts: Literal["mean", "entered"], guarded: bool
) -> None:
    costs, blocked, start, goal = ground
    graph = graph_of(costs, blocked, diagonal=diagonal, counts=counts, guarded=guarded)
    truth = nx.single_source_dijkstra_path_length(graph, start, weight="cost")
    grid = CostGrid(costs, blocked, diagonal=diagonal, counts=counts, guarded=guarded)

    one, many = grid.way(start, goal), grid.ways(start, sorted(graph.nodes))
    everywhere = grid.costs_from(start)

    assert cost_of(one) == pytest.approx(truth.get(goal, inf), rel=1e-12, abs=1e-320)
    for cell, answer in zip(sorted(graph.nodes), many, strict=True):
        assert cost_of(answer) == pytest.approx(truth.get(cell, inf), rel=1e-12, abs=1e-320)
        assert everywhere[cell] == cost_of(answer)
    if isinstance(one, GridWay):
        cells = [(int(row), int(column)) for row, column in one.cells]
        assert (cells[0], cells[-1]) == (start, goal)
        assert nx.path_weight(graph, cells, "cost") == pytest.approx(one.cost, rel=1e-12, abs=1e-320)


def sampled_cost(costs: Floats, blocked: Bools, line: tuple[Cell, Cell]) -> float:
    """Return the cost of a straight line by many samples, infinite when one lies well inside a blocked cell."""
    (row, column), (to_row, to_column) = line
    shares = (np.arange(4000) + 0.5) / 4000
    ys, xs = row + (to_row - row) * shares, column + (to_column - column) * shares
    rows, columns = np.rint(ys).astype(int), np.rint(xs).astype(int)
    deep = np.maximum(np.abs(ys - rows), np.abs(xs - columns)) < 0.5 - 1e-9
    if blocked[rows[deep], columns[deep]].any():
        return inf
    return float(costs[rows, columns].mean()) * dist(*line)


@settings(max_examples=150, deadline=None)
@given(grounds(), st.sampled_from([0.0, DIAGONAL]), st.booleans())
def test_straightened_ways_stay_on_free_ground_and_never_cost_more(
    ground: tuple[Floats, Bools, Cell, Cell], diagonal: float, guarded: bool
) -> None:
    costs, blocked, start, goal = ground
    grid = CostGrid(costs, blocked, diagonal=diagonal, guarded=guarded)
    way = grid.way(start, goal)
    if isinstance(way, NoPlan):
        return

    straight = grid.straightened(way)

    cells = [(int(row), int(column)) for row, column in straight.cells]
    lines = list(pairwise(cells))
    assert (cells[0], cells[-1]) == (start, goal)
    assert straight.cost <= way.cost
    assert len(cells) <= len(way.cells)
    slack = 2.0 * costs.max() * sum(dist(*line) for line in lines) / 1000.0
    assert sum(sampled_cost(costs, blocked, line) for line in lines) == pytest.approx(straight.cost, abs=slack + 1e-300)


def test_a_straightened_way_over_even_ground_is_one_line() -> None:
    grid = CostGrid(np.ones((40, 40)))
    way = grid.way((0, 0), (13, 39))
    assert isinstance(way, GridWay)

    straight = grid.straightened(way)

    assert straight.cells.tolist() == [[0, 0], [13, 39]]
    assert straight.cost == pytest.approx(sqrt(13**2 + 39**2), rel=1e-12)


def test_guarded_diagonals_cut_no_corner() -> None:
    blocked = np.array([[False, True], [False, False]])

    guarded = CostGrid(np.ones((2, 2)), blocked).way((0, 0), (1, 1))
    free = CostGrid(np.ones((2, 2)), blocked, guarded=False).way((0, 0), (1, 1))

    assert (cost_of(guarded), cost_of(free)) == (2.0, DIAGONAL)


def test_more_cost_never_makes_a_way_cheaper() -> None:
    rng = array_stream(4, "costs")
    costs = rng.uniform(1.0, 5.0, (30, 30))
    more = costs.copy()
    more[10:20, 5:25] += 3.0

    assert cost_of(CostGrid(more).way((0, 0), (29, 29))) >= cost_of(CostGrid(costs).way((0, 0), (29, 29)))


def test_the_same_question_has_the_same_answer() -> None:
    ways = [CostGrid(np.ones((30, 30))).way((2, 3), (25, 14)) for _ in range(2)]

    assert isinstance(ways[0], GridWay)
    assert isinstance(ways[1], GridWay)
    assert np.array_equal(ways[0].cells, ways[1].cells)


def test_a_search_ends_at_its_budget() -> None:
    answer = CostGrid(np.ones((100, 100))).way((0, 0), (99, 50), budget=10)

    assert isinstance(answer, NoPlan)
    assert answer.reason == "no way was found within a budget of 10 cells"


@pytest.mark.parametrize(
    ("value", "place"),
    [(np.nan, "cell (1, 2)"), (-0.5, "cell (1, 2)"), (np.inf, "cell (1, 2)"), (-np.inf, "cell (1, 2)")],
)
def test_a_cost_that_is_none_names_its_cell(value: float, place: str) -> None:
    costs = np.ones((3, 4))
    costs[1, 2] = value

    with pytest.raises(ConfigError) as caught:
        CostGrid(costs)

    assert caught.value.place == place
    assert str(value) in caught.value.fact
    assert "blocked" in caught.value.remedy


@pytest.mark.parametrize(
    ("costs", "blocked", "diagonal", "place"),
    [
        (np.ones(3), None, 1.0, "costs"),
        (np.ones((0, 3)), None, 1.0, "costs"),
        (np.ones((2, 2)), np.zeros((2, 3)), 1.0, "blocked"),
        (np.ones((2, 2)), None, np.nan, "diagonal"),
        (np.ones((2, 2)), None, -1.0, "diagonal"),
    ],
    ids=["one-dimension", "no-cells", "other-shape", "no-number", "negative"],
)
def test_what_is_no_grid_is_refused(costs: Floats, blocked: Bools | None, diagonal: float, place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        CostGrid(costs, blocked, diagonal=diagonal)

    assert caught.value.place == place


@pytest.mark.parametrize(
    ("start", "goal", "reason"),
    [
        ((-1, 0), (0, 0), "start (-1, 0) lies outside the grid"),
        ((0, 0), (0, 9), "goal (0, 9) lies outside the grid"),
        ((1, 1), (0, 0), "start (1, 1) is blocked"),
        ((0, 0), (1, 2), "goal (1, 2) is blocked"),
        ((0, 0), (2, 2), "no way leads to goal (2, 2): blocked cells lie between"),
    ],
)
def test_where_there_is_no_way_the_reason_says_why(start: Cell, goal: Cell, reason: str) -> None:
    blocked = np.zeros((3, 3), bool)
    blocked[1] = True

    answer = CostGrid(np.ones((3, 3)), blocked).way(start, goal)

    assert isinstance(answer, NoPlan)
    assert answer.reason == reason


def test_moves_that_do_not_cost_what_lines_do_are_not_straightened() -> None:
    grid = CostGrid(np.ones((3, 3)), counts="entered")
    way = grid.way((0, 0), (2, 2))
    assert isinstance(way, GridWay)

    with pytest.raises(ValueError, match="both cells count"):
        grid.straightened(way)
