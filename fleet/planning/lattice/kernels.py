"""Compiled work on the lattice of waypoints: laying lanes, and joining places to it.

Lanes leave a waypoint in directions 0 to 7, counter-clockwise from east; their costs are ``(N, 8)``, infinite where
there is no lane. Metres, seconds, joules; `avoid` is ``(A, 3)``: x, y and radius of discs to keep clear of.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Bytes, Floats, Ground, Indices
from fleet.planning.ground.kernels import (
    clearance,
    drive,
    in_zone,
    index_of,
    is_clear,
    is_on_map,
    leads_out,
    point_gap2,
)
from fleet.planning.lattice.arrays import Costs, Lattice
from fleet.planning.weighing.kernels import seconds_at_risk

UP = np.array([0, 1, 1, 1, 0, -1, -1, -1])
RIGHT = np.array([1, 1, 0, -1, -1, -1, 0, 1])
_SAME = 1.0 - 1e-9


@compiled
def lay_lanes(
    ground: Ground,
    lattice: Lattice,
    window: tuple[int, int, int, int],
    free: Bytes,
    seconds: Costs,
    joules: Costs,
) -> int:
    """Fill in which nodes are free and what their lanes cost, for the nodes of a window and the lanes that touch them.

    `window` is first and last row and column; `free` is ``(N,)``. Returns how many lanes were looked at, each with the
    one that leads back.
    """
    low, high, left, right = window
    columns, rows, spacing = lattice.columns, lattice.rows, lattice.spacing
    nobody = np.empty((0, 3))
    looked = 0
    for row in range(low, high + 1):
        y = lattice.south + row * spacing
        for column in range(left, right + 1):
            x = lattice.west + column * spacing
            free[row * columns + column] = is_clear(ground, nobody, (x, y, x, y), ground.room) and not in_zone(
                ground, x, y
            )
    for row in range(max(0, low - 1), min(rows - 1, high + 1) + 1):
        y = lattice.south + row * spacing
        for column in range(max(0, left - 1), min(columns - 1, right + 1) + 1):
            x = lattice.west + column * spacing
            here = row * columns + column
            for direction in range(4):
                to_row, to_column = row + UP[direction], column + RIGHT[direction]
                if not (0 <= to_row < rows and 0 <= to_column < columns):
                    continue
                there = to_row * columns + to_column
                looked += 2
                seconds[here, direction] = joules[here, direction] = inf
                seconds[there, direction + 4] = joules[there, direction + 4] = inf
                if not (free[here] and free[there]):
                    continue
                to_x, to_y = lattice.west + to_column * spacing, lattice.south + to_row * spacing
                time, energy = drive(ground, (x, y, to_x, to_y), ground.limit)
                if time == inf or not is_clear(ground, nobody, (x, y, to_x, to_y), ground.room):
                    continue
                seconds[here, direction], joules[here, direction] = time, energy
                # What is not too steep one way is not the other way; but a climb may be too much for a piece.
                time, energy = drive(ground, (to_x, to_y, x, y), inf)
                seconds[there, direction + 4], joules[there, direction + 4] = time, energy
    return looked


@compiled
def lay_risks(
    ground: Ground, lattice: Lattice, window: tuple[int, int, int, int], seconds: Costs, risks: Costs
) -> None:
    """Fill in the seconds at risk of the lanes of a window, and of those that touch it, like `lay_lanes`."""
    low, high, left, right = window
    columns, rows, spacing = lattice.columns, lattice.rows, lattice.spacing
    for row in range(max(0, low - 1), min(rows - 1, high + 1) + 1):
        y = lattice.south + row * spacing
        for column in range(max(0, left - 1), min(columns - 1, right + 1) + 1):
            x = lattice.west + column * spacing
            here = row * columns + column
            for direction in range(8):
                risks[here, direction] = inf
                if seconds[here, direction] < inf:
                    leg = (x, y, x + RIGHT[direction] * spacing, y + UP[direction] * spacing)
                    risks[here, direction] = seconds_at_risk(ground, leg)


@compiled
def block_lanes(lattice: Lattice, avoid: Floats, room: float) -> Bytes:
    """Return ``(N,)`` bits of the lanes on which a disc of radius `room` would touch a disc to avoid."""
    columns, rows, spacing = lattice.columns, lattice.rows, lattice.spacing
    blocked = np.zeros(rows * columns, np.uint8)
    for index in range(len(avoid)):
        x, y, near = avoid[index, 0], avoid[index, 1], (avoid[index, 2] + room) * _SAME
        first = index_of((x - near - lattice.west) / spacing, columns)
        last = index_of((x + near - lattice.west) / spacing + 1.0, columns)
        low = index_of((y - near - lattice.south) / spacing, rows)
        high = index_of((y + near - lattice.south) / spacing + 1.0, rows)
        for row in range(low, high + 1):
            for column in range(first, last + 1):
                from_x, from_y = lattice.west + column * spacing, lattice.south + row * spacing
                for direction in range(8):
                    to_x, to_y = from_x + RIGHT[direction] * spacing, from_y + UP[direction] * spacing
                    if point_gap2(x, y, (from_x, from_y, to_x, to_y)) < near * near:
                        blocked[row * columns + column] |= np.uint8(1 << direction)
    return blocked


@compiled
def connect(
    ground: Ground, lattice: Lattice, free: Bytes, avoid: Floats, x: float, y: float, room: float, outward: bool
) -> tuple[Indices, Floats]:
    """Return waypoints near a place that it can be joined to straight, and ``(n, 2)`` seconds and joules of the drive.

    `room` is what the drive keeps clear; when 0 or less the place lies too near to something, and only drives that
    lead out of there count. `outward`: from the place to the waypoint. Looks further until it finds some.
    """
    columns, spacing = lattice.columns, lattice.spacing
    across, up = (x - lattice.west) / spacing, (y - lattice.south) / spacing
    nodes = np.empty(0, np.int32)
    costs = np.empty((0, 2))
    reach, furthest = 2.5, 10.0 if room > 0.0 else 80.0
    if not is_on_map(ground, (x, y, x, y)):
        return nodes, costs
    while reach <= furthest and len(nodes) == 0:
        first, last = max(0, ceil(across - reach)), min(columns - 1, floor(across + reach))
        low, high = max(0, ceil(up - reach)), min(lattice.rows - 1, floor(up + reach))
        size = max(0, last - first + 1) * max(0, high - low + 1)
        nodes, costs = np.empty(size, np.int32), np.empty((size, 2))
        found = 0
        for row in range(low, high + 1):
            for column in range(first, last + 1):
                node = row * columns + column
                if not free[node]:
                    continue
                to_x, to_y = lattice.west + column * spacing, lattice.south + row * spacing
                if room > 0.0:
                    seconds, joules = (
                        drive(ground, (x, y, to_x, to_y), ground.limit)
                        if outward
                        else drive(ground, (to_x, to_y, x, y), ground.limit)
                    )
                    usable = seconds < inf and is_clear(ground, avoid, (x, y, to_x, to_y), room)
                else:
                    seconds, joules = drive(ground, (x, y, to_x, to_y), inf)
                    usable = seconds < inf and leads_out(ground, avoid, (x, y, to_x, to_y))
                if usable:
                    nodes[found], costs[found, 0], costs[found, 1] = node, seconds, joules
                    found += 1
        nodes, costs = nodes[:found], costs[:found]
        reach *= 2.0
    return nodes, costs


@compiled
def reach(
    ground: Ground, lattice: Lattice, free: Bytes, seconds: Floats, places: Floats, radius: float
) -> NDArray[np.bool_]:
    """Return which places a straight drive joins to a waypoint that has a way, where that is soon found.

    Parameters
    ----------
    seconds
        ``(N,)`` to each waypoint, infinite where there is no way.
    places
        ``(n, 2)`` x and y.
    radius
        What a place has to keep clear to be stood at.

    Notes
    -----
    Looks at the waypoints that `connect` looks at first; False where none of them does, which may not be the last word.
    """
    found = np.zeros(len(places), np.bool_)
    nobody = np.empty((0, 3))
    columns, spacing = lattice.columns, lattice.spacing
    for index in range(len(places)):
        x, y = places[index, 0], places[index, 1]
        room = clearance(ground, nobody, x, y, ground.room)
        if room < radius:
            continue
        across, up = (x - lattice.west) / spacing, (y - lattice.south) / spacing
        first, last = max(0, ceil(across - 2.5)), min(columns - 1, floor(across + 2.5))
        low, high = max(0, ceil(up - 2.5)), min(lattice.rows - 1, floor(up + 2.5))
        for row in range(low, high + 1):
            for column in range(first, last + 1):
                node = row * columns + column
                if found[index] or not free[node] or seconds[node] == inf:
                    continue
                leg = (lattice.west + column * spacing, lattice.south + row * spacing, x, y)
                if is_clear(ground, nobody, leg, room) and drive(ground, leg, ground.limit)[0] < inf:
                    found[index] = True
    return found
