"""The waypoints around ways that are worth a look first: quick ones, and ones that keep to the light."""

from __future__ import annotations

from math import inf

import numpy as np

from fleet.core.compiled import compiled
from fleet.planning.ground.arrays import Bytes, Floats, Indices
from fleet.planning.lattice.search.kernels import sift_up, take_first
from fleet.planning.timed.arrays import LEVELS, Net, Sky, Supply
from fleet.planning.timed.living.kernels import largest, level_at

_LIT = 0.1  # Shade of a place to live on in, at most.


@compiled
def shade_of(net: Net, sky: Sky, layers: Indices, lamps: Bytes) -> Floats:
    """Return ``(V,)`` the share of the Sun's disc that is hidden, the mean over some layers."""
    shade = np.zeros(len(net.x))
    for node in range(len(net.x)):
        for layer in layers:
            shade[node] += (1.0 - level_at(node, layer, net, sky, lamps) / LEVELS) / len(layers)
    return shade


@compiled
def brightest(net: Net, sky: Sky, layers: Indices, lamps: Bytes) -> Indices:
    """Return ``(V,)`` the most light that waypoints have in some layers, 0 to `LEVELS`."""
    most = np.zeros(len(net.x), np.int32)
    for node in range(len(net.x)):
        for layer in layers:
            most[node] = max(most[node], level_at(node, layer, net, sky, lamps))
    return most


@compiled
def needs_of(net: Net, supply: Supply, most: Indices) -> Floats:
    """Return ``(V,)`` joules that it takes at the least from a waypoint to one where sleeping gains charge.

    Parameters
    ----------
    most
        ``(V,)`` the most light that each ever has.
    """
    nodes = len(net.x)
    strongest, widest, resting = largest(supply.sunlight), largest(supply.driving), largest(supply.resting)
    needs = np.full(nodes, inf)
    places = np.full(nodes, -1, np.int32)
    heap = np.empty(nodes, np.int32)
    size = 0
    for node in range(nodes):
        if strongest * resting * most[node] / LEVELS > supply.asleep[most[node]]:
            needs[node] = 0.0
            if node < nodes - 2:
                heap[size] = node
                size += 1
                sift_up(heap, places, needs, size - 1)
    while size > 0:
        node = take_first(heap, places, needs, size)
        size -= 1
        for entry in range(net.begin[node], net.begin[node + 1]):
            lane, there = net.which[entry], net.source[entry]
            reached = needs[node] + _use_of(lane, max(most[node], most[there]), net, supply, strongest * widest)
            if net.open[lane] == 0 or not reached < needs[there]:
                continue
            needs[there] = reached
            if places[there] < 0:
                places[there] = size
                heap[size] = there
                size += 1
            sift_up(heap, places, needs, places[there])
    for node in (nodes - 1, nodes - 2):
        for lane in range(net.first[node], net.first[node + 1]):
            level = max(most[node], most[net.to[lane]])
            use = _use_of(lane, level, net, supply, strongest * widest)
            if net.open[lane] == 1:
                needs[node] = min(needs[node], use + needs[net.to[lane]])
    return needs


@compiled
def _use_of(lane: int, level: int, net: Net, supply: Supply, strongest: float) -> float:
    """Return the joules that a lane takes at the least, in the best of light."""
    gain = strongest * level / LEVELS - supply.awake[level]
    use: float = max(0.0, net.joules[lane] - gain * net.ticks[lane] * supply.dt)
    return use


@compiled
def weights_of(net: Net, shade: Floats, dread: float) -> Floats:
    """Return ``(L,)`` ticks of lanes, those in shade counted `dread` times more."""
    weight = np.empty(len(net.to))
    for node in range(len(net.x)):
        for lane in range(net.first[node], net.first[node + 1]):
            weight[lane] = net.ticks[lane] * (1.0 + dread * 0.5 * (shade[node] + shade[net.to[lane]]))
        lane = net.last[node]
        if lane >= 0:
            weight[lane] = net.ticks[lane] * (1.0 + dread * 0.5 * (shade[node] + shade[net.to[lane]]))
    return weight


@compiled
def mark_way(net: Net, weight: Floats, left: Floats, near: Bytes) -> None:
    """Mark the waypoints of the lightest way from the start to the goal; `left` is that of each waypoint."""
    nodes = len(net.x)
    node, goal = nodes - 2, nodes - 1
    near[goal] = 1
    for _ in range(nodes):
        near[node] = 1
        if node == goal or left[node] == inf:
            return
        least, following = inf, goal
        for entry in range(net.first[node], net.first[node + 1] + 1):
            lane = entry if entry < net.first[node + 1] else net.last[node]
            if lane >= 0 and net.open[lane] == 1 and weight[lane] + left[net.to[lane]] < least:
                least, following = weight[lane] + left[net.to[lane]], net.to[lane]
        node = following


@compiled
def mark_refuge(net: Net, shade: Floats, source: int, near: Bytes) -> None:
    """Mark the waypoints of the quickest way from one of them to a place in the light."""
    nodes = len(net.x)
    best = np.full(nodes, inf)
    parents, places = np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32)
    heap = np.empty(nodes, np.int32)
    best[source], heap[0], size = 0.0, source, 1
    while size > 0:
        node = take_first(heap, places, best, size)
        size -= 1
        if shade[node] <= _LIT:
            while node >= 0:
                near[node] = 1
                node = parents[node]
            return
        for lane in range(net.first[node], net.first[node + 1]):
            there, reached = net.to[lane], best[node] + net.ticks[lane]
            if net.open[lane] == 0 or not reached < best[there]:
                continue
            best[there], parents[there] = reached, node
            if places[there] < 0:
                places[there] = size
                heap[size] = there
                size += 1
            sift_up(heap, places, best, places[there])


@compiled
def lanes_near(net: Net, near: Bytes) -> Bytes:
    """Return ``(L,)`` which open lanes lie between marked waypoints and their neighbours."""
    wide = near.copy()
    for node in range(len(net.x)):
        if near[node] == 1:
            for lane in range(net.first[node], net.first[node + 1]):
                wide[net.to[lane]] = 1
    opened = np.zeros(len(net.to), np.uint8)
    for node in range(len(net.x)):
        if wide[node] == 0:
            continue
        for entry in range(net.first[node], net.first[node + 1] + 1):
            lane = entry if entry < net.first[node + 1] else net.last[node]
            if lane >= 0 and net.open[lane] == 1 and wide[net.to[lane]] == 1:
                opened[lane] = 1
    return opened
