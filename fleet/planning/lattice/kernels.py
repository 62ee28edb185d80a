"""Compiled work on the lattice of waypoints: laying lanes, joining places to it, and searches over it.

Lanes leave a waypoint in directions 0 to 7, counter-clockwise from east; their costs are ``(N, 8)``, infinite where
there is no lane. Metres, seconds, joules; `avoid` is ``(A, 3)``: x, y and radius of discs to keep clear of.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import ceil, floor, inf, sqrt

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
) -> None:
    """Fill in which nodes are free and what their lanes cost, for the nodes of a window and the lanes that touch them.

    `window` is first and last row and column; `free` is ``(N,)``.
    """
    low, high, left, right = window
    columns, rows, spacing = lattice.columns, lattice.rows, lattice.spacing
    nobody = np.empty((0, 3))
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


@compiled
def sift_up(heap: Indices, places: Indices, keys: Floats, spot: int) -> None:
    """Move an entry of a binary heap towards the top; equal keys stand by number."""
    node = heap[spot]
    while spot > 0:
        above = (spot - 1) // 2
        other = heap[above]
        if keys[other] < keys[node] or (keys[other] == keys[node] and other < node):
            break
        heap[spot] = other
        places[other] = spot
        spot = above
    heap[spot] = node
    places[node] = spot


@compiled
def take_first(heap: Indices, places: Indices, keys: Floats, size: int) -> int:
    """Take the least entry out of a binary heap of `size` entries and return it."""
    first = int(heap[0])
    places[first] = -1
    node = heap[size - 1]
    size -= 1
    spot = 0
    while 2 * spot + 1 < size:
        below = 2 * spot + 1
        if below + 1 < size:
            left, right = heap[below], heap[below + 1]
            if keys[right] < keys[left] or (keys[right] == keys[left] and right < left):
                below += 1
        other = heap[below]
        if keys[node] < keys[other] or (keys[node] == keys[other] and node < other):
            break
        heap[spot] = other
        places[other] = spot
        spot = below
    if size > 0:
        heap[spot] = node
        places[node] = spot
    return first


@compiled
def search(
    lattice: Lattice,
    seconds: Costs,
    blocked: Bytes,
    starts: Indices,
    start_costs: Floats,
    goals: Indices,
    goal_costs: Floats,
    goal_x: float,
    goal_y: float,
    fastest: float,
) -> Indices:
    """Return the waypoints of the quickest way from one of `starts` to one of `goals`, empty when there is none.

    `blocked` has a bit for each lane, or no length when nothing is; `fastest` is the least seconds a metre, for the
    estimate of what is left. A* with an indexed binary heap.
    """
    columns = lattice.columns
    count = lattice.rows * columns
    steps = UP * columns + RIGHT
    best = np.full(count + 1, inf)
    keys = np.full(count + 1, inf)
    parents = np.full(count + 1, -1, np.int32)
    places = np.full(count + 1, -1, np.int32)
    heap = np.empty(count + 1, np.int32)
    last_leg = np.full(count, inf)
    for index in range(len(goals)):
        last_leg[goals[index]] = goal_costs[index, 0]
    size = 0
    for index in range(len(starts)):
        node = starts[index]
        gx = goal_x - lattice.west - (node % columns) * lattice.spacing
        gy = goal_y - lattice.south - (node // columns) * lattice.spacing
        best[node] = start_costs[index, 0]
        keys[node] = best[node] + sqrt(gx * gx + gy * gy) * fastest
        heap[size] = node
        size += 1
        sift_up(heap, places, keys, size - 1)
    while size > 0:
        node = take_first(heap, places, keys, size)
        size -= 1
        if node == count:
            break
        for direction in range(9):
            if direction == 8:
                there, reached = count, best[node] + last_leg[node]
            else:
                cost = seconds[node, direction]
                if cost == inf or (len(blocked) > 0 and (blocked[node] >> direction) & 1):
                    continue
                there, reached = node + steps[direction], best[node] + cost
            if not reached < best[there]:
                continue
            best[there] = reached
            parents[there] = node
            if there == count:
                keys[there] = reached
            else:
                gx = goal_x - lattice.west - (there % columns) * lattice.spacing
                gy = goal_y - lattice.south - (there // columns) * lattice.spacing
                keys[there] = reached + sqrt(gx * gx + gy * gy) * fastest
            if places[there] < 0:
                places[there] = size
                heap[size] = there
                size += 1
            sift_up(heap, places, keys, places[there])
    length, node = 0, parents[count]
    while node >= 0:
        length += 1
        node = parents[node]
    way = np.empty(length, np.int32)
    node = parents[count]
    for spot in range(length - 1, -1, -1):
        way[spot] = node
        node = parents[node]
    return way


@compiled
def spread(lattice: Lattice, seconds: Costs, joules: Costs, starts: Indices, start_costs: Floats) -> Floats:
    """Return ``(N, 2)``: least seconds from any of `starts` to each waypoint, and the joules of that way."""
    count = lattice.rows * lattice.columns
    steps = UP * lattice.columns + RIGHT
    best = np.full(count, inf)
    energy = np.full(count, inf)
    places = np.full(count, -1, np.int32)
    heap = np.empty(count, np.int32)
    size = 0
    for index in range(len(starts)):
        node = starts[index]
        best[node], energy[node] = start_costs[index, 0], start_costs[index, 1]
        heap[size] = node
        size += 1
        sift_up(heap, places, best, size - 1)
    while size > 0:
        node = take_first(heap, places, best, size)
        size -= 1
        for direction in range(8):
            cost = seconds[node, direction]
            if cost == inf:
                continue
            there, reached = node + steps[direction], best[node] + cost
            if not reached < best[there]:
                continue
            best[there], energy[there] = reached, energy[node] + joules[node, direction]
            if places[there] < 0:
                places[there] = size
                heap[size] = there
                size += 1
            sift_up(heap, places, best, places[there])
    costs = np.empty((count, 2))
    costs[:, 0], costs[:, 1] = best, energy
    return costs
