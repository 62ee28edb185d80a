"""Compiled searches over grids of costs.

Cells are numbered row by row with a border of one cell around them, ``row * width + column``. Blocked cells and the
border cost infinitely much. Directions are 0 to 3 east, west, north, south (rows grow northwards), 4 to 7 diagonal.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.grid.arrays import Bytes, Floats, Indices, Moves

_QUEUED, _WANTED, _DIRECTION = np.uint8(8), np.uint8(16), np.uint8(7)
_MOST_BUCKETS = 1 << 15
_SAME = 1.0 + 1e-12
_RIGHT = np.array([1, -1, 0, 0, 1, -1, 1, -1])
_UP = np.array([0, 0, 1, -1, 1, 1, -1, -1])


@compiled
def search(
    costs: Floats, width: int, moves: Moves, start: int, goals: Indices, budget: int
) -> tuple[Floats, Bytes, int]:
    """Return ``(N,)`` least costs, ``(N,)`` directions that cells were reached by, and how many cells were taken up.

    Without goals all cells are reached; with one, the search is directed to it (A*, octile distance at the least cost);
    else it ends when all goals are reached. Costs of cells that were not taken up are bounds. -1 for how many means
    that more than `budget` would have been needed.

    Notes
    -----
    Buckets of a width that no move is cheaper than, as long as these are not too many: Dial, "Algorithm 360", CACM
    12(11), 1969. Costs within a bucket are not in order, so a cell whose cost falls after it was taken up is taken up
    again: the result is exact whatever the width.
    """
    steps = _UP * width + _RIGHT
    count = 8 if moves.diagonal > 0.0 else 4
    factors = np.empty(8)
    factors[:4], factors[4:] = moves.share, moves.share * moves.diagonal
    lean = 1.0 if moves.both else 0.0
    least, most = inf, 0.0
    # A cell's cost beside the least cost to reach it, so that one look fetches both.
    cells = np.empty((len(costs), 2))
    for cell in range(len(costs)):
        cost = costs[cell]
        cells[cell, 0], cells[cell, 1] = cost, inf
        if cost < inf:
            least, most = min(least, cost), max(most, cost)
    directed = len(goals) == 1
    goal = int(goals[0]) if directed else -1
    goal_row, goal_column = (goal // width, goal % width) if directed else (0, 0)
    # What a straight and what a diagonal step towards the goal cost at least; a little less against rounding.
    ahead = (least * moves.share * (1.0 + lean)) * (1.0 - 1e-12) if directed else 0.0
    slant = (min(2.0, moves.diagonal) - 1.0) * ahead if moves.diagonal > 0.0 else ahead
    if moves.diagonal > 0.0 and moves.diagonal < 1.0:
        ahead, slant = ahead * moves.diagonal, 0.0
    dearest = most * moves.share * (1.0 + lean) * max(1.0, moves.diagonal) + 2.0 * (ahead + abs(slant))
    bucket = max(least * moves.share * (1.0 + lean) * min(1.0, moves.diagonal if count == 8 else 1.0), 0.0)
    bucket = max(bucket, dearest / (_MOST_BUCKETS - 4), 1e-300)
    buckets = 4
    while buckets * bucket < dearest + 2.0 * bucket:
        buckets *= 2
    scale, mask = 1.0 / bucket, buckets - 1
    heads = np.full(buckets, -1, np.int32)
    nodes, below = np.empty(4096, np.int32), np.empty(4096, np.int32)
    spare, used, alive, taken = -1, 0, 1, 0
    marks = np.zeros(len(costs), np.uint8)
    wanted = 0
    for index in range(len(goals)):
        if not marks[goals[index]] & _WANTED:
            wanted += 1
        marks[goals[index]] |= _WANTED
    cells[start, 1] = 0.0
    marks[start] |= _QUEUED
    row, column = start // width, start % width
    far, near = abs(row - goal_row), abs(column - goal_column)
    if far < near:
        far, near = near, far
    current = int((ahead * far + slant * near) * scale) if directed else 0
    nodes[0], below[0], used = start, -1, 1
    heads[current & mask] = 0
    while alive > 0:
        place = current & mask
        while heads[place] >= 0:
            entry = heads[place]
            heads[place] = below[entry]
            below[entry] = spare
            spare = entry
            alive -= 1
            cell = nodes[entry]
            if not marks[cell] & _QUEUED:
                continue
            if taken >= budget:
                return cells[:, 1].copy(), marks & _DIRECTION, -1
            taken += 1
            marks[cell] &= ~_QUEUED
            if marks[cell] & _WANTED:
                marks[cell] &= ~_WANTED
                wanted -= 1
            here, own = cells[cell, 1], cells[cell, 0] * lean
            row = cell // width
            up, across = row - goal_row, cell - row * width - goal_column
            for direction in range(count):
                to = cell + steps[direction]
                cost = here + factors[direction] * (own + cells[to, 0])
                if not cost < cells[to, 1]:
                    continue
                if direction >= 4 and moves.guarded:
                    sideways = _RIGHT[direction]
                    if cells[cell + sideways, 0] == inf or cells[to - sideways, 0] == inf:
                        continue
                total = cost
                if directed:
                    far, near = abs(up + _UP[direction]), abs(across + _RIGHT[direction])
                    if far < near:
                        far, near = near, far
                    total += ahead * far + slant * near
                    if total >= cells[goal, 1] and to != goal:
                        continue
                cells[to, 1] = cost
                marks[to] = (marks[to] & _WANTED) | _QUEUED | np.uint8(direction)
                if spare >= 0:
                    entry = spare
                    spare = below[entry]
                else:
                    if used == len(nodes):
                        nodes, below = np.concatenate((nodes, nodes)), np.concatenate((below, below))
                    entry = used
                    used += 1
                spot = max(current, int(total * scale)) & mask
                nodes[entry], below[entry] = to, heads[spot]
                heads[spot] = entry
                alive += 1
        if wanted == 0 and len(goals) > 0:
            break
        current += 1
    return cells[:, 1].copy(), marks & _DIRECTION, taken


@compiled
def way_back(directions: Bytes, width: int, start: int, goal: int) -> Indices:
    """Return the cells of the way that reached a goal."""
    steps = _UP * width + _RIGHT
    count, cell = 1, goal
    while cell != start:
        cell -= steps[directions[cell]]
        count += 1
    way = np.empty(count, np.int32)
    cell = goal
    for spot in range(count - 1, -1, -1):
        way[spot] = cell
        cell -= steps[directions[cell]]
    return way


@compiled
def straight_cost(costs: Floats, width: int, guarded: bool, start: int, goal: int) -> float:
    """Return the cost of a straight line between two cells' centres, each cell's cost by the length within it.

    Infinite when a blocked cell is entered; whether lines meet corners is told by whole numbers, so without error.
    """
    row, column = start // width, start % width
    up, across = goal // width - row, goal % width - column
    wide, tall = abs(across), abs(up)
    right, upward = (1 if across > 0 else -1), (width if up > 0 else -width)
    cell, before, total = start, 0.0, 0.0
    crossed_wide, crossed_tall = 0, 0
    while crossed_wide < wide or crossed_tall < tall:
        # The next line between columns is at (2 i + 1) / (2 wide) of the way, that between rows likewise.
        order = (2 * crossed_wide + 1) * tall - (2 * crossed_tall + 1) * wide
        if crossed_wide == wide:
            order = 1
        elif crossed_tall == tall:
            order = -1
        here = (2 * crossed_wide + 1) / (2 * wide) if order <= 0 else (2 * crossed_tall + 1) / (2 * tall)
        total += (here - before) * costs[cell]
        before = here
        if order == 0 and guarded and (costs[cell + right] == inf or costs[cell + upward] == inf):
            return inf
        if order <= 0:
            cell += right
            crossed_wide += 1
        if order >= 0:
            cell += upward
            crossed_tall += 1
        if costs[cell] == inf:
            return inf
    total += (1.0 - before) * costs[cell]
    cost: float = total * sqrt(float(wide * wide + tall * tall))
    return cost


@compiled
def straighten(costs: Floats, width: int, guarded: bool, way: Indices, reach: int) -> tuple[Indices, float]:
    """Return which cells of a way to keep so that straight lines between them cost least, and that cost.

    A line skips fewer than `reach` cells of the way. Of lines that cost the same the longest is taken.
    """
    count = len(way)
    best = np.full(count, inf)
    before = np.zeros(count, np.int32)
    best[0] = 0.0
    for end in range(1, count):
        for start in range(end - 1, max(-1, end - 1 - reach), -1):
            if best[start] >= best[end]:
                continue
            cost = best[start] + straight_cost(costs, width, guarded, way[start], way[end])
            if cost <= best[end] * _SAME:
                best[end], before[end] = cost, start
    length, spot = 1, count - 1
    while spot > 0:
        spot = before[spot]
        length += 1
    kept = np.empty(length, np.int32)
    spot = count - 1
    for index in range(length - 1, -1, -1):
        kept[index] = way[spot]
        spot = before[spot]
    return kept, best[count - 1]
