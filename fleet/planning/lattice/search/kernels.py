"""Searches over the lattice of waypoints.

Lanes leave a waypoint in directions 0 to 7, counter-clockwise from east; their costs are ``(N, 8)``, infinite where
there is no lane.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Bytes, Floats, Indices
from fleet.planning.lattice.arrays import Costs, Lattice
from fleet.planning.lattice.kernels import RIGHT, UP

_MOST_BUCKETS = 1 << 20


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
    costs: Costs,
    blocked: Bytes,
    starts: Indices,
    start_costs: Floats,
    goals: Indices,
    goal_costs: Floats,
    goal_x: float,
    goal_y: float,
    least: float,
    budget: int,
) -> tuple[Indices, bool]:
    """Return the waypoints of the cheapest way from one of `starts` to one of `goals`, empty when none was found.

    `blocked` has a bit for each lane, or no length when nothing is; `least` is the least cost of a metre, for the
    estimate of what is left. Also returns whether more than `budget` waypoints would have been taken up. A* with an
    indexed binary heap; costs of starts and goals are ``(n,)``.
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
        last_leg[goals[index]] = goal_costs[index]
    size = 0
    for index in range(len(starts)):
        node = starts[index]
        gx = goal_x - lattice.west - (node % columns) * lattice.spacing
        gy = goal_y - lattice.south - (node // columns) * lattice.spacing
        best[node] = start_costs[index]
        keys[node] = best[node] + sqrt(gx * gx + gy * gy) * least
        heap[size] = node
        size += 1
        sift_up(heap, places, keys, size - 1)
    taken = 0
    while size > 0:
        node = take_first(heap, places, keys, size)
        size -= 1
        if node == count:
            break
        if taken >= budget:
            return np.empty(0, np.int32), True
        taken += 1
        for direction in range(9):
            if direction == 8:
                there, reached = count, best[node] + last_leg[node]
            else:
                cost = costs[node, direction]
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
                keys[there] = reached + sqrt(gx * gx + gy * gy) * least
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
    return way, False


@compiled
def spread(lattice: Lattice, seconds: Costs, joules: Costs, starts: Indices, start_costs: Floats) -> Floats:
    """Return ``(N, 2)``: least seconds from any of `starts` to each waypoint, and the joules of that way.

    Of ways that are equally quick, the one counts whose last waypoint but one is reached first, or has the least
    number.

    Notes
    -----
    Buckets that are no wider than the quickest lane: what is in one cannot be bettered from within it, so each waypoint
    is taken up once. Dial, "Algorithm 360", CACM 12(11), 1969. Where lanes differ so much that there would be too many
    buckets, these are wider, and a waypoint that is bettered is taken up again.
    """
    count = lattice.rows * lattice.columns
    steps = UP * lattice.columns + RIGHT
    best, energy = np.full(count, inf), np.full(count, inf)
    parents = np.full(count, -1, np.int32)
    least, most = inf, 0.0
    for node in range(count):
        for direction in range(8):
            cost = np.float64(seconds[node, direction])
            if cost < inf:
                least, most = min(least, cost), max(most, cost)
    for index in range(len(starts)):
        most = max(most, start_costs[index, 0])
    width = max(min(least, most) * (1.0 - 1e-9), most / (_MOST_BUCKETS - 4), 1e-300)
    buckets = 4
    while buckets * width < most + 2.0 * width:
        buckets *= 2
    scale, mask = 1.0 / width, buckets - 1
    # Entries of buckets are lists; one that is no longer queued was taken up by way of an earlier bucket.
    heads, queued = np.full(buckets, -1, np.int32), np.zeros(count, np.bool_)
    nodes, after = np.empty(2 * count + 16, np.int32), np.empty(2 * count + 16, np.int32)
    used, alive, current = 0, 0, 1 << 62
    for index in range(len(starts)):
        node = starts[index]
        best[node], energy[node], queued[node] = start_costs[index, 0], start_costs[index, 1], True
        at = int(best[node] * scale)
        current = min(current, at)
        nodes[used], after[used] = node, heads[at & mask]
        heads[at & mask] = used
        used, alive = used + 1, alive + 1
    while alive > 0:
        entry = heads[current & mask]
        if entry < 0:
            current += 1
            continue
        heads[current & mask] = after[entry]
        alive -= 1
        node = nodes[entry]
        if not queued[node]:
            continue
        queued[node] = False
        here = best[node]
        for direction in range(8):
            cost = seconds[node, direction]
            if cost == inf:
                continue
            there, reached = node + steps[direction], here + cost
            if reached > best[there]:
                continue
            if reached == best[there]:
                parent = parents[there]
                if parent >= 0 and (here < best[parent] or (here == best[parent] and node < parent)):
                    energy[there], parents[there] = energy[node] + joules[node, direction], node
                continue
            best[there], energy[there] = reached, energy[node] + joules[node, direction]
            parents[there], queued[there] = node, True
            if used == len(nodes):
                nodes, after = np.concatenate((nodes, nodes)), np.concatenate((after, after))
            at = max(current, int(reached * scale)) & mask
            nodes[used], after[used] = there, heads[at]
            heads[at] = used
            used, alive = used + 1, alive + 1
    costs = np.empty((count, 2))
    costs[:, 0], costs[:, 1] = best, energy
    return costs
