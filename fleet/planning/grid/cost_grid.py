"""Cheapest ways over a grid of costs, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from operator import index
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fleet.core import ConfigError
from fleet.planning.grid.arrays import Bytes, Floats, Indices, Moves
from fleet.planning.grid.kernels import search, straighten, way_back
from fleet.sdk import NoPlan

Cell = tuple[int, int]  #: Row and column.
DIAGONAL: Final = sqrt(2.0)
BUDGET: Final = 1_000_000_000  #: Cells that a search takes up before it gives up.
_MOST = 1e300  # That a way over all cells may cost, so that sums stay finite.
_REACH = 48  # Cells that a straight line may skip at once.
_ROUNDS = 8
_NO_CELLS = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridWay:
    """A way over cells and what it costs."""

    cells: NDArray[np.int32]  #: ``(n, 2)`` row and column, from start to goal; a straightened way's bends only.
    cost: float


class CostGrid:
    """What it costs to cross each cell of a grid.

    Parameters
    ----------
    costs
        ``(H, W)``, finite, at least 0: cost of a way of one cell's side within the cell.
    blocked
        ``(H, W)`` cells that are never entered.
    diagonal
        What a diagonal move costs over a straight one; 0 for straight moves only.
    counts
        What a move costs: the mean of the two cells, which is the cost of the straight line between their centres, or
        that of the cell entered.
    guarded
        Whether a diagonal move needs the two cells beside it to be free, so that no corner is cut.

    Raises
    ------
    ConfigError
        When a cost is negative, infinite or no number, naming the cell, costs are too large to add, or shapes do not
        fit.

    Notes
    -----
    Costs are 64-bit floats and answers are optimal but for the rounding of sums. Of ways that cost the same always the
    same one is given.

    Examples
    --------
    >>> costs = np.ones((3, 4))
    >>> costs[1, 1:3] = 9.0
    >>> grid = CostGrid(costs, diagonal=0.0)
    >>> way = grid.way((1, 0), (1, 3))
    >>> way.cost, way.cells.tolist()
    (5.0, [[1, 0], [0, 0], [0, 1], [0, 2], [0, 3], [1, 3]])
    >>> grid.way((1, 0), (1, 4)).reason
    'goal (1, 4) lies outside the grid'
    """

    def __init__(
        self,
        costs: ArrayLike,
        blocked: ArrayLike | None = None,
        *,
        diagonal: float = DIAGONAL,
        counts: Literal["mean", "entered"] = "mean",
        guarded: bool = True,
    ) -> None:
        values = _checked(costs)
        if not 0.0 <= diagonal <= _MOST:
            raise ConfigError(
                "diagonal", f"{diagonal} is no factor", "give a finite number, or 0 for no diagonal moves"
            )
        if not float(values.max()) * max(1.0, diagonal) <= _MOST / values.size:
            raise ConfigError("costs", f"of up to {values.max():g} add up to no number", "scale them down")
        self.shape: tuple[int, int] = (values.shape[0], values.shape[1])
        self._width: int = values.shape[1] + 2
        framed = np.full((values.shape[0] + 2, self._width), np.inf)
        framed[1:-1, 1:-1] = values
        if blocked is not None:
            stopped = np.asarray(blocked, np.bool_)
            if stopped.shape != values.shape:
                raise ConfigError("blocked", f"has shape {stopped.shape}, the costs {values.shape}", "give one a cell")
            framed[1:-1, 1:-1][stopped] = np.inf
        self._costs: Floats = framed.ravel()
        both = counts == "mean"
        self._moves = Moves(float(diagonal), 0.5 if both else 1.0, both, guarded)

    def is_free(self, cell: Cell) -> bool:
        """Whether a cell lies in the grid and is not blocked."""
        return not self._why_not("cell", cell)

    def way(self, start: Cell, goal: Cell, *, budget: int = BUDGET) -> GridWay | NoPlan:
        """Return the cheapest way, or why there is none.

        Parameters
        ----------
        budget
            How many cells may be taken up.
        """
        return self.ways(start, (goal,), budget=budget)[0]

    def ways(self, start: Cell, goals: Sequence[Cell], *, budget: int = BUDGET) -> tuple[GridWay | NoPlan, ...]:
        """Return the cheapest way to each goal by one search, or why there is none."""
        stuck = self._why_not("start", start)
        if stuck:
            return tuple(NoPlan(reason=stuck) for _ in goals)
        why_not = [self._why_not("goal", goal) for goal in goals]
        numbers = np.array([self._number(goal) for goal, why in zip(goals, why_not, strict=True) if not why], np.int32)
        if len(numbers) == 0:
            return tuple(NoPlan(reason=why) for why in why_not)
        origin = self._number(start)
        best, directions, taken = search(self._costs, self._width, self._moves, origin, numbers, budget)
        answers: list[GridWay | NoPlan] = []
        for goal, why in zip(goals, why_not, strict=True):
            if why:
                answers.append(NoPlan(reason=why))
            elif taken < 0:
                answers.append(NoPlan(reason=f"no way was found within a budget of {budget} cells"))
            else:
                answers.append(self._answer(best, directions, origin, goal))
        return tuple(answers)

    def costs_from(self, start: Cell) -> NDArray[np.float64]:
        """Return ``(H, W)`` least costs to all cells, infinite where no way leads, or for a start that is not free."""
        if self._why_not("start", start):
            return np.full(self.shape, np.inf)
        best, _, _ = search(self._costs, self._width, self._moves, self._number(start), _NO_CELLS, BUDGET)
        return np.ascontiguousarray(best.reshape(-1, self._width)[1:-1, 1:-1])

    def straightened(self, way: GridWay) -> GridWay:
        """Return a way with straight lines between some of a way's cells, which never costs more.

        Each cell counts by the length of line within it; no line enters a blocked cell or, when diagonal moves are
        guarded, touches the corner of one.

        Raises
        ------
        ValueError
            When moves do not cost what straight lines do: unless both cells count and diagonal moves cost sqrt(2).
        """
        if not (self._moves.both and self._moves.diagonal in (0.0, DIAGONAL)):
            raise ValueError("only where both cells count and diagonal moves cost sqrt(2) do straight lines compare")
        guarded = self._moves.guarded or self._moves.diagonal == 0.0
        rows, columns = np.asarray(way.cells, np.int32).T + 1
        kept: Indices = rows * np.int32(self._width) + columns
        cost = way.cost
        for _ in range(_ROUNDS):
            fewer, now = straighten(self._costs, self._width, guarded, kept, _REACH)
            if len(fewer) == len(kept):
                break
            kept, cost = fewer, min(cost, float(now))
        return GridWay(cells=self._cells(kept), cost=cost)

    def _answer(self, best: Floats, directions: Bytes, origin: int, goal: Cell) -> GridWay | NoPlan:
        number = self._number(goal)
        if not np.isfinite(best[number]):
            return NoPlan(reason=f"no way leads to goal {goal}: blocked cells lie between")
        way = way_back(directions, self._width, origin, number)
        return GridWay(cells=self._cells(way), cost=float(best[number]))

    def _number(self, cell: Cell) -> int:
        return (index(cell[0]) + 1) * self._width + index(cell[1]) + 1

    def _cells(self, numbers: Indices) -> NDArray[np.int32]:
        return np.stack(np.divmod(numbers, np.int32(self._width)), axis=1) - np.int32(1)

    def _why_not(self, name: str, cell: Cell) -> str:
        row, column = index(cell[0]), index(cell[1])
        if not (0 <= row < self.shape[0] and 0 <= column < self.shape[1]):
            return f"{name} {(row, column)} lies outside the grid"
        return "" if np.isfinite(self._costs[self._number(cell)]) else f"{name} {(row, column)} is blocked"


def _checked(costs: ArrayLike) -> Floats:
    values = np.asarray(costs, np.float64)
    if values.ndim != 2 or 0 in values.shape:
        raise ConfigError("costs", f"have shape {values.shape}", "give rows and columns, at least one of each")
    wrong = np.argwhere(~(np.isfinite(values) & (values >= 0.0)))
    if len(wrong):
        row, column = wrong[0].tolist()
        raise ConfigError(
            f"cell ({row}, {column})",
            f"costs {values[row, column]}",
            "costs are finite and >= 0; use `blocked` for walls",
        )
    return values
