"""Least costs from every waypoint to the goal, for the estimate of what is left."""

from __future__ import annotations

from math import inf

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Floats, Indices
from fleet.planning.timed.arrays import Net


@compiled
def transpose(first: Indices, to: Indices) -> tuple[Indices, Indices, Indices]:
    """Return lanes by where they end: where those of each waypoint begin, from where they come, and which they are."""
    count = len(first) - 1
    begin = np.zeros(count + 1, np.int32)
    for lane in range(first[count]):
        begin[to[lane] + 1] += 1
    for node in range(count):
        begin[node + 1] += begin[node]
    spot = begin[:-1].copy()
    source, which = np.empty(first[count], np.int32), np.empty(first[count], np.int32)
    for node in range(count):
        for lane in range(first[node], first[node + 1]):
            place = spot[to[lane]]
            source[place], which[place] = node, lane
            spot[to[lane]] = place + 1
    return begin, source, which


@compiled
def costs_to_goal(net: Net, weight: Floats) -> Floats:
    """Return ``(V,)`` the least sum of `weight`, ``(L,)``, of lanes from each waypoint to the goal, or infinity.

    Notes
    -----
    Buckets in a ring, a little narrower than the lightest lane where that is not much lighter than the heaviest; a
    waypoint that becomes nearer later is taken up again.
    """
    nodes = len(net.x)
    start, goal = nodes - 2, nodes - 1
    lightest, heaviest = inf, 0.0
    for lane in range(len(net.to)):
        lightest, heaviest = min(lightest, weight[lane]), max(heaviest, weight[lane])
    best = np.full(nodes, inf)
    best[goal] = 0.0
    width = max(lightest, heaviest / 4096.0, 1e-12)
    ring = int(heaviest / width) + 3
    heads = np.full(ring, -1, np.int32)
    # A waypoint waits in one bucket at a time, its newest; what stays in an older one is passed over.
    size = 4 * len(net.to) + nodes
    item, under = np.empty(size, np.int32), np.empty(size, np.int32)
    count, waiting, current = 0, 0, 0
    for node in range(start):
        lane = net.last[node]
        if lane >= 0 and net.open[lane] == 1:
            best[node] = weight[lane]
            bucket = int(best[node] / width) % ring
            item[count], under[count] = node, heads[bucket]
            heads[bucket] = count
            count, waiting = count + 1, waiting + 1
    done = np.full(nodes, inf)
    while waiting > 0:
        entry = heads[current % ring]
        if entry < 0:
            current += 1
            continue
        heads[current % ring] = under[entry]
        waiting -= 1
        node = item[entry]
        if not best[node] < done[node]:
            continue
        done[node] = best[node]
        for other in range(net.begin[node], net.begin[node + 1]):
            lane, there = net.which[other], net.source[other]
            reached = best[node] + weight[lane]
            if net.open[lane] == 0 or not reached < best[there] or count >= size:
                continue
            best[there] = reached
            bucket = int(reached / width) % ring
            item[count], under[count] = there, heads[bucket]
            heads[bucket] = count
            count, waiting = count + 1, waiting + 1
    lane = net.last[start]
    if lane >= 0 and net.open[lane] == 1:
        best[start] = weight[lane]
    for lane in range(net.first[start], net.first[start + 1]):
        if net.open[lane] == 1:
            best[start] = min(best[start], weight[lane] + best[net.to[lane]])
    return best
